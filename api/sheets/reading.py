"""A file becomes rows of text: CSV as spreadsheets write it, or the first sheet of an XLSX.

What comes in may be made to hurt: an archive that unpacks to gigabytes, a sheet of a million rows,
entities in its XML. Each is refused before it is read; nothing of a file is ever executed.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from api.serializers.sheets import MOST_BYTES, MOST_ROWS
from api.sheets.columns import Column
from budgetpool import lazily
from budgetpool.refusals import NotReady

if TYPE_CHECKING:
    import openpyxl
else:
    openpyxl = lazily.module("openpyxl")

MOST_COLUMNS: Final = 60
# Of an XLSX, unpacked.
MOST_UNPACKED: Final = 30_000_000
MOST_PARTS: Final = 200


def rows(raw: bytes, columns: tuple[Column, ...]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a file below its head, each with its number in the file and its filled cells.

    Raises:
        NotReady: `sheet_too_large`, `sheet_too_long`, `not_a_sheet`, `sheet_without_columns` (none
            of ours, one twice, or one that is not known), `sheet_empty`.
    """
    if len(raw) > MOST_BYTES:
        raise NotReady("sheet_too_large")
    lines = _xlsx(raw) if raw.startswith(b"PK") else _csv(raw)
    head = next(lines, None)
    if head is None:
        raise NotReady("sheet_empty")
    places = _places(head, columns)
    found = []
    for number, line in enumerate(lines, start=2):
        cells = {place: text for place, text in zip(places, line, strict=False) if place and text}
        if cells:
            found.append((number, cells))
        if len(found) > MOST_ROWS or number > 10 * MOST_ROWS:
            raise NotReady("sheet_too_long", most=MOST_ROWS)
    if not found:
        raise NotReady("sheet_empty")
    return found


def _places(head: list[str], columns: tuple[Column, ...]) -> list[str]:
    places = []
    for title in head:
        name = title.casefold()
        place = next((column.place for column in columns if name in column.names), "")
        if title and (not place or place in places):
            raise NotReady("sheet_without_columns", column=title[:60])
        places.append(place)
    if not any(places):
        raise NotReady("sheet_without_columns", column="")
    return places


def _csv(raw: bytes) -> Iterator[list[str]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if "\0" in text:
        raise NotReady("not_a_sheet")
    first = text.partition("\n")[0]
    sign = max(";,\t", key=first.count)
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            yield _cells(line)
    except csv.Error:
        raise NotReady("not_a_sheet") from None


def _xlsx(raw: bytes) -> Iterator[list[str]]:
    _require_harmless(raw)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(raw), read_only=True, data_only=True, keep_links=False
        )
        sheet = book.worksheets[0]
        for line in sheet.iter_rows(
            max_row=10 * MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True
        ):
            yield _cells(line)
    except NotReady:
        raise
    except Exception:  # the library fails in many ways on what is no workbook
        raise NotReady("not_a_sheet") from None


def _require_harmless(raw: bytes) -> None:
    """Unpack piece by piece, no further than is allowed: what an archive says of itself may lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise NotReady("sheet_too_large")
            left = MOST_UNPACKED
            for part in parts:
                with archive.open(part) as opened:
                    content = opened.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise NotReady("sheet_too_large")
                if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                    raise NotReady("not_a_sheet")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise NotReady("not_a_sheet") from None


def _cells(line: Iterable[Any]) -> list[str]:
    made = [_text(value) for value in line]
    if len(made) > MOST_COLUMNS:
        raise NotReady("sheet_too_long", most=MOST_ROWS)
    return made


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    # An apostrophe in front is how an export of ours keeps a text from being a formula.
    text = str(value).strip()
    return text[1:] if text[:1] == "'" else text
