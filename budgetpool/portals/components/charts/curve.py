"""What one good thing costs in another: points joined by a line, as of fairness and value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html

from budgetpool.portals.components.charts import frame
from budgetpool.portals.components.tables import Column, Table

LEFT, TOP, BOTTOM, RIGHT = 54, 34, 46, 12
HEIGHT = 278
LEAST_X, LEAST_Y = 0.04, 0.01
LETTER = 9


@dataclass(frozen=True)
class Point:
    """A named point: `letter` stands beside it, `chosen` fills it, `apart` is off the line."""

    letter: str
    name: Any
    x: float
    y: float
    chosen: bool = False
    apart: bool = False


def curve(
    title: Any,
    sentence: Any,
    points: Sequence[Point],
    *,
    x_name: Any,
    y_name: Any,
    write_x: frame.Format,
    write_y: frame.Format,
    point_name: Any,
) -> frame.Chart:
    """Draw `points` from left to right, with round numbers along both axes."""
    left, low = min(p.x for p in points), min(0.0, *(p.y for p in points))
    # A single place still gets two axes.
    xs = frame.ticks(left, max(left + LEAST_X, *(p.x for p in points)), 3)
    ys = frame.ticks(low, max(low + LEAST_Y, *(p.y for p in points)), 4)

    def at(x: float, y: float) -> tuple[float, float]:
        across = (x - xs[0]) / (xs[-1] - xs[0])
        up = (y - ys[0]) / (ys[-1] - ys[0])
        return (
            LEFT + across * (frame.WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM),
        )

    marks = [frame.text(0, 14, y_name)]
    for y in ys:
        _, v = at(xs[0], y)
        marks += [
            frame.line(LEFT, v, frame.WIDTH - RIGHT, v, "axis" if y == ys[0] else "grid"),
            frame.text(LEFT - 8, v + 5, write_y(y), anchor="end"),
        ]
    for x in xs:
        h, _ = at(x, ys[0])
        marks.append(frame.text(h, HEIGHT - BOTTOM + 20, write_x(x), anchor="middle"))
    marks.append(frame.text(frame.WIDTH - RIGHT, HEIGHT - 4, x_name, anchor="end"))
    ordered = sorted((p for p in points if not p.apart), key=lambda p: (p.x, p.y))
    if len(ordered) > 1:
        marks.append(frame.path(frame.polyline(at(p.x, p.y) for p in ordered), "line"))
    labels: list[tuple[float, float]] = []
    for p in points:
        h, v = at(p.x, p.y)
        marks.append(
            format_html(
                '<circle cx="{}" cy="{}" r="{}" class="dot{}{}"/>',
                frame.number(h),
                frame.number(v),
                "8" if p.chosen else "5.5",
                " on" if p.chosen else "",
                " apart" if p.apart else "",
            )
        )
        # To the upper left, unless the edge or another label is there; then right, and lower.
        wide = LETTER * len(str(p.letter))
        left = h - 10 - wide >= LEFT - 10 and not _crowded(labels, h - 10, v - 10)
        left = left or h + 10 + wide > frame.WIDTH
        x = h - 10 if left else h + 10
        y = v - 10 if left or not _crowded(labels, x + wide, v - 10) else v + 20
        labels.append((x if left else x + wide, y))
        marks.append(
            frame.text(x, y, p.letter, anchor="end" if left else "start", style="strong halo")
        )
    table = Table(
        [Column(point_name), Column(x_name, numeric=True), Column(y_name, numeric=True)],
        [[p.name, write_x(p.x), write_y(p.y)] for p in points],
        chosen={i for i, p in enumerate(points) if p.chosen},
    )
    return frame.Chart(title, sentence, frame.svg(title, HEIGHT, marks), table)


def _crowded(labels: list[tuple[float, float]], right: float, y: float) -> bool:
    """Whether a label that ends at `right` would cover one of those that are drawn."""
    return any(abs(right - other) < 40 and abs(y - height) < 16 for other, height in labels)
