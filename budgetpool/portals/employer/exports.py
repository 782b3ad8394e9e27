"""The statement of account as CSV and XLSX, safe to open in a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from budgetpool import lazily
from budgetpool.portals.components import spreadsheets
from budgetpool.portals.components.spreadsheets import guard
from employers.statements import AccountStatement, Line

if TYPE_CHECKING:
    import openpyxl
else:
    openpyxl = lazily.module("openpyxl")


def as_csv(statement: AccountStatement) -> bytes:
    """One line per row with semicolons and decimal commas, as Dutch spreadsheets expect."""
    rows = [_head()]
    for line in statement.lines:
        rows.append(
            [
                line.date.isoformat(),
                *(guard(text) for text in _texts(line)),
                *(f"{amount:.2f}".replace(".", ",") for amount in _amounts(line)),
            ]
        )
    return spreadsheets.as_csv(rows)


def as_xlsx(statement: AccountStatement) -> bytes:
    """A workbook with one sheet; amounts are numbers, texts are never formulas."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = str(statement.year)
    sheet.append(_head())
    for cell in sheet[1]:
        cell.font = openpyxl.styles.Font(bold=True)
    for line in statement.lines:
        sheet.append([line.date, *map(guard, _texts(line)), *_amounts(line)])
        for cell in sheet[sheet.max_row][4:]:
            cell.number_format = "#,##0.00"
    for column, width in zip("ABCDEFG", (12, 14, 26, 18, 14, 14, 14), strict=True):
        sheet.column_dimensions[column].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def kind_word(line: Line) -> str:
    """What a line is, in words."""
    return {"asked": _("asked"), "paid": _("paid"), "gift": _("gift")}[line.kind]


def _head() -> list[str]:
    return [
        _("Date"),
        _("What"),
        _("Payment reference"),
        _("Fund"),
        _("Asked"),
        _("Paid"),
        _("Still to pay"),
    ]


def _texts(line: Line) -> Iterator[str]:
    yield kind_word(line)
    yield line.reference
    yield line.fund


def _amounts(line: Line) -> Iterator[Decimal]:
    for cents in (line.asked_cents, line.paid_cents, line.balance_cents):
        yield Decimal(cents) / 100
