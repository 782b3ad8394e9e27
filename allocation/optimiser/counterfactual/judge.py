"""Which points and which amount would have changed a refusal, where a division that awards it is
known (`changes.py` says why that confirms it)."""

import numpy as np
from numpy.typing import NDArray

from allocation.optimiser.counterfactual.witness import Division
from allocation.optimiser.inputs.problem import Problem
from allocation.optimiser.model.arrays import Model
from allocation.optimiser.results.allocation import Allocation


class Judge:
    """Which points and which amount are enough, by what one more award costs others."""

    def __init__(
        self,
        problem: Problem,
        allocation: Allocation,
        arrays: Model,
        division: Division,
        most_points: int,
    ) -> None:
        assert allocation.bound is not None
        self.policy, self.arrays, self.division = problem.policy, arrays, division
        # How much more than the finished division one without the request might be worth.
        self.slack = allocation.bound - allocation.value
        self.most_points = most_points
        self.by_points = problem.policy.value == "points"
        self.moving = self._moving(problem, allocation)

    def of(self, option: int) -> tuple[int, int]:
        """Points of the worker, and cents of the request; 0 where nothing is confirmed."""
        swap = self.division.least_loss(option)
        return 0 if swap is None else self.points(option, swap.loss), self._amount(option)

    def factor(self, option: int) -> int:
        """The value of one point of this request."""
        factor = self.policy.choice_percent[int(self.arrays.choice[option]) - 1]
        return factor if self.by_points else factor * int(self.arrays.amount[option])

    def points(self, option: int, loss: int) -> int:
        """Points that are enough where the award costs others so much value; 0: out of reach."""
        factor = self.factor(option)
        if factor == 0:
            return 0
        has = int(self.arrays.value[option]) // factor
        needed = max(has + 1, (self.slack + loss) // factor + 1)
        return needed if needed <= self.most_points else 0

    def most_loss(self, option: int) -> int:
        """What the award may cost others at most, so that points in reach are enough."""
        return self.most_points * self.factor(option) - self.slack - 1

    def _amount(self, option: int) -> int:
        """The largest amount at which it beats an award; half of what was asked, or more.

        Where points are multiplied by the amount a lower one is worth less; where a floor or
        give-back of the request depends on what is asked, it would move with it: nothing is said.
        """
        if not self.by_points or self.moving[option]:
            return 0
        asked = int(self.arrays.amount[option])
        worth = int(self.arrays.value[option]) - self.slack
        cents = min(asked - 1, self.division.most_cents(option, worth))
        return cents if 2 * cents >= asked else 0

    def _moving(self, problem: Problem, allocation: Allocation) -> NDArray[np.bool_]:
        """Options of a promise that was not kept in full, or that follows what is asked."""
        short = {
            f"{row['kind']}:{row['name']}"
            for row in allocation.floors
            if row["kind"] == "give_back" or row["reached_cents"] < row["required_cents"]
        }
        short |= {
            f"waiting:{row['rounds']}"
            for row in allocation.waiting or ()
            if row["served"] < row["people"]
        }
        short.add("unchanged")  # who had an award keeps it at that very amount only
        goals = np.array([goal in short for goal in self.arrays.goals], dtype=np.int64)
        return np.asarray(self.arrays.goal_rows.T @ goals) > 0
