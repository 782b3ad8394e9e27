"""Finds whose a deposit is: by reference, by a reference in the text, by IBAN and amount.

Pure of the database: `Matcher` is filled once per import and keeps count, so that two payments
in one file cannot both settle the same request.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from budgetpool.bank.models import BankEntry
from employers.models import DepositMatch
from employers.references import clean_reference, find_in_text

How = DepositMatch.How


@dataclass(slots=True)
class Asked:
    """A contribution request as matching sees it."""

    id: int
    employer_id: int
    reference: str
    open_cents: int
    account_id: int
    """The pool that its money joins."""
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The one request that a deposit pays."""

    asked: Asked
    how: How


@dataclass(slots=True)
class Matcher:
    """All requests of one fund, found by reference and by who pays from which account."""

    requests: Iterable[Asked]
    employers_by_iban: dict[str, list[int]] = field(default_factory=dict)
    by_reference: dict[str, Asked] = field(init=False)
    by_id: dict[int, Asked] = field(init=False)
    by_employer: dict[int, list[Asked]] = field(init=False)
    ids: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.by_reference, self.by_id = {}, {}
        self.by_employer = defaultdict(list)
        for asked in self.requests:
            self.by_reference[asked.reference] = asked
            self.by_id[asked.id] = asked
            self.by_employer[asked.employer_id].append(asked)
        self.ids = {reference: asked.id for reference, asked in self.by_reference.items()}

    def settle(self, entry: BankEntry) -> Found | None:
        """Find what a credit pays, and take it off what is open; None leaves it to the desk.

        A deposit is left to the desk when its reference was paid already or asks for less (a
        double payment, a slip of the finger), when the text names two references, and when an
        account and amount fit several requests.
        """
        found = self.find(entry)
        if found is not None:
            found.asked.open_cents -= entry.amount_cents
        return found

    def find(self, entry: BankEntry) -> Found | None:
        """The same without taking anything off."""
        named, how = self._named(entry)
        if named:
            asked = named[0]
            fits = len(named) == 1 and not asked.is_withdrawn
            return Found(asked, how) if fits and entry.amount_cents <= asked.open_cents else None
        fitting = [
            asked
            for employer_id in self.employers_by_iban.get(entry.iban, ())
            for asked in self.by_employer.get(employer_id, ())
            if asked.open_cents == entry.amount_cents and not asked.is_withdrawn
        ]
        return Found(fitting[0], How.IBAN_AMOUNT) if len(fitting) == 1 else None

    def _named(self, entry: BankEntry) -> tuple[list[Asked], How]:
        """The requests whose references the entry holds, and where they stood."""
        structured = clean_reference(entry.structured_reference)
        if structured in self.by_reference:
            return [self.by_reference[structured]], How.REFERENCE
        keys = find_in_text(f"{entry.remittance} | {entry.end_to_end_id}", self.ids)
        return [self.by_id[key] for key in sorted(keys)], How.TEXT
