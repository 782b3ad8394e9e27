"""Keys that recognise an entry or a statement, whatever file it comes in.

An entry has two keys, and is known when either is. The first is what it says: account, day,
amount, other party, text and, where there is one, the bank's own reference. The second is where
it stands: statement and entry reference, with day and amount, because some banks use one
statement id for years and number the entries from 1 each day. Entries of one statement that are
equal in all of this are told apart by a number of occurrence: both were really paid.

The same day in another format (MT940 beside CAMT.053) has other texts: keys do not know it. The
chain does (`chain.py`).
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
    seen: Counter[bytes] = Counter()
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


def told_apart(found: EntryKeys, statement: str) -> EntryKeys:
    """Other keys for an entry that equals one of another proven statement: both were paid.

    Args:
        statement: the key of its own statement.
    """
    reference = found.reference_key and _digest(found.reference_key, statement)
    return EntryKeys(_digest(found.key, statement), reference)


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


def _numbered(seen: Counter[bytes], facts: tuple[str, ...]) -> str:
    """The digest of facts with how often they occurred, as `_digest(*facts, occurrence)`.

    A long statement is counted by digests, which take less room than what entries say.
    """
    said = hashlib.sha256(repr(facts).removesuffix(")").encode())
    counted = said.digest()
    seen[counted] += 1
    said.update(f", {seen[counted]})".encode())
    return said.hexdigest()


def _digest(*facts: object) -> str:
    # The quotes of repr keep ("ab", "c") apart from ("a", "bc").
    return hashlib.sha256(repr(facts).encode()).hexdigest()
