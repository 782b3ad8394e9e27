"""Stage 1b: what comes back to those who paid in, after the floors, for all of them together.

A contributor's share is what its workers get ÷ what is required. The shares are leximin-best in
fractions of awards (leximin.py); a contributor's *target* is its share of what is required, in
cents. Whole awards are kept to within one award of it, never to the cent, which would ask for
sums of prices that fit by accident:

    kept = target - d x a + 1 cents,  a = the largest amount asked that is not above the target

with d = 1, or, where no whole division keeps all of that, the smallest d for which one does. So
who bears a shortfall follows from the rule, and not from what a solver happened to find.
"""

from fractions import Fraction
from typing import Any

import numpy as np

from allocation.optimiser.integer.heuristic import Tight
from allocation.optimiser.model.formulation import PERSON, Stage
from allocation.optimiser.records import Stage as Record
from allocation.optimiser.relaxation import sifting
from allocation.optimiser.relaxation.program import Infeasible, Integers
from allocation.optimiser.stages import certificate
from allocation.optimiser.stages.certificate import MILLION
from allocation.optimiser.stages.leximin import (
    Level,
    Leximin,
    fractions,
    reached,
    whole,
    with_fractions,
)
from allocation.optimiser.stages.proof import nothing_keeps
from allocation.optimiser.stages.run import Keep, Missed, Run, penalties


class GiveBack:
    """Shares and targets of the contributors of one run."""

    def __init__(self, run: Run) -> None:
        self.run, self.formulation = run, run.formulation
        self.goals = [goal for goal in run.model.goals if goal.startswith("give_back:")]
        self.sizes = {goal: run.required[goal] for goal in self.goals if run.required[goal] > 0}
        self.found: list[Level] = []
        self.targets: dict[str, int] = {}
        self.awards_below = 1
        self.all_reached: Level | None = None
        self.further: dict[str, Any] | None = None

    def assume(self, keep: Keep) -> None:
        """Take everything that is required as reachable."""
        self.found, self.targets = [], {goal: self.run.required[goal] for goal in self.goals}
        self._keep(keep)

    def confirm(self, keep: Keep) -> None:
        """Show that fractions of awards reach all of it.

        Raises:
            Missed: they do not.
        """
        if self.sizes:
            self.all_reached = self._leximin(keep, self._penalty(keep)).levels()[0]
            if self.all_reached.share < 1:
                raise Missed

    def find(self, keep: Keep) -> None:
        """Find the shares, where not all that is required can be reached.

        Args:
            keep: holds what the floors reached.
        """
        self.found = self._leximin(keep, {}).levels() if self.sizes else []
        for level in self.found:
            for goal in level.goals:
                self.targets[goal] = whole(level.share, self.sizes[goal])
        self._keep(keep)

    def widen(self, keep: Keep) -> bool:
        """Let whole awards stay further below the targets, if they must; whether they must."""
        before = self.awards_below
        while any(keep.give_back.values()) and not self._whole(keep):
            nearer = keep.promises()
            self.awards_below += 1
            self._keep(keep)
        if self.awards_below == before:
            return False
        self.further = nothing_keeps(
            self.formulation, self.run.backend, "give_back:awards", nearer, self.awards_below
        )
        return True

    def causes(self, x: Integers) -> dict[str, str | None]:
        """Why a contributor gets back less than what is required.

        `within_one_award`: its target is all of it, and whole awards come near it. Else `traded`
        where what floors or other contributors keep has a price in its level, or
        `impossible_limits`.
        """
        low = [goal for goal in self.sizes if self.formulation.reached(goal, x) < self.sizes[goal]]
        return {goal: self._cause(goal) for goal in low}

    def reached(self, x: Integers) -> bool:
        """Whether whole awards bring every contributor to its level."""
        if self.found:
            return reached(self.found, self.formulation, x)
        return all(self.formulation.reached(goal, x) >= n for goal, n in self.sizes.items())

    def written(self, x: Integers) -> tuple[list[Record], list[dict[str, Any]]]:
        """Records and entries; where all that is required is reachable one level says so.

        Fractions show that it is: those of coverage, or where there are none its own.
        """
        records = [level.record for level in self.found]
        entries = with_fractions(self.found, self.run.model, whole_awards=self.reached(x))
        if self.sizes and not self.found:
            name = "give_back:1"
            entry = certificate.reached_all(name, 0)
            entry["level"] = [1, 1]
            entry["blocked"] = [goal.partition(":")[2] for goal in self.sizes]
            if self.all_reached and not self.reached(x):
                entry["fractions"] = fractions(self.all_reached.relaxation.x, self.run.model)
            records, entries = [Record(name, MILLION, MILLION, 0.0, 0.0)], [entry]
        return records, entries + ([self.further] if self.further else [])

    def _cause(self, goal: str) -> str:
        if self.targets[goal] >= self.sizes[goal]:
            return "within_one_award"
        entry = next(level.entry for level in self.found if goal in level.goals)
        prices = {**entry["objective"], **entry["multipliers"]}
        others = [name for name in prices if name.startswith(("waiting:", "floor:", "give_back:"))]
        return "traded" if any(name != goal for name in others) else "impossible_limits"

    def _whole(self, keep: Keep) -> bool:
        """Whether some whole division keeps floors and give-back."""
        made = self.formulation.program(Stage(kept=dict(keep.promises())))
        try:
            self.run.in_whole(made, sifting.solve(made.program, self.run.backend))
        except (Infeasible, Tight):
            return False
        return True

    def _leximin(self, keep: Keep, penalty: dict[str, float]) -> Leximin:
        return Leximin(self.run, "give_back", self.sizes, Fraction(1), dict(keep.floors), penalty)

    def _penalty(self, keep: Keep) -> dict[str, float]:
        """A price per missing cent of a floor that is higher than any cent is worth in shares."""
        share = sum(self.sizes.values()) / min(self.sizes.values())
        least = float(self.run.model.amount.min()) if self.run.model.options_total else 1.0
        return penalties(keep.floors, 100.0 * PERSON * share / least, 100.0 * PERSON * share)

    def _keep(self, keep: Keep) -> None:
        keep.fractions = {goal: float(cents) for goal, cents in self.targets.items()}
        for level in self.found:
            for goal in level.goals:
                keep.fractions[goal] = level.solved_share * self.sizes[goal]
        keep.give_back = {goal: self._least(goal, self.targets[goal]) for goal in self.goals}

    def _least(self, goal: str, target: int) -> int:
        """What whole awards keep of a target, in cents."""
        amounts = self.run.model.asked_amounts[self.formulation.number[goal]]
        place = int(np.searchsorted(amounts, target, side="right"))
        if not place:
            return 0
        return max(0, target - self.awards_below * int(amounts[place - 1]) + 1)
