"""The links of a chain of statements, in their order, and what is read, booked or held of one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, zip_longest
from operator import attrgetter
from typing import Any

from budgetpool.bank.line_sets import Line


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch of an account's history that one statement proves, from balance to balance.

    `first_on` and `last_on` are the days of its lines; it ends on the day of its closing balance,
    which may be later.
    """

    from_cents: int
    until_cents: int
    first_on: date
    last_on: date
    ends_on: date
    dialect: str = ""
    statement_id: str = ""
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A statement that was read, as far as the chain needs it; its lines in the file's order."""

    from_cents: int
    until_cents: int
    ends_on: date
    lines: tuple[Line, ...]
    dialect: str = ""
    statement_id: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines of a statement that are new, without a break between two balances."""

    from_cents: int
    until_cents: int
    ends_on: date
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a statement does not fit: a code with parameters."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a statement is: its runs are booked, it is known (no runs), or it is held."""

    runs: tuple[Run, ...] = ()
    hold: Hold | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """The balance with which the books of an account begin, at the start of a day."""

    amount_cents: int
    on: date


def ordered(links: Iterable[Link]) -> list[Link]:
    """Links in the order of their days; those of one day end to end, as their balances say."""
    rows = sorted(links, key=lambda link: (link.ends_on, link.key is None, link.key or 0))
    found: list[Link] = []
    groups = [list(group) for _day, group in groupby(rows, key=attrgetter("ends_on"))]
    for group, later in zip_longest(groups, groups[1:], fillvalue=()):
        after = {link.from_cents for link in later}
        found += _threaded(list(group), found[-1].until_cents if found else None, after)
    return found


def _threaded(group: list[Link], at: int | None, after: set[int]) -> list[Link]:
    """The links of one day end to end; a circle goes where its balance was reached."""
    if len(group) == 1:
        return group
    path: list[Link] = []
    rest = list(group)
    while rest:
        points = [link.from_cents for link in path] or sorted(after)
        part = _walk(rest, path[-1].until_cents if path else at, points)
        starts, ends = part[0].from_cents, part[-1].until_cents
        if path and starts == ends and starts != path[-1].until_cents and starts in points:
            place = points.index(starts)
            path[place:place] = part
        else:
            path += part
    return path


def _walk(rest: list[Link], at: int | None, points: Sequence[int]) -> list[Link]:
    """Take links that join out of `rest`: from a balance, or where more of them begin than end.

    Where none does they are circles: one begins at a balance that others reach.
    """
    begin = Counter(link.from_cents for link in rest)
    begin.subtract(link.until_cents for link in rest)
    starts = (
        lambda link: link.from_cents == at,
        lambda link: begin[link.from_cents] > 0,
        lambda link: link.from_cents in points,
        lambda link: True,
    )
    path: list[Link] = []
    step: Link | None = next(link for is_start in starts for link in rest if is_start(link))
    while step is not None:
        rest.remove(step)
        path.append(step)
        until = step.until_cents
        # What does not move the balance first: nothing else could come back for it.
        joins = [link for link in rest if link.from_cents == until]
        step = min(joins, key=lambda link: link.from_cents != link.until_cents, default=None)
    return path
