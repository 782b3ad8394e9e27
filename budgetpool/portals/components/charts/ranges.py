"""Ranges: a dot in the middle of a bar from low to high, beside a line to compare with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from budgetpool.portals.components.charts import frame
from budgetpool.portals.components.tables import Column, Table

LEFT, RIGHT, ROW, BAR = 8, 24, 46, 10


@dataclass(frozen=True)
class Range:
    """One named range; `chosen` stresses it."""

    name: Any
    low: float
    middle: float
    high: float
    chosen: bool = False


def ranges(
    title: Any,
    sentence: Any,
    rows: Sequence[Range],
    *,
    group_name: Any,
    names: tuple[Any, Any, Any],
    write: frame.Format,
    line: float | None = None,
    line_name: Any = "",
    least: float | None = 0.0,
) -> frame.Chart:
    """Draw one range per row.

    Args:
        names: what low, middle and high are called in the table.
        write: turns a value into text with its unit.
        line, line_name: a value to compare with, and what it is.
        least: where the axis begins at the latest; None: at the smallest value.
    """
    values = [v for row in rows for v in (row.low, row.high)] + ([] if line is None else [line])
    low = min(values, default=0.0)
    ticks = frame.ticks(low if least is None else min(low, least), max(values, default=1.0))
    scale = (frame.WIDTH - LEFT - RIGHT) / ((ticks[-1] - ticks[0]) or 1)

    def at(value: float) -> float:
        return LEFT + (value - ticks[0]) * scale

    top = 26.0 if line is not None else 4.0
    bottom = top + ROW * len(rows)
    marks = [frame.line(at(t), top, at(t), bottom, "grid") for t in ticks]
    marks += [frame.text(at(t), bottom + 20, write(t), anchor="middle") for t in ticks]
    if line is not None:
        x = at(line)
        side = "start" if x < frame.WIDTH / 2 else "end"
        marks.append(frame.line(x, top - 6, x, bottom, "even"))
        marks.append(frame.text(x, top - 11, f"{line_name}: {write(line)}", anchor=side))
    for number, row in enumerate(rows):
        y = top + ROW * number
        style = "c0" if row.chosen else "c5"
        told = f"{row.name}: {write(row.middle)}"
        marks.append(frame.text(LEFT, y + 18, told, style="strong halo" if row.chosen else "halo"))
        width = max(at(row.high) - at(row.low), 2)
        marks.append(frame.rect(at(row.low), y + 25, width, BAR, f"{style} flow"))
        marks.append(frame.rect(at(row.middle) - 2.5, y + 22, 5, BAR + 6, style))
    table = Table(
        [Column(group_name), *(Column(name, numeric=True) for name in names)],
        [[row.name, write(row.low), write(row.middle), write(row.high)] for row in rows],
        chosen={number for number, row in enumerate(rows) if row.chosen},
    )
    return frame.Chart(title, sentence, frame.svg(title, bottom + 26, marks), table)
