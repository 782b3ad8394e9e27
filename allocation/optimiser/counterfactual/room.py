"""What is free in a finished division, and which of its awards would make room.

A swap touches a handful of limits, goals and groups. So what is free after it is kept as the
difference from the finished division, and awards are looked for among those that count in the
limits that are short, the least valuable first, only as far as is needed.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from allocation.optimiser.model.arrays import Integers, Model

# Of how many searches for the same room the outcome is remembered, of each kind.
REMEMBERED = 2_000
MOST_BYTES = 50_000_000

# Limits with what is missing of each.
Missing = tuple[tuple[int, int], ...]


class Room:
    """What is free of each limit (cents or awards), goal (cents) and coverage group (people).

    Only what was touched has an entry; the rest is as in the finished division, where all holds.
    """

    __slots__ = ("goals", "groups", "limits")

    def __init__(
        self, limits: dict[int, int], goals: dict[int, int], groups: dict[int, int]
    ) -> None:
        self.limits, self.goals, self.groups = limits, goals, groups

    @property
    def holds(self) -> bool:
        """Whether every limit, goal and group is kept."""
        return self.promises_hold and all(free >= 0 for free in self.limits.values())

    @property
    def promises_hold(self) -> bool:
        """Whether every goal and group is kept."""
        return all(free >= 0 for part in (self.goals, self.groups) for free in part.values())


class Awards:
    """The awards of a finished division as places, from the least valuable to the most.

    Args:
        taken: the option of each place.
        group: the coverage group of every option, -1 without one.
        rows: limits over all options.
        goals, groups: what is free of each in the finished division.
    """

    def __init__(
        self,
        model: Model,
        taken: Integers,
        group: Integers,
        rows: "sparse.csr_matrix",
        goals: Integers,
        groups: Integers,
    ) -> None:
        self.taken, self.value = taken, model.value[taken]
        at_taken = sparse.csr_matrix(rows[:, taken])
        at_taken.sort_indices()
        slices = [slice(*ends) for ends in pairwise(at_taken.indptr.tolist())]
        # Per limit the places that count in it, and how much each frees.
        self.at: list[Integers] = [at_taken.indices[row] for row in slices]
        self.frees: list[Integers] = [at_taken.data[row] for row in slices]
        self.goals = model.goal_rows[:, taken].toarray().astype(np.int64)
        self.passes = self.goals > goals[:, None]
        self.fitting: dict[tuple[int, ...], NDArray[np.bool_]] = {}
        self.fronts: dict[Missing, Integers] = {}
        self.helping: dict[Missing, list[int]] = {}
        self.group = group[taken]
        self.spare = np.append(groups >= 1, True)  # the last is for who has no group

    def freeing(self, missing: dict[int, int]) -> Iterator[Integers]:
        """Places of awards that free what is missing of each of these limits, in parts."""
        if not missing:
            yield np.arange(len(self.taken))
            return
        key = tuple(missing.items())
        if key in self.fronts:
            yield self.fronts[key]
        first, *others = sorted(missing, key=lambda limit: (len(self.at[limit]), limit))
        for number, (start, end) in enumerate(pairwise(_steps(len(self.at[first])))):
            if number == 0 and key in self.fronts:
                continue
            places = self.at[first][start:end][self.frees[first][start:end] >= missing[first]]
            for limit in others:
                places = places[self.freed(limit, places, absent=-1) >= missing[limit]]
            if number == 0:
                _remember(self.fronts, key, places)
            yield places

    def keeping(self, places: Integers, room: Room, *, groups: bool = True) -> NDArray[np.bool_]:
        """Which of these awards may go, so that goals and groups keep theirs."""
        fits = self._other_goals(tuple(sorted(room.goals)))[places]
        for goal, free in room.goals.items():
            fits &= self.goals[goal, places] <= free
        if groups:
            spare = self.spare
            if room.groups:
                spare = spare.copy()
                for group, free in room.groups.items():
                    spare[group] = free >= 1
            fits &= spare[self.group[places]]
        return fits

    def helpful(self, missing: dict[int, int], wanted: int) -> list[int]:
        """Options that free much of what is missing for little value, the cheapest first.

        The price of a place is its value over the sum of the shares that it frees. No share is
        above 1, so where value alone passes the best prices so far, no later place can be better.
        """
        key = tuple(missing.items())
        if key in self.helping:
            return self.helping[key]
        best_price, best_place = np.empty(0), np.empty(0, dtype=np.int64)
        for start, end in pairwise(_steps(len(self.taken) if missing else 0)):
            if len(best_price) == wanted and self.value[start] / len(missing) >= best_price[-1]:
                break
            help_ = np.zeros(end - start)
            for limit in sorted(missing):
                at = self.at[limit]
                inside = slice(*np.searchsorted(at, (start, end)).tolist())
                share = self.frees[limit][inside] / missing[limit]
                help_[at[inside] - start] += np.minimum(share, 1.0)
            useful = np.flatnonzero(help_ > 0)
            price = np.append(best_price, self.value[start + useful] / help_[useful])
            place = np.append(best_place, start + useful)
            if len(price) > wanted:  # sort only those that can be among the first
                low = price <= np.partition(price, wanted)[wanted]
                price, place = price[low], place[low]
            order = np.argsort(price, kind="stable")[:wanted]
            best_price, best_place = price[order], place[order]
        options: list[int] = self.taken[best_place].tolist()
        return _remember(self.helping, key, options)

    def before(self, limit: int, end: int) -> Integers:
        """Of the first `end` places those that count in a limit."""
        return self.at[limit][: int(np.searchsorted(self.at[limit], end))]

    def freed(self, limit: int, places: Integers, *, absent: int) -> Integers:
        """What each of these places frees of a limit; `absent` where it does not count in it."""
        at, frees = self.at[limit], self.frees[limit]
        if len(at) == len(self.taken):
            everywhere: Integers = frees[places]
            return everywhere
        freed = np.full(len(places), absent, dtype=np.int64)
        if not len(at) or not len(places):
            return freed
        if len(at) <= len(places):
            found = np.minimum(np.searchsorted(places, at), len(places) - 1)
            there = places[found] == at
            freed[found[there]] = frees[there]
            return freed
        found = np.minimum(np.searchsorted(at, places), len(at) - 1)
        return np.where(at[found] == places, frees[found], freed)

    def _other_goals(self, besides: tuple[int, ...]) -> NDArray[np.bool_]:
        """Per place whether it may go as far as all goals but these say."""
        if besides in self.fitting:
            return self.fitting[besides]
        counts = np.ones(len(self.goals), dtype=bool)
        counts[list(besides)] = False
        most = max(1, MOST_BYTES // max(1, len(self.taken)))
        return _remember(self.fitting, besides, ~self.passes[counts].any(axis=0), most)


def _steps(length: int) -> list[int]:
    """Where parts of a list begin that grow: what is looked for mostly stands at the front."""
    steps, size = [0], 128
    while steps[-1] < length:
        steps.append(min(length, steps[-1] + size))
        size *= 8
    return steps


def _remember[K, V](known: dict[K, V], key: K, value: V, most: int = REMEMBERED) -> V:
    """Keep what was found, and forget all where it becomes too much."""
    if len(known) >= most:
        known.clear()
    known[key] = value
    return value


def columns(matrix: Any) -> tuple[Integers, Integers, Integers]:
    """A sparse matrix by its columns: where each begins, rows, numbers."""
    by_column = sparse.csc_matrix(matrix)
    return by_column.indptr, by_column.indices, by_column.data
