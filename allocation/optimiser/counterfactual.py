"""What would have changed a refusal, found from the multipliers and confirmed by solving again.

The multipliers say with how many points, or at which amount, a request would have met its costs.
That is a guess, because other awards move with it; so each guess is divided again, and raised a
little when it does not suffice. What is returned was awarded in a full division, everything else
being equal; it is sufficient, not always the least.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from . import explain, model
from .division import allocate
from .problem import Problem, check
from .result import Allocation

# How far a guess may be raised, in percent, before we give up.
RAISES_PERCENT = (0, 2, 10, 50)
CEILING_PERCENT = (1, 2, 5, 10, 25, 50, 100)

Divide = Callable[[Problem], Allocation]


@dataclass(frozen=True)
class Counterfactual:
    """What would have been enough for an award, each alone; None: nothing that was tried was.

    `points` of this request, its `amount_cents`, or the round's `ceiling_cents`.
    """

    request_id: str
    points: int | None
    amount_cents: int | None
    ceiling_cents: int | None


def confirm(
    problem: Problem, allocation: Allocation, request_id: str, divide: Divide = allocate
) -> Counterfactual:
    """Find and confirm what would have changed one refusal.

    Args:
        allocation: the result of `allocate(problem)`.
        divide: how a changed problem is divided; for limits of time and a solver of choice.

    Raises:
        KeyError: there is no such request.
    """
    problem = check(problem)
    rows = np.flatnonzero(problem.requests["request_id"] == request_id)
    if not len(rows):
        raise KeyError(request_id)
    trial = _Trial(problem, allocation, int(rows[0]), request_id, divide)
    return Counterfactual(request_id, trial.points(), trial.amount(), trial.ceiling())


class _Trial:
    def __init__(
        self, problem: Problem, allocation: Allocation, row: int, request_id: str, divide: Divide
    ) -> None:
        self.problem, self.row, self.request_id, self.divide = problem, row, request_id, divide
        self.arrays, book = model.build(problem)
        self.option = int(book.option_of_row[row])
        self.costs = explain.costs(self.arrays, allocation.multipliers)

    def points(self) -> int | None:
        """More points for this request alone."""
        if self.option < 0:
            return None
        points = int(self.problem.requests["points"].iloc[self.row])
        percent = self.problem.policy.choice_percent
        factor = percent[int(self.problem.requests["choice"].iloc[self.row]) - 1]
        if self.problem.policy.value == "points_times_amount":
            factor *= int(self.arrays.amount[self.option])
        if factor == 0:
            return None
        missing = max(0.0, -float(self.costs.worth(self.arrays)[self.option]))
        guess = points + max(1, int(np.ceil(missing / factor)))
        for tried in self._raised(guess):
            if self._awarded(self._with(points=tried)):
                return tried
        return None

    def amount(self) -> int | None:
        """A lower amount of this request alone."""
        asked = int(self.problem.requests["amount_cents"].iloc[self.row])
        if self.option < 0:
            return None
        money = float(self.costs.money[self.option])
        if money <= 0:
            return None
        left = money + float(self.costs.worth(self.arrays)[self.option])
        guess = min(asked - 1, int(asked * left / money))
        for percent in RAISES_PERCENT:
            tried = guess * (100 - percent) // 100
            if tried > 0 and self._awarded(self._with(amount_cents=tried)):
                return tried
        return None

    def ceiling(self) -> int | None:
        """More money for the whole round; floors and caps that are shares grow with it."""
        ceiling = self.problem.policy.ceiling_cents
        for percent in CEILING_PERCENT:
            tried = ceiling + max(1, ceiling * percent // 100)
            policy = replace(self.problem.policy, ceiling_cents=tried)
            if self._awarded(replace(self.problem, policy=policy)):
                return tried
        return None

    def _raised(self, guess: int) -> Iterator[int]:
        yield from dict.fromkeys(guess + guess * percent // 100 for percent in RAISES_PERCENT)

    def _with(self, **changes: int) -> Problem:
        requests = self.problem.requests.copy()
        for column, number in changes.items():
            requests.loc[requests.index[self.row], column] = number
        return replace(self.problem, requests=requests)

    def _awarded(self, problem: Problem) -> bool:
        decisions = self.divide(problem).decisions
        ours = decisions[decisions["request_id"] == self.request_id]
        return bool((ours["awarded"] == 1).any())
