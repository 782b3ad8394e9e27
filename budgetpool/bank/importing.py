"""Keeps the statements of a file: each entry once, whatever file it comes in.

Call `store` inside the transaction that also books the entries, so that a file is either kept
and booked, or leaves no trace.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.db import connection

from budgetpool.bank import keys, reading
from budgetpool.bank.errors import BalanceNotProven, ControlTotalWrong, NoDate
from budgetpool.bank.models import BankEntry, BankStatement, UnprovenAcceptance
from budgetpool.bank.reasons import euros, sentence
from budgetpool.bank.statement import Entry, Statement, StatementRefused
from budgetpool.fund import bulk, collector
from budgetpool.fund.models import Fund, FundIban
from budgetpool.users.models import User

BATCH = 2_000
LOOKUP = 5_000
EUR = "EUR"

type Progress = Callable[[str, int, int], None]
"""Called with a stage, how many are done and how many there are."""


def no_progress(stage: str, done: int, total: int) -> None:
    """For callers that show nothing."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read whole."""

    name: str
    sha256: str
    statements: tuple[Statement, ...]


@dataclass(slots=True)
class Stored:
    """What became of one statement of a file."""

    source: Statement
    fund: Fund | None = None
    row: BankStatement | None = None
    fresh: list[BankEntry] = field(default_factory=list)
    known_count: int = 0
    left_out: str = ""
    """Why the statement is not the fund's: a code of `reasons.LEFT_OUT`; empty if it is."""
    left_out_entries: list[Entry] = field(default_factory=list)
    """Entries in another currency than euros."""


def read_source(path: Path) -> SourceFile:
    """Read a file from disk.

    Raises:
        StatementRefused: it cannot be opened or cannot be trusted.
    """
    try:
        with path.open("rb") as stream:
            return read_stream(stream, name=path.name)
    except OSError as error:
        raise StatementRefused("no_file", detail=error.strerror or str(error)) from error


def read_stream(stream: BinaryIO, *, name: str) -> SourceFile:
    """Read an open file; its digest names it when it has to be accepted unproven.

    Raises:
        StatementRefused: it cannot be trusted.
    """
    content = stream.read()
    with collector.paused():
        statements = reading.read(BytesIO(content))
    return SourceFile(name, hashlib.sha256(content).hexdigest(), tuple(statements))


def sort_out(source: SourceFile, *, fund: Fund | None = None) -> list[Stored]:
    """Find whose each statement is, without storing anything.

    Args:
        fund: only this fund's accounts count; without it every fund's.
    """
    wanted = {statement.iban for statement in source.statements if statement.iban}
    own = FundIban.objects.filter(iban__in=wanted).select_related("fund__region", "account")
    if fund is not None:
        own = own.filter(fund=fund)
    by_iban = {row.iban: row for row in own}
    return [
        _sorted(statement, by_iban.get(statement.iban or "")) for statement in source.statements
    ]


def _sorted(statement: Statement, own: FundIban | None) -> Stored:
    found = Stored(statement)
    if statement.interim:
        found.left_out = "interim"
    elif own is None:
        found.left_out = "other_account"
    elif statement.currency != EUR:
        found.left_out = "other_currency"
    else:
        found.fund = own.fund
        found.left_out_entries = [
            entry for entry in statement.entries if entry.currency not in (EUR, None)
        ]
    return found


def store(
    *,
    source: SourceFile,
    fund: Fund | None = None,
    by: User | None = None,
    on_progress: Progress = no_progress,
) -> list[Stored]:
    """Keep every entry in euros on an account of a fund that is not known yet.

    Locks the funds concerned until the end of the transaction, so two imports of one file at the
    same time wait for each other and the second finds every entry known.

    Args:
        source: a file that was read whole.
        fund: only this fund's accounts count; without it every fund's.
        by: who imports; None for the system itself.

    Raises:
        BalanceNotProven, ControlTotalWrong: a statement of the fund is not proven, and no two
            persons accepted the file.
        NoDate: an entry says on no day.
    """
    assert connection.in_atomic_block, "store() belongs in the transaction that books"
    sorted_out = sort_out(source, fund=fund)
    own = [stored for stored in sorted_out if stored.fund is not None]
    lock_funds({stored.fund.pk for stored in own if stored.fund})
    accounts = {
        row.iban: row
        for row in FundIban.objects.filter(iban__in=[stored.source.iban for stored in own])
    }
    for stored in own:
        acceptance = _trusted(stored, source)
        _store_one(stored, accounts[stored.source.iban or ""], source, acceptance, by, on_progress)
    return sorted_out


def lock_funds(keys: Iterable[int]) -> None:
    """Wait for whoever is booking for these funds, in the order of their keys."""
    rows = Fund.objects.filter(pk__in=sorted(keys)).order_by("pk")
    if connection.features.has_select_for_no_key_update:
        rows = rows.select_for_update(no_key=True)
    list(rows)


def _trusted(stored: Stored, source: SourceFile) -> UnprovenAcceptance | None:
    """The acceptance that an unproven statement rests on; None where it is proven."""
    statement = stored.source
    if statement.balance_proven is not False and statement.control_error is None:
        return None
    accepted = UnprovenAcceptance.objects.filter(
        fund=stored.fund, file_sha256=source.sha256, confirmed_by__isnull=False
    ).first()
    if accepted is not None:
        return accepted
    name = statement.id or source.name
    if statement.balance_proven is False:
        opening, closing = statement.opening_cents or 0, statement.closing_cents or 0
        raise BalanceNotProven(
            statement=name,
            opening=euros(opening),
            total=euros(statement.total_cents),
            closing=euros(closing),
            difference=euros(closing - opening - statement.total_cents),
        )
    assert statement.control_error is not None
    raise ControlTotalWrong(statement=name, reason=sentence(statement.control_error))


def _store_one(
    stored: Stored,
    account: FundIban,
    source: SourceFile,
    acceptance: UnprovenAcceptance | None,
    by: User | None,
    on_progress: Progress,
) -> None:
    statement, fund = stored.source, stored.fund
    found_keys = keys.entry_keys(statement)
    key, twin = keys.statement_key(statement, found_keys), keys.twin_key(statement)
    earlier = BankStatement.objects.filter(fund=fund)
    if earlier.filter(key=key).exists() or (twin and earlier.filter(twin_key=twin).exists()):
        stored.known_count = len(statement.entries) - len(stored.left_out_entries)
        return
    pairs = [
        (entry, found)
        for entry, found in zip(statement.entries, found_keys, strict=True)
        if entry.currency in (EUR, None)
    ]
    known = _known(fund, [found for _entry, found in pairs])
    fresh = [
        (entry, found)
        for entry, found in pairs
        if found.key not in known and found.reference_key not in known
    ]
    stored.known_count = len(pairs) - len(fresh)
    stored.row = BankStatement(
        fund=fund,
        fund_iban=account,
        statement_id=(statement.id or "")[:140],
        date=statement.date,
        opening_cents=statement.opening_cents,
        closing_cents=statement.closing_cents,
        balance_proven=statement.balance_proven,
        acceptance=acceptance,
        file_name=source.name[-255:],
        file_sha256=source.sha256,
        known_count=stored.known_count,
        imported_by=by,
        key=key,
        twin_key=twin,
    )
    stored.row.full_clean(exclude=["fund", "fund_iban"], validate_constraints=False)
    stored.row.save()
    rows = [_row(stored.row, entry, found) for entry, found in fresh]
    for start in range(0, len(rows), BATCH):
        stored.fresh += bulk.insert(rows[start : start + BATCH])
        on_progress("store", len(stored.fresh), len(rows))


def _known(fund: Fund | None, wanted: Sequence[keys.EntryKeys]) -> set[str | None]:
    """Those of the keys that the fund's entries have already. Never holds None."""
    known: set[str | None] = set()
    for start in range(0, len(wanted), LOOKUP):
        part = wanted[start : start + LOOKUP]
        entries = BankEntry.objects.filter(fund=fund)
        known.update(
            entries.filter(key__in=[found.key for found in part]).values_list("key", flat=True)
        )
        references = [found.reference_key for found in part if found.reference_key]
        known.update(
            entries.filter(reference_key__in=references).values_list("reference_key", flat=True)
        )
    return known


def _row(statement: BankStatement, entry: Entry, found: keys.EntryKeys) -> BankEntry:
    date = entry.date or statement.date
    if date is None:
        raise NoDate(statement=str(statement), line=entry.line or "?")
    return BankEntry(
        fund_id=statement.fund_id,
        statement=statement,
        date=date,
        amount_cents=entry.amount_cents,
        name=(entry.name or "")[:140],
        iban=(entry.iban or "")[:34],
        remittance=entry.remittance or "",
        structured_reference=(entry.structured_reference or "")[:60],
        end_to_end_id=(entry.end_to_end_id or "")[:60],
        reference=(entry.reference or "")[:60],
        bank_reference=(entry.bank_reference or "")[:60],
        is_reversal=entry.reversal,
        is_unsplit=entry.unsplit,
        key=found.key,
        reference_key=found.reference_key,
    )
