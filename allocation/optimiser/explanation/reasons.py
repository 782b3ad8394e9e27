"""Why: a code with parameters for every decision, never a sentence.

The multipliers of the value stage are prices: an award is worth its place when its value is at
least what its money, seat and caps cost. So they tell what stood in the way of a refused request:

    needed points = (price of money + seat + caps - what floors and coverage add) / choice percent
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from allocation.optimiser.inputs.problem import Problem
from allocation.optimiser.model.arrays import Book, Integers, Model
from allocation.optimiser.records import Outcome

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
    "kept_as_before",
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


def costs(model: Model, prices: Mapping[str, float], *, whole: bool = False) -> Costs:
    """Price every option with the multipliers of the value stage.

    Args:
        whole: the prices are whole numbers, and so are the costs.
    """
    number: Any = np.int64 if whole else np.float64
    kind = {"ceiling": 0, "edition": 1, "cap": 2}
    parts: list[Floats] = []
    for wanted in range(3):
        row = np.array(
            [
                prices.get(name, 0) if kind[name.partition(":")[0]] == wanted else 0
                for name in model.limits
            ],
            dtype=number,
        )
        parts.append(np.asarray(model.limit_rows.T @ row, dtype=number))
    if model.pools:
        cheapest = [
            min((prices.get(model.pools[pool], 0) for pool in payers), default=0)
            for payers in model.payer_sets
        ]
        parts[0] = parts[0] + np.array(cheapest, dtype=number)[model.payers] * model.amount
    goals = np.array([prices.get(goal, 0) for goal in model.goals], dtype=number)
    added = np.asarray(model.goal_rows.T @ goals, dtype=number)
    served = np.array([*(prices.get(f"coverage:{g}", 0) for g in model.groups), 0], dtype=number)
    newcomer = model.newcomer[model.option_class]
    added = added + np.where(newcomer, served[model.group[model.option_class]], 0)
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
            "awarded": self._awarded,
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
        no_seat, no_room = self._full("edition:"), self._full("cap:")
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
                (self._of((worth + seat > 0) & (seat > 0) & no_seat, at), "edition_full"),
                (self._of((worth + caps > 0) & (caps > 0) & no_room, at), "cap_reached"),
                (self._of((worth + caps + seat > 0) & (seat > 0) & no_seat, at), "edition_full"),
                (self._of((worth + caps + seat > 0) & (caps > 0) & no_room, at), "cap_reached"),
                (self._kept_as_before(worth, at), "kept_as_before"),
            ]
        masks, names = [mask for mask, _ in choices], [name for _, name in choices]
        picked = np.select(masks, list(range(len(choices))), default=len(choices))
        return picked, [*names, "below_cutoff"]

    def _kept_as_before(self, worth: Floats, at: Integers) -> NDArray[np.bool_]:
        """Requests that are worth their place, but would change one person too many."""
        model, goal = self.model, "unchanged"
        if goal not in model.goals:
            return np.zeros(len(at), dtype=bool)
        row = model.goals.index(goal)
        adds = model.goal_rows[[row]].toarray().ravel()
        kept = int(model.base_goals[row] + adds @ self.outcome.x)
        binds = kept <= min(int(model.required[row]), self.outcome.unchanged or 0)
        price = self.outcome.prices.get(goal, 0.0)
        return self._of((adds < 0) & binds & (worth + price > 0), at)

    def _of(self, per_option: NDArray[Any], at: Integers) -> NDArray[np.bool_]:
        return np.asarray(per_option)[at] & (self.option >= 0)

    def _settled(self, awarded: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Rows of a choice of which another alternative was awarded."""
        width = len(self.problem.policy.choice_percent) + 1
        key = self.worker * width + self.requests["choice"].to_numpy()
        return np.isin(key, key[awarded])

    def _full(self, kind: str) -> NDArray[np.bool_]:
        """Options that count in a limit of this kind which has no room left for them."""
        rows = self._crowded(kind)
        full = np.zeros(self.model.options_total, dtype=bool)
        full[rows.col] = True
        return full

    def _crowded(self, kind: str) -> Any:
        """The limits of a kind over the options that they have no room left for."""
        model = self.model
        left = model.limit_rhs - np.asarray(model.limit_rows @ self.outcome.x, dtype=np.int64)
        rows = model.limit_rows.tocoo()
        mine = np.array([name.startswith(kind) for name in model.limits], dtype=bool)[rows.row]
        keep = mine & (rows.data > left[rows.row])
        return sparse.coo_matrix(
            (rows.data[keep], (rows.row[keep], rows.col[keep])), shape=rows.shape
        )

    def _too_dear(self, at: Integers) -> NDArray[np.bool_]:
        """Requests that ask more than a whole limit holds."""
        money = self.asked > self.problem.policy.ceiling_cents
        if len(self.model.payers):
            most = [sum(int(self.model.pool_rhs[p]) for p in s) for s in self.model.payer_sets]
            money |= self._of(self.model.amount > np.array(most)[self.model.payers], at)
        limits = np.array([int(rhs) for rhs in self.model.limit_rhs], dtype=np.int64)
        rows = self.model.limit_rows.tocoo()
        over = np.zeros(self.model.options_total, dtype=bool)
        over[rows.col[(rows.data > limits[rows.row]) & (rows.data > 1)]] = True
        return money | (self._of(over, at) if self.model.options_total else False)

    def _awarded(self, rows: Integers) -> Texts:
        waited = self._waited(rows)
        return np.where(waited > 0, _whole(waited=waited), _texts(["{}"]))

    def _part(self, rows: Integers) -> Texts:
        share, waited = self.model.share[self.taken[rows]], self._waited(rows)
        facts = {"share_percent": share, "asked_cents": self.asked[rows]}
        return np.where(waited > 0, _whole(**facts, waited=waited), _whole(**facts))

    def _waited(self, rows: Integers) -> Integers:
        """For how many rounds each of these waited, where that let them go first; else 0."""
        rule = self.problem.policy.waiting
        if rule is None:
            return np.zeros(len(rows), dtype=np.int64)
        rounds = self.requests[rule.column].to_numpy()[rows].astype(np.int64)
        return np.where(rounds >= rule.bound, rounds, 0)

    def _lot(self, rows: Integers) -> Texts:
        size = self.model.size[self.class_[rows]]
        return _whole(lot=self.place[rows], candidates=size, places=self.awards[rows])

    def _amount(self, rows: Integers) -> Texts:
        return _whole(amount_cents=self.asked[rows])

    def _edition(self, rows: Integers) -> Texts:
        codes, names = pd.factorize(self.requests["edition_id"].to_numpy()[rows])
        return _texts([json.dumps({"edition_id": name}) for name in names])[codes]

    def _cap(self, rows: Integers) -> Texts:
        """The dearest full cap that each request counts in; of equally dear ones the first."""
        limits, names = self.model.limits, [cap.name for cap in self.problem.policy.caps]
        prices = np.array([self.outcome.prices.get(limit, 0.0) for limit in limits])
        inside = self._crowded("cap:")
        limit, option = inside.row, inside.col
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
        """The points with which each row's value would have met its costs.

        In the whole numbers of the certificate, so that everybody finds the same.
        """
        model, entry = self.model, self.outcome.entries[-2]
        prices, scale = entry["multipliers"], int(entry["denominator"])
        cost = costs(model, prices, whole=True)
        total = cost.money + cost.seat + cost.caps - cost.added
        percent = np.array(self.problem.policy.choice_percent, dtype=np.int64)
        factor = percent[self.requests["choice"].to_numpy()[rows] - 1]
        if self.problem.policy.value == "points_times_amount":
            factor = factor * self.asked[rows]
        pairs = zip(total[self.option[rows]].tolist(), factor.tolist(), strict=True)
        needed = [min(-(-own // (scale * max(1, each))), 2**53) for own, each in pairs]
        return np.maximum(np.array(needed, dtype=np.int64), 0)


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
