"""Stage 1: floors in the policy's order, then all give-backs together: least shortfall.

It is run only when not everything that is promised can be reached; otherwise the final result
proves by itself that every promise is kept.
"""

import time
from typing import Any

import numpy as np

from . import certificate, linear
from .certificate import Claim
from .course import Course, Keep, by_name, limits_only
from .formulation import Stage
from .records import Stage as Record
from .search import Whole


class Promises:
    """What the promises reach, one after another."""

    def __init__(self, course: Course) -> None:
        self.course, self.formulation = course, course.formulation
        self.causes: dict[str, str | None] = dict.fromkeys(course.model.goals)
        self.raised: dict[str, tuple[Record, dict[str, Any]]] = {}

    def keep(self) -> Keep:
        """Raise each floor on its own, in order, then all give-backs together."""
        keep, course = Keep(), self.course
        for name, goals in course.promises():
            begun = time.monotonic()
            need = {goal: course.required[goal] for goal in goals}
            course.say(name)
            result, entry, top = self.raise_(name, need, keep.floors)
            got = {goal: min(need[goal], self.formulation.reached(goal, result.x)) for goal in need}
            for goal in goals:
                if got[goal] < need[goal]:
                    self.causes[goal] = self._cause(goal, keep.floors, got[goal])
            keep.floors.update(got)
            record = course.record(name, sum(got.values()), top, entry["bound"], begun)
            self.raised[name] = (record, entry)
        return keep

    def raise_(
        self, name: str, need: dict[str, int], kept: dict[str, int]
    ) -> tuple[Whole, dict[str, Any], int]:
        """Raise goals towards what they need; returns the solution, its entry, and the bound."""
        made = self.formulation.program(Stage(raised=need, kept=dict(kept)))
        fluid = linear.solve(made.program, self.course.backend)
        total = sum(need.values())
        result = self.course.in_whole(made, fluid)
        top = min(total, int(np.floor(result.bound + 1e-6)))
        reached = sum(min(n, self.formulation.reached(g, result.x)) for g, n in need.items())
        if reached >= total:
            return result, certificate.reached_all(name, total), total
        prices = by_name(made, fluid.prices)
        weights = {goal: min(1.0, prices.get(f"raised:{goal}", 0.0)) for goal in need}
        if name != "give_back" or max(weights.values()) == 0:
            weights = dict.fromkeys(need, 1.0)
        claim = Claim(
            stage=name,
            weights=weights,
            multipliers=limits_only(prices, self.formulation, kept),
            kept=dict(kept),
            required=need,
        )
        return result, certificate.certify(self.formulation, claim), max(top, reached)

    def _cause(self, goal: str, kept: dict[str, int], reached: int) -> str:
        """Why a floor falls short: nobody asks, limits forbid, or a higher floor comes first."""
        model, required = self.course.model, self.course.required[goal]
        row = model.goal_rows[self.formulation.number[goal]]
        most = np.zeros(model.classes_total, dtype=np.int64)
        np.maximum.at(most, model.option_class[row.indices], row.data)
        asked = int((most * model.size * model.capacity).sum())
        if asked + self.formulation.base(goal) < required:
            return "impossible_demand"
        if not kept:
            return "impossible_limits"
        alone, _, _ = self.raise_(goal, {goal: required}, {})
        better = self.formulation.reached(goal, alone.x) > reached
        return "traded" if better else "impossible_limits"

    def written(self) -> tuple[list[Record], list[dict[str, Any]]]:
        """Records and entries of this stage; a promise that was never in doubt needs no proof."""
        records, entries = [], []
        for name, goals in self.course.promises():
            if name in self.raised:
                record, entry = self.raised[name]
            else:
                total = sum(self.course.required[goal] for goal in goals)
                record = Record(name, total, total, 0.0, 0.0, total)
                entry = certificate.reached_all(name, total)
            entry["reached"] = record.value
            records.append(record)
            entries.append(entry)
        return records, entries
