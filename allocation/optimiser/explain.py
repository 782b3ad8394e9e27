"""Why: a code with parameters for every decision, never a sentence.

The multipliers of the value stage are prices: an award is worth its place when its value is at
least what its money, seat and caps cost. So they tell what stood in the way of a refused request:

    needed points = (price of money + seat + caps - what floors and coverage add) / choice percent
"""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .model import Book, Integers, Model
from .problem import Problem
from .records import Outcome

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

REASONS = (
    "awarded",
    "awarded_part",
    "given_by_board",
    "withheld_by_board",
    "other_choice_awarded",
    "lot_lost",
    "amount_too_large",
    "edition_full",
    "cap_reached",
    "below_cutoff",
)


@dataclass
class Costs:
    """What the options cost at the prices, by kind: money, seat, caps; and what goals add."""

    money: Floats
    seat: Floats
    caps: Floats
    added: Floats

    def worth(self, model: Model) -> Floats:
        """Value and what goals add, less all costs: positive when the award is worth its place."""
        total: Floats = model.value + self.added - self.money - self.seat - self.caps
        return total


def costs(model: Model, prices: dict[str, float]) -> Costs:
    """Price every option with the multipliers of the value stage."""
    kind = {"ceiling": 0, "edition": 1, "cap": 2}
    parts: list[Floats] = []
    for wanted in range(3):
        row = np.array(
            [
                prices.get(name, 0.0) if kind[name.partition(":")[0]] == wanted else 0.0
                for name in model.limits
            ]
        )
        parts.append(np.asarray(model.limit_rows.T @ row, dtype=np.float64))
    if model.pools:
        cheapest = [
            min((prices.get(model.pools[pool], 0.0) for pool in payers), default=0.0)
            for payers in model.payer_sets
        ]
        parts[0] = parts[0] + np.array(cheapest)[model.payers] * model.amount
    goals = np.array([prices.get(goal, 0.0) for goal in model.goals])
    added = np.asarray(model.goal_rows.T @ goals, dtype=np.float64)
    served = np.array([prices.get(f"coverage:{group}", 0.0) for group in model.groups] + [0.0])
    newcomer = model.newcomer[model.option_class]
    added = added + np.where(newcomer, served[model.group[model.option_class]], 0.0)
    return Costs(parts[0], parts[1], parts[2], added)


def reasons(
    problem: Problem,
    model: Model,
    book: Book,
    outcome: Outcome,
    cents: Integers,
    taken: Integers,
) -> tuple[Texts, Texts]:
    """The reason of every row of `requests`, and its parameters as JSON.

    Args:
        cents: awarded per row.
        taken: the option that was awarded per row (-1: none).
    """
    return _Reasons(problem, model, book, outcome, cents, taken).all()


class _Reasons:
    def __init__(
        self,
        problem: Problem,
        model: Model,
        book: Book,
        outcome: Outcome,
        cents: Integers,
        taken: Integers,
    ) -> None:
        self.problem, self.model, self.book, self.outcome = problem, model, book, outcome
        self.requests = problem.requests
        self.cents, self.taken = cents, taken
        self.costs = costs(model, outcome.prices)
        self.option = book.option_of_row
        self.worker = self._per_row(np.arange(len(book.worker_class)))
        self.place = self._places()
        self.class_ = self._per_row(book.worker_class)
        self.asked = self.requests["amount_cents"].to_numpy()
        awards = np.zeros(model.classes_total, dtype=np.int64)
        np.add.at(awards, model.option_class, outcome.x)
        self.awards = awards[self.class_]

    def _per_row(self, per_worker: Integers) -> Integers:
        """A number per worker, spread over the rows of `requests`."""
        length = np.diff(np.append(self.book.first_row, len(self.book.rows)))
        spread = np.empty(len(self.book.rows), dtype=np.int64)
        spread[self.book.rows] = np.repeat(per_worker, length)
        return spread

    def _places(self) -> Integers:
        """Per row the place by lot of its worker in the class, from 1."""
        place = np.empty(len(self.book.members), dtype=np.int64)
        number = self.book.worker_class[self.book.members]
        place[self.book.members] = np.arange(len(number)) - self.book.start[number] + 1
        return self._per_row(place)

    def all(self) -> tuple[Texts, Texts]:
        numbers, names = self._codes()
        told = {
            "awarded_part": self._part,
            "lot_lost": self._lot,
            "amount_too_large": self._amount,
            "edition_full": self._edition,
            "cap_reached": self._cap,
            "below_cutoff": self._cutoff,
        }
        params = _texts(["{}"])[np.zeros(len(numbers), dtype=np.int64)]
        for number, name in enumerate(names):
            rows = np.flatnonzero(numbers == number)
            if name in told and len(rows):
                params[rows] = told[name](rows)
        return _texts(names)[numbers], params

    def _codes(self) -> tuple[Integers, list[str]]:
        """Per row the number of its reason, and the names of the numbers."""
        model, option = self.model, self.option
        ids = self.requests["request_id"]
        given = ids.isin(self.problem.given).to_numpy()
        withheld = ids.isin(self.problem.withheld).to_numpy()
        awarded = self.cents > 0
        count = np.zeros(len(self.book.worker_class), dtype=np.int64)
        np.add.at(count, self.worker[awarded], 1)
        settled = self._settled(awarded)
        full = count[self.worker] >= self.problem.policy.awards_per_worker
        has = option >= 0
        at = np.where(has, option, 0)
        worth = self.costs.worth(model)
        seat, caps = self.costs.seat, self.costs.caps
        choices = [
            (given, "given_by_board"),
            (awarded & (self.cents < self.asked), "awarded_part"),
            (awarded, "awarded"),
            (withheld, "withheld_by_board"),
            (full | settled, "other_choice_awarded"),
            (~has, "amount_too_large"),
            (self.awards > 0, "lot_lost"),
            (self._too_dear(at), "amount_too_large"),
        ]
        if model.options_total:
            choices += [
                (self._of(worth + seat > 0, at) & self._of(seat > 0, at), "edition_full"),
                (self._of(worth + caps > 0, at) & self._of(caps > 0, at), "cap_reached"),
                (
                    self._of(worth + caps + seat > 0, at) & self._of(caps + seat > 0, at),
                    "edition_full",
                ),
            ]
        masks, names = [mask for mask, _ in choices], [name for _, name in choices]
        picked = np.select(masks, list(range(len(choices))), default=len(choices))
        return picked, [*names, "below_cutoff"]

    def _of(self, per_option: NDArray[Any], at: Integers) -> NDArray[np.bool_]:
        return np.asarray(per_option)[at] & (self.option >= 0)

    def _settled(self, awarded: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Rows of a choice of which another alternative was awarded."""
        width = len(self.problem.policy.choice_percent) + 1
        key = self.worker * width + self.requests["choice"].to_numpy()
        return np.isin(key, key[awarded])

    def _too_dear(self, at: Integers) -> NDArray[np.bool_]:
        """Requests that ask more than a whole limit holds."""
        money = self.asked > self.problem.policy.ceiling_cents
        limits = np.array([int(rhs) for rhs in self.model.limit_rhs], dtype=np.int64)
        rows = self.model.limit_rows.tocoo()
        over = np.zeros(self.model.options_total, dtype=bool)
        over[rows.col[(rows.data > limits[rows.row]) & (rows.data > 1)]] = True
        return money | (self._of(over, at) if self.model.options_total else False)

    def _part(self, rows: Integers) -> Texts:
        share = self.model.share[self.taken[rows]]
        return _whole(share_percent=share, asked_cents=self.asked[rows])

    def _lot(self, rows: Integers) -> Texts:
        size = self.model.size[self.class_[rows]]
        return _whole(lot=self.place[rows], candidates=size, places=self.awards[rows])

    def _amount(self, rows: Integers) -> Texts:
        return _whole(amount_cents=self.asked[rows])

    def _edition(self, rows: Integers) -> Texts:
        codes, names = pd.factorize(self.requests["edition_id"].to_numpy()[rows])
        return _texts([json.dumps({"edition_id": name}) for name in names])[codes]

    def _cap(self, rows: Integers) -> Texts:
        """The dearest cap that each request counts in; of equally dear ones the first."""
        limits, names = self.model.limits, [cap.name for cap in self.problem.policy.caps]
        prices = np.array([self.outcome.prices.get(limit, 0.0) for limit in limits])
        inside = self.model.limit_rows.tocoo()
        caps = np.array([limit.startswith("cap:") for limit in limits])[inside.row]
        limit, option = inside.row[caps], inside.col[caps]
        order = np.lexsort((-limit, prices[limit], option))
        dearest = np.zeros(self.model.options_total, dtype=np.int64)
        dearest[option[order]] = limit[order]
        codes, numbers = pd.factorize(dearest[self.option[rows]])
        return _texts([_cap_json(limits[number], names) for number in numbers])[codes]

    def _cutoff(self, rows: Integers) -> Texts:
        points = self.requests["points"].to_numpy()[rows]
        # At the cut-off itself the money ran out, so one point more is needed.
        return _whole(points=points, needed=np.maximum(points + 1, self._needed(rows)))

    def _needed(self, rows: Integers) -> Integers:
        """The points with which each row's value would have met its costs."""
        cost = self.costs.money + self.costs.seat + self.costs.caps - self.costs.added
        percent = np.array(self.problem.policy.choice_percent, dtype=np.float64)
        factor = percent[self.requests["choice"].to_numpy()[rows] - 1]
        if self.problem.policy.value == "points_times_amount":
            factor = factor * self.asked[rows]
        needed = np.ceil(cost[self.option[rows]] / np.maximum(factor, 1e-9) - 1e-6)
        whole: Integers = np.clip(needed, 0, 2**53).astype(np.int64)
        return whole


def _texts(texts: list[str]) -> Texts:
    return np.array(texts, dtype=object)


def _whole(**columns: Integers) -> Texts:
    """Parameters that are whole numbers, as JSON with sorted keys."""
    names = sorted(columns)
    form = "{{" + ", ".join(f'"{name}": {{}}' for name in names) + "}}"
    return _texts(list(map(form.format, *(columns[name].tolist() for name in names))))


def _cap_json(limit: str, names: list[str]) -> str:
    """Name and value of a cap's limit; either may hold a colon."""
    cap = max((name for name in names if limit.startswith(f"cap:{name}:")), key=len)
    return json.dumps({"cap": cap, "value": limit.removeprefix(f"cap:{cap}:")})
