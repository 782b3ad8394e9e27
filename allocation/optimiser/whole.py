"""From fractions to whole awards: an exact search among the classes that are nearly indifferent.

Let U be the bound of the prices and L the value of some whole solution. A class that loses
`loss` by an option against its choice cannot take it more than (U - L) / loss times in any
solution better than L: so it is fixed, exactly and not by guess, when loss > U - L. What remains
open is the core, and the core's optimum is the optimum. A first L comes from a small core.

Large rounds stop as soon as L is within the tolerance of U; small ones are solved to gap 0.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from . import core, knapsack, simplex
from .core import Backend, Undecided
from .errors import StoppedEarly
from .linear import Fluid
from .program import Choice, Floats, Infeasible, Integers, Program, choose

FIRST_CORE = 120
# A core of so many options is searched to the end even when the tolerance is met already.
EXACT_OPTIONS = 1_500
# Classes in the cores that a large round tries.
CORES = (120, 1_080)
NODES = 200
FEW_NODES = 20


class Tight(Exception):
    """What is kept is so tight that a small core holds no whole solution."""


@dataclass
class Whole:
    """Whole awards per option (with the values of the sides), their value, and its bound."""

    x: Integers
    y: Floats
    value: float
    bound: float
    tied: bool = False  # people were counted in the same search, and are as many as can be


def solve(
    program: Program,
    fluid: Fluid,
    *,
    backend: Backend,
    step: float,
    accepted: float,
    good: float,
    exact: bool,
    second: Integers | None = None,
    known: tuple[Integers, Floats] | None = None,
) -> Whole:
    """Find whole awards.

    Args:
        fluid: the solved relaxation; its bound is U.
        step: values move in such steps, so the bound is rounded down to one.
        accepted: distance of value and bound that a large round may have in the end.
        good: distance at which a large round stops searching for more.
        exact: go on until the optimum is proven, whatever it takes.
        second: whole numbers per option that break ties of value (people), where possible.
        known: a whole solution (awards, and values of the sides) that keeps all limits.

    Raises:
        Infeasible: no whole awards keep all limits.
        Tight: a large round has no whole solution near the prices.
        StoppedEarly: out of time, or the accepted distance was not reached.
    """
    search = _Search(_in_steps(program, step), _fluid_in_steps(fluid, step), backend, second)
    if known is not None:
        search.take(known[0].astype(np.float64), known[1])
    result = (
        search.everything()
        if program.choice is not None
        else search.run(accepted / step, good / step, exact)
    )
    result.value *= step
    result.bound *= step
    return result


def softly(program: Program, fluid: Fluid, backend: Backend) -> tuple[Integers, Floats]:
    """Whole awards near the prices for a program whose goals may be missed at a price.

    Returns awards per option, and the values of the sides.
    """
    search = _Search(program, fluid, backend, None)
    size = 2 * FIRST_CORE
    while True:
        options = search._nearest(size)
        fixed = search._fixed(options)
        try:
            solved = core.solve(
                program,
                options,
                program.rhs - program.usage(fixed),
                backend=backend,
                integer=True,
                gap=1e-5 * abs(fluid.value),
                nodes=FEW_NODES,
            )
            break
        except Infeasible:
            # What is fixed outside the core overfills a limit: open more of it.
            if len(options) == program.options_total:
                raise
            size *= 2
    fixed[options] = solved.x
    return np.rint(fixed).astype(np.int64), solved.y


def _in_steps(program: Program, step: float) -> Program:
    return replace(program, cost=program.cost / step, side_cost=program.side_cost / step)


def _fluid_in_steps(fluid: Fluid, step: float) -> Fluid:
    return Fluid(fluid.prices / step, fluid.x, fluid.y, fluid.value / step, fluid.bound / step)


def open_options(program: Program, fluid: Fluid, value: float) -> tuple[Integers, Integers, Floats]:
    """What a whole solution of at least this value may still choose.

    Returns the open options, how often each may be taken, and x of everything else.
    """
    search = _Search(program, fluid, Backend(), None)
    search.best = Whole(np.zeros(0, dtype=np.int64), np.zeros(0), value - 0.5, search.upper)
    options, most = search._open()
    return options, most, search._fixed(options)


class _Search:
    """One search; worth is counted in steps, so it is whole."""

    def __init__(
        self, program: Program, fluid: Fluid, backend: Backend, second: Integers | None
    ) -> None:
        self.program, self.fluid, self.backend, self.second = program, fluid, backend, second
        self.choice: Choice = choose(program, fluid.prices)
        loss = self.choice.best[program.owner_of] - self.choice.reduced
        self.loss: Floats = np.maximum(loss, 0.0)
        self.upper = _floor(fluid.bound)
        self.best: Whole | None = None

    def run(self, accepted: float, good: float, exact: bool) -> Whole:
        return self._exactly() if exact else self._nearly(accepted, good)

    def _exactly(self) -> Whole:
        """Try small cores until there is a solution, then search all that is open to the end."""
        wanted = FIRST_CORE
        while self.best is None:
            near = self._nearest(wanted)
            self._try(near, 0.0, FEW_NODES)
            if self.best is None and len(near) == self.program.options_total:
                self._any()
            wanted *= 3
        return self._finish(*self._open(), None)

    def _nearly(self, accepted: float, good: float) -> Whole:
        """Try larger and larger cores; a few open options are searched to the end anyway."""
        for wanted in CORES:
            near = self._nearest(wanted)
            self._try(near, good, NODES)
            if self.best is None:
                continue
            options, most = self._open()
            if len(options) <= EXACT_OPTIONS:
                result = self._finish(options, most, NODES)
                if result.bound - result.value <= accepted:
                    return result
                return self._finish(*self._open(), None)  # more time proves what nodes left open
            if self._distance() <= max(good, 0.5):
                return self._result()
            if len(near) == self.program.options_total:
                break
        if self.best is None:
            raise Tight
        if self._distance() <= accepted:
            return self._result()
        return self._finish(*self._open(), None)

    def everything(self) -> Whole:
        """No prices decide for a class: hand all options to the solver."""
        options = np.arange(self.program.options_total)
        solved = core.solve(
            self.program, options, self.program.rhs, backend=self.backend, integer=True
        )
        x = solved.x.astype(np.int64)
        top = min(self.upper, _floor(solved.bound))
        return Whole(x, solved.y, solved.value, max(top, solved.value))

    def _open(self) -> tuple[Integers, Integers]:
        """Options that a solution better than L may use, and how often."""
        value = -np.inf if self.best is None else self.best.value
        # Losses count from the bound itself, not from the bound rounded down. A better solution
        # is so by a step; where people break ties, an equal one counts too.
        slack = max(self.fluid.bound - value, 0.0) - (0.5 if self.second is None else -1e-6)
        upper = self.program.upper.astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            times = np.where(self.loss > 0, np.floor(slack / self.loss + 1e-6), upper)
        most = np.clip(np.minimum(times, upper), 0, None)
        settled = self._settled(slack)
        keep = (most > 0) & ~settled[self.program.owner_of]
        options = np.flatnonzero(keep)
        return options, most[options].astype(np.int64)

    def _settled(self, slack: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
        """Classes that no better solution moves away from their choice."""
        return np.asarray(self.choice.margin > max(slack, 0.0) + 1e-6)

    def _nearest(self, wanted: int) -> Integers:
        """Options of the most nearly indifferent classes, and of all that the relaxation splits."""
        margin = self.choice.margin
        open_ = np.zeros(len(margin), dtype=bool)
        open_[np.argsort(margin, kind="stable")[:wanted]] = True
        split = np.flatnonzero(np.abs(self.fluid.x - np.rint(self.fluid.x)) > 1e-6)
        open_[self.program.owner_of[split]] = True
        return np.flatnonzero(open_[self.program.owner_of])

    def _fixed(self, options: Integers) -> Floats:
        """x of the classes that have no option in the core, as in the relaxation.

        A class that prefers one option has it there; among classes that are indifferent the
        relaxation has found who fits together, so that the core is left at least its own room.
        """
        open_ = np.zeros(len(self.program.owners), dtype=bool)
        open_[self.program.owner_of[options]] = True
        x = np.where(open_[self.program.owner_of], 0.0, np.rint(self.fluid.x))
        return np.asarray(x, dtype=np.float64)

    def _try(self, options: Integers, good: float, nodes: int) -> None:
        """One search in a small core; a limit on nodes keeps it short and repeatable.

        A solution that is as good as the bound of everybody ends it.
        """
        x = self._fixed(options)
        left = self.program.rhs - self.program.usage(x)
        fixed_value = float(self.program.cost @ x)
        try:
            solved = core.solve(
                self.program,
                options,
                left,
                backend=self.backend,
                integer=True,
                gap=max(good / 2, 0.5),
                nodes=nodes,
                target=self.upper - fixed_value - good,
            )
        except Infeasible:
            return
        x[options] = solved.x
        self.take(x, solved.y)

    def _any(self) -> None:
        """Nothing was found although everything is open: search until there is a solution.

        Raises:
            Infeasible: there is none.
        """
        options = np.arange(self.program.options_total)
        solved = core.solve(
            self.program, options, self.program.rhs, backend=self.backend, integer=True, gap=0.49
        )
        self.take(solved.x, solved.y)
        if self.best is None:
            raise StoppedEarly("solver_failed", {"where": "rounding"})

    def _finish(self, options: Integers, most: Integers, nodes: int | None) -> Whole:
        """Search what is open to the end: afterwards value and bound are equal."""
        assert self.best is not None
        x = self._fixed(options)
        left = self.program.rhs - self.program.usage(x)
        single = self._single_limit(options, left)
        if single is not None:
            self._knapsack(options, x, single, left)
            return self._result(proven=True, tied=self.second is not None)
        together = self.second is not None and nodes is None and bool(len(options))
        if not together and self._distance() < 0.5:
            return self._result(proven=True)
        program, factor, fewest = self.program, 1, 0.0
        if together:
            program, factor, fewest = self._with_people(options, most, x)
        try:
            solved = core.solve(
                program,
                options,
                left,
                backend=self.backend,
                integer=True,
                upper=most,
                gap=0.49,
                nodes=nodes,
                proving=True,
            )
        except Undecided:
            return self._result()
        except Infeasible:  # nothing is better than L
            return self._result(proven=True)
        fixed_value = float(self.program.cost @ x)
        x[options] = solved.x
        self.take(x, solved.y, ties=together)
        bound = _floor(fixed_value + (solved.bound - fewest) / factor)
        self.upper = min(self.upper, max(bound, self.best.value))
        proven = solved.optimal and (nodes is None or bound <= self.best.value)
        return self._result(proven=proven, tied=together and solved.optimal)

    def _with_people(
        self, options: Integers, most: Integers, fixed: Floats
    ) -> tuple[Program, int, float]:
        """The program with worth x K + people as its objective, K just large enough.

        K passes the difference in people between any two solutions of at least the value L, so a
        step of value weighs more than all of them. Two small linear programs tell how many
        people such solutions have at most and at least.
        """
        assert self.best is not None
        assert self.second is not None
        second = self.second.astype(np.float64)
        inside = self.program.within(options, most, fixed)
        least = self.best.value - float(self.program.cost @ fixed)
        valued = sparse.vstack([inside.rows, sparse.csr_matrix(-inside.cost)]).tocsc()
        sides = sparse.vstack([inside.sides, sparse.csr_matrix(-inside.side_cost)]).tocsc()
        ends = []
        for sign in (1.0, -1.0):
            people = replace(
                inside,
                cost=sign * second[options],
                side_cost=np.zeros(len(inside.side_cost)),
                rows=valued,
                sides=sides,
                rhs=np.append(inside.rhs, -least + 1e-6),
                names=[*inside.names, "value"],
            )
            solved = simplex.directly(people, seconds=self.backend.seconds)
            ends.append(sign * solved.value)
        factor = int(np.ceil(ends[0] - ends[1] + 1e-6)) + 1
        cost = self.program.cost * factor + second
        joined = replace(self.program, cost=cost, side_cost=self.program.side_cost * factor)
        return joined, factor, ends[1]

    def _single_limit(self, options: Integers, left: Floats) -> int | None:
        """The one limit that the core can break, when it suits dynamic programming."""
        program = self.program
        if program.sides.shape[1] or not len(options) or (program.upper[options] > 1).any():
            return None
        rows = program.rows[:, options].tocsr()
        demand = np.asarray(rows.maximum(0).sum(axis=1)).ravel()
        tight = np.flatnonzero(demand > left + 1e-9)
        if len(tight) != 1:
            return None
        row = rows[int(tight[0])]
        if len(row.data) and row.data.min() < 0:
            return None
        return int(tight[0]) if knapsack.fits(len(options), int(left[tight[0]])) else None

    def _knapsack(self, options: Integers, x: Floats, row: int, left: Floats) -> None:
        program = self.program
        weight = np.asarray(program.rows[row, options].todense()).ravel().astype(np.int64)
        cost = np.rint(program.cost[options]).astype(np.int64)
        if self.second is not None:
            cost = cost * (int(self.second[options].sum()) + 1) + self.second[options]
        owner = np.unique(program.owner_of[options], return_inverse=True)[1]
        chosen = knapsack.solve(weight, cost, owner.astype(np.int64), int(left[row]))
        x[options] = chosen
        self.take(x, np.zeros(0), ties=True)

    def take(self, x: Floats, y: Floats, *, ties: bool = False) -> None:
        """Keep a solution when it is whole, keeps every limit, and is better."""
        program = self.program
        over = program.usage(x) + program.sides @ y - program.rhs
        if (over > 1e-6 * np.maximum(1.0, np.abs(program.rhs))).any():
            return
        value = float(program.cost @ x + program.side_cost @ y)
        least = -np.inf if self.best is None else self.best.value
        if value > least + 1e-6 or (ties and value >= least - 1e-6):
            self.best = Whole(np.rint(x).astype(np.int64), y, value, self.upper)

    def _distance(self) -> float:
        return np.inf if self.best is None else max(0.0, self.upper - self.best.value)

    def _result(self, *, proven: bool = False, tied: bool = False) -> Whole:
        assert self.best is not None
        top = self.best.value if proven else max(self.upper, self.best.value)
        return Whole(self.best.x, self.best.y, self.best.value, top, tied)


def _floor(bound: float) -> float:
    """A bound on a whole number, rounded down to one."""
    return float(np.floor(bound + 1e-6 * max(1.0, abs(bound) * 1e-6)))
