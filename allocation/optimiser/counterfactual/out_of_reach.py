"""The proof that nothing in a person's reach would have changed a refusal.

What is in reach is, for each of the person's own requests and all else being equal: more points,
up to the most that anybody can have, or a lower amount, down to half of what was asked; each by
itself, as a change is told. (Another training or date is another request; a larger pot is not the
person's to give.)

- **Points** change the value of the person's own awards and nothing else. By weak duality no
  division that awards the request is worth more than

      bound - what its worker loses by it at the multipliers + what the points add.

  Where that is below the value of the division at hand, every best division refuses it.
- **Amount.** The same at the lower amount. As the cents of one request may move what the earlier
  stages reach, it is said only where their proofs stay as they are: where every promise was kept
  in full, and the multipliers of each level of coverage still do not take the request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from allocation.optimiser.counterfactual.witness import Division
from allocation.optimiser.explanation.reasons import costs
from allocation.optimiser.inputs.policy import Policy
from allocation.optimiser.model.arrays import Integers, Model
from allocation.optimiser.records import EXACT_REQUESTS

# What the price of a request is mostly for; of equally dear ones the first.
LIMITS = ("money", "edition", "cap")


def least_cents[Cents: (int, Integers)](asked: Cents) -> Cents:
    """The lowest amount in reach: half of what was asked, rounded up to a cent."""
    return -(-asked // 2)


@dataclass(frozen=True)
class Proven:
    """Which changes of one request are proven to be too little, and what stood in the way."""

    points: bool
    amount: bool
    limit: str


class Proof:
    """What the certificate of a finished division proves of its refused requests.

    Args:
        certificate: its stages, as published.
        value, bound: of the division.
        in_fractions: options with a part in the published fractions, which may hold a level up
            by their cents.
    """

    def __init__(
        self,
        policy: Policy,
        model: Model,
        division: Division,
        certificate: Mapping[str, Any],
        *,
        value: int,
        bound: int,
        in_fractions: frozenset[int],
    ) -> None:
        self.policy, self.model, self.division = policy, model, division
        self.in_fractions = in_fractions
        self.in_parts = set(model.option_class[model.share != 100].tolist())
        stages = list(certificate["stages"])
        worth = next(stage for stage in stages if stage["stage"] == "value")
        self.prices = _Prices(model, division, worth)
        self.denominator = int(worth["denominator"])
        # A larger round may end within its tolerance: a division as near would be as good.
        near = policy.tolerance if model.requests_total > EXACT_REQUESTS else Fraction(0)
        self.value = value
        self.least = self.denominator * (value - Fraction(near) * bound)
        self.by_limits = int(worth["bound_numerator"])
        self.levels = _levels(model, division, stages)

    def of(self, option: int, factor: int, points: int) -> Proven:
        """Judge a request.

        Args:
            factor: value of one point; points: the most that are in reach.
        """
        model, prices = self.model, self.prices
        if option < 0:  # nobody may pay for it
            return Proven(True, True, "money")
        asked = int(model.amount[option])
        most, of = self._most(option)
        if asked > most:
            return Proven(True, least_cents(asked) > most, of)
        limit = self._limit(option)
        in_parts = int(model.option_class[option]) in self.in_parts
        if not limit or model.policy.awards_per_worker > 1 or in_parts:
            return Proven(False, False, "")
        loses = prices.loses(option)
        more = self.denominator * (points * factor - int(model.value[option]))
        by_points = self.by_limits - loses + more < self.least
        by_amount = self._by_amount(option, asked)
        return Proven(by_points, by_amount, limit)

    def costs_others(self, option: int, cents: int | None = None) -> int:
        """What one more award, for these cents if need be, costs the others in value at least.

        Of the divisions that keep all that the finished one keeps, whatever anybody's points are.
        """
        bound = self.by_limits if cents is None else self.prices.unrounded
        slack = bound - self.denominator * self.value
        loses = self.prices.loses(option, cents) - slack
        return int(self.model.value[option]) - (-loses // self.denominator)

    def _by_amount(self, option: int, asked: int) -> bool:
        """Linear in the amount, so what holds at both ends holds between them."""
        if self.levels is None or self.policy.value != "points" or option in self.in_fractions:
            return False
        ends = (least_cents(asked), asked - 1)
        for cents in ends:
            loses = self.prices.loses(option, cents)
            if not self.prices.unrounded - loses < self.least:
                return False
            if any(level.loses(option, cents) < 0 for level in self.levels):
                return False
        return True

    def _most(self, option: int) -> tuple[int, str]:
        """The cents that the smallest whole limit of the option holds, and which kind it is."""
        model = self.model
        found = [(self.policy.ceiling_cents, "money")]
        if model.pools:
            payers = model.payer_sets[int(model.payers[option])]
            found.append((sum(int(model.pool_rhs[pool]) for pool in payers), "money"))
        starts, limits, _ = self.division.columns
        for limit in limits[slice(*starts[option : option + 2].tolist())].tolist():
            if limit < len(model.limits) and self.division.in_cents[limit]:
                kind = "money" if model.limits[limit] == "ceiling" else "cap"
                found.append((int(model.limit_rhs[limit]), kind))
        return min(found, key=lambda each: each[0])

    def _limit(self, option: int) -> str:
        """The dearest of what the request uses: of seats and caps only what is full."""
        paid = [self.prices.money[option], 0, 0]
        starts, limits, used = self.division.columns
        for place in range(*starts[option : option + 2].tolist()):
            limit, use = int(limits[place]), int(used[place])
            if limit >= len(self.model.limits) or self.division.limits_free[limit] >= use:
                continue
            name = self.model.limits[limit].partition(":")[0]
            if name in LIMITS:
                paid[LIMITS.index(name)] += self.prices.of[limit] * use
        return LIMITS[paid.index(max(paid))] if max(paid) > 0 else ""


class _Prices:
    """One stage's multipliers, and what they make of each option, in whole numbers."""

    def __init__(self, model: Model, division: Division, stage: Mapping[str, Any]) -> None:
        self.model = model
        objective, multipliers = stage["objective"], stage["multipliers"]
        both = {
            name: objective.get(name, 0) + multipliers.get(name, 0)
            for name in {**objective, **multipliers}
        }
        cost = costs(model, both, whole=True)
        self.money = [int(cents) for cents in cost.money.tolist()]
        self.worth = (
            both.get("value", 0) * model.value + cost.added - cost.money - cost.seat - cost.caps
        )
        self.best = np.zeros(model.classes_total, dtype=np.int64)
        np.maximum.at(self.best, model.option_class, self.worth)
        self.of = [int(multipliers.get(limit, 0)) for limit in model.limits]
        self.goals = [int(both.get(goal, 0)) for goal in model.goals]
        self.in_cents = division.in_cents
        self.cheapest = [
            min((int(multipliers.get(model.pools[pool], 0)) for pool in payers), default=0)
            for payers in model.payer_sets
        ]
        self.columns, self.goal_columns = division.columns, division.goal_columns
        self.unrounded = int(stage["bound_numerator"]) + self._rounded(stage)

    def loses(self, option: int, cents: int | None = None) -> int:
        """What the worker of the option loses by it at the prices, for these cents if need be."""
        best = int(self.best[self.model.option_class[option]])
        worth = int(self.worth[option])
        if cents is None:
            return best - worth
        return best - (worth + self._cent(option) * (int(self.model.amount[option]) - cents))

    def _cent(self, option: int) -> int:
        """What a cent of the option costs at the prices, less what it brings."""
        model, total = self.model, 0
        starts, limits, _ = self.columns
        for limit in limits[slice(*starts[option : option + 2].tolist())].tolist():
            if limit < len(model.limits) and self.in_cents[limit]:
                total += self.of[limit]
        if self.cheapest:
            total += self.cheapest[int(model.payers[option])]
        starts, goals, _ = self.goal_columns
        for goal in goals[slice(*starts[option : option + 2].tolist())].tolist():
            if not model.goals[goal].startswith(("waiting:", "unchanged")):
                total -= self.goals[goal]
        return total

    def _rounded(self, stage: Mapping[str, Any]) -> int:
        """What rounding to whole awards took off the bound: another amount may use the rest."""
        model, total = self.model, 0
        for limit, multiplier, side in zip(model.limits, self.of, model.limit_rhs, strict=True):
            total += multiplier * (int(side) % model.units.get(limit, 1))
        for place, goal in enumerate(model.goals):
            least = stage["kept"].get(goal)
            if least is not None:
                base = int(model.base_goals[place]) if len(model.base_goals) else 0
                over = (base - least) % model.units.get(goal, 1)
                total += int(stage["multipliers"].get(goal, 0)) * over
        return total


def _levels(
    model: Model, division: Division, stages: list[Mapping[str, Any]]
) -> list[_Prices] | None:
    """The levels of coverage that a lower amount must leave as they are; None: it may move more.

    Where every promise was reached in full the stages before are proven by the division itself.
    """
    levels = []
    for stage in stages:
        kind, _, number = stage["stage"].partition(":")
        if stage["stage"] in ("value", "people"):
            continue
        if kind == "coverage" and number.isdecimal():
            if stage["objective"]:
                levels.append(_Prices(model, division, stage))
        elif kind not in ("floor", "waiting") or stage["objective"]:
            return None
    return levels
