"""Files of statements as they came, and whose each statement is."""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from budgetpool.bank import account_numbers, reading
from budgetpool.bank.keeping import EUR
from budgetpool.bank.models import BankEntry, BankStatement, HeldFile
from budgetpool.bank.statement import Entry, Statement, StatementRefused
from budgetpool.fund import collector
from budgetpool.fund.models import Fund, FundIban


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read whole."""

    name: str
    sha256: str
    statements: tuple[Statement, ...]
    packed: bytes = field(repr=False)

    @property
    def content(self) -> bytes:
        """The file as it came. Only a held one is asked for it, so it waits in little room."""
        return zlib.decompress(self.packed)


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
    held: HeldFile | None = None
    """Why its file is kept and not booked."""


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
    return SourceFile(name, digest(content), tuple(statements), zlib.compress(content, level=1))


def digest(content: bytes) -> str:
    """By what a file is known, whatever its name."""
    return hashlib.sha256(content).hexdigest()


def sort_out(source: SourceFile, *, fund: Fund | None = None) -> list[Stored]:
    """Find whose each statement is, without storing anything.

    Args:
        fund: only this fund's accounts count; without it every fund's.
    """
    own = FundIban.objects.select_related("fund__region", "account")
    if fund is not None:
        own = own.filter(fund=fund)
    by_iban = {row.iban: row for row in own}
    return [_sorted(_named(statement, by_iban), by_iban) for statement in source.statements]


def _named(statement: Statement, own: Mapping[str, FundIban]) -> Statement:
    """The statement under our account's IBAN, where the bank wrote only its number."""
    if statement.iban or not statement.account:
        return statement
    return replace(statement, iban=account_numbers.same_account(statement.account, own))


def _sorted(statement: Statement, accounts: Mapping[str, FundIban]) -> Stored:
    found, own = Stored(statement), accounts.get(statement.iban or "")
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


def of_held(held: HeldFile) -> SourceFile:
    """A held file, read again as it came."""
    return read_stream(BytesIO(bytes(held.content)), name=held.file_name)
