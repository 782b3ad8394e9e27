"""Stage 3: the most value, with every goal kept that the earlier stages reached."""

import time
from typing import Any

import numpy as np

from allocation.optimiser.errors import StoppedEarly
from allocation.optimiser.explanation import envy
from allocation.optimiser.integer import heuristic
from allocation.optimiser.integer.core_search import Incumbent
from allocation.optimiser.model.formulation import Formulated, Stage, step
from allocation.optimiser.records import Stage as Record
from allocation.optimiser.relaxation import sifting
from allocation.optimiser.relaxation.program import Floats, Infeasible, Integers
from allocation.optimiser.relaxation.sifting import Relaxation
from allocation.optimiser.stages import certificate, proof
from allocation.optimiser.stages.certificate import Claim
from allocation.optimiser.stages.coverage import Hint
from allocation.optimiser.stages.run import Keep, Missed, Run, by_name, limits_only, penalties

# The part of the tolerance at which a large round stops searching for more value.
GOOD = 0.1


class Value:
    """The value stage of one run, and what the next stage needs of it."""

    def __init__(self, run: Run) -> None:
        self.run, self.formulation = run, run.formulation
        self.result: Incumbent
        self.made: Formulated
        self.relaxation: Relaxation
        self.record: Record
        self.entry: dict[str, Any]
        self.claim: Claim

    def prove(self) -> None:
        """Prove that there is no more, where the multipliers alone leave it open."""
        self.entry = proof.prove(
            self.formulation, self.run.backend, self.entry, self.claim, self.record.value
        )

    def find(
        self, keep: Keep, hint: Hint, fewest: Incumbent | None = None, *, certain: bool = False
    ) -> None:
        """Find the most value.

        Args:
            hint: what the levels of coverage know of the prices.
            fewest: awards of an earlier stage that keep everything, where that is hard.
            certain: all that is kept can be reached: nothing has a price for missing it.

        Where whole awards cannot meet the people that the groups keep, a large round lets a group
        be a person or two short; `keep` then holds what is reached.

        Raises:
            Missed: what was taken as reachable is not.
            StoppedEarly: the gap stays above the tolerance.
        """
        run, model = self.run, self.run.model
        begun = time.monotonic()
        run.say("value")
        known: tuple[Integers, Floats] | None = None
        loose, soft = self._relaxed(keep, None, hint, certain=certain)
        while True:
            kept = keep.all()
            # The whole search keeps every goal without exception.
            hard = self.formulation.program(
                Stage(weights={"value": 1.0}, kept=dict(kept), short=keep.short)
            )
            sides = _sides(loose, hard, soft.y)
            relaxation = Relaxation(soft.prices, soft.x, sides, soft.value, soft.bound)
            run.say("value", None, model.base_value + int(relaxation.bound))
            start = known
            if known is None and fewest is not None:
                start = fewest.x, self._sides_of(hard, keep, fewest)
            try:
                result = self._whole(hard, relaxation, start)
                break
            except Infeasible:
                raise Missed from None
            except heuristic.Tight:
                if known is not None:
                    raise StoppedEarly("gap", {"stage": "value"}) from None
                x, y = self._give_way(keep, loose, soft)
                known = (x, _sides(loose, hard, y))
                if keep.all() != kept:
                    loose, soft = self._relaxed(keep, soft.prices, Hint(), certain=certain)
        self.made, self.relaxation = hard, relaxation
        self._write(keep, result, begun)

    def improve(self, keep: Keep, found: Incumbent) -> Incumbent:
        """A later search found more value than this stage's, which ended with a gap."""
        better = Incumbent(found.x, found.y, found.value, self.result.bound)
        self._write(keep, better, time.monotonic() - self.record.seconds)
        return self.result

    def open(self, value: int) -> tuple[Integers, Integers, Floats]:
        """Options that a division of this value may use, how often, and x of everything else."""
        model = self.run.model
        if self.formulation.several:
            options, most = np.arange(model.options_total), self.made.program.upper
            return options, most, np.zeros(model.options_total)
        return heuristic.open_options(
            self.made.program,
            self.relaxation,
            float(value - model.base_value),
            float(step(model.value)),
        )

    def _sides_of(self, hard: Formulated, keep: Keep, fewest: Incumbent) -> Floats:
        """The values of the sides that belong to these awards."""
        names, y = hard.program.side_names, fewest.y.tolist()
        for place, name in enumerate(names):
            if name.startswith("short_"):
                goal = name.removeprefix("short_")
                missing = max(0, keep.coverage[goal] - self.formulation.reached(goal, fewest.x))
                y[place : place + 1] = [float(missing)]
        return np.array(y[: len(names)])

    def _relaxed(
        self, keep: Keep, start: Floats | None, hint: Hint, *, certain: bool
    ) -> tuple[Formulated, Relaxation]:
        """The relaxation, in which a missed goal has a price higher than any worth."""
        stage = Stage(
            weights={"value": 1.0},
            kept=dict(keep.all()),
            penalty={} if certain else self._penalty(keep),
            short=keep.short,
        )
        made = self.formulation.program(stage)
        along = made.prices(hint.levels) if hint.levels and not hint.near else None
        if start is None and hint.near:
            start = made.prices(hint.near)
        relaxation = sifting.solve(made.program, self.run.backend, start=start, along=along)
        self.run.refuse_missing(made, relaxation)
        return made, relaxation

    def _penalty(self, keep: Keep) -> dict[str, float]:
        model = self.run.model
        dearest = float(model.value.max(initial=1)) or 1.0
        cheapest = float(model.amount.min()) if len(model.amount) else 1.0
        prices = penalties(keep.promises(), 50 * dearest / cheapest, 50 * dearest)
        return {**prices, **dict.fromkeys(keep.coverage, 50 * dearest)}

    def _whole(
        self, hard: Formulated, relaxation: Relaxation, known: tuple[Integers, Floats] | None
    ) -> Incumbent:
        run, model = self.run, self.run.model
        accepted = max(0.0, run.tolerance * (relaxation.value + model.base_value))
        return heuristic.solve(
            hard.program,
            relaxation,
            backend=run.backend,
            step=float(step(model.value)),
            accepted=accepted,
            good=accepted * GOOD,
            exact=run.exact,
            second=self.formulation.person.toarray().ravel().astype(np.int64),
            known=known,
        )

    def _give_way(
        self, keep: Keep, made: Formulated, relaxation: Relaxation
    ) -> tuple[Integers, Floats]:
        """Let groups be a person or two short where whole awards do not fit.

        Returns whole awards that keep everything else; `keep` then asks for what they reach.
        """
        x, y = heuristic.elastic(made.program, relaxation, self.run.backend)
        for goal, least in keep.promises().items():
            if self.formulation.reached(goal, x) < least:
                raise Missed
        for goal, least in keep.coverage.items():
            keep.coverage[goal] = min(least, self.formulation.reached(goal, x))
        return x, y

    def _write(self, keep: Keep, result: Incumbent, begun: float) -> None:
        model, formulation = self.run.model, self.formulation
        result.x, _ = envy.swapped(model, result.x, keep.promises())
        reached = formulation.reached("value", result.x)
        result.value = float(reached - model.base_value)
        top = max(reached, model.base_value + int(np.floor(result.bound + 1e-6)))
        prices = by_name(self.made, self.relaxation.prices)
        self.claim = Claim(
            stage="value",
            weights={"value": 1.0},
            multipliers=limits_only(prices, formulation, keep.all()),
            kept=keep.reached(formulation, result.x),
        )
        self.entry = certificate.certify(formulation, self.claim)
        self.entry["reached"] = reached
        self.result = result
        self.record = self.run.record("value", reached, top, self.entry["bound"], begun)


def _sides(made: Formulated, hard: Formulated, y: Floats) -> Floats:
    """The values of the sides that both programs have."""
    value = dict(zip(made.program.side_names, y.tolist(), strict=True))
    return np.array([value.get(name, 0.0) for name in hard.program.side_names])
