"""Coarse lines of a round: each person stands among at least five who got one answer each way.

The facts by which somebody could be found (groups that the rule names, points, the amount of the
first choice) are made coarser until, in each group of lines that look alike, at least `LEAST`
people got a training and at least `LEAST` did not. So k is at least twice `LEAST`, and no group
tells its answer (l = 2). The groups are found as Mondrian does (LeFevre, DeWitt and Ramakrishnan,
2006): begin with everybody, split by the fact that tells most, as long as both halves still hide
everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

LEAST: Final = 5
# Bounds of numbers are rounded outward to these, so that they are nobody's own number.
STEPS: Final = {"points": 5, "amount_cents": 2_500}


@dataclass(frozen=True)
class Person:
    """One person of a frozen round: facts by name, as text or as a whole number."""

    worker_id: str
    facts: dict[str, str | int]
    awarded: bool


Group = list[Person]


def people_of(requests: pd.DataFrame, awarded: set[str], columns: tuple[str, ...]) -> Group:
    """The people of a frame, by their first choice, in an order that tells nothing.

    Args:
        awarded: ids of the lines that were awarded.
        columns: the facts that are published, beside points and amount.
    """
    got = set(requests.loc[requests["request_id"].isin(awarded), "worker_id"])
    first = requests.sort_values(["worker_id", "choice", "request_id"]).drop_duplicates("worker_id")
    return [
        Person(
            row["worker_id"],
            {name: str(row[name]) for name in columns} | {name: int(row[name]) for name in STEPS},
            row["worker_id"] in got,
        )
        for row in first.to_dict("records")
    ]


def groups_of(people: Group) -> list[Group]:
    """Split people into groups that hide everybody; nothing when even all of them do not."""
    if not hides(people):
        return []
    open_, done = [people], []
    while open_:
        group = open_.pop()
        halves = _split(group, people)
        if halves:
            open_ += halves
        else:
            done.append(group)
    return sorted(done, key=lambda group: min(person.worker_id for person in group))


def hides(group: Group) -> bool:
    """Whether enough people got each of the two answers."""
    awarded = sum(person.awarded for person in group)
    return awarded >= LEAST and len(group) - awarded >= LEAST


def words_of(group: Group) -> dict[str, str]:
    """The facts of a group as they are published: the values that occur, or a range."""
    return {name: _words(name, group) for name in group[0].facts}


def _words(name: str, group: Group) -> str:
    if name in STEPS:
        least, most = bounds(name, group)
        return f"{least}-{most}"
    return "|".join(sorted({str(person.facts[name]) for person in group}))


def bounds(name: str, group: Group) -> tuple[int, int]:
    """The range of a number in a group, rounded outward."""
    numbers, step = [int(person.facts[name]) for person in group], STEPS[name]
    return min(numbers) // step * step, -(-max(numbers) // step) * step


def _split(group: Group, everybody: Group) -> list[Group]:
    """Two halves that both hide everybody, by the fact that is spread most; or nothing."""
    for name in sorted(group[0].facts, key=lambda name: (-_spread(name, group, everybody), name)):
        for first in _halves(name, group):
            chosen = {person.worker_id for person in first}
            second = [person for person in group if person.worker_id not in chosen]
            if hides(first) and hides(second):
                return [first, second]
    return []


def _halves(name: str, group: Group) -> list[Group]:
    """Ways to take a part of a group apart by one fact, the most even first."""
    values = sorted({person.facts[name] for person in group}, key=lambda v: (isinstance(v, str), v))
    if name in STEPS:
        # Cut between rounded numbers, so that the ranges of the halves do not overlap by more.
        cuts = sorted({int(value) // STEPS[name] * STEPS[name] for value in values})[1:]
        ways = [[p for p in group if int(p.facts[name]) < cut] for cut in cuts]
    else:
        ways = [[p for p in group if p.facts[name] == value] for value in values[:-1] or []]
    return sorted(ways, key=lambda way: abs(2 * len(way) - len(group)))[:8]


def _spread(name: str, group: Group, everybody: Group) -> float:
    """How much of all variety in a fact this group still holds, from 0 to 1."""
    if name in STEPS:
        least, most = bounds(name, group)
        whole_least, whole_most = bounds(name, everybody)
        return (most - least) / max(1, whole_most - whole_least)
    of_all = len({person.facts[name] for person in everybody})
    here = len({person.facts[name] for person in group})
    # Groups that the rule names come first: what the round promises is about them.
    return 2.0 * (here - 1) / max(1, of_all - 1)
