"""Stage 2: the levels of the leximin-best shares, and from them the people each group keeps.

Fractions of awards count here (leximin.py). A group's target is fairness x level x applying,
rounded down to whole people. Where whole people cannot meet all targets, no group is more people
short than need be, then as few are short in all as can be; who that is, value and people and lots
decide, and not the solver.
"""

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from allocation.optimiser.integer.core_search import Incumbent
from allocation.optimiser.model.formulation import PERSON
from allocation.optimiser.records import Stage as Record
from allocation.optimiser.relaxation.program import Floats, Infeasible, Integers
from allocation.optimiser.stages.floors import Floors
from allocation.optimiser.stages.leximin import Level, Leximin, reached, whole, with_fractions
from allocation.optimiser.stages.proof import nothing_keeps
from allocation.optimiser.stages.run import Keep, Run, penalties

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

    def __init__(self, run: Run) -> None:
        self.run, self.formulation = run, run.formulation
        self.found: list[Level] = []
        self.short: Record | None = None
        self.people: list[dict[str, Any]] = []
        self.targets: dict[str, int] = {}
        self.hint = Hint()

    def find(self, keep: Keep, *, certain: bool) -> None:
        """Find levels and targets, and keep the targets.

        Args:
            certain: what `keep` holds is known to be reachable.

        Raises:
            Missed: what was taken as reachable is not.
        """
        model, policy = self.run.model, self.run.model.policy
        self.found, self.targets, kept = [], {}, keep.in_fractions()
        if policy.coverage is None or policy.fairness == 0:
            return
        sizes = {f"coverage:{group}": 0 for group in model.groups}
        self.found = Leximin(
            self.run,
            "coverage",
            {goal: self.formulation.size(goal) for goal in sizes},
            policy.coverage_cap,
            kept,
            {} if certain else self._penalty(kept),
            self._ties(),
        ).levels()
        for level in self.found:
            for goal in level.goals:
                size = self.formulation.size(goal)
                self.targets[goal] = whole(policy.fairness * level.share, size)
        self.hint = self._hint(self.found[-1])
        keep.coverage = dict(self.targets)

    def give_way(self, keep: Keep, promises: Floors) -> Incumbent:
        """Whole people cannot meet all targets: how many must be short, in a group and in all.

        Returns awards that keep what `keep` then asks for.
        """
        need = {goal: target for goal, target in self.targets.items() if target > 0}
        begun, name, most = time.monotonic(), "coverage:people", 0
        fewer: dict[str, int] | None = None
        while True:
            most += 1
            least = {goal: target - most for goal, target in need.items() if target > most}
            try:
                result, entry, top = promises.raise_(name, need, {**keep.promises(), **least})
                break
            except Infeasible:
                if not least:
                    raise
                fewer = {**keep.promises(), **least}
        reached = {
            goal: min(n, self.formulation.reached(goal, result.x)) for goal, n in need.items()
        }
        total = sum(reached.values())
        keep.short = most, sum(need.values()) - total
        self.short = self.run.record(name, total, top, top, begun)
        if fewer is not None:
            self.people.append(
                nothing_keeps(self.formulation, self.run.backend, "coverage:most", fewer, most)
            )
        self.people.append({**entry, "reached": total})
        return result

    def written(
        self, x: Integers, *, back_reached: bool
    ) -> tuple[list[Record], list[dict[str, Any]]]:
        """Records and entries of the levels, and the record of people short.

        Args:
            back_reached: whether whole awards give back all that the levels ask.
        """
        records = [level.record for level in self.found]
        entries = with_fractions(
            self.found,
            self.run.model,
            whole_awards=back_reached and reached(self.found, self.formulation, x),
        )
        return records + ([self.short] if self.short else []), entries + self.people

    def _ties(self) -> Floats:
        """Value tells equals apart: of a group all are worth the same here."""
        return np.asarray(self.run.model.value * self._tie(), dtype=np.float64)

    def _tie(self) -> float:
        """What a unit of value is worth while equals are told apart."""
        model = self.run.model
        best = np.zeros(model.classes_total, dtype=np.int64)
        np.maximum.at(best, model.option_class, model.value)
        mean = float((best * model.size).sum()) / max(1.0, float(model.size.sum()))
        return TIES * PERSON / max(1.0, mean)

    def _hint(self, last: Level) -> "Hint":
        names = [name.removeprefix("level:") for name in last.made.program.names]
        levels = dict(zip(names, last.relaxation.prices.tolist(), strict=True))
        if last.relaxation.perturbed is None or self.run.model.policy.fairness < 1:
            return Hint(levels)
        near = (last.relaxation.perturbed / self._tie()).tolist()
        return Hint(levels, dict(zip(names, near, strict=True)))

    def _penalty(self, kept: dict[str, float]) -> dict[str, float]:
        """A price per missing cent that is higher than any cent is worth in shares."""
        model = self.run.model
        least = float(model.amount.min()) if len(model.amount) else 1.0
        people = float(model.applying.sum() / model.applying.min())
        return penalties(kept, 100.0 * PERSON * people / least, 100.0 * PERSON * people)
