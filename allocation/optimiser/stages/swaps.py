"""Swap-stable: nobody refused could take the place of somebody awarded with a higher lot number.

Where the search by lot (by_lot.py) stops before its end, one award at a time changes hands as long
as one can: from the last person of a class that has any to the first refused person of another,
whose lot is lower, so that every limit, every promise, every group and the value stay as they are.
Each swap makes the division earlier by lot, so there is an end.

A swap leaves a division of the same value, so only options that such a division may use are looked
at (core_search.py).
"""

import numpy as np
from numpy.typing import NDArray

from allocation.optimiser.model import room
from allocation.optimiser.model.arrays import Integers, Model
from allocation.optimiser.stages.run import Keep


def swapped(model: Model, x: Integers, keep: Keep, options: Integers) -> Integers:
    """Awards per option after every swap that there is.

    Args:
        options: those that a division of this value may use.
    """
    return _Swaps(model, x, keep, options).all()


class _Swaps:
    def __init__(self, model: Model, x: Integers, keep: Keep, options: Integers) -> None:
        self.model, self.x, self.options = model, x.copy(), options
        rows, rhs = room.limits(model, x)
        self.rows, self.column = rows, rows.tocsc()
        self.free: Integers = rhs - np.asarray(rows @ x, dtype=np.int64)
        least = keep.promises()
        kept = np.array([least.get(goal, 0) for goal in model.goals], dtype=np.int64)
        self.goal_column = model.goal_rows.tocsc()
        self.spare: Integers = np.asarray(model.base_goals + model.goal_rows @ x - kept)
        self.served = np.zeros(model.classes_total, dtype=np.int64)
        np.add.at(self.served, model.option_class, x)
        self.start = model.start
        people = model.base_groups.copy() if len(model.base_groups) else np.zeros(0, dtype=np.int64)
        counted = model.newcomer & (model.group >= 0)
        np.add.at(people, model.group[counted], np.minimum(self.served, model.size)[counted])
        targets = [keep.coverage.get(f"coverage:{group}", 0) for group in model.groups]
        self.over = people - np.array(targets, dtype=np.int64)
        self.owner = model.option_class[options]

    def all(self) -> Integers:
        changed = True
        while changed:
            changed = False
            for option in self._waiting():
                while self._swap(option):
                    changed = True
        return self.x

    def _waiting(self) -> list[int]:
        """Options of refused people, by their lots, each person's best choice first."""
        lots = self._first_refused(self.owner)
        mine = np.flatnonzero(lots >= 0)
        order = np.lexsort((self.options[mine], lots[mine]))
        found: list[int] = self.options[mine[order]].tolist()
        return found

    def _first_refused(self, owners: Integers) -> Integers:
        """Per class the lot of its first refused person; -1: nobody is refused."""
        model, served = self.model, self.served[owners]
        has = model.newcomer[owners] & (served < model.size[owners]) & (model.capacity[owners] > 0)
        at = np.where(has, self.start[owners] + served, 0)
        return np.where(has, model.members[at], -1)

    def _last_served(self, owners: Integers) -> Integers:
        """Per class the lot of its last person with one award; -1: there is none."""
        model, served = self.model, self.served[owners]
        has = model.newcomer[owners] & (served > 0) & (served <= model.size[owners])
        at = np.where(has, self.start[owners] + served - 1, 0)
        return np.where(has, model.members[at], -1)

    def _swap(self, option: int) -> bool:
        """Put this option in for an award of a later lot, if one can go."""
        model = self.model
        own = np.array([model.option_class[option]])
        lot = int(self._first_refused(own)[0])
        if lot < 0:
            return False
        able = (self.x[self.options] > 0) & (model.value[self.options] == model.value[option])
        able &= (self.owner != own[0]) & (self._last_served(self.owner) > lot)
        able &= self._over_of(option)
        start, end = self.column.indptr[option], self.column.indptr[option + 1]
        for limit, used in zip(
            self.column.indices[start:end].tolist(),
            self.column.data[start:end].tolist(),
            strict=True,
        ):
            if used > self.free[limit]:
                able &= self._frees(limit)[self.options] >= used - self.free[limit]
        places = np.flatnonzero(able)
        latest = np.argsort(-self._last_served(self.owner[places]), kind="stable")
        for award in self.options[places[latest]].tolist():
            if self._promises_kept(option, award):
                self._move(option, 1)
                self._move(award, -1)
                return True
        return False

    def _over_of(self, option: int) -> NDArray[np.bool_]:
        """Awards whose group can spare a person, or is this option's own."""
        if not len(self.over):
            return np.ones(len(self.options), dtype=bool)
        group = self.model.group
        of = group[self.owner]
        own = of == group[self.model.option_class[option]]
        return np.asarray(own | (self.over[of] > 0))

    def _frees(self, limit: int) -> Integers:
        start, end = self.rows.indptr[limit], self.rows.indptr[limit + 1]
        freed = np.zeros(self.model.options_total, dtype=np.int64)
        freed[self.rows.indices[start:end]] = self.rows.data[start:end]
        return freed

    def _promises_kept(self, option: int, award: int) -> bool:
        after = self.spare.copy()
        for one, sign in ((option, 1), (award, -1)):
            start, end = self.goal_column.indptr[one], self.goal_column.indptr[one + 1]
            after[self.goal_column.indices[start:end]] += sign * self.goal_column.data[start:end]
        return bool((after >= np.minimum(self.spare, 0)).all())

    def _move(self, option: int, times: int) -> None:
        owner = int(self.model.option_class[option])
        self.x[option] += times
        self.served[owner] += times
        for matrix, sums, sign in (
            (self.column, self.free, -1),
            (self.goal_column, self.spare, 1),
        ):
            start, end = matrix.indptr[option], matrix.indptr[option + 1]
            sums[matrix.indices[start:end]] += sign * times * matrix.data[start:end]
        if len(self.over) and self.model.group[owner] >= 0:
            self.over[self.model.group[owner]] += times
