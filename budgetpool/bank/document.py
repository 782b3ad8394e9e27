"""The JSON document of imported statements: a contract that other programs rely on."""

from collections.abc import Iterable
from typing import Any

from budgetpool.bank.statement import Entry, Statement


def document(statements: Iterable[Statement]) -> dict[str, Any]:
    """All statements with their entries; cents as integers, unknown values None.

    One entry per transaction of a batch that could be taken apart.
    """
    return {"statements": [_statement(statement) for statement in statements]}


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "id": statement.id,
        "iban": statement.iban,
        "currency": statement.currency,
        "opening_cents": statement.opening_cents,
        "closing_cents": statement.closing_cents,
        "balance_proven": statement.balance_proven,
        "entries": [_entry(entry) for entry in statement.entries],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "reference": entry.reference,
        "date": entry.date.isoformat() if entry.date else None,
        "amount_cents": entry.amount_cents,
        "name": entry.name,
        "iban": entry.iban,
        "remittance": entry.remittance,
        "end_to_end_id": entry.end_to_end_id,
    }
