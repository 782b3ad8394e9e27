"""What would have changed a refusal: more points, a lower amount, a larger ceiling.

Nothing is said that was not confirmed.

- **Points.** A division that awards the refused request exists (`witness.py`) and is worth W
  without the request's own value. No division that refuses it is worth more than the proven bound
  U, and that stays so whatever the worker's points are. So with p points, where

      p x percent > U - W,

  every best division awards it. One pass over the classes confirms all refusals this way.
- **Amount.** The same with the price instead of the points: at an amount where the swap fits and
  U is passed, every best division awards it. Floors, give-back and groups keep what they kept.
- **Ceiling.** The round is divided again with more money, every pool growing alike. Whoever is
  awarded in that division is told its ceiling.

Each is sufficient, everything else being equal, and not always the least.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from allocation.optimiser.counterfactual.witness import Division, Swap
from allocation.optimiser.division import allocate
from allocation.optimiser.inputs.problem import Problem, check
from allocation.optimiser.model import build
from allocation.optimiser.model.arrays import Book, Integers, Model
from allocation.optimiser.results.allocation import Allocation

# With how much more money the round is divided again, in percent of the ceiling.
CEILING_PERCENT = (5, 25)
# These refusals have no counterfactual: the person is served, or the board decided.
SETTLED = ("awarded", "awarded_part", "other_choice_awarded", "given_by_board", "withheld_by_board")
KINDS = ("points", "amount_cents", "ceiling_cents")

Divide = Callable[[Problem], Allocation]
Progress = Callable[[dict[str, Any]], None]


def changes(
    problem: Problem,
    allocation: Allocation,
    *,
    divide: Divide = allocate,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Find and confirm what would have changed each refusal of a finished division.

    Args:
        allocation: the proven result of `allocate(problem)`.
        divide: how a changed problem is divided; for limits of time and a solver of choice.
        progress: called with {"stage", "done", "total"}.

    Returns:
        One row per refused request: `request_id`, `points` (of the worker, for all their choices;
        one of them is then awarded), `amount_cents` (of this request, or less), `ceiling_cents`
        (of the round; one of the worker's choices is then awarded). 0: nothing was confirmed.
    """
    report = progress or (lambda event: None)
    problem = check(problem)
    refused = _refused(problem, allocation)
    ceilings = _by_ceiling(problem, allocation, refused, divide, report)
    points, amounts = _by_swaps(problem, allocation, refused, report)
    worker = problem.requests["worker_id"].to_numpy()[refused]
    return pd.DataFrame(
        {
            "request_id": problem.requests["request_id"].to_numpy()[refused],
            "points": _least(worker, points),
            "amount_cents": amounts,
            "ceiling_cents": _least(worker, ceilings),
        }
    )


def explained(allocation: Allocation, found: pd.DataFrame) -> Allocation:
    """The same result, with what would have changed it among the parameters of each refusal."""
    change = {row["request_id"]: would_change(row) for row in found.to_dict("records")}
    decisions = allocation.decisions.copy()
    decisions["reason_params"] = [
        json.dumps(told(json.loads(params), change[name]), sort_keys=True)
        if name in change
        else params
        for name, params in zip(decisions["request_id"], decisions["reason_params"], strict=True)
    ]
    return replace(allocation, decisions=decisions)


def told(params: dict[str, Any], change: dict[str, int]) -> dict[str, Any]:
    """A refusal's parameters with what would have changed it.

    The points that the prices suggest as needed give way to confirmed ones, or go.
    """
    result = {name: value for name, value in params.items() if name != "needed"}
    if "needed" in params and "points" in change:
        result["needed"] = change["points"]
    return result | ({"would_change": change} if change else {})


def would_change(row: Mapping[Any, Any]) -> dict[str, int]:
    """What was confirmed for one request, by kind; what was not is left out."""
    return {kind: int(row[kind]) for kind in KINDS if int(row[kind])}


def _refused(problem: Problem, allocation: Allocation) -> Integers:
    """Rows of workers without any award, that the board did not decide itself."""
    decisions = allocation.decisions
    worker = problem.requests["worker_id"]
    served = worker[(decisions["awarded"] == 1).to_numpy()]
    open_ = ~worker.isin(served).to_numpy() & ~decisions["reason"].isin(SETTLED).to_numpy()
    return np.flatnonzero(open_)


def _by_ceiling(
    problem: Problem,
    allocation: Allocation,
    refused: Integers,
    divide: Divide,
    report: Progress,
) -> Integers:
    """Per refused row the smallest ceiling tried at which it is awarded."""
    found = np.zeros(len(refused), dtype=np.int64)
    for done, percent in enumerate(CEILING_PERCENT if len(refused) else ()):
        report({"stage": "ceiling", "done": done, "total": len(CEILING_PERCENT)})
        richer = _richer(problem, percent)
        divided = divide(richer)
        if divided.outcome != "proven":
            continue
        awarded = (divided.decisions["awarded"] == 1).to_numpy()[refused]
        found[awarded & (found == 0)] = richer.policy.ceiling_cents
    return found


def _richer(problem: Problem, percent: int) -> Problem:
    """The round with more money: ceiling and pools grow alike, and the shares that follow."""
    policy, pools = problem.policy, problem.pools
    more = policy.ceiling_cents * (100 + percent) // 100
    if pools is not None:
        pools = pools.assign(amount_cents=pools["amount_cents"] * (100 + percent) // 100)
    return replace(problem, policy=replace(policy, ceiling_cents=more), pools=pools)


def _by_swaps(
    problem: Problem, allocation: Allocation, refused: Integers, report: Progress
) -> tuple[Integers, Integers]:
    """Per refused row the points and the amount that a swap confirms, one swap per class."""
    arrays, book = build.build(problem)
    targets = {name: int(row.get("target", 0)) for name, row in allocation.coverage.items()}
    division = Division(arrays, _awards(problem, allocation, arrays, book), targets)
    judge = _Judge(problem, allocation, arrays, division)
    option = book.option_of_row[refused]
    wanted = np.unique(option[option >= 0])
    points, amounts = (np.zeros(arrays.options_total + 1, dtype=np.int64) for _ in range(2))
    for done, number in enumerate(wanted.tolist()):
        if done % 200 == 0:
            report({"stage": "points", "done": done, "total": len(wanted)})
        points[number], amounts[number] = judge.of(number)
    # Option -1, the last place, stays 0: no pool may pay for such a request.
    return points[option], amounts[option]


def _awards(problem: Problem, allocation: Allocation, arrays: Model, book: Book) -> Integers:
    """Awards per option, as the decisions say; given requests are in the model's base."""
    awards = np.zeros(arrays.options_total, dtype=np.int64)
    cents = allocation.decisions["amount_cents"].to_numpy()
    ids = problem.requests["request_id"]
    for row in np.flatnonzero((cents > 0) & ~ids.isin(problem.given).to_numpy()).tolist():
        option = int(book.option_of_row[row])
        while arrays.amount[option] != cents[row]:
            option += 1  # the parts of a request stand behind the whole
        awards[option] += 1
    return awards


def _least(worker: NDArray[Any], found: Integers) -> Integers:
    """The smallest number that is not 0 among a worker's rows, for all of them."""
    known = pd.Series(found).where(found > 0)
    least: Integers = known.groupby(worker).transform("min").fillna(0).to_numpy(dtype=np.int64)
    return least


class _Judge:
    """Which points and which amount a swap confirms."""

    def __init__(
        self, problem: Problem, allocation: Allocation, arrays: Model, division: Division
    ) -> None:
        assert allocation.bound is not None
        self.policy, self.arrays, self.division = problem.policy, arrays, division
        # How much more than the finished division one without the request might be worth.
        self.slack = allocation.bound - allocation.value
        self.most_points = int(problem.requests["points"].max())
        self.by_points = problem.policy.value == "points"
        self.moving = self._moving(problem, allocation)

    def of(self, option: int) -> tuple[int, int]:
        """Points of the worker, and cents of the request; 0 where nothing is confirmed."""
        return self._points(option, self.division.least_loss(option)), self._amount(option)

    def _points(self, option: int, swap: Swap | None) -> int:
        if swap is None:
            return 0
        factor = self.policy.choice_percent[int(self.arrays.choice[option]) - 1]
        if not self.by_points:
            factor *= int(self.arrays.amount[option])
        if factor == 0:
            return 0
        has = int(self.arrays.value[option]) // factor
        least = (self.slack + swap.loss) // factor + 1
        needed = max(has + 1, least)
        # More points than anybody can have would help nobody: one above the highest is the most.
        return needed if needed <= self.most_points + 1 else 0

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
