"""Writes a statement and those of its entries that are new.

Which entries are new the chain decides. Keys only find the same entry in a file that stands
outside the chain; where two proven statements hold equal entries, both were paid, and the key of
the second one is told apart by its statement.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from budgetpool.bank import keys, links
from budgetpool.bank.chain_links import Link, Read, Run
from budgetpool.bank.models import BankEntry, BankStatement, ChainLink, UnprovenAcceptance
from budgetpool.bank.statement import Entry, Statement
from budgetpool.fund import bulk
from budgetpool.fund.models import Fund, FundIban
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

BATCH = 2_000
LOOKUP = 5_000
EUR = "EUR"

type Progress = Callable[[str, int, int], None]
"""Called with a stage, how many are done and how many there are."""


@dataclass(frozen=True, slots=True)
class ToKeep:
    """A statement that will be booked.

    `runs` is None for one that stands outside the chain: then every entry counts that no key
    knows.
    """

    statement: Statement
    account: FundIban
    key: str
    found_keys: tuple[keys.EntryKeys, ...]
    read: Read | None = None
    runs: tuple[Run, ...] | None = None
    displaces: tuple[Link, ...] = ()
    acceptance: UnprovenAcceptance | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written: the row, its new entries, and how many of the others were known."""

    row: BankStatement
    fresh: list[BankEntry]
    known_count: int


def keep(
    asked: ToKeep, *, file_name: str, sha256: str, by: User | None, on_progress: Progress
) -> Kept:
    """Write a statement with its links and its new entries.

    Raises:
        NoDate: an entry says on no day.
    """
    statement, account = asked.statement, asked.account
    pairs = _in_euros(statement, asked.found_keys)
    fresh = _fresh(account.fund, asked, pairs)
    row = BankStatement(
        fund=account.fund,
        fund_iban=account,
        statement_id=(statement.id or "")[:140],
        date=statement.date,
        opening_cents=statement.opening_cents,
        closing_cents=statement.closing_cents,
        balance_proven=statement.balance_proven,
        acceptance=asked.acceptance,
        file_name=file_name[-255:],
        file_sha256=sha256,
        known_count=len(pairs) - len(fresh),
        imported_by=by,
        key=asked.key,
    )
    row.full_clean(exclude=["fund", "fund_iban"], validate_constraints=False)
    row.save()
    if asked.runs is not None and asked.read is not None:
        links.displace(links=asked.displaces, by=row)
        links.save(statement=row, read=asked.read, runs=asked.runs)
    days = {line.number: line.day for run in asked.runs or () for line in run.lines}
    rows = [_row(row, entry, found, days.get(number)) for number, entry, found in fresh]
    kept: list[BankEntry] = []
    for start in range(0, len(rows), BATCH):
        kept += bulk.insert(rows[start : start + BATCH])
        on_progress("store", len(kept), len(rows))
    return Kept(row, kept, len(pairs) - len(fresh))


def all_known(fund: Fund, statement: Statement, found_keys: Sequence[keys.EntryKeys]) -> bool:
    """Whether every entry in euros of a statement is known by one of its keys."""
    wanted = [found for _number, _entry, found in _in_euros(statement, found_keys)]
    known = _known(fund, wanted)
    return all(found.key in known or found.reference_key in known for found in wanted)


def _in_euros(
    statement: Statement, found_keys: Sequence[keys.EntryKeys]
) -> list[tuple[int, Entry, keys.EntryKeys]]:
    return [
        (number, entry, found)
        for number, (entry, found) in enumerate(zip(statement.entries, found_keys, strict=True))
        if entry.currency in (EUR, None)
    ]


def _fresh(
    fund: Fund, asked: ToKeep, pairs: Sequence[tuple[int, Entry, keys.EntryKeys]]
) -> list[tuple[int, Entry, keys.EntryKeys]]:
    if asked.runs is None:
        known = _known(fund, [found for _number, _entry, found in pairs])
        return [
            (number, entry, found)
            for number, entry, found in pairs
            if found.key not in known and found.reference_key not in known
        ]
    numbers = {line.number for run in asked.runs for line in run.lines}
    wanted = [pair for pair in pairs if pair[0] in numbers]
    known = _known(fund, [found for _number, _entry, found in wanted])
    fresh = []
    for number, entry, found in wanted:
        statements = {known.get(found.key), known.get(found.reference_key)} - {None}
        if not statements:
            fresh.append((number, entry, found))
        elif _proven(statements):
            fresh.append((number, entry, keys.told_apart(found, asked.key)))
    return fresh


def _proven(statements: set[int | None]) -> bool:
    return ChainLink.objects.filter(statement__in=statements, displaced_by=None).exists()


def _known(fund: Fund, wanted: Sequence[keys.EntryKeys]) -> dict[str | None, int]:
    """Those of the keys that the fund's entries have already, with their statements."""
    known: dict[str | None, int] = {}
    entries = BankEntry.objects.filter(fund=fund)
    for start in range(0, len(wanted), LOOKUP):
        part = wanted[start : start + LOOKUP]
        by_key = entries.filter(key__in=[found.key for found in part])
        known.update(by_key.values_list("key", "statement_id"))
        references = [found.reference_key for found in part if found.reference_key]
        by_reference = entries.filter(reference_key__in=references)
        known.update(by_reference.values_list("reference_key", "statement_id"))
    return known


def _row(
    statement: BankStatement, entry: Entry, found: keys.EntryKeys, day: date | None
) -> BankEntry:
    counts_on = day or entry.date or statement.date
    if counts_on is None:
        raise NotReady("no_date", statement=str(statement), line=entry.line or "?")
    return BankEntry(
        fund_id=statement.fund_id,
        statement=statement,
        date=counts_on,
        amount_cents=entry.amount_cents,
        name=(entry.name or "")[:140],
        iban=(entry.iban or "")[:34],
        remittance=entry.remittance or "",
        structured_reference=(entry.structured_reference or "")[:60],
        end_to_end_id=(entry.end_to_end_id or "")[:60],
        message_id=entry.message_id[:35] if entry.message_id else None,
        payment_information_id=(
            entry.payment_information_id[:35] if entry.payment_information_id else None
        ),
        reference=(entry.reference or "")[:60],
        bank_reference=(entry.bank_reference or "")[:60],
        return_reason=entry.return_reason[:35] if entry.return_reason else None,
        is_reversal=entry.reversal,
        is_unsplit=entry.unsplit,
        key=found.key,
        reference_key=found.reference_key,
    )
