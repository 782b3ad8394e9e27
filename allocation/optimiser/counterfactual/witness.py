"""A division that does award a refused request: the witness of what would have been enough.

From the finished division a few awards are taken out and the refused request is put in, so that
every limit still holds, and every floor, give-back and group keeps what it kept. Such a division
exists whatever anybody's points are; what it is worth less than the finished one is the *loss*.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocation.optimiser.counterfactual.room import Awards, Room, columns
from allocation.optimiser.model.arrays import Integers, Model
from allocation.optimiser.model.room import limits

# How many awards are tried that make room alone, as the first of two, and how many to put back.
SINGLES = 3
FIRSTS = 8
BACKS = 8
BLOCK = 128


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
        rows, rhs = limits(model, awards)
        self.rows = rows
        self.columns = columns(rows)
        self.goal_columns = columns(model.goal_rows)
        self.known: dict[int, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {}
        self.in_cents = [self._in_cents(rows, row) for row in range(len(rhs))]
        self.group = np.where(
            model.newcomer[model.option_class], model.group[model.option_class], -1
        )
        self.served = np.zeros(model.classes_total, dtype=np.int64)
        np.add.at(self.served, model.option_class, awards)
        goals = np.asarray(model.goal_rows @ awards, dtype=np.int64)
        if len(model.base_goals):
            goals = goals + model.base_goals
        goals = goals - np.minimum(model.required, goals)
        groups = self._spare(targets)
        self.limits_free: list[int] = (rhs - np.asarray(rows @ awards, dtype=np.int64)).tolist()
        self.goals_free: list[int] = goals.tolist()
        self.groups_free: list[int] = groups.tolist()
        self.room = Room(
            {limit: free for limit, free in enumerate(self.limits_free) if free < 0}, {}, {}
        )
        # From the least valuable to the most; ties as the options stand, which is by lot.
        order = np.argsort(model.value, kind="stable")
        taken = order[awards[order] > 0]
        self.awards = Awards(model, taken, self.group, rows, goals, groups)
        waits = (self.served < model.size)[model.option_class] & (model.share == 100)
        self.waiting = order[::-1][waits[order[::-1]]]
        self.of_group: dict[int, Integers] = {}
        self.asked = model.amount[self.waiting]
        # The least that is asked in each block of those who wait, to pass over whole blocks.
        starts = np.arange(0, len(self.asked), BLOCK)
        self.least = np.minimum.reduceat(self.asked, starts) if len(starts) else self.asked
        self.ceiling = model.limits.index("ceiling") if "ceiling" in model.limits else None

    def _in_cents(self, rows: Any, row: int) -> bool:
        """Whether a limit counts cents (of some awards), not awards."""
        at = slice(rows.indptr[row], rows.indptr[row + 1])
        return bool((rows.data[at] == self.model.amount[rows.indices[at]]).all())

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
        for first in self.awards.helpful(_missing(start), FIRSTS):
            if best is not None and self.model.value[first] >= best.loss:
                continue
            after = self.put(start, first, -1)
            if not after.promises_hold:
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
        end = int(np.searchsorted(self.awards.value, worth))
        beside = most = int(self.model.amount[option])
        uses = self._uses(option)[0]
        for limit, used in uses:  # no award has to go
            free = self.limits_free[limit]
            beside = min(beside, free) if self.in_cents[limit] else beside * (free >= used)
        beside = max(0, beside) if worth > 0 else 0
        # More can only be had from awards that count in every limit that holds it at that.
        tight = [
            (len(self.awards.at[limit]), limit)
            for limit, used in uses
            if self.limits_free[limit] <= (beside if self.in_cents[limit] else used - 1)
        ]
        if not tight or worth <= 0:
            return beside
        places = self.awards.before(min(tight)[1], end)
        cents = np.full(len(places), most, dtype=np.int64)
        for limit, used in uses:
            left = self.limits_free[limit] + self.awards.freed(limit, places, absent=0)
            cents = np.minimum(cents, left) if self.in_cents[limit] else cents * (left >= used)
        more = cents > beside
        group = int(self.group[option])
        room = Room({}, {}, {group: self.groups_free[group] + 1} if group >= 0 else {})
        fits = self.awards.keeping(places[more], room)
        return max(beside, int(cents[more][fits].max(initial=0)))

    def put(self, room: Room, option: int, times: int = 1) -> Room:
        """The room after one more award of the option; `times` -1 takes one out."""
        limits, goals, groups = dict(room.limits), dict(room.goals), dict(room.groups)
        uses, feeds = self._uses(option)
        for limit, used in uses:
            limits[limit] = limits.get(limit, self.limits_free[limit]) - times * used
        for goal, fed in feeds:
            goals[goal] = goals.get(goal, self.goals_free[goal]) + times * fed
        group = int(self.group[option])
        if group >= 0:
            groups[group] = groups.get(group, self.groups_free[group]) + times
        return Room(limits, goals, groups)

    def _uses(self, option: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """What an award of the option uses of each limit, and what it feeds each goal."""
        if option not in self.known:
            limits, goals = (
                list(zip(rows[start:end].tolist(), numbers[start:end].tolist(), strict=True))
                for starts, rows, numbers in (self.columns, self.goal_columns)
                for start, end in [starts[option : option + 2].tolist()]
            )
            self.known[option] = limits, goals
        return self.known[option]

    def _singles(self, room: Room, wanted: int, *, groups: bool = True) -> list[int]:
        """The cheapest awards that make everything fit when one of them is taken out."""
        fitting: list[int] = []
        for places in self.awards.freeing(_missing(room)):
            fits = self.awards.keeping(places, room, groups=groups)
            fitting += self.awards.taken[places[fits]].tolist()
            if len(fitting) >= wanted:
                break
        return fitting[:wanted]

    def _with_somebody_back(self, option: int, start: Room) -> Swap | None:
        """Where making room costs another group a person: put somebody of that group in too."""
        for out in self._singles(start, FIRSTS, groups=False):
            after = self.put(start, out, -1)
            for back in self._waiting_in(int(self.group[out]), option):
                room = self.put(after, back)
                if room.holds:
                    return self._swap((out,), (back,), room)
                more = self._singles(room, 1)
                if more and more[0] != out:
                    return self._swap((out, more[0]), (back,), self.put(room, more[0], -1))
        return None

    def _waiting_in(self, group: int, besides: int) -> list[int]:
        """Refused options of a group, the most valuable first, of other classes than `besides`."""
        if group not in self.of_group:
            self.of_group[group] = self.waiting[self.group[self.waiting] == group]
        options, owner = self.of_group[group], self.model.option_class
        for end in (BLOCK, len(options)):
            others = options[:end][owner[options[:end]] != owner[besides]][:BACKS]
            if len(others) == BACKS:
                break
        found: list[int] = others.tolist()
        return found

    def _filled(self, option: int, out: tuple[int, ...], room: Room) -> Swap:
        """Give what is left of the money to one more person, where somebody fits."""
        if self.ceiling is not None:
            left = room.limits.get(self.ceiling, self.limits_free[self.ceiling])
            for back in self._small(left, option):
                free = room.limits
                if all(
                    used <= free.get(limit, self.limits_free[limit])
                    for limit, used in self._uses(back)[0]
                ):
                    return self._swap(out, (back,), self.put(room, back))
        return self._swap(out, (), room)

    def _small(self, left: int, besides: int) -> Iterator[int]:
        """The most valuable refused options that cost no more, of other classes than `besides`."""
        found, owner = 0, self.model.option_class
        for block in np.flatnonzero(self.least <= left).tolist():
            at = np.s_[block * BLOCK : (block + 1) * BLOCK]
            small = self.waiting[at][self.asked[at] <= left]
            for option in small[owner[small] != owner[besides]].tolist():
                yield option
                found += 1
                if found == BACKS:
                    return

    def _swap(self, out: tuple[int, ...], back: tuple[int, ...], room: Room) -> Swap:
        assert room.holds
        value = self.model.value
        loss = sum(int(value[one]) for one in out) - sum(int(value[one]) for one in back)
        return Swap(out, back, loss, room)


def _missing(room: Room) -> dict[int, int]:
    """What is missing of each limit that is passed."""
    return {limit: -free for limit, free in sorted(room.limits.items()) if free < 0}


def _better(best: Swap | None, other: Swap) -> Swap:
    return other if best is None or other.loss < best.loss else best
