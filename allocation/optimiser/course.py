"""What the stages of one run share: the model, what is kept, and how a stage is written down."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import whole
from .core import Backend
from .errors import StoppedEarly
from .formulation import Formulated, Formulation
from .linear import Fluid
from .model import Model
from .program import Floats, Integers
from .records import Stage as Record
from .search import Whole

# Rounds with up to so many requests are solved to the last point.
EXACT_REQUESTS = 2_000

Report = Callable[[dict[str, Any]], None]


class Missed(Exception):
    """A goal that was taken as reachable is not."""


@dataclass
class Keep:
    """What is kept: whole amounts per goal (cents of floors and give-backs, people of groups)."""

    floors: dict[str, int] = field(default_factory=dict)
    coverage: dict[str, int] = field(default_factory=dict)

    def all(self) -> dict[str, int]:
        return {**self.floors, **self.coverage}

    def reached(self, formulation: Formulation, x: Integers) -> dict[str, int]:
        """What these awards reach of it: never more than what is kept."""
        return {
            goal: min(least, formulation.reached(goal, x)) for goal, least in self.all().items()
        }


class Course:
    """One run through the stages."""

    def __init__(self, model: Model, backend: Backend, report: Report) -> None:
        self.model, self.backend, self.report = model, backend, report
        self.formulation = Formulation(model)
        self.exact = model.requests_total <= EXACT_REQUESTS
        self.tolerance = float(model.policy.tolerance)
        self.required = {
            goal: int(required) for goal, required in zip(model.goals, model.required, strict=True)
        }
        self.start = time.monotonic()

    def promises(self) -> list[tuple[str, list[str]]]:
        """The stages of floors and give-back in their order, with the goals of each."""
        floors = [goal for goal in self.model.goals if goal.startswith("floor:")]
        backs = [goal for goal in self.model.goals if goal.startswith("give_back:")]
        return [(goal, [goal]) for goal in floors] + ([("give_back", backs)] if backs else [])

    def in_whole(self, made: Formulated, fluid: Fluid) -> Whole:
        """Whole awards of a program whose worth moves in steps of one."""
        accepted = self.tolerance * max(1.0, fluid.value)
        return whole.solve(
            made.program,
            fluid,
            backend=self.backend,
            step=1.0,
            accepted=accepted,
            good=accepted,
            exact=self.exact,
        )

    def refuse_missing(self, made: Formulated, fluid: Fluid) -> None:
        """Raise when a kept goal is missed that has a price for missing it.

        Raises:
            Missed: one is.
        """
        for goal, side in made.side_of.items():
            kept = goal in self.required or goal.startswith("coverage:")
            if kept and fluid.y[side] > 1e-6 * max(1.0, self.required.get(goal, 1)):
                raise Missed

    def record(self, name: str, value: int, top: int, certified: int, begun: float) -> Record:
        """Write down what a stage reached and proved.

        Raises:
            StoppedEarly: the gap is above the policy's tolerance.
        """
        top = max(value, min(top, certified))
        gap = (top - value) / max(1, abs(top))
        record = Record(name, value, top, gap, round(time.monotonic() - begun, 3), certified)
        self.say(name, value, top)
        if gap > self.tolerance and not name.startswith("coverage:"):
            raise StoppedEarly("gap", {"stage": name, "value": value, "bound": top, "gap": gap})
        return record

    def say(self, name: str, value: int | None = None, top: int | None = None) -> None:
        """Report how far the run is."""
        gap = None if value is None or top is None else (top - value) / max(1, abs(top))
        seconds = round(time.monotonic() - self.start, 3)
        self.report({"stage": name, "value": value, "bound": top, "gap": gap, "seconds": seconds})


def by_name(made: Formulated, prices: Floats) -> dict[str, float]:
    """Prices per limit in the limit's own unit."""
    return dict(zip(made.program.names, (prices / made.unit).tolist(), strict=True))


def limits_only(
    prices: dict[str, float], formulation: Formulation, kept: dict[str, int]
) -> dict[str, float]:
    """The multipliers that a certificate publishes: limits and kept goals with a price."""
    model = formulation.model
    public = {*model.limits, *model.pools, *kept}
    return {name: price for name, price in prices.items() if name in public and price > 0}
