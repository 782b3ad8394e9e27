"""Small parts of a page as data: figures, facts, stations."""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Figure:
    """One number that matters, with its name and perhaps a remark below it."""

    name: Any
    value: Any
    note: Any = ""


@dataclass(frozen=True)
class Fact:
    """One line of a summary; `change_url` leads to where it can be changed."""

    name: Any
    value: Any
    change_url: str = ""


@dataclass(frozen=True)
class Station:
    """One stage in a life: of a round, a request, a payment."""

    name: Any
    state: Literal["done", "current", "todo"]
    note: Any = ""


def stations(names: list[tuple[str, Any]], current: str) -> list[Station]:
    """Mark each of `names` (code, label; in order) as done, current or still to come."""
    codes = [code for code, _ in names]
    here = codes.index(current)
    return [
        Station(label, "done" if i < here else "current" if i == here else "todo")
        for i, (_, label) in enumerate(names)
    ]


def badge(text: Any, kind: str = "neutral") -> SafeString:
    """A status in a cell, as `components/badge.html` draws it."""
    return format_html(
        '<span class="utrecht-status-badge utrecht-status-badge--{}">{}</span>', kind, text
    )
