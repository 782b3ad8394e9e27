"""Stage 1a: who waited longest, then floors in the policy's order, each with the least shortfall.

It is run only when not everything that is promised can be reached; otherwise the final result
proves by itself that every floor is kept.
"""

import time
from typing import Any

import numpy as np

from allocation.optimiser.integer.core_search import Incumbent
from allocation.optimiser.model.formulation import Stage
from allocation.optimiser.records import Stage as Record
from allocation.optimiser.relaxation import sifting
from allocation.optimiser.stages import certificate
from allocation.optimiser.stages.certificate import Claim
from allocation.optimiser.stages.proof import capped, prove
from allocation.optimiser.stages.run import Keep, Run, by_name, limits_only


class Floors:
    """What the floors reach, one after another."""

    def __init__(self, run: Run) -> None:
        self.run, self.formulation = run, run.formulation
        self.causes: dict[str, str | None] = dict.fromkeys(run.model.goals)
        self.raised: dict[str, tuple[Record, dict[str, Any]]] = {}
        self.alone: dict[str, dict[str, Any]] = {}

    def keep(self) -> Keep:
        """Raise each floor on its own, in order."""
        keep, run = Keep(), self.run
        for goal, required in run.floors().items():
            begun = time.monotonic()
            run.say(goal)
            result, entry, top = self.raise_(goal, {goal: required}, keep.floors)
            got = min(required, self.formulation.reached(goal, result.x))
            if got < required and goal.startswith("floor:"):
                self.causes[goal] = self._cause(goal, keep.floors, got)
            keep.floors[goal] = got
            entry["reached"] = got
            self.raised[goal] = run.record(goal, got, top, entry["bound"], begun), entry
        return keep

    def raise_(
        self,
        name: str,
        need: dict[str, int],
        kept: dict[str, int],
        *,
        proving: int | None = None,
    ) -> tuple[Incumbent, dict[str, Any], int]:
        """Raise goals towards what they need; returns the solution, its entry, and the bound.

        Args:
            proving: what is to be shown to be the most; None for what is reached.

        Raises:
            Infeasible: no whole awards keep what is kept.
        """
        made = self.formulation.program(Stage(raised=need, kept=dict(kept)))
        relaxation = sifting.solve(made.program, self.run.backend)
        total = sum(need.values())
        result = self.run.in_whole(made, relaxation)
        top = min(total, int(np.floor(result.bound + 1e-6)))
        reached = sum(min(n, self.formulation.reached(g, result.x)) for g, n in need.items())
        if reached >= total and proving is None:
            return result, certificate.reached_all(name, total), total
        prices = by_name(made, relaxation.prices)
        alone = len(need) == 1
        claim = Claim(
            stage=name,
            weights=dict.fromkeys(need, 1.0) if alone else capped(prices, need),
            multipliers=limits_only(prices, self.formulation, kept),
            kept=dict(kept),
            required=None if alone else need,
        )
        entry = prove(
            self.formulation,
            self.run.backend,
            certificate.certify(self.formulation, claim),
            claim,
            reached if proving is None else proving,
        )
        return result, entry, max(top, reached)

    def _cause(self, goal: str, kept: dict[str, int], reached: int) -> str:
        """Why a floor falls short: nobody asks, limits forbid, or a higher floor comes first."""
        model, required = self.run.model, self.run.required[goal]
        row = model.goal_rows[self.formulation.number[goal]]
        most = np.zeros(model.classes_total, dtype=np.int64)
        np.maximum.at(most, model.option_class[row.indices], row.data)
        asked = int((most * model.size * model.capacity).sum())
        if asked + self.formulation.base(goal) < required:
            return "impossible_demand"
        if not kept:
            return "impossible_limits"
        _, entry, _ = self.raise_(f"alone:{goal}", {goal: required}, {}, proving=reached)
        self.alone[goal] = entry
        return "traded" if min(required, entry["bound"]) > reached else "impossible_limits"

    def written(self) -> tuple[list[Record], list[dict[str, Any]]]:
        """Records and entries of this stage; a floor that was never in doubt needs no proof."""
        records, entries = [], []
        for goal, required in self.run.floors().items():
            if goal in self.raised:
                record, entry = self.raised[goal]
            else:
                record = Record(goal, required, required, 0.0, 0.0)
                entry = certificate.reached_all(goal, required)
            entry["reached"] = record.value
            records.append(record)
            entries.append(entry)
            if goal in self.alone:
                entries.append(self.alone[goal])
        return records, entries
