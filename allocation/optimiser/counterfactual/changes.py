"""What would have changed a refusal: more points, a lower amount, a larger ceiling; or nothing.

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

Each is sufficient, everything else being equal, and not always the least. Where no swap is found
a small exact search looks for one (`exchange.py`); and where none of a person's requests could be
had by points or amount, that is proven from the certificate (`out_of_reach.py`).
"""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from allocation.optimiser.allowance import MEMORY_BYTES, SECONDS
from allocation.optimiser.counterfactual import exchange
from allocation.optimiser.counterfactual.exchange import Found, Sought
from allocation.optimiser.counterfactual.judge import Judge
from allocation.optimiser.counterfactual.moves import Wanted
from allocation.optimiser.counterfactual.out_of_reach import Proof, Proven, least_cents
from allocation.optimiser.counterfactual.witness import Division
from allocation.optimiser.division import allocate
from allocation.optimiser.errors import StoppedEarly
from allocation.optimiser.inputs.problem import Problem, check
from allocation.optimiser.model import build
from allocation.optimiser.model.arrays import Book, Integers, Model
from allocation.optimiser.process.client import Solver
from allocation.optimiser.results.allocation import Allocation

# With how much more money the round is divided again, in percent of the ceiling.
CEILING_PERCENT = (5, 25)
# Parts of what was asked that are tried where nothing in reach is found.
BEYOND = (3, 4)
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
    most_points: int | None = None,
    cancelled: threading.Event | None = None,
) -> pd.DataFrame:
    """Find and confirm what would have changed each refusal of a finished division.

    Args:
        allocation: the proven result of `allocate(problem)`.
        divide: how a changed problem is divided; for limits of time and a solver of choice.
        progress: called with {"stage", "done", "total"}.
        most_points: the most that the rule gives anybody; one more than anybody of the round has
            where it is not known. More are in nobody's reach.
        cancelled: set it from another thread to stop looking.

    Returns:
        One row per refused request: `request_id`, `points` (of the worker, for all their choices;
        one of them is then awarded), `amount_cents` (of this request, or less), `ceiling_cents`
        (of the round; one of the worker's choices is then awarded). 0: nothing was confirmed.
        `reach_limit`: where nothing in the worker's reach would have changed it for any of their
        choices, what stood in the way (`money`, `edition` or `cap`), else empty; then up to
        `reach_points` and down to `reach_cents`, each alone.
    """
    report = progress or (lambda event: None)
    problem = check(problem)
    refused = _refused(problem, allocation)
    ceilings = _by_ceiling(problem, allocation, refused, divide, report)
    worker = problem.requests["worker_id"].to_numpy()[refused]
    highest = int(problem.requests["points"].max()) if len(problem.requests) else 0
    reach = highest + 1 if most_points is None else max(most_points, highest)
    search = _Search(problem, allocation, refused, reach)
    points, amounts = search.by_swaps(report)
    settled = _least(worker, points) + _most(worker, amounts) > 0
    limits = search.proven(~settled)
    richer = _least(worker, ceilings) > 0
    search.by_exchange(~settled & ~richer & (limits == ""), points, amounts, report, cancelled)
    asked = problem.requests["amount_cents"].to_numpy()[refused]
    return pd.DataFrame(
        {
            "request_id": problem.requests["request_id"].to_numpy()[refused],
            "points": _least(worker, points),
            "amount_cents": amounts,
            "ceiling_cents": _least(worker, ceilings),
            "reach_limit": limits,
            "reach_points": np.where(limits != "", reach, 0),
            "reach_cents": np.where(limits != "", least_cents(asked), 0),
        }
    )


def explained(allocation: Allocation, found: pd.DataFrame) -> Allocation:
    """The same result, with what would have changed it among the parameters of each refusal."""
    found_of = {row["request_id"]: facts(row) for row in found.to_dict("records")}
    decisions = allocation.decisions.copy()
    decisions["reason_params"] = [
        json.dumps(told(json.loads(params), found_of[name]), sort_keys=True)
        if name in found_of
        else params
        for name, params in zip(decisions["request_id"], decisions["reason_params"], strict=True)
    ]
    return replace(allocation, decisions=decisions)


def told(params: dict[str, Any], found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A refusal's parameters with what would have changed it, or that nothing in reach would.

    The points that the prices suggest as needed give way to confirmed ones, or go.
    """
    result = {name: value for name, value in params.items() if name != "needed"}
    points = found.get("would_change", {}).get("points")
    if "needed" in params and points:
        result["needed"] = points
    return result | found


def facts(row: Mapping[Any, Any]) -> dict[str, dict[str, Any]]:
    """What was found for one request; what was not is left out.

    `would_change` holds what was confirmed, by kind; `out_of_reach` up to which `points` and down
    to which `amount_cents` nothing changes it, and the `limit` that stood in the way.
    """
    change = {kind: int(row[kind]) for kind in KINDS if int(row[kind])}
    result: dict[str, dict[str, Any]] = {"would_change": change} if change else {}
    limit = row.get("reach_limit")
    if isinstance(limit, str) and limit:
        numbers = {"points": int(row["reach_points"]), "amount_cents": int(row["reach_cents"])}
        result["out_of_reach"] = {**numbers, "limit": limit}
    return result


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


class _Search:
    """Looks for what would have changed each refused row, and proves where there is nothing."""

    def __init__(
        self, problem: Problem, allocation: Allocation, refused: Integers, most_points: int
    ) -> None:
        self.allocation, self.most_points = allocation, most_points
        self.model, book = build.build(problem)
        self.targets = {
            name: int(row.get("target", 0)) for name, row in allocation.coverage.items()
        }
        self.awards = _awards(problem, allocation, self.model, book)
        self.division = Division(self.model, self.awards, self.targets)
        self.judge = Judge(problem, allocation, self.model, self.division, most_points)
        # Option -1, the last place of what is found, stays 0: nobody may pay for such a request.
        self.option = book.option_of_row[refused]
        self.worker = problem.requests["worker_id"].to_numpy()[refused]
        self.proof = self._proof(problem, book)

    def by_swaps(self, report: Progress) -> tuple[Integers, Integers]:
        """Per refused row the points and the amount that a swap confirms, one swap per class."""
        wanted = np.unique(self.option[self.option >= 0])
        points, amounts = (np.zeros(self.model.options_total + 1, dtype=np.int64) for _ in range(2))
        for done, number in enumerate(wanted.tolist()):
            if done % 200 == 0:
                report({"stage": "points", "done": done, "total": len(wanted)})
            points[number], amounts[number] = self.judge.of(number)
        return points[self.option], amounts[self.option]

    def proven(self, rows: NDArray[np.bool_]) -> NDArray[Any]:
        """Per refused row what stands in the way, where nothing in reach changes it.

        Only of workers of whom that is proven for every request.
        """
        limits = np.full(len(rows), "", dtype=object)
        for row in np.flatnonzero(rows).tolist():
            found = self._judged(int(self.option[row]))
            limits[row] = found.limit if found.points and found.amount else ""
        open_ = set(self.worker[rows & (limits == "")].tolist())
        limits[[worker in open_ for worker in self.worker]] = ""
        return limits

    def by_exchange(
        self,
        rows: NDArray[np.bool_],
        points: Integers,
        amounts: Integers,
        report: Progress,
        cancelled: threading.Event | None,
    ) -> None:
        """Look further for these rows' workers, and write down what is found."""
        if self.proof is None or self.model.policy.awards_per_worker > 1 or not rows.any():
            return
        people: dict[tuple[int, ...], Sought] = {}
        for mine in pd.Series(self.option[rows]).groupby(self.worker[rows]).unique():
            options = tuple(sorted(int(option) for option in mine if option >= 0))
            people[options] = self._sought(options)
        sought = [person for person in people.values() if person.near or person.beyond]
        if not sought:
            return
        worth = self.proof.prices.worth / self.proof.denominator
        found: list[Found] = []

        def heard(event: dict[str, Any]) -> None:
            found.extend(event.pop("found"))
            report(event)

        # What was not found before a limit of time is not said.
        with suppress(StoppedEarly), Solver() as process:
            process.call(
                exchange.search,
                (self.model, self.awards, self.targets, worth, sought),
                seconds=SECONDS,
                memory_bytes=MEMORY_BYTES,
                report=heard,
                cancelled=cancelled,
            )
        for one in found:
            at = rows & (self.option == one.option)
            if one.cents:
                amounts[at] = one.cents
            else:
                points[at] = self.judge.points(one.option, one.loss)

    def _sought(self, options: tuple[int, ...]) -> Sought:
        """What may be found for one person: by points, then for half of the amount, then less."""
        asked = [int(self.model.amount[option]) for option in options]
        requests = list(zip(options, asked, strict=True))
        near = [self._wanted(option) for option in options]
        near += [self._wanted(option, least_cents(cents)) for option, cents in requests]
        beyond = [self._wanted(option, cents // n) for option, cents in requests for n in BEYOND]
        return Sought(*(tuple(one for one in each if one is not None) for each in (near, beyond)))

    def _wanted(self, option: int, cents: int | None = None) -> Wanted | None:
        """One more award and the most that it may cost others; None: that it cannot be."""
        known, judge = self._judged(option), self.judge
        assert self.proof is not None
        least, factor = self.proof.costs_others(option, cents), 0
        if cents is None:
            most, factor = -1 if known.points else judge.most_loss(option), judge.factor(option)
        elif not judge.by_points or judge.moving[option]:
            return None
        else:
            most = int(self.model.value[option]) - judge.slack - 1
        if most < max(0, least):
            return None
        return Wanted(option, cents, least, most, factor, judge.slack)

    def _judged(self, option: int) -> Proven:
        if self.proof is None:
            return Proven(False, False, "")
        factor = self.judge.factor(option) if option >= 0 else 0
        return self.proof.of(option, factor, self.most_points)

    def _proof(self, problem: Problem, book: Book) -> Proof | None:
        """What the certificate proves; None where there is none."""
        allocation = self.allocation
        if not allocation.certificate or allocation.bound is None:
            return None
        ids = {
            request
            for stage in allocation.certificate["stages"]
            for request, _, _ in stage.get("fractions", {}).get("awards", [])
        }
        rows = problem.requests["request_id"].isin(ids).to_numpy()
        return Proof(
            problem.policy,
            self.model,
            self.division,
            allocation.certificate,
            value=allocation.value,
            bound=allocation.bound,
            in_fractions=frozenset(book.option_of_row[rows].tolist()),
        )


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


def _most(worker: NDArray[Any], found: Integers) -> Integers:
    """The largest number among a worker's rows, for all of them."""
    most: Integers = pd.Series(found).groupby(worker).transform("max").to_numpy(dtype=np.int64)
    return most


def _least(worker: NDArray[Any], found: Integers) -> Integers:
    """The smallest number that is not 0 among a worker's rows, for all of them."""
    known = pd.Series(found).where(found > 0)
    least: Integers = known.groupby(worker).transform("min").fillna(0).to_numpy(dtype=np.int64)
    return least
