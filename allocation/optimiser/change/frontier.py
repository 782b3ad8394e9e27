"""The smallest change and the best division, and what lies between: points against people changed.

Given a division before and a changed input, a person is *changed* who has not exactly what they
had: another award, another amount, an award instead of none, or none instead of one.

    V(k) = the most value of a division that changes at most k people, with every limit, and all
           that the rule puts before points kept as the best division keeps it

F is the least k for which there is such a division, B the number that the best division changes.
V never falls, and V(B) is the best value. Each point is a division of its own by the rule
(stages/unchanged.py), with its proof, so that a board may choose any of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from allocation.optimiser.division import allocate
from allocation.optimiser.inputs.problem import Problem, check
from allocation.optimiser.results.allocation import DIVIDED, Allocation

# So many divisions besides the two ends.
BETWEEN = 4

Divide = Callable[[Problem], Allocation]
Progress = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Point:
    """One division of the frontier.

    Attributes:
        most: how many people it may change at most; None for the best division, which is free.
        gained, lost, other: people who get an award instead of none, none instead of one, and
            another award than they had.
        value: points x percent; cost: how much less than the best division.
    """

    most: int | None
    gained: int
    lost: int
    other: int
    value: int
    cost: int
    allocation: Allocation

    @property
    def changed(self) -> int:
        return self.gained + self.lost + self.other


def frontier(
    problem: Problem,
    before: Mapping[str, int],
    *,
    best: Allocation | None = None,
    least: Allocation | None = None,
    between: int = BETWEEN,
    divide: Divide = allocate,
    progress: Progress | None = None,
) -> list[Point]:
    """Divide a changed round from the smallest change to the best division.

    Args:
        problem: the changed input.
        before: request id -> cents that were awarded in the division before.
        best, least: its best division, and the smallest change, where they are known.
        between: how many divisions are looked for between the two.
        divide: how a problem is divided; for limits of time and a solver of choice.
        progress: called with {"stage", "done", "total"} before each division.

    Returns:
        the points by the number of people that may change; the last is the best division. Fewer
        where there is nothing between, or where a division stopped early.
    """
    say = progress or (lambda event: None)
    problem = check(problem)
    people = problem.requests["worker_id"].nunique()
    total = between + 2
    say({"stage": "unchanged", "done": 0, "total": total})
    best = best or divide(problem)
    if best.outcome not in DIVIDED:
        return []
    end = _point(problem, before, best, None, best.value)
    say({"stage": "unchanged", "done": 1, "total": total})
    least = least or divide(asking(problem, before, people))
    if least.outcome not in DIVIDED or least.unchanged is None:
        return [end]
    fewest = people - least.unchanged["reached"]
    points = [_point(problem, before, least, fewest, best.value)]
    for done, most in enumerate(_spread(fewest, end.changed, between), start=2):
        if not points[-1].cost:
            break  # more changes would bring no more value
        say({"stage": "unchanged", "done": done, "total": total})
        found = divide(asking(problem, before, people - most))
        if found.outcome in DIVIDED:
            points.append(_point(problem, before, found, most, best.value))
    return [*points, end]


def asking(problem: Problem, before: Mapping[str, int], unchanged: int) -> Problem:
    """The same round, in which so many people are to keep exactly what they had."""
    frame = pd.DataFrame(
        {
            "request_id": pd.Series(list(before), dtype="str"),
            "amount_cents": pd.Series(list(before.values()), dtype="int64"),
        }
    )
    policy = replace(problem.policy, unchanged=unchanged)
    return replace(problem, before=frame, policy=policy)


def awards(allocation: Allocation) -> dict[str, int]:
    """Request id -> cents, of what a division awards."""
    rows = allocation.decisions[allocation.decisions["awarded"] == 1]
    return dict(zip(rows["request_id"], rows["amount_cents"].tolist(), strict=True))


def _point(
    problem: Problem, before: Mapping[str, int], found: Allocation, most: int | None, best: int
) -> Point:
    worker = dict(zip(problem.requests["request_id"], problem.requests["worker_id"], strict=True))
    had, has = _by_worker(worker, before), _by_worker(worker, awards(found))
    return Point(
        most=most,
        gained=len(has.keys() - had.keys()),
        lost=len(had.keys() - has.keys()),
        other=sum(had[name] != has[name] for name in had.keys() & has.keys()),
        value=found.value,
        cost=best - found.value,
        allocation=found,
    )


def _by_worker(
    worker: Mapping[str, str], awarded: Mapping[str, int]
) -> dict[str, set[tuple[str, int]]]:
    found: dict[str, set[tuple[str, int]]] = {}
    for request, cents in awarded.items():
        found.setdefault(worker[request], set()).add((request, cents))
    return found


def _spread(fewest: int, most: int, between: int) -> list[int]:
    """Whole numbers evenly between the two, without them."""
    steps = {fewest + (most - fewest) * n // (between + 1) for n in range(1, between + 1)}
    return sorted(steps - {fewest, most})
