"""How evenly something is shared: the Lorenz curve of one or two divisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from budgetpool.portals.components.charts import frame
from budgetpool.portals.components.tables import Column, Table

LEFT, SIDE, TOP = 48, 280, 8
TENTHS = 10


@dataclass(frozen=True)
class Shares:
    """A division as a curve of points (share of people, share of the whole); `old` is dashed."""

    name: Any
    points: Sequence[tuple[float, float]]
    old: bool = False

    @classmethod
    def of_values(cls, name: Any, values: Sequence[float], *, old: bool = False) -> "Shares":
        """The curve of what each one gets, given in any order."""
        ordered = sorted(values)
        whole = sum(ordered) or 1
        running, points = 0.0, [(0.0, 0.0)]
        for i, value in enumerate(ordered, start=1):
            running += value
            points.append((i / len(ordered), running / whole))
        return cls(name, points, old)

    @classmethod
    def from_curve(
        cls, name: Any, people: Sequence[float], whole: Sequence[float], *, old: bool = False
    ) -> "Shares":
        """A curve that was computed before, as two lists that rise from 0 to 1."""
        return cls(name, list(zip(people, whole, strict=True)), old)

    def at(self, share: float) -> float:
        """What the `share` of people with least have together."""
        for (x1, y1), (x2, y2) in pairwise(self.points):
            if share <= x2 + 1e-12:
                return y1 + (y2 - y1) * (share - x1) / ((x2 - x1) or 1)
        return 1.0


def lorenz(
    title: Any,
    sentence: Any,
    divisions: Sequence[Shares],
    *,
    people_name: Any,
    even_name: Any,
    write: frame.Format,
) -> frame.Chart:
    """Draw each division's curve below the straight line of an even one, legend underneath."""

    def at(x: float, y: float) -> tuple[float, float]:
        return LEFT + x * SIDE, TOP + (1 - y) * SIDE

    marks = []
    for share in (0.0, 0.5, 1.0):
        x, y = at(share, share)
        anchor = "end" if share == 1 else "start" if share == 0 else "middle"
        marks += [
            frame.line(LEFT, y, LEFT + SIDE, y, "axis" if share == 0 else "grid"),
            frame.text(LEFT - 7, y + 5, write(share), anchor="end"),
            frame.text(x, TOP + SIDE + 20, write(share), anchor=anchor),
        ]
    for division in divisions:
        if not division.old:
            marks.append(frame.path(frame.polyline(at(*p) for p in _thin(division)) + "Z", "area"))
    marks.append(frame.line(*at(0, 0), *at(1, 1), "even"))
    for division in divisions:
        style = "line old" if division.old else "line"
        marks.append(frame.path(frame.polyline(at(*p) for p in _thin(division)), style))
    y = TOP + SIDE + 42
    marks.append(frame.text(LEFT + SIDE, y, people_name, anchor="end"))
    legend = [(even_name, "even"), *((d.name, "line old" if d.old else "line") for d in divisions)]
    for name, style in legend:
        y += 22
        marks += [frame.line(1, y - 5, 34, y - 5, style), frame.text(44, y, name)]
    table = Table(
        [Column(people_name), *(Column(d.name, numeric=True) for d in divisions)],
        [
            [write(i / TENTHS), *(write(d.at(i / TENTHS)) for d in divisions)]
            for i in range(1, TENTHS + 1)
        ],
    )
    return frame.Chart(title, sentence, frame.svg(title, y + 8, marks), table)


def _thin(division: Shares, most: int = 60) -> list[tuple[float, float]]:
    points = list(division.points)
    step = max(1, len(points) // most)
    return [*points[:-1:step], points[-1]]
