"""One search for whole awards: what is open at the prices, small cores, the best so far.

Let U be the bound of the prices and L the value of some whole solution. A class that loses
`loss` by an option against its choice cannot take it more than (U - L) / loss times in any
solution better than L: so it is fixed, exactly and not by guess, when loss > U - L. What remains
open is the core, and the core's optimum is the optimum.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocation.optimiser.backend import Backend
from allocation.optimiser.errors import StoppedEarly
from allocation.optimiser.integer import mip
from allocation.optimiser.relaxation.program import (
    Choice,
    Floats,
    Infeasible,
    Integers,
    LinearProgram,
    choose,
)
from allocation.optimiser.relaxation.sifting import Relaxation


@dataclass
class Incumbent:
    """Whole awards per option (with the values of the sides), their value, and its bound."""

    x: Integers
    y: Floats
    value: float
    bound: float
    tied: bool = False  # people were counted in the same search, and are as many as can be


class Search:
    """One search; worth is counted in steps, so it is whole."""

    def __init__(
        self,
        program: LinearProgram,
        relaxation: Relaxation,
        backend: Backend,
        second: Integers | None,
    ) -> None:
        self.program, self.relaxation, self.backend, self.second = (
            program,
            relaxation,
            backend,
            second,
        )
        self.choice: Choice = choose(program, relaxation.prices)
        loss = self.choice.best[program.owner_of] - self.choice.reduced
        # A loss so small is rounding: the option is as good as the choice.
        self.loss: Floats = np.where(loss > 1e-6, loss, 0.0)
        self.upper = floor_of(relaxation.bound)
        self.best: Incumbent | None = None

    def open(self) -> tuple[Integers, Integers]:
        """Options that a solution better than L may use, and how often."""
        value = -np.inf if self.best is None else self.best.value
        # Losses count from the bound itself, not from the bound rounded down. A better solution
        # is so by a step; where people break ties, an equal one counts too.
        slack = max(self.relaxation.bound - value, 0.0) - (0.5 if self.second is None else -1e-6)
        upper = self.program.upper.astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            times = np.where(self.loss > 0, np.floor(slack / self.loss + 1e-6), upper)
        most = np.clip(np.minimum(times, upper), 0, None)
        settled = self.settled(slack)
        keep = (most > 0) & ~settled[self.program.owner_of]
        options = np.flatnonzero(keep)
        return options, most[options].astype(np.int64)

    def settled(self, slack: float) -> NDArray[np.bool_]:
        """Classes that no better solution moves away from their choice."""
        return np.asarray(self.choice.margin > max(slack, 0.0) + 1e-6)

    def nearest(self, wanted: int) -> Integers:
        """Options of the most nearly indifferent classes, and of all that the relaxation splits."""
        margin = self.choice.margin
        open_ = np.zeros(len(margin), dtype=bool)
        open_[np.argsort(margin, kind="stable")[:wanted]] = True
        split = np.flatnonzero(np.abs(self.relaxation.x - np.rint(self.relaxation.x)) > 1e-6)
        open_[self.program.owner_of[split]] = True
        return np.flatnonzero(open_[self.program.owner_of])

    def cheapest(self, wanted: int) -> Integers:
        """The moves that lose least, so many or more, with what the relaxation splits.

        A class whose every move loses more keeps its choice. The best division moves a few
        classes by a little each, so that most often it lies among these.
        """
        moves = np.sort(self.loss[(self.loss > 0) & (self.program.upper > 0)])
        most = moves[min(wanted, len(moves)) - 1] if len(moves) else 0.0
        movable = (self.choice.margin <= most)[self.program.owner_of]
        split = np.zeros(len(self.program.owners), dtype=bool)
        split[
            self.program.owner_of[np.abs(self.relaxation.x - np.rint(self.relaxation.x)) > 1e-6]
        ] = True
        return np.flatnonzero((movable & (self.loss <= most)) | split[self.program.owner_of])

    def begun(
        self, options: Integers, most: Integers, outside: Floats
    ) -> tuple[Floats, Floats] | None:
        """The best so far as the start of a search over these options, where it fits in it."""
        if self.best is None or (self.best.x[options] > most).any():
            return None
        x = outside.copy()
        x[options] = self.best.x[options]
        if (x != self.best.x).any():
            return None
        return self.best.x[options].astype(np.float64), self.best.y

    def fixed(self, options: Integers) -> Floats:
        """x of the classes that have no option in a core, as in the relaxation.

        A class that prefers one option has it there; among classes that are indifferent the
        relaxation has found who fits together, so that the core is left at least its own room.
        """
        return self._outside(options, np.rint(self.relaxation.x))

    def held(self, options: Integers) -> Floats:
        """x of the classes that a proof leaves out: each is settled and has its choice."""
        return self._outside(options, self.choice.amounts(self.program))

    def _outside(self, options: Integers, amounts: Floats) -> Floats:
        open_ = np.zeros(len(self.program.owners), dtype=bool)
        open_[self.program.owner_of[options]] = True
        x = np.where(open_[self.program.owner_of], 0.0, amounts)
        return np.asarray(x, dtype=np.float64)

    def try_core(
        self, options: Integers, good: float, nodes: int, *, counted: bool = False
    ) -> bool:
        """One search in a small core; a limit on nodes keeps it short and repeatable.

        A solution that is as good as the bound of everybody ends it. Returns whether the core
        holds nothing better.
        """
        x = self.fixed(options)
        left = self.program.rhs - self.program.usage(x)
        fixed_value = float(self.program.cost @ x)
        try:
            solved = mip.solve(
                self.program,
                options,
                left,
                backend=self.backend,
                gap=max(good / 2, 0.5),
                nodes=nodes,
                target=self.upper - fixed_value - good,
                counted=counted,
                proving=counted and self.best is not None,
                start=self.begun(options, self.program.upper[options], x),
            )
        except Infeasible as reason:
            return not isinstance(reason, mip.Undecided)
        x[options] = solved.x
        self.take(x, solved.y)
        return solved.optimal

    def any_solution(self) -> None:
        """Nothing was found in small cores: search everything, and to the end.

        Raises:
            Infeasible: there is none.
        """
        options = np.arange(self.program.options_total)
        solved = mip.solve(
            self.program,
            options,
            self.program.rhs,
            backend=self.backend,
            gap=0.49,
            counted=True,
        )
        self.take(solved.x, solved.y)
        if self.best is None:
            raise StoppedEarly("solver_failed", {"where": "rounding"})
        self.upper = min(self.upper, max(floor_of(solved.bound), self.best.value))

    def take(self, x: Floats, y: Floats, *, ties: bool = False) -> None:
        """Keep a solution when it is whole, keeps every limit, and is better."""
        program = self.program
        over = program.usage(x) + program.sides @ y - program.rhs
        if (over > 1e-6 * np.maximum(1.0, np.abs(program.rhs))).any():
            return
        value = float(program.cost @ x + program.side_cost @ y)
        least = -np.inf if self.best is None else self.best.value
        if value > least + 1e-6 or (ties and value >= least - 1e-6):
            self.best = Incumbent(np.rint(x).astype(np.int64), y, value, self.upper)

    def distance(self) -> float:
        return np.inf if self.best is None else max(0.0, self.upper - self.best.value)

    def result(self, *, proven: bool = False, tied: bool = False) -> Incumbent:
        assert self.best is not None
        top = self.best.value if proven else max(self.upper, self.best.value)
        return Incumbent(self.best.x, self.best.y, self.best.value, top, tied)


def floor_of(bound: float) -> float:
    """A bound on a whole number, rounded down to one."""
    return float(np.floor(bound + 1e-6 * max(1.0, abs(bound) * 1e-6)))
