"""What the stages of one run share: the model, what is kept, and how a stage is written down."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from allocation.optimiser.backend import Backend
from allocation.optimiser.integer import heuristic
from allocation.optimiser.integer.core_search import Incumbent
from allocation.optimiser.model.arrays import Model
from allocation.optimiser.model.formulation import Formulated, Formulation
from allocation.optimiser.records import EXACT_REQUESTS
from allocation.optimiser.records import Stage as Record
from allocation.optimiser.relaxation.program import Floats, Integers
from allocation.optimiser.relaxation.sifting import Relaxation

Report = Callable[[dict[str, Any]], None]


class Missed(Exception):
    """A goal that was taken as reachable is not."""


@dataclass
class Keep:
    """What is kept, in whole amounts per goal.

    Attributes:
        floors: people of who waits, and cents of each floor, as reached.
        give_back, fractions: cents that each contributor keeps, in whole awards and in fractions.
        coverage: people that each group is to have.
        short: where whole people cannot meet that: how many may be missing in one group, and in
            all groups together.
        unchanged: people who are to keep what they had.
    """

    floors: dict[str, int] = field(default_factory=dict)
    give_back: dict[str, int] = field(default_factory=dict)
    fractions: dict[str, float] = field(default_factory=dict)
    coverage: dict[str, int] = field(default_factory=dict)
    short: tuple[int, int] | None = None
    unchanged: dict[str, int] = field(default_factory=dict)

    def in_fractions(self) -> dict[str, float]:
        """What stages keep in which fractions of awards count."""
        return {**self.floors, **self.fractions}

    def promises(self) -> dict[str, int]:
        """What whole awards keep of floors and give-back, and of who is unchanged."""
        return {**self.floors, **self.give_back, **self.unchanged}

    def all(self) -> dict[str, int]:
        """What whole awards keep; of groups what they are to have, `short` aside."""
        return {**self.promises(), **self.coverage}

    def reached(self, formulation: Formulation, x: Integers) -> dict[str, int]:
        """What these awards reach of it: never more than what is kept."""
        return {
            goal: min(least, formulation.reached(goal, x)) for goal, least in self.all().items()
        }


class Run:
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

    def floors(self) -> dict[str, int]:
        """What comes first requires: who waits (in people), then the floors in their order."""
        return {
            goal: n for goal, n in self.required.items() if goal.startswith(("waiting:", "floor:"))
        }

    def in_whole(self, made: Formulated, relaxation: Relaxation) -> Incumbent:
        """Whole awards of a program whose worth moves in steps of one."""
        accepted = self.tolerance * max(1.0, relaxation.value)
        return heuristic.solve(
            made.program,
            relaxation,
            backend=self.backend,
            step=1.0,
            accepted=accepted,
            good=accepted,
            exact=self.exact,
        )

    def refuse_missing(self, made: Formulated, relaxation: Relaxation) -> None:
        """Raise when a kept goal is missed that has a price for missing it.

        Raises:
            Missed: one is.
        """
        for goal, side in made.side_of.items():
            kept = goal in self.required or goal.startswith("coverage:")
            if kept and relaxation.y[side] > 1e-6 * max(1.0, self.required.get(goal, 1)):
                raise Missed

    def record(self, name: str, value: int, top: int, certified: int, begun: float) -> Record:
        """Write down what a stage reached and proved."""
        top = max(value, min(top, certified))
        gap = (top - value) / max(1, abs(top))
        record = Record(name, value, top, gap, round(time.monotonic() - begun, 3))
        self.say(name, value, top)
        return record

    def say(self, name: str, value: int | None = None, top: int | None = None) -> None:
        """Report how far the run is."""
        gap = None if value is None or top is None else (top - value) / max(1, abs(top))
        seconds = round(time.monotonic() - self.start, 3)
        self.report({"stage": name, "value": value, "bound": top, "gap": gap, "seconds": seconds})


def penalties(goals: Iterable[str], cent: float, person: float) -> dict[str, float]:
    """A price for missing one cent, or one person who waits, of each promise."""
    return {goal: person if goal.startswith("waiting:") else cent for goal in goals}


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
