"""Multipliers as whole numbers over a common denominator, and the bound that they prove.

The format and the arithmetic are those of docs/certificate.md. Nothing here trusts the solver:
any multipliers prove a bound, good ones a good bound.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from allocation.optimiser.model.formulation import Formulation
from allocation.optimiser.relaxation.program import Floats, Integers

FORMAT = "budgetpool-certificate-2"
MILLION = 1_000_000
_LARGEST = 10**18


@dataclass
class Claim:
    """What a stage claims, before rounding: weights of goals, multipliers of limits, kept goals.

    `kept` is in whole units, for coverage inside a level in millionths of a person (`relaxation`).
    `required` are the amounts beyond which raised goals do not count.
    """

    stage: str
    weights: dict[str, float]
    multipliers: dict[str, float]
    kept: dict[str, int]
    required: dict[str, int] | None = None
    relaxation: bool = False


def certify(formulation: Formulation, claim: Claim) -> dict[str, Any]:
    """Round the multipliers, compute the bound in whole numbers, and write the stage's entry."""
    sums = Sums(formulation, claim)
    numerator = sums.numerator()
    return {
        "stage": claim.stage,
        "objective": sums.weights,
        "denominator": sums.denominator,
        "constant": sums.constant,
        "multipliers": sums.multipliers,
        "kept": claim.kept,
        "bound_numerator": numerator,
        "bound": sums.bound(numerator),
    }


def reached_all(stage: str, required: int) -> dict[str, Any]:
    """The entry of a stage that reached everything required: nothing needs proof."""
    return {
        "stage": stage,
        "objective": {},
        "denominator": 1,
        "constant": 0,
        "multipliers": {},
        "kept": {},
        "bound_numerator": required,
        "bound": required,
    }


def share(entry: dict[str, Any], formulation: Formulation) -> Fraction:
    """The share that the entry of a level proves: bound over the weighted sizes of its goals."""
    total = sum(weight * formulation.size(goal) for goal, weight in entry["objective"].items())
    return Fraction(entry["bound_numerator"], total)


class Sums:
    """The multipliers of a claim as whole numbers, and the bound that they prove.

    Args:
        denominator: the common one; None for the largest that 64 bits hold.
        charges: per option what it pays besides, times the denominator (a part of a proof).
    """

    def __init__(
        self,
        formulation: Formulation,
        claim: Claim,
        *,
        denominator: int | None = None,
        charges: Integers | None = None,
    ) -> None:
        self.formulation, self.model, self.claim = formulation, formulation.model, claim
        self.denominator = denominator or self._denominator()
        self.charges = charges
        self.weights = self._whole(claim.weights)
        self.multipliers = self._whole(claim.multipliers)
        self.constant = 0
        for goal, required in (claim.required or {}).items():
            self.constant += (self.denominator - self.weights.get(goal, 0)) * required

    def _whole(self, numbers: dict[str, float]) -> dict[str, int]:
        whole = {name: round(number * self.denominator) for name, number in numbers.items()}
        most = self.denominator if self.claim.required else None
        if most is not None:
            whole = {n: min(v, most) if n in self.claim.weights else v for n, v in whole.items()}
        return {name: number for name, number in whole.items() if number > 0}

    def _denominator(self) -> int:
        """The largest power of ten, up to 10^15, with which no option's sum leaves 64 bits."""
        largest = float(self.magnitude().max(initial=1e-6))
        power = 15
        while power > 0 and largest * 10**power >= _LARGEST:
            power -= 1
        return int(10**power)

    def magnitude(self) -> Floats:
        """Per option the sum of all its terms, each taken as positive."""
        model, claim = self.model, self.claim
        total = np.zeros(model.options_total)
        for numbers in (claim.weights, claim.multipliers):
            for name, number in numbers.items():
                if name == "value":
                    total += number * model.value
                elif self._is_goal(name):
                    options, cents = self.formulation.goal_row(name)
                    total[options] += number * np.abs(cents)
                elif name.startswith("pool:"):
                    total += number * model.amount
                elif name == "people" or name in self.formulation.group:
                    total += number
        prices = np.zeros(len(model.limits))
        for name, number in claim.multipliers.items():
            if name not in claim.kept and not name.startswith("pool:"):
                prices[self._place(name)] = number
        total += self.formulation.limits_by_option @ prices
        return total

    def numerator(self) -> int:
        """The most that the sum of the objective can be, times the denominator."""
        total = self.constant
        for name, multiplier in self.multipliers.items():
            if name in self.claim.kept:
                term = multiplier * self._least(name)
                total -= term // MILLION if self._millionths(name) else term
            else:
                total += multiplier * self._full(name)
        return total + self._given() + self._workers()

    def bound(self, numerator: int) -> int:
        """The most that the objective can be, in the steps in which it moves."""
        most = numerator // self.denominator
        if self.claim.relaxation or len(self.claim.weights) != 1:
            return most
        (goal,) = self.claim.weights
        base, step = self.formulation.base(goal), self.model.units.get(goal, 1)
        return base + (most - base) // step * step

    def has_row(self, goal: str) -> bool:
        """Whether a goal is a row over options: money or a number of awards, not people."""
        return goal == "value" or self._is_goal(goal)

    def row(self, name: str) -> tuple[Integers, Integers, int]:
        """A limit, or a goal as kept, over options: which, what each uses, and at most."""
        model = self.model
        if name not in self.claim.kept:
            line = model.limit_rows[self._place(name)]
            return line.indices.astype(np.int64), line.data.astype(np.int64), self._full(name)
        if name == "value":
            options, brings = np.flatnonzero(model.value), model.value[model.value != 0]
        else:
            options, brings = self.formulation.goal_row(name)
        return options, -brings, self.formulation.base(name) - self._least(name)

    def _least(self, goal: str) -> int:
        """What a goal keeps: above what is given, whole awards reach multiples of its unit only."""
        least = self.claim.kept[goal]
        if self.claim.relaxation:
            return least
        base, unit = self.formulation.base(goal), self.model.units.get(goal, 1)
        return base - (base - least) // unit * unit

    def _millionths(self, name: str) -> bool:
        return self.claim.relaxation and name.startswith("coverage:")

    def _full(self, name: str) -> int:
        """The right-hand side of a limit, before given requests took from it."""
        model = self.model
        if name.startswith("pool:"):
            return int(model.pool_rhs[model.pools.index(name)])
        unit = 1 if self.claim.relaxation else model.units.get(name, 1)
        return int(model.limit_rhs[self._place(name)]) // unit * unit

    def _place(self, name: str) -> int:
        return self.formulation.place_of_limit[name]

    def _given(self) -> int:
        """What given requests bring, priced like everything else.

        The limits' right-hand sides are already net of them, so only goals and pools remain.
        """
        model, total = self.model, 0
        for goal in {**self.weights, **self.multipliers}:
            if goal in self.formulation.group or goal in ("value", "people") or self._is_goal(goal):
                factor = self.weights.get(goal, 0)
                factor += self.multipliers.get(goal, 0) if goal in self.claim.kept else 0
                total += factor * self.formulation.base(goal)
        for number, payers in enumerate(model.payer_sets):
            total -= self._cheapest(payers) * int(model.base_payers[number])
        return total

    def _is_goal(self, name: str) -> bool:
        return name in self.formulation.number

    def _cheapest(self, payers: tuple[int, ...]) -> int:
        return min((self.multipliers.get(self.model.pools[p], 0) for p in payers), default=0)

    def _workers(self) -> int:
        """Sum over workers of the best that the priced options of their class allow."""
        model = self.model
        worth = self.worth(self.award(), self.person())
        high, low = worth >> 30, worth & ((1 << 30) - 1)
        counts = model.size
        return (int((high * counts).sum()) << 30) + int((low * counts).sum())

    def worth(self, award: Integers, person: Integers) -> Integers:
        """Per class the worth of the best that one member can have (0: nothing)."""
        model = self.model
        worth = np.zeros(model.classes_total, dtype=np.int64)
        if not len(award):
            return worth
        if model.policy.awards_per_worker > 1:
            return self._several(award, person)
        owners, first = np.unique(model.option_class, return_index=True)
        best = np.maximum.reduceat(award, first) + person[owners]
        worth[owners] = np.where(model.forced[owners], best, np.maximum(best, 0))
        return worth

    def _several(self, award: Integers, person: Integers) -> Integers:
        """With several awards per worker: the best option of each choice, the best of those."""
        model = self.model
        worth = np.zeros(model.classes_total, dtype=np.int64)
        best: dict[int, dict[int, int]] = {}
        for owner, choice, worth_of in zip(
            model.option_class.tolist(), model.choice.tolist(), award.tolist(), strict=True
        ):
            choices = best.setdefault(owner, {})
            choices[choice] = max(choices.get(choice, worth_of), worth_of)
        for owner, choices in best.items():
            ordered = sorted(choices.values(), reverse=True)[: int(model.capacity[owner])]
            positive = [number for number in ordered if number > 0]
            newcomer = bool(model.newcomer[owner])
            if not ordered:
                continue
            total = sum(positive) if positive or not newcomer else ordered[0]
            worth[owner] = max(0, total + (int(person[owner]) if newcomer else 0))
        return worth

    def award(self) -> Integers:
        """Per option its worth after it has paid for the limits that it uses."""
        model = self.model
        award = np.zeros(model.options_total, dtype=np.int64)
        for goal in {**self.weights, **self.multipliers}:
            factor = self.weights.get(goal, 0)
            factor += self.multipliers.get(goal, 0) if goal in self.claim.kept else 0
            if goal == "value":
                award += factor * model.value
            elif self._is_goal(goal):
                options, cents = self.formulation.goal_row(goal)
                award[options] += factor * cents
        prices = np.zeros(len(model.limits), dtype=np.int64)
        for name, multiplier in self.multipliers.items():
            if name not in self.claim.kept and not name.startswith("pool:"):
                prices[self._place(name)] = multiplier
        award -= self.formulation.limits_by_option @ prices
        if model.pools:
            cheapest = [self._cheapest(payers) for payers in model.payer_sets]
            award -= np.array(cheapest, dtype=np.int64)[model.payers] * model.amount
        if self.charges is not None:
            award -= self.charges
        return award

    def person(self) -> Integers:
        """The worth of a first award to each class."""
        model = self.model
        person = np.full(model.classes_total, self.weights.get("people", 0), dtype=np.int64)
        for goal, group in self.formulation.group.items():
            factor = self.weights.get(goal, 0)
            factor += self.multipliers.get(goal, 0) if goal in self.claim.kept else 0
            person[model.group == group] += factor
        return np.where(model.newcomer, person, 0)
