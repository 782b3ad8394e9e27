"""Bars with their name above them; with a second, hollow bar to compare with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from budgetpool.portals.components.charts import frame
from budgetpool.portals.components.tables import Column, Table

VALUE_WIDTH = 84
THICK = 14


@dataclass(frozen=True)
class Bar:
    """One named value; `compare` is the value of the hollow bar above it."""

    name: Any
    value: float
    compare: float | None = None


def bars(
    title: Any,
    sentence: Any,
    rows: Sequence[Bar],
    *,
    group_name: Any,
    value_name: Any,
    write: frame.Format,
    compare_name: Any = "",
    full: float | None = None,
) -> frame.Chart:
    """Draw one bar per row, as long as its value.

    Args:
        write: turns a value into text with its unit.
        compare_name: what the hollow bars mean; empty when there are none.
        full: the value at which a bar is as long as it can be; the largest one when left out.
    """
    largest = full or max((max(r.value, r.compare or 0) for r in rows), default=1) or 1
    scale = (frame.WIDTH - VALUE_WIDTH) / largest
    marks, y = [], 0.0
    if compare_name:
        for style, words in (("hollow", compare_name), ("c0", value_name)):
            marks += [frame.rect(1, y + 3, 18, 11, style), frame.text(28, y + 14, words)]
            y += 21
        y += 8
    for row in rows:
        marks.append(frame.text(0, y + 14, row.name, style="strong"))
        y += 20
        if compare_name and row.compare is not None:
            marks += _bar(y, row.compare, scale, write, "hollow")
            y += THICK + 3
        marks += _bar(y, row.value, scale, write, "c0")
        y += THICK + 13
    columns = [Column(group_name)]
    if compare_name:
        columns.append(Column(compare_name, numeric=True))
    columns.append(Column(value_name, numeric=True))
    body = [
        [
            row.name,
            *([write(row.compare) if row.compare is not None else "–"] if compare_name else []),
            write(row.value),
        ]
        for row in rows
    ]
    return frame.Chart(title, sentence, frame.svg(title, y, marks), Table(columns, body))


def _bar(y: float, value: float, scale: float, write: frame.Format, style: str) -> list[SafeString]:
    width = max(value * scale, 2)
    return [
        frame.rect(1, y, width, THICK, style),
        frame.text(width + 8, y + THICK - 2, write(value)),
    ]
