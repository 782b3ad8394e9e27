"""Money that flows from those who pay to those who get."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from budgetpool.portals.components.charts import frame
from budgetpool.portals.components.tables import Column, Table

LABEL, BAR, GAP = 112, 10, 12
LETTERS = LABEL // frame.LETTER_WIDTH
INNER = 260  # the units that all money together is high
MOST = 6  # nodes on one side; the smaller ones become "others"


@dataclass(frozen=True)
class Link:
    """An amount in whole cents from a payer to a receiver, both by name."""

    source: str
    target: str
    cents: int


@dataclass
class _Node:
    name: str
    cents: int
    y: float = 0.0
    height: float = 0.0
    taken: float = 0.0


def flow(
    title: Any,
    sentence: Any,
    links: Sequence[Link],
    *,
    source_name: Any,
    target_name: Any,
    amount_name: Any,
    others: Any,
    write: frame.Format,
) -> frame.Chart:
    """Draw payers on the left, receivers on the right, and bands as wide as their money."""
    drawn = _grouped(links, str(others))
    whole = sum(link.cents for link in drawn) or 1
    left = _stack(drawn, [link.source for link in drawn], whole, str(others))
    right = _stack(drawn, [link.target for link in drawn], whole, str(others))
    x1, x2 = LABEL + BAR, frame.WIDTH - LABEL - BAR
    colour = {name: f"c{i % 6}" for i, name in enumerate(left)}
    marks: list[SafeString] = []
    for source in left.values():
        for target in right.values():
            cents = sum(
                li.cents for li in drawn if (li.source, li.target) == (source.name, target.name)
            )
            if cents:
                width = cents / whole * INNER
                marks.append(_band(x1, source, x2, target, width, f"{colour[source.name]} flow"))
    for node in left.values():
        marks.append(frame.rect(LABEL, node.y, BAR, node.height, colour[node.name]))
        marks += _label(node, LABEL - 6, "end", write)
    for node in right.values():
        marks.append(frame.rect(x2, node.y, BAR, node.height, "c5"))
        marks += _label(node, x2 + BAR + 6, "start", write)
    height = max(n.y + max(n.height, _label_height(n)) for n in (*left.values(), *right.values()))
    table = Table(
        [Column(source_name), Column(target_name), Column(amount_name, numeric=True)],
        [[link.source, link.target, write(link.cents)] for link in links],
    )
    return frame.Chart(title, sentence, frame.svg(title, height + 6, marks), table)


def _grouped(links: Sequence[Link], others: str) -> list[Link]:
    def largest(names: Sequence[str]) -> set[str]:
        sums: dict[str, int] = defaultdict(int)
        for name, link in zip(names, links, strict=True):
            sums[name] += link.cents
        if len(sums) <= MOST:
            return set(sums)
        return set(sorted(sums, key=lambda n: (-sums[n], n))[: MOST - 1])

    sources = largest([li.source for li in links])
    targets = largest([li.target for li in links])
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for link in links:
        source = link.source if link.source in sources else others
        target = link.target if link.target in targets else others
        sums[source, target] += link.cents
    return [Link(s, t, cents) for (s, t), cents in sums.items()]


def _stack(
    links: Sequence[Link], names: Sequence[str], whole: int, others: str
) -> dict[str, _Node]:
    """One side's nodes from top to bottom: the largest first, the others together last."""
    sums: dict[str, int] = defaultdict(int)
    for name, link in zip(names, links, strict=True):
        sums[name] += link.cents
    nodes = {
        name: _Node(name, cents, height=max(cents / whole * INNER, 1.5))
        for name, cents in sorted(
            sums.items(), key=lambda item: (item[0] == others, -item[1], item[0])
        )
    }
    y = 2.0
    for node in nodes.values():
        node.y = y
        y += max(node.height, _label_height(node)) + GAP
    return nodes


def _label_height(node: _Node) -> float:
    return (len(_words(node)) + 1) * frame.LINE_HEIGHT


def _words(node: _Node) -> list[str]:
    return frame.wrap(node.name, LETTERS, lines=3)


def _label(node: _Node, x: float, anchor: str, write: frame.Format) -> list[SafeString]:
    rows = [*_words(node), write(node.cents)]
    first = node.y + max(0.0, (node.height - len(rows) * frame.LINE_HEIGHT) / 2) + 13
    return [
        frame.text(
            x,
            first + i * frame.LINE_HEIGHT,
            row,
            anchor=anchor,
            style="" if i == len(rows) - 1 else "strong",
        )
        for i, row in enumerate(rows)
    ]


def _band(x1: float, a: _Node, x2: float, b: _Node, width: float, style: str) -> SafeString:
    y1, y2, middle = a.y + a.taken, b.y + b.taken, (x1 + x2) / 2
    a.taken += width
    b.taken += width
    n = frame.number
    d = (
        f"M{n(x1)} {n(y1)}C{n(middle)} {n(y1)} {n(middle)} {n(y2)} {n(x2)} {n(y2)}"
        f"V{n(y2 + width)}C{n(middle)} {n(y2 + width)} {n(middle)} {n(y1 + width)}"
        f" {n(x1)} {n(y1 + width)}Z"
    )
    return format_html('<path d="{}" class="{}"/>', d, style)
