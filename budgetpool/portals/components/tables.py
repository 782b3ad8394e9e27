"""A table as data, so that a screen, a phone and a chart's text version show the same rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Column:
    """A column's name; `numeric` cells never break, `long` ones hold whole sentences.

    An `act` is something to press, which no sheet holds. `orders` are the fields that a list is
    sorted by at this column; `link` and `direction` are what `components.lists` makes of them.
    """

    name: Any
    numeric: bool = False
    long: bool = False
    act: bool = False
    orders: tuple[str, ...] = ()
    link: str = ""
    direction: str = ""

    @property
    def style(self) -> str:
        """The class of the column's cells."""
        return "bp-num" if self.numeric else "bp-long" if self.long else ""


@dataclass(frozen=True)
class Cell:
    value: Any
    label: Any
    style: str
    head: bool

    @property
    def numeric(self) -> bool:
        return self.style == "bp-num"


@dataclass(frozen=True)
class Line:
    """One drawn row."""

    cells: list[Cell]
    chosen: bool


@dataclass
class Table:
    """Rows below named columns; the first column names the row.

    `rows` are sequences as long as `columns`; `chosen` holds the indices of rows to stress.

    >>> Table([Column("Group"), Column("People", numeric=True)], [["MBO 2", 41]])
    """

    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    caption: Any = ""
    total_row: Sequence[Any] | None = None
    chosen: set[int] = field(default_factory=set)
    empty: Any = ""

    @property
    def body(self) -> Iterator[Line]:
        for index, row in enumerate(self.rows):
            yield Line(self._cells(row), index in self.chosen)

    @property
    def total(self) -> list[Cell] | None:
        return None if self.total_row is None else self._cells(self.total_row)

    def _cells(self, row: Sequence[Any]) -> list[Cell]:
        return [
            Cell(value, column.name, column.style, head=index == 0)
            for index, (column, value) in enumerate(zip(self.columns, row, strict=True))
        ]
