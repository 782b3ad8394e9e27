"""Keys that recognise an entry or a statement, whatever file it comes in.

An entry has two keys, and is known when either is. The first is what it says: account, day,
amount, other party, text and, where there is one, the bank's own reference. The second is where
it stands: statement and entry reference, with day and amount, because some banks use one
statement id for years and number the entries from 1 each day. Entries of one statement that are
equal in all of this are told apart by a number of occurrence: both were really paid.

A statement also has a twin key: its balances and its amounts per day. The same day in another
format (MT940 beside CAMT.053) has other texts, but the same twin key.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass

from budgetpool.bank.statement import Entry, Statement

# A shorter entry reference is a running number within one statement.
LASTING_REFERENCE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class EntryKeys:
    """The two keys of one entry; the second is None where the statement gives no reference."""

    key: str
    reference_key: str | None


def entry_keys(statement: Statement) -> list[EntryKeys]:
    """The keys of each entry of a statement, in order."""
    seen: Counter[tuple[str, ...]] = Counter()
    return [
        EntryKeys(
            key=_numbered(seen, ("says", statement.iban or "", *_says(entry))),
            reference_key=(
                _numbered(seen, ("stands", statement.iban or "", *_stands(statement, entry)))
                if statement.id and entry.reference
                else None
            ),
        )
        for entry in statement.entries
    ]


def statement_key(statement: Statement, entries: list[EntryKeys]) -> str:
    """The same for each file that holds exactly this statement.

    Args:
        entries: the statement's `entry_keys`.
    """
    return _digest(
        statement.iban,
        statement.id,
        statement.date,
        statement.opening_cents,
        statement.closing_cents,
        *(keys.key for keys in entries),
    )


def twin_key(statement: Statement) -> str | None:
    """The same for this statement in another format; None where it cannot tell.

    That is where a balance is missing, or where the money that came and went cancels out: then
    two different statements of one day could look alike.
    """
    if statement.opening_cents is None or statement.closing_cents is None:
        return None
    if statement.opening_cents == statement.closing_cents:
        return None
    # Batches are taken apart in one format and not in the other: so days, not lines, are summed.
    days: Counter[str] = Counter()
    for entry in statement.entries:
        days[str(entry.date)] += entry.amount_cents
    return _digest(
        statement.iban,
        statement.opening_cents,
        statement.closing_cents,
        *(f"{day}:{cents}" for day, cents in sorted(days.items())),
    )


def _says(entry: Entry) -> tuple[str, ...]:
    lasting = entry.bank_reference or (
        entry.reference
        if entry.reference and len(entry.reference) >= LASTING_REFERENCE_LENGTH
        else ""
    )
    return tuple(
        str(value or "")
        for value in (
            entry.date,
            entry.amount_cents,
            entry.currency,
            lasting,
            entry.iban,
            entry.name,
            entry.remittance,
            entry.end_to_end_id,
        )
    )


def _stands(statement: Statement, entry: Entry) -> tuple[str, ...]:
    return (
        statement.id or "",
        entry.reference or "",
        str(entry.date or ""),
        str(entry.amount_cents),
    )


def _numbered(seen: Counter[tuple[str, ...]], facts: tuple[str, ...]) -> str:
    seen[facts] += 1
    return _digest(*facts, seen[facts])


def _digest(*facts: object) -> str:
    # The quotes of repr keep ("ab", "c") apart from ("a", "bc").
    return hashlib.sha256(repr(facts).encode()).hexdigest()
