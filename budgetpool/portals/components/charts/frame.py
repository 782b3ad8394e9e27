"""What all charts share: the drawing's size, marks that escape their text, and axis ticks.

A chart is drawn 340 units wide with text of 14.5 units. On the smallest phone
(320 px, of which 288 for the page) that is 12.2 px. The style sheet
colours the marks by class, since the content security policy forbids styles.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from budgetpool.portals.components.tables import Table

WIDTH = 340
LINE_HEIGHT = 17
LETTER_WIDTH = 8  # a generous mean for 14.5 units of the widest system font

type Format = Callable[[Any], str]


@dataclass(frozen=True)
class Chart:
    """A drawing, what it says in one sentence, and its numbers."""

    title: Any
    sentence: Any
    svg: SafeString
    table: Table


def svg(title: Any, height: float, marks: Iterable[SafeString]) -> SafeString:
    """Put marks into one image that a screen reader calls by its title."""
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        number(height),
        title,
        format_html_join("", "{}", ((mark,) for mark in marks)),
    )


def text(x: float, y: float, words: Any, *, anchor: str = "start", style: str = "") -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>',
        number(x),
        number(y),
        anchor,
        style,
        words,
    )


def rect(x: float, y: float, width: float, height: float, style: str) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="1.5" class="{}"/>',
        number(x),
        number(y),
        number(max(width, 0)),
        number(height),
        style,
    )


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> SafeString:
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>',
        number(x1),
        number(y1),
        number(x2),
        number(y2),
        style,
    )


def path(d: str, style: str) -> SafeString:
    return format_html('<path d="{}" class="{}"/>', d, style)


def polyline(points: Iterable[tuple[float, float]]) -> str:
    """The path through points, in order."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def number(value: float) -> str:
    """Write a coordinate short, always with a point whatever the language."""
    return f"{value:.1f}".removesuffix(".0")


def ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Round numbers from at most `low` to at least `high`, about `wanted` steps apart.

    >>> ticks(0, 9.4)
    [0.0, 2.5, 5.0, 7.5, 10.0]
    """
    span = (high - low) or abs(high) or 1.0
    rough = span / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * 0.999)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def wrap(words: str, letters: int, lines: int = 2) -> list[str]:
    """Break a name over lines of at most `letters`; what does not fit ends in an ellipsis."""
    rows = [""]
    for word in words.split():
        candidate = f"{rows[-1]} {word}".strip()
        if len(candidate) <= letters:
            rows[-1] = candidate
        elif not rows[-1]:
            rows[-1] = word
        else:
            rows.append(word)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
    return [row if len(row) <= letters else row[: letters - 1].rstrip() + "…" for row in rows]
