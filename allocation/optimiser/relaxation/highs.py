"""The linear program over some open classes, kept warm in HiGHS while more classes open.

    maximise    c x + d y - high bought + low sold
    such that   A x + B y - bought + sold <= rest of b          one row per limit
                awards of a class <= its members                one row per open class

Classes that are not open hold the option that they chose when the program was made, and what that
uses is taken off b. A class that opens keeps that use: its held option h enters as a column
released[h] = held[h] - x[h], so that every new column is 0 at the present solution. Nothing that
was reached is lost when classes open or the box moves, and the simplex method goes on from where
it stands.

`bought` and `sold` are room on a limit at the prices of a box; without a box there are none.
PuLP is the language of the whole awards (integer/mip.py); it cannot go on from a solved program,
which is what makes large rounds quick, so this file speaks to HiGHS in arrays.
"""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from allocation.optimiser.errors import StoppedEarly
from allocation.optimiser.relaxation.program import (
    UNLIMITED,
    Floats,
    Infeasible,
    Integers,
    LinearProgram,
)

_EMPTY = np.zeros(0, dtype=np.int32)
_DUAL, _PRIMAL = 1, 4
# Pivots per column and row after which a run counts as lost; a good one takes about one.
_PIVOTS = 5


class Lost(Exception):
    """The simplex method stopped without an optimum."""


@dataclass
class LpSolution:
    """Fractions of awards and sides, a price per limit, by how much each is passed, and worth."""

    x: Floats
    y: Floats
    prices: Floats
    over: Floats
    value: float


class HighsModel:
    """A linear program that grows.

    Args:
        held: per owner the option that its class holds while it is not open (-1: none).
        seconds: most seconds of one run; None for no limit.
        boxed: whether room can be bought and sold; `box` sets the prices.
    """

    def __init__(
        self, program: LinearProgram, held: Integers, *, seconds: float | None, boxed: bool
    ) -> None:
        self.program, self.held, self.boxed = program, held, boxed
        self.open: NDArray[np.bool_] = np.zeros(len(program.owners), dtype=bool)
        self.fixed = np.zeros(program.options_total)
        chosen = held[held >= 0]
        self.fixed[chosen] = program.upper[chosen]
        self.options: Integers = np.zeros(0, dtype=np.int64)  # open ones, in order of columns
        self.warm = False
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self.set(output_flag=False, presolve="off", threads=1, random_seed=0)
        if seconds is not None:
            self.set(time_limit=float(seconds))
        self._add_limits()

    def set(self, **options: Any) -> None:
        """Set options of HiGHS."""
        for name, value in options.items():
            self.highs.setOptionValue(name, value)

    def box(self, low: Floats, high: Floats) -> None:
        """Sell room at `low` and buy it at `high`, per limit."""
        first = self.program.sides.shape[1]
        where = np.arange(first, first + 2 * len(low), dtype=np.int32)
        self.highs.changeColsCost(len(where), where, np.concatenate([high, -low]))

    def reprice(self, program: LinearProgram) -> None:
        """Go on with the same program under another objective."""
        self.program = program
        sign = np.where(self.options == self.held[program.owner_of[self.options]], 1.0, -1.0)
        last = self.highs.getNumCol()
        where = np.arange(last - len(sign), last, dtype=np.int32)
        self.highs.changeColsCost(len(where), where, program.cost[self.options] * sign)

    def add(self, owners: "NDArray[np.bool_]") -> None:
        """Open more classes."""
        program = self.program
        owners = owners & ~self.open
        if not owners.any():
            return
        self.open |= owners
        new = np.flatnonzero(owners[program.owner_of])
        owner = program.owner_of[new]
        sign = np.where(new == self.held[owner], -1.0, 1.0)
        columns = program.rows[:, new].multiply(sign).tocsc()
        first = self.highs.getNumCol()
        self._add_columns(-program.cost[new] * sign, program.upper[new].astype(float), columns)
        self.options = np.concatenate([self.options, new])
        self._add_class_rows(new, owner, sign, np.arange(first, first + len(new), dtype=np.int32))

    def solve(self) -> LpSolution:
        """Solve, from where the last run ended.

        Raises:
            Infeasible: no fractions of awards keep all limits (without a box).
            Lost: the simplex method failed.
            StoppedEarly: out of time or memory.
        """
        size = self.highs.getNumCol() + self.highs.getNumRow()
        self.set(
            simplex_strategy=_PRIMAL if self.warm else _DUAL,
            simplex_iteration_limit=_PIVOTS * (1_000 + size),
        )
        self.highs.run()
        self._refuse()
        self.warm = True
        program, solution = self.program, self.highs.getSolution()
        column = np.array(solution.col_value)
        tail = column[len(column) - len(self.options) :]
        released = self.options == self.held[program.owner_of[self.options]]
        x = self.fixed.copy()
        x[self.options] = np.where(released, program.upper[self.options] - tail, tail)
        y = column[: program.sides.shape[1]]
        prices = np.maximum(0.0, -np.array(solution.row_dual)[: len(program.rhs)])
        over = program.usage(x) + program.sides @ y - program.rhs
        value = float(program.cost @ x + program.side_cost @ y)
        return LpSolution(x, y, prices, over, value)

    def _refuse(self) -> None:
        status, known = self.highs.getModelStatus(), highspy.HighsModelStatus
        if status == known.kOptimal:
            return
        if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
            raise Infeasible
        if status == known.kTimeLimit:
            raise StoppedEarly("time_limit", {"where": "linear program"})
        if status == known.kMemoryLimit:
            raise StoppedEarly("memory_limit", {"where": "linear program"})
        raise Lost(self.highs.modelStatusToString(status))

    def _add_limits(self) -> None:
        """Rows for the limits; columns for the sides and, with a box, for room."""
        program = self.program
        limits = len(program.rhs)
        left = program.rhs - program.usage(self.fixed)
        lower = np.full(limits, -highspy.kHighsInf)
        self.highs.addRows(limits, lower, left, 0, _EMPTY, _EMPTY, np.zeros(0))
        if len(program.side_cost):
            upper = np.where(program.side_upper >= UNLIMITED, np.inf, program.side_upper)
            self._add_columns(-program.side_cost, upper, program.sides)
        if self.boxed:
            zero, most = np.zeros(limits), np.full(limits, highspy.kHighsInf)
            row = np.arange(limits, dtype=np.int32)
            for sign in (-1.0, 1.0):
                weight = np.full(limits, sign)
                self.highs.addCols(limits, zero, zero, most, limits, row, row, weight)

    def _add_columns(self, cost: Floats, upper: Floats, columns: Any) -> None:
        total = len(cost)
        begin, inside = columns.indptr[:-1].astype(np.int32), columns.indices.astype(np.int32)
        weight = columns.data.astype(np.float64)
        self.highs.addCols(total, cost, np.zeros(total), upper, columns.nnz, begin, inside, weight)

    def _add_class_rows(
        self, new: Integers, owner: Integers, sign: Floats, column: "NDArray[np.int32]"
    ) -> None:
        """Awards of a class with several options stay within its members (per choice, too)."""
        program = self.program
        starts = _starts(owner)
        number = program.owners[owner[starts]]
        total = program.total[number].astype(float)
        length = np.diff(np.append(starts, len(owner)))
        if program.choice is None:
            held = np.add.reduceat(np.where(sign < 0, program.upper[new], 0), starts)
            needed = (length > 1) | (program.upper[new[starts]] > total)
            self._add_rows(starts, total - held, needed, column, sign)
            return
        self._add_rows(starts, total, length > 1, column, sign)
        choice = program.choice[new]
        inner = np.union1d(starts, _starts(choice))
        size = program.size[program.owners[owner[inner]]].astype(float)
        many = np.diff(np.append(inner, len(owner))) > 1
        self._add_rows(inner, size, many, column, sign)

    def _add_rows(
        self,
        starts: Integers,
        rhs: Floats,
        needed: "NDArray[np.bool_]",
        column: "NDArray[np.int32]",
        sign: Floats,
    ) -> None:
        length = np.diff(np.append(starts, len(column)))
        inside = np.repeat(needed, length)
        count = int(needed.sum())
        if not count:
            return
        begin = np.concatenate([[0], np.cumsum(length[needed])[:-1]]).astype(np.int32)
        lower = np.full(count, -highspy.kHighsInf)
        entries = int(inside.sum())
        self.highs.addRows(count, lower, rhs[needed], entries, begin, column[inside], sign[inside])


def _starts(codes: Integers) -> Integers:
    """Where each run of equal codes begins."""
    return np.flatnonzero(np.diff(codes, prepend=-1)).astype(np.int64)


def directly(program: LinearProgram, *, seconds: float | None) -> LpSolution:
    """Solve the whole program at once.

    Raises:
        Infeasible: no fractions of awards keep all limits.
        StoppedEarly: the solver failed or ran out of time.
    """
    nothing = np.full(len(program.owners), -1, dtype=np.int64)
    whole = HighsModel(program, nothing, seconds=seconds, boxed=False)
    whole.add(np.ones(len(program.owners), dtype=bool))
    if not whole.highs.getNumCol():
        if (program.rhs < -1e-9).any():
            raise Infeasible
        empty = np.zeros(0)
        return LpSolution(empty, empty, np.zeros(len(program.rhs)), -program.rhs, 0.0)
    # Where one way is lost another finds the end: the dual simplex method stumbles over the high
    # prices of goals that cannot be reached, and presolve finds another way in.
    for presolve, primal in (("off", False), ("off", True), ("on", False)):
        whole.highs.clearSolver()
        whole.set(presolve=presolve)
        whole.warm = primal
        try:
            return whole.solve()
        except Lost as error:
            lost = error
    progress: dict[str, object] = {"where": "linear program", "status": str(lost)}
    raise StoppedEarly("solver_failed", progress) from lost
