"""Stage 4: as many people as possible, among the divisions of (at least) the value reached.

Only what the value stage's prices leave open at this value is searched. Its prices p and this
stage's own multipliers q prove the result together: q + k p, with k for the value that is kept,
is a bound for every k >= 0, convex in k, and the best k is found by golden section.
"""

import time
from typing import Any

import numpy as np

from allocation.optimiser.integer import heuristic
from allocation.optimiser.integer.core_search import Incumbent
from allocation.optimiser.model.formulation import Formulated, Stage
from allocation.optimiser.records import Stage as Record
from allocation.optimiser.relaxation import sifting
from allocation.optimiser.relaxation.program import Floats, Infeasible
from allocation.optimiser.stages import certificate, proof
from allocation.optimiser.stages.certificate import Claim
from allocation.optimiser.stages.run import Keep, Run, by_name, limits_only
from allocation.optimiser.stages.value import Value


class People:
    """The people stage of one run."""

    def __init__(self, run: Run, worth: Value) -> None:
        self.run, self.formulation, self.worth = run, run.formulation, worth
        self.record: Record
        self.entry: dict[str, Any]
        self.kept: dict[str, int]

    def find(self, keep: Keep) -> Incumbent:
        """Serve as many people as possible; returns the final awards."""
        begun, formulation, result = time.monotonic(), self.formulation, self.worth.result
        reached = formulation.reached("people", result.x)
        self.run.say("people", reached)
        kept = keep.reached(formulation, result.x)
        kept["value"] = formulation.reached("value", result.x)
        wide = formulation.program(
            Stage(
                weights={"people": 1.0},
                kept={**keep.all(), "value": kept["value"]},
                short=keep.short,
            )
        )
        valued = self._value_prices(wide)
        own, top = np.zeros(len(valued)), reached
        if not result.tied:
            result, top, own = self._more(wide, valued)
            if formulation.reached("value", result.x) > kept["value"]:
                result = self.worth.improve(keep, result)
            kept = keep.reached(formulation, result.x)
            kept["value"] = formulation.reached("value", result.x)
            reached = formulation.reached("people", result.x)
        self.kept = kept
        self.entry = self._proof(kept, wide, own, valued)
        self.entry["reached"] = reached
        top = max(top, reached)
        self.record = self.run.record("people", reached, top, self.entry["bound"], begun)
        return result

    def prove(self) -> None:
        """Prove that there are no more, where the multipliers alone leave it open.

        What the prices of value settle at the value that is kept is settled here, too.
        """
        claim = Claim("people", {"people": 1.0}, {}, self.kept)
        settling = (self.worth.claim, self.kept["value"])
        reached = self.record.value
        self.entry = proof.prove(
            self.formulation, self.run.backend, self.entry, claim, reached, settling
        )

    def _value_prices(self, wide: Formulated) -> Floats:
        """The value stage's prices in the rows of this stage, per unit of the value kept."""
        value = by_name(self.worth.made, self.worth.relaxation.prices) | {"value": 1.0}
        return np.array([value.get(name, 0.0) for name in wide.program.names]) * wide.unit

    def _more(self, wide: Formulated, valued: Floats) -> tuple[Incumbent, int, Floats]:
        """Search what is open. Returns the awards, the bound, and this stage's prices."""
        model, result, program = self.run.model, self.worth.result, wide.program
        nothing = np.zeros(len(program.rhs))
        value = self.run.model.base_value + round(result.value)
        options, most, fixed = self.worth.open(value)
        narrow = program.within(options, most, fixed)
        # Rows count in whole units, so half a unit less value admits no further whole awards; it
        # leaves the solver's tolerances some room, where the value kept is all that there can be.
        narrow.rhs[list(program.names).index("value")] += 0.5
        base = model.base_people + int(program.cost @ fixed)
        reached = self.formulation.reached("people", result.x)
        try:
            solved = sifting.solve(narrow, self.run.backend, start=nothing, along=valued)
        except Infeasible:  # only by rounding, for the solution at hand is feasible: no bound
            return result, model.base_people + int(model.size.sum()), nothing
        top = base + int(np.floor(solved.bound + 1e-6))
        if top <= reached:
            return result, reached, solved.prices
        try:
            found = heuristic.solve(
                narrow,
                solved,
                backend=self.run.backend,
                step=1.0,
                accepted=self.run.tolerance * reached,
                good=self.run.tolerance * reached,
                exact=self.run.exact,
                known=(result.x[options], result.y),
            )
        except (Infeasible, heuristic.Tight):
            return result, top, solved.prices
        x = np.rint(fixed).astype(np.int64)
        x[options] = found.x
        top = min(top, base + int(np.floor(found.bound + 1e-6)))
        if self.formulation.reached("people", x) < reached:
            return result, top, solved.prices
        return Incumbent(x, found.y, result.value, result.bound), top, solved.prices

    def _proof(
        self, kept: dict[str, int], wide: Formulated, own: Floats, valued: Floats
    ) -> dict[str, Any]:
        """The best bound among this stage's prices with the value stage's, times k, added."""
        candidates = [np.zeros(len(own)), own]
        if self.formulation.several:
            factors = [0.0, *(10.0**power for power in np.arange(-7, 2.1, 0.5))]
            tried = [base + factor * valued for base in candidates for factor in factors]
        else:
            tried = [sifting.best_along(wide.program, base, valued) for base in candidates]
        entries = [self._certified(kept, wide, prices) for prices in tried]
        return min(entries, key=lambda entry: int(entry["bound"]))

    def _certified(self, kept: dict[str, int], wide: Formulated, prices: Floats) -> dict[str, Any]:
        multipliers = limits_only(by_name(wide, prices), self.formulation, kept)
        claim = Claim("people", {"people": 1.0}, multipliers, kept)
        return certificate.certify(self.formulation, claim)
