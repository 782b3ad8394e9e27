"""Files as they stand on disk: CSV with whole numbers and texts, JSON without a key twice."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from sys import intern
from typing import Any, TextIO

from .words import Unreadable

INTEGERS = {
    "requests.csv": ("choice", "amount_cents", "points", "draw"),
    "editions.csv": ("seats",),
    "pools.csv": ("amount_cents",),
    "contributions.csv": ("amount_cents",),
    "before.csv": ("amount_cents",),
    "decisions.csv": ("awarded", "amount_cents"),
}
# Rows that are read at once before they are sorted into columns.
AT_ONCE = 10_000
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


@dataclass
class Frame:
    """A CSV file: its columns by name, in the order of its rows."""

    columns: dict[str, list[Any]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), []))

    def canonical(self, key: str) -> bytes:
        """The frame as CSV: columns in alphabetical order, rows by id, line feeds, UTF-8."""
        names = sorted(self.columns)
        ids = self.columns[key]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(names)
        columns = [self.columns[name] for name in names]
        writer.writerows(
            [column[row] for column in columns]
            for row in sorted(range(len(ids)), key=ids.__getitem__)
        )
        return text.getvalue().encode()


def read_csv(path: Path) -> Frame:
    """Read a CSV; known columns of whole numbers as such, everything else as stripped text."""
    with _opened(path) as file:
        try:
            header, texts = _columns(csv.reader(file), path.name)
        except csv.Error as error:
            raise Unreadable("not_csv", path.name, "Save it anew.", error=error) from None
    columns: dict[str, list[Any]] = {}
    for name, cells in zip(header, texts, strict=True):
        if name in INTEGERS.get(path.name, ()):
            if name == "draw" and not any(cells):
                continue
            if not all(map(_WHOLE.fullmatch, cells)):
                remedy = "Give whole numbers only."
                raise Unreadable("not_a_whole_number", path.name, remedy, column=name)
            columns[name] = list(map(int, cells))
        else:
            columns[name] = cells
    return Frame(columns)


def _columns(rows: Iterator[list[str]], file: str) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and each column's texts."""
    header = [name.strip() for name in next(rows, [])]
    if not header:
        raise Unreadable("empty_file", file, "Give the file a line with column names.")
    if len(set(header)) < len(header):
        raise Unreadable("duplicate_column", file, "Give each column its own name.", row=1)
    columns: list[list[str]] = [[] for _ in header]
    some: list[list[str]] = []
    for number, row in enumerate(rows, start=2):
        if row:
            if len(row) != len(header):
                remedy = "Give each row as many fields as the first line has names."
                raise Unreadable("uneven_row", file, remedy, row=number)
            some.append(row)
            if len(some) == AT_ONCE:
                _add(some, columns)
                some = []
    _add(some, columns)
    return header, columns


def _add(rows: list[list[str]], columns: list[list[str]]) -> None:
    """Add rows to their columns; the same text stands in memory once."""
    for column, cells in zip(columns, zip(*rows, strict=True), strict=False):
        column.extend(map(intern, map(str.strip, cells)))


def need(frame: Frame, columns: Iterable[str], file: str) -> None:
    for column in columns:
        if column not in frame.columns:
            remedy = "Add this column; the first line of the file holds the names."
            raise Unreadable("missing_column", file, remedy, row=1, column=column)


def refuse_unknown(frame: Frame, columns: Sequence[str], file: str) -> None:
    for column in frame.columns:
        if column not in columns:
            raise Unreadable("unknown_column", file, "Take this column away.", row=1, column=column)


def read_json(path: Path) -> dict[str, Any]:
    try:
        content = json_of(text_of(path))
    except ValueError as error:
        raise Unreadable("not_json", path.name, "Run allocate again.", error=error) from None
    if not isinstance(content, dict):
        raise Unreadable("not_json", path.name, "Run allocate again.")
    return content


def json_of(text: str) -> Any:
    """What a text of JSON says; one that says a thing twice says nothing.

    Raises:
        ValueError: it is no JSON, or a key stands twice in one table.
    """
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError("a key stands twice")
    return table


def text_of(path: Path) -> str:
    """The text of a file.

    Raises:
        Unreadable: it is absent, or cannot be opened, or is no UTF-8.
    """
    with _opened(path) as file:
        return file.read()


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except FileNotFoundError:
        raise Unreadable("missing_file", path.name, "Add this file to the folder.") from None
    except OSError as error:
        remedy = "Give a folder with files that can be opened."
        raise Unreadable("unreadable_file", path.name, remedy, error=error.strerror) from None
    except UnicodeDecodeError:
        raise Unreadable("not_utf8", path.name, "Save the file as UTF-8.") from None
