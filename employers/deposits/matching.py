"""Finds whose a deposit is: by reference, by a reference in the text, by IBAN and amount.

Pure of the database: `Matcher` is filled once per import and keeps count, so that two payments
in one file cannot both settle the same request.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

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
class Share:
    """A request, and how much of a deposit pays it."""

    asked: Asked
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Found:
    """The requests that a deposit pays: mostly one, and together the whole deposit."""

    shares: tuple[Share, ...]
    how: How


@dataclass(slots=True)
class Matcher:
    """All requests of one fund, found by reference and by who pays from which account."""

    requests: Iterable[Asked]
    employers_by_iban: dict[str, list[int]] = field(default_factory=dict)
    by_reference: dict[str, Asked] = field(init=False)
    by_id: dict[int, Asked] = field(init=False)
    by_open: dict[tuple[int, int], dict[int, Asked]] = field(init=False)
    """The requests of an employer of which so much is open; not those that were withdrawn."""
    ids: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.by_reference, self.by_id = {}, {}
        self.by_open = defaultdict(dict)
        for asked in self.requests:
            self.by_reference[asked.reference] = asked
            self.by_id[asked.id] = asked
            if not asked.is_withdrawn:
                self.by_open[asked.employer_id, asked.open_cents][asked.id] = asked
        self.ids = {reference: asked.id for reference, asked in self.by_reference.items()}

    def settle(self, entry: BankEntry) -> Found | None:
        """Find what a credit pays, and take it off what is open; None leaves it to the desk.

        A deposit is left to the desk when its reference was paid already or asks for less (a
        double payment, a slip of the finger), when the text names several references that do not
        add up to it, and when an account and amount fit several requests.
        """
        found = self.find(entry)
        for share in found.shares if found is not None else ():
            self._pay(share.asked, share.amount_cents)
        return found

    def find(self, entry: BankEntry) -> Found | None:
        """The same without taking anything off."""
        named, how = self._named(entry)
        if len(named) > 1:
            return _several(named, entry.amount_cents)
        if named:
            asked = named[0]
            fits = not asked.is_withdrawn and entry.amount_cents <= asked.open_cents
            return Found((Share(asked, entry.amount_cents),), how) if fits else None
        fitting = [
            self.by_open.get((employer_id, entry.amount_cents), {})
            for employer_id in self.employers_by_iban.get(entry.iban, ())
        ]
        if sum(map(len, fitting)) != 1:
            return None
        (asked,) = chain.from_iterable(one.values() for one in fitting)
        return Found((Share(asked, entry.amount_cents),), How.IBAN_AMOUNT)

    def _pay(self, asked: Asked, cents: int) -> None:
        """Take it off what is open, here and where the request is looked up by that."""
        self.by_open[asked.employer_id, asked.open_cents].pop(asked.id, None)
        asked.open_cents -= cents
        if not asked.is_withdrawn:
            self.by_open[asked.employer_id, asked.open_cents][asked.id] = asked

    def _named(self, entry: BankEntry) -> tuple[list[Asked], How]:
        """The requests whose references the entry holds, and where they stood."""
        structured = clean_reference(entry.structured_reference)
        if structured in self.by_reference:
            return [self.by_reference[structured]], How.REFERENCE
        keys = find_in_text(f"{entry.remittance} | {entry.end_to_end_id}", self.ids)
        return [self.by_id[key] for key in sorted(keys)], How.TEXT


def _several(named: list[Asked], amount_cents: int) -> Found | None:
    """EUR 800 that names requests of EUR 300 and EUR 500 pays both; any other sum is the desk's."""
    open_cents = [asked.open_cents for asked in named]
    fits = all(cents > 0 for cents in open_cents) and sum(open_cents) == amount_cents
    if not fits or any(asked.is_withdrawn for asked in named):
        return None
    return Found(tuple(Share(asked, asked.open_cents) for asked in named), How.PARTS)
