"""The lines of a held file beside those of the books, so that people see where the two differ."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Literal

from budgetpool.bank import sources
from budgetpool.bank.models import BankEntry, HeldFile
from budgetpool.bank.sources import Stored

type Where = Literal["both", "file", "books"]


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One line, and whether the file has it, the books, or both."""

    day: date | None
    amount_cents: int
    name: str
    iban: str
    text: str
    where: Where = "file"


def statements(held: HeldFile) -> list[Stored]:
    """The statements of a held file that are about an account of its fund."""
    found = sources.sort_out(sources.of_held(held), fund=held.fund)
    return [stored for stored in found if stored.fund is not None]


def beside_the_books(held: HeldFile, read: list[Stored]) -> list[HeldLine]:
    """Every line of the file, and every booked one of its days that it lacks, in order of days.

    A booked line is the file's own when day and amount are the same, and no account of the other
    party says otherwise.

    Args:
        read: `statements` of the file.
    """
    lines: list[HeldLine] = []
    for iban in sorted({stored.source.iban or "" for stored in read}):
        own = [line for stored in read if stored.source.iban == iban for line in _lines(stored)]
        lines += _compared(own, _booked(held, iban, own))
    return sorted(lines, key=lambda line: (line.day or date.min, line.where))


def _lines(stored: Stored) -> list[HeldLine]:
    return [
        HeldLine(
            entry.date or stored.source.date,
            entry.amount_cents,
            entry.name or "",
            entry.iban or "",
            entry.remittance or entry.structured_reference or "",
        )
        for entry in stored.source.entries
    ]


def _booked(held: HeldFile, iban: str, lines: list[HeldLine]) -> list[HeldLine]:
    days = [line.day for line in lines if line.day]
    if not days:
        return []
    rows = BankEntry.objects.filter(
        fund=held.fund,
        statement__fund_iban__iban=iban,
        date__range=(min(days), max(days)),
    )
    read = rows.order_by("date", "pk").values_list(
        "date", "amount_cents", "name", "iban", "remittance", "structured_reference"
    )
    return [
        HeldLine(day, cents, name, iban, text or structured, "books")
        for day, cents, name, iban, text, structured in read
    ]


def _compared(own: list[HeldLine], booked: list[HeldLine]) -> list[HeldLine]:
    left: dict[tuple[date | None, int], list[HeldLine]] = defaultdict(list)
    for line in booked:
        left[line.day, line.amount_cents].append(line)
    compared = []
    for line in own:
        like = [
            other
            for other in left[line.day, line.amount_cents]
            if not (line.iban and other.iban) or line.iban == other.iban
        ]
        if like:
            left[line.day, line.amount_cents].remove(
                max(like, key=lambda other: (other.iban == line.iban, other.text == line.text))
            )
        where: Where = "both" if like else "file"
        compared.append(
            HeldLine(line.day, line.amount_cents, line.name, line.iban, line.text, where)
        )
    return compared + [line for rest in left.values() for line in rest]
