"""Stage 3: the most value, with every goal kept that the earlier stages reached."""

import time
from typing import Any

import numpy as np

from . import certificate, envy, linear, whole
from .certificate import Claim
from .course import Course, Keep, Missed, by_name, limits_only
from .coverage import Hint
from .errors import StoppedEarly
from .formulation import Formulated, Stage, step
from .linear import Fluid
from .program import Floats, Infeasible, Integers
from .records import Stage as Record
from .search import Whole

# The part of the tolerance at which a large round stops searching for more value.
GOOD = 0.1


class Worth:
    """The value stage of one run, and what the next stage needs of it."""

    def __init__(self, course: Course) -> None:
        self.course, self.formulation = course, course.formulation
        self.result: Whole
        self.made: Formulated
        self.fluid: Fluid
        self.record: Record
        self.entry: dict[str, Any]

    def find(self, keep: Keep, hint: Hint, fewest: Whole | None = None) -> None:
        """Find the most value.

        Args:
            hint: what the levels of coverage know of the prices.
            fewest: awards of an earlier stage that keep everything, where that is hard.

        Where whole awards cannot meet the people that the groups keep, a large round lets a group
        be a person or two short; `keep` then holds what is reached.

        Raises:
            Missed: what was taken as reachable is not.
            StoppedEarly: the gap stays above the tolerance.
        """
        course, model = self.course, self.course.model
        begun = time.monotonic()
        course.say("value")
        known: tuple[Integers, Floats] | None = None
        loose, soft = self._relaxed(keep, None, hint)
        while True:
            kept = keep.all()
            # The whole search keeps every goal without exception.
            hard = self.formulation.program(Stage(weights={"value": 1.0}, kept=dict(kept)))
            sides = _sides(loose, hard, soft.y)
            fluid = Fluid(soft.prices, soft.x, sides, soft.value, soft.bound)
            course.say("value", None, model.base_value + int(fluid.bound))
            start = known
            if known is None and fewest is not None:  # what a stage raises stands behind the rest
                start = fewest.x, fewest.y[: len(hard.program.side_names)]
            try:
                result = self._whole(hard, fluid, start)
                break
            except Infeasible:
                raise Missed from None
            except whole.Tight:
                if known is not None:
                    raise StoppedEarly("gap", {"stage": "value"}) from None
                x, y = self._give_way(keep, loose, soft)
                known = (x, _sides(loose, hard, y))
                if keep.all() != kept:
                    loose, soft = self._relaxed(keep, soft.prices, Hint())
        self.made, self.fluid = hard, fluid
        self._write(keep, result, begun)

    def _relaxed(self, keep: Keep, start: Floats | None, hint: Hint) -> tuple[Formulated, Fluid]:
        """The relaxation, in which a missed goal has a price higher than any worth."""
        stage = Stage(weights={"value": 1.0}, kept=dict(keep.all()), penalty=self._penalty(keep))
        made = self.formulation.program(stage)
        along = made.prices(hint.levels) if hint.levels and not hint.near else None
        if start is None and hint.near:
            start = made.prices(hint.near)
        fluid = linear.solve(made.program, self.course.backend, start=start, along=along)
        self.course.refuse_missing(made, fluid)
        return made, fluid

    def _penalty(self, keep: Keep) -> dict[str, float]:
        model = self.course.model
        dearest = float(model.value.max(initial=1)) or 1.0
        cheapest = float(model.amount.min()) if len(model.amount) else 1.0
        prices = dict.fromkeys(keep.floors, 50 * dearest / cheapest)
        return {**prices, **dict.fromkeys(keep.coverage, 50 * dearest)}

    def _whole(
        self, hard: Formulated, fluid: Fluid, known: tuple[Integers, Floats] | None
    ) -> Whole:
        course, model = self.course, self.course.model
        accepted = max(0.0, course.tolerance * (fluid.value + model.base_value))
        return whole.solve(
            hard.program,
            fluid,
            backend=course.backend,
            step=float(step(model.value)),
            accepted=accepted,
            good=accepted * GOOD,
            exact=course.exact,
            second=self.formulation.person.toarray().ravel().astype(np.int64),
            known=known,
        )

    def _give_way(self, keep: Keep, made: Formulated, fluid: Fluid) -> tuple[Integers, Floats]:
        """Let groups be a person or two short where whole awards do not fit.

        Returns whole awards that keep everything else; `keep` then asks for what they reach.
        """
        x, y = whole.softly(made.program, fluid, self.course.backend)
        for goal, least in keep.floors.items():
            if self.formulation.reached(goal, x) < least:
                raise Missed
        for goal, least in keep.coverage.items():
            keep.coverage[goal] = min(least, self.formulation.reached(goal, x))
        return x, y

    def _write(self, keep: Keep, result: Whole, begun: float) -> None:
        model, formulation = self.course.model, self.formulation
        result.x, _ = envy.swapped(model, result.x, keep.floors)
        reached = formulation.reached("value", result.x)
        result.value = float(reached - model.base_value)
        top = max(reached, model.base_value + int(np.floor(result.bound + 1e-6)))
        prices = by_name(self.made, self.fluid.prices)
        claim = Claim(
            stage="value",
            weights={"value": 1.0},
            multipliers=limits_only(prices, formulation, keep.all()),
            kept=keep.reached(formulation, result.x),
        )
        self.entry = certificate.certify(formulation, claim)
        self.entry["reached"] = reached
        self.result = result
        self.record = self.course.record("value", reached, top, self.entry["bound"], begun)


def _sides(made: Formulated, hard: Formulated, y: Floats) -> Floats:
    """The values of the sides that both programs have."""
    value = dict(zip(made.program.side_names, y.tolist(), strict=True))
    return np.array([value.get(name, 0.0) for name in hard.program.side_names])
