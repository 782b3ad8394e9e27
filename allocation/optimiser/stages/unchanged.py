"""Between coverage and value: as many people as are asked for keep exactly what they had.

It is run only where a division before this one counts (`before.csv`): after a gift by the board, a
corrected fact, or a request that was taken back. Everything that the rule puts before points is
kept as the best division keeps it; then

    maximise    min(required, U(X)),   U(X) = people whose award, or whose refusal, is as it was

U is linear where a worker gets one award at most: who had nothing counts 1 less with any award,
who had an award counts 1 with that very award. With `required` at all people this finds the
smallest change; with a lower number the best division among those that change so many at most
(change/frontier.py goes along them). Compare local branching (Fischetti and Lodi, 2003).
"""

import time
from typing import Any

import numpy as np

from allocation.optimiser.integer import heuristic
from allocation.optimiser.integer.core_search import Incumbent
from allocation.optimiser.model.formulation import Formulated, Stage
from allocation.optimiser.records import Stage as Record
from allocation.optimiser.relaxation import sifting
from allocation.optimiser.relaxation.program import Floats
from allocation.optimiser.relaxation.sifting import Relaxation
from allocation.optimiser.stages import certificate, proof
from allocation.optimiser.stages.certificate import Claim
from allocation.optimiser.stages.coverage import Hint
from allocation.optimiser.stages.run import Keep, Run, by_name, limits_only
from allocation.optimiser.stages.value import Value

UNCHANGED = "unchanged"


class Unchanged:
    """Who keeps what they had, in one run; empty where no division before counts."""

    def __init__(self, run: Run) -> None:
        self.run, self.formulation = run, run.formulation
        self.required = {goal: n for goal, n in run.required.items() if goal == UNCHANGED}
        self.reached: int | None = None
        self.top, self.prices, self.begun = 0, dict[str, float](), 0.0

    def find(self, keep: Keep, worth: Value, hint: Hint) -> None:
        """Let as few people change as need be, and find the most value again among those."""
        self.begun, required = time.monotonic(), self.required[UNCHANGED]
        self.run.say(UNCHANGED)
        made = self.formulation.program(
            Stage(raised=dict(self.required), kept=dict(keep.all()), short=keep.short)
        )
        best = worth.result
        if self.formulation.reached(UNCHANGED, best.x) < required:
            best = self._fewest(made, best, worth)
        got = min(required, self.formulation.reached(UNCHANGED, best.x))
        keep.unchanged = {UNCHANGED: got}
        self.reached = got
        self.run.say(UNCHANGED, got, self.top)
        worth.find(keep, hint, best, certain=True)

    def _fewest(self, made: Formulated, best: Incumbent, worth: Value) -> Incumbent:
        relaxation = sifting.solve(made.program, self.run.backend)
        self.prices = by_name(made, relaxation.prices)
        sides = self._sides(made, best, worth)
        result = self._whole(made, relaxation, (best.x, sides))
        self.top = int(np.floor(result.bound + 1e-6))
        return result

    def _whole(
        self, made: Formulated, relaxation: Relaxation, known: tuple[Any, Floats]
    ) -> Incumbent:
        """Smallest means smallest: every round is searched to the end."""
        return heuristic.solve(
            made.program,
            relaxation,
            backend=self.run.backend,
            step=1.0,
            accepted=0.0,
            good=0.0,
            exact=True,
            known=known,
        )

    def _sides(self, made: Formulated, best: Incumbent, worth: Value) -> Floats:
        """The value stage's division, with the columns of this stage's program."""
        own = dict(zip(worth.made.program.side_names, best.y.tolist(), strict=True))
        reached = self.formulation.reached(UNCHANGED, best.x)
        own[f"reached_{UNCHANGED}"] = float(max(0, min(self.required[UNCHANGED], reached)))
        return np.array([own.get(name, 0.0) for name in made.program.side_names])

    def written(self, keep: Keep, final: Incumbent) -> tuple[list[Record], list[dict[str, Any]]]:
        """Record and entry, by what the final division keeps of the earlier stages."""
        if self.reached is None:
            return [], []
        required = self.required[UNCHANGED]
        if self.reached >= required:
            entry = certificate.reached_all(UNCHANGED, required)
            record = Record(UNCHANGED, required, required, 0.0, 0.0)
            return [record], [{**entry, "reached": required}]
        kept = keep.reached(self.formulation, final.x)
        del kept[UNCHANGED]
        multipliers = limits_only(self.prices, self.formulation, kept)
        claim = Claim(UNCHANGED, {UNCHANGED: 1.0}, multipliers, kept)
        entry = proof.prove(
            self.formulation,
            self.run.backend,
            certificate.certify(self.formulation, claim),
            claim,
            self.reached,
        )
        entry["reached"] = self.reached
        record = self.run.record(UNCHANGED, self.reached, self.top, entry["bound"], self.begun)
        return [record], [entry]
