"""Stage 2: the levels of the leximin-best shares, and from them the people each group keeps.

    maximise t  such that  people of g >= t x applying of g  for every free group g,
                           people of g >= its level x applying of g  for every blocked one

A group whose row has a price is blocked at this level; the others go on. Fractions of awards
count here. The level that is published is the share that the multipliers prove, and a group's
target is fairness x level x applying, rounded down to whole people.
"""

import time
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np

from . import certificate, linear
from .certificate import MILLION, Claim
from .course import Course, Keep, Missed, by_name, limits_only
from .formulation import PERSON, Formulated, Stage
from .linear import Fluid
from .program import Floats, Infeasible
from .records import Stage as Record

# Worth, in people, of an award of average value while equals are told apart.
TIES = 0.3


@dataclass
class Hint:
    """What the last level knows of the prices of value, by the goals' names.

    Targets at the edge of what is possible have high prices like those of the level (`levels`).
    Where they keep all of it, prices that also told equals apart by value are nearly those of
    value (`near`, per unit of value).
    """

    levels: dict[str, float] = field(default_factory=dict)
    near: dict[str, float] = field(default_factory=dict)


class Levels:
    """The levels of one run."""

    def __init__(self, course: Course) -> None:
        self.course, self.formulation = course, course.formulation
        self.written: list[tuple[Record, dict[str, Any]]] = []
        self.targets: dict[str, int] = {}
        self.hint = Hint()

    def find(self, keep: Keep, *, certain: bool) -> None:
        """Find levels and targets, and keep the targets.

        Args:
            certain: what `keep` holds is known to be reachable.

        Raises:
            Missed: what was taken as reachable is not.
        """
        model, policy = self.course.model, self.course.model.policy
        self.written, self.targets = [], {}
        if policy.coverage is None or policy.fairness == 0:
            return
        free = [f"coverage:{group}" for group in model.groups]
        people: dict[str, float] = {}
        before: dict[str, float] = {}
        while free:
            begun = time.monotonic()
            name = f"coverage:{len(self.written) + 1}"
            stage = Stage(
                kept={**keep.floors, **people},
                level=free,
                level_cap=float(policy.coverage_cap),
                penalty={} if certain else self._penalty(keep),
            )
            made = self.formulation.program(stage)
            try:
                fluid = linear.solve(
                    made.program, self.course.backend, start=_like(made, before), ties=self._ties()
                )
            except Infeasible:
                raise Missed from None
            self.course.refuse_missing(made, fluid)
            before = dict(zip(made.program.names, fluid.prices.tolist(), strict=True))
            self.hint = self._hint(made, fluid)
            level = float(fluid.y[made.side_of["level"]])
            entry, share, blocked = self._level(name, made, fluid, free, keep, people, level)
            for goal in blocked:
                applying = int(model.applying[self.formulation.group[goal]])
                target = policy.fairness * share * applying
                self.targets[goal] = min(applying, target.numerator // target.denominator)
                people[goal] = level * applying
            free = [goal for goal in free if goal not in blocked]
            top = ceil(share * MILLION)
            record = self.course.record(name, int(level * MILLION + 1e-3), top, top, begun)
            self.written.append((record, entry))
        keep.coverage = dict(self.targets)

    def _ties(self) -> Floats:
        """Value tells equals apart: of a group all are worth the same here."""
        return np.asarray(self.course.model.value * self._tie(), dtype=np.float64)

    def _tie(self) -> float:
        """What a unit of value is worth while equals are told apart."""
        model = self.course.model
        best = np.zeros(model.classes_total, dtype=np.int64)
        np.maximum.at(best, model.option_class, model.value)
        mean = float((best * model.size).sum()) / max(1.0, float(model.size.sum()))
        return TIES * PERSON / max(1.0, mean)

    def _hint(self, made: Formulated, fluid: Fluid) -> "Hint":
        names = [name.removeprefix("level:") for name in made.program.names]
        levels = dict(zip(names, fluid.prices.tolist(), strict=True))
        if fluid.told is None or self.course.model.policy.fairness < 1:
            return Hint(levels)
        return Hint(levels, dict(zip(names, (fluid.told / self._tie()).tolist(), strict=True)))

    def _penalty(self, keep: Keep) -> dict[str, float]:
        """A price per missing cent that is higher than any cent is worth in shares."""
        model = self.course.model
        least = float(model.amount.min()) if len(model.amount) else 1.0
        people = float(model.applying.sum() / model.applying.min())
        return dict.fromkeys(keep.floors, 100.0 * PERSON * people / least)

    def _level(
        self,
        name: str,
        made: Formulated,
        fluid: Fluid,
        free: list[str],
        keep: Keep,
        people: dict[str, float],
        level: float,
    ) -> tuple[dict[str, Any], Fraction, list[str]]:
        """The entry of a level, the share that it proves, and the groups that it blocks."""
        cap = self.course.model.policy.coverage_cap
        prices = by_name(made, fluid.prices)
        weights = {goal: prices.get(f"level:{goal}", 0.0) for goal in free}
        kept = {**keep.floors, **{goal: int(amount * MILLION) for goal, amount in people.items()}}
        if level < float(cap) - 1e-9 and max(weights.values()) > 0:
            multipliers = limits_only(prices, self.formulation, kept)
            claim = Claim(name, weights, multipliers, kept, fluid=True)
            entry = certificate.certify(self.formulation, claim)
            share = certificate.share(entry, self.formulation)
            if share < cap:
                heavy = {goal: weights[goal] * self._applying(goal) for goal in free}
                most = max(heavy.values())
                blocked = [goal for goal in free if heavy[goal] > 1e-6 * most]
                entry["level"] = [share.numerator, share.denominator]
                entry["blocked"] = [goal.removeprefix("coverage:") for goal in blocked]
                return entry, share, blocked
        entry = certificate.reached_all(name, 0)
        entry["level"] = [cap.numerator, cap.denominator]
        entry["blocked"] = [goal.removeprefix("coverage:") for goal in free]
        return entry, cap, list(free)

    def _applying(self, goal: str) -> int:
        return int(self.course.model.applying[self.formulation.group[goal]])


def _like(made: Formulated, before: dict[str, float]) -> Floats | None:
    """Prices to start a level with: the level before, where a blocked group was still free."""
    if not before:
        return None
    names = made.program.names
    return np.array([before.get(name, before.get(f"level:{name}", 0.0)) for name in names])
