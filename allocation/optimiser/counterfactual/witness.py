"""A division that does award a refused request: the witness of what would have been enough.

From the finished division a few awards are taken out and the refused request is put in, so that
every limit still holds, and every floor, give-back and group keeps what it kept. Such a division
exists whatever anybody's points are; what it is worth less than the finished one is the *loss*.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from allocation.optimiser.model.arrays import Integers, Model
from allocation.optimiser.model.room import limits

# How many awards are tried that make room alone, as the first of two, and how many to put back.
SINGLES = 3
FIRSTS = 8
BACKS = 8


@dataclass(frozen=True)
class Room:
    """What is free: per limit (cents or awards), per goal in cents, per coverage group people."""

    limits: Integers
    goals: Integers
    groups: Integers

    @property
    def holds(self) -> bool:
        """Whether every limit, goal and group is kept."""
        return all(bool((part >= 0).all()) for part in (self.limits, self.goals, self.groups))


@dataclass(frozen=True)
class Swap:
    """Awards (options) taken out and others put in for one refused request.

    `loss` is what that costs in points x percent, the request's own value aside; `room` is what
    is free afterwards.
    """

    out: tuple[int, ...]
    back: tuple[int, ...]
    loss: int
    room: Room


class Division:
    """A finished division, to take awards out of and put others in.

    Args:
        awards: per option of the model the number of awards.
        targets: coverage group -> people that it is to have.
    """

    def __init__(self, model: Model, awards: Integers, targets: dict[str, int]) -> None:
        self.model = model
        self.rows, rhs = limits(model, awards)
        self.column = self.rows.tocsc()
        self.in_cents = np.array([self._in_cents(row) for row in range(len(rhs))], dtype=bool)
        self.goal_column = sparse.csc_matrix(model.goal_rows)
        self.group = np.where(
            model.newcomer[model.option_class], model.group[model.option_class], -1
        )
        self.served = np.zeros(model.classes_total, dtype=np.int64)
        np.add.at(self.served, model.option_class, awards)
        goals = np.asarray(model.goal_rows @ awards, dtype=np.int64)
        if len(model.base_goals):
            goals = goals + model.base_goals
        self.room = Room(
            limits=rhs - np.asarray(self.rows @ awards, dtype=np.int64),
            goals=goals - np.minimum(model.required, goals),
            groups=self._spare(targets),
        )
        # From the least valuable to the most; ties as the options stand, which is by lot.
        order = np.argsort(model.value, kind="stable")
        self.taken = order[awards[order] > 0]
        self.at_taken = sparse.csr_matrix(self.rows[:, self.taken])
        self.at_taken.sort_indices()
        self.goals_taken = model.goal_rows[:, self.taken].toarray().astype(np.int64)
        waits = (self.served < model.size)[model.option_class] & (model.share == 100)
        self.waiting = order[::-1][waits[order[::-1]]]
        self.asked = model.amount[self.waiting]
        self.least = int(self.asked.min(initial=0))

    def _in_cents(self, row: int) -> bool:
        """Whether a limit counts cents (of some awards), not awards."""
        at = slice(self.rows.indptr[row], self.rows.indptr[row + 1])
        return bool((self.rows.data[at] == self.model.amount[self.rows.indices[at]]).all())

    def _spare(self, targets: dict[str, int]) -> Integers:
        """People per group beyond what it keeps."""
        model = self.model
        people = np.zeros(len(model.groups), dtype=np.int64)
        if len(model.base_groups):
            people += model.base_groups
        # Inside a class everybody gets one award before anybody gets two.
        counted = model.newcomer & (model.group >= 0)
        np.add.at(people, model.group[counted], np.minimum(self.served, model.size)[counted])
        keeps = np.array([targets.get(group, 0) for group in model.groups], dtype=np.int64)
        return people - np.minimum(keeps, people)

    def least_loss(self, option: int) -> Swap | None:
        """The cheapest way found to put in one more award of this option; None: none found."""
        start = self.put(self.room, option)
        if start.holds:
            return Swap((), (), 0, start)
        best: Swap | None = None
        for out in self._singles(start, SINGLES):
            best = _better(best, self._filled(option, (out,), self.put(start, out, -1)))
        for first in self._helpful(start):
            if best is not None and self.model.value[first] >= best.loss:
                continue
            after = self.put(start, first, -1)
            if (after.goals < 0).any() or (after.groups < 0).any():
                continue
            for second in self._singles(after, 1):
                if second != first:
                    room = self.put(after, second, -1)
                    best = _better(best, self._filled(option, (first, second), room))
        return best or self._with_somebody_back(option, start)

    def most_cents(self, option: int, worth: int) -> int:
        """The largest amount at which the request fits in place of one award worth less.

        Every lower amount fits too: floors and give-back are kept without the request.

        Args:
            worth: the award that goes must be worth less than this.

        Returns:
            cents; 0 where no award makes room.
        """
        start = self.put(self.room, option)
        end = int(np.searchsorted(self.model.value[self.taken], worth))
        limits, used = self._limits_of(option)
        cents = np.full(end + 1, self.model.amount[option], dtype=np.int64)
        for limit, amount in zip(limits.tolist(), used.tolist(), strict=True):
            freed = self._freed(limit, end)
            if self.in_cents[limit]:
                cents = np.minimum(cents, self.room.limits[limit] + freed)
            else:
                cents = np.where(self.room.limits[limit] + freed >= amount, cents, 0)
        beside = int(cents[end]) if worth > 0 else 0  # no award has to go
        places = np.flatnonzero(cents[:end] > max(0, beside))
        fits = self._goals_and_groups(places, self.room.goals, start.groups)
        return max(0, beside, int(cents[places[fits]].max(initial=0)))

    def _limits_of(self, option: int) -> tuple[Integers, Integers]:
        row = slice(self.column.indptr[option], self.column.indptr[option + 1])
        return self.column.indices[row], self.column.data[row]

    def _freed(self, limit: int, end: int) -> Integers:
        """What each of the `end` cheapest awards frees of a limit; one more place for nobody."""
        row = slice(self.at_taken.indptr[limit], self.at_taken.indptr[limit + 1])
        freed = np.zeros(end + 1, dtype=np.int64)
        inside = self.at_taken.indices[row] < end
        freed[self.at_taken.indices[row][inside]] = self.at_taken.data[row][inside]
        return freed

    def put(self, room: Room, option: int, times: int = 1) -> Room:
        """The room after one more award of the option; `times` -1 takes one out."""
        limits, goals, groups = room.limits.copy(), room.goals.copy(), room.groups.copy()
        for matrix, free, sign in ((self.column, limits, -1), (self.goal_column, goals, 1)):
            start, end = matrix.indptr[option], matrix.indptr[option + 1]
            free[matrix.indices[start:end]] += sign * times * matrix.data[start:end]
        if self.group[option] >= 0:
            groups[self.group[option]] += times
        return Room(limits, goals, groups)

    def _singles(self, room: Room, wanted: int, *, groups: bool = True) -> list[int]:
        """The cheapest awards that make everything fit when one of them is taken out."""
        short = np.flatnonzero(room.limits < 0)
        places = self._of_limits(short, -room.limits[short])
        if not len(places):
            return []
        free = room.groups if groups else np.ones_like(room.groups)
        fitting: list[int] = []
        for part in _parts(places):
            fits = self._goals_and_groups(part, room.goals, free)
            fitting += self.taken[part[fits]].tolist()
            if len(fitting) >= wanted:
                break
        return fitting[:wanted]

    def _goals_and_groups(
        self, places: Integers, goals: Integers, groups: Integers
    ) -> NDArray[np.bool_]:
        """Which of these awards may go, so that floors, give-back and groups keep theirs."""
        fits = (self.goals_taken[:, places] <= goals[:, None]).all(axis=0)
        if len(groups):
            of = self.group[self.taken[places]]
            fits &= (of < 0) | (groups[of] >= 1)
        return np.asarray(fits)

    def _of_limits(self, limits: Integers, missing: Integers) -> Integers:
        """Places in `taken` of awards that free what is missing of each of these limits."""
        starts = self.at_taken.indptr
        places: Integers | None = None
        for number in np.argsort(starts[limits + 1] - starts[limits], kind="stable").tolist():
            row = slice(starts[limits[number]], starts[limits[number] + 1])
            at: Integers = self.at_taken.indices[row]
            used: Integers = self.at_taken.data[row]
            if places is None:
                places = at[used >= missing[number]]
                continue
            if not len(at):
                return at
            found = np.minimum(np.searchsorted(at, places), len(at) - 1)
            places = places[(at[found] == places) & (used[found] >= missing[number])]
        return np.arange(len(self.taken)) if places is None else places

    def _helpful(self, room: Room) -> list[int]:
        """Awards that free much of what is missing for little value, to be the first of two."""
        short = np.flatnonzero(room.limits < 0)
        help_ = np.zeros(len(self.taken))
        for limit in short:
            start, end = self.at_taken.indptr[limit], self.at_taken.indptr[limit + 1]
            share = self.at_taken.data[start:end] / -room.limits[limit]
            help_[self.at_taken.indices[start:end]] += np.minimum(share, 1.0)
        useful = np.flatnonzero(help_ > 0)
        price = self.model.value[self.taken[useful]] / help_[useful]
        if len(useful) > FIRSTS:  # sort only those that can be among the first
            low = price <= np.partition(price, FIRSTS)[FIRSTS]
            useful, price = useful[low], price[low]
        best = useful[np.argsort(price, kind="stable")[:FIRSTS]]
        first: list[int] = self.taken[best].tolist()
        return first

    def _with_somebody_back(self, option: int, start: Room) -> Swap | None:
        """Where making room costs another group a person: put somebody of that group in too."""
        for out in self._singles(start, FIRSTS, groups=False):
            after = self.put(start, out, -1)
            for back in self._waiting_in(int(self.group[out]), option)[:BACKS]:
                room = self.put(after, back)
                if room.holds:
                    return self._swap((out,), (back,), room)
                more = self._singles(room, 1)
                if more and more[0] != out:
                    return self._swap((out, more[0]), (back,), self.put(room, more[0], -1))
        return None

    def _waiting_in(self, group: int, besides: int) -> list[int]:
        """Refused options of a group, the most valuable first, of other classes than `besides`."""
        options = self.waiting[self.group[self.waiting] == group]
        others = self.model.option_class[options] != self.model.option_class[besides]
        found: list[int] = options[others].tolist()
        return found

    def _filled(self, option: int, out: tuple[int, ...], room: Room) -> Swap:
        """Give what is left of the money to one more person, where somebody fits."""
        if "ceiling" in self.model.limits:
            left = int(room.limits[self.model.limits.index("ceiling")])
            for back in self._small(left, option):
                limits, used = self._limits_of(back)
                if (used <= room.limits[limits]).all():
                    return self._swap(out, (back,), self.put(room, back))
        return self._swap(out, (), room)

    def _small(self, left: int, besides: int) -> list[int]:
        """The most valuable refused options that cost no more, of other classes than `besides`."""
        found: list[int] = []
        if left < self.least:
            return found
        owner = self.model.option_class
        for part in _parts(np.arange(len(self.waiting))):
            small = self.waiting[part[self.asked[part] <= left]]
            found += small[owner[small] != owner[besides]].tolist()
            if len(found) >= BACKS:
                break
        return found[:BACKS]

    def _swap(self, out: tuple[int, ...], back: tuple[int, ...], room: Room) -> Swap:
        assert room.holds
        value = self.model.value
        loss = int(value[list(out)].sum()) - int(value[list(back)].sum())
        return Swap(out, back, loss, room)


def _parts(places: Integers) -> Iterator[Integers]:
    """The same places in parts that grow: what is looked for mostly stands at the front."""
    start, size = 0, 128
    while start < len(places):
        yield places[start : start + size]
        start, size = start + size, size * 8


def _better(best: Swap | None, other: Swap) -> Swap:
    return other if best is None or other.loss < best.loss else best
