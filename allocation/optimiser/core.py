"""The small program over a core of open options, modelled with PuLP.

All options outside the core are fixed by the caller, whose right-hand sides hold what is left.
One solver run: one thread, a fixed seed, a stated gap, and values read in this one place.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pulp
from numpy.typing import NDArray
from pulp.constants import LpSolveStatus

from .errors import StoppedEarly
from .program import UNLIMITED, Floats, Infeasible, Integers, Program

SOLVERS = ("highs", "cbc")


@dataclass(frozen=True)
class Box:
    """Prices may only lie between `low` and `high`: room is bought and sold at those."""

    low: Floats
    high: Floats


@dataclass
class Solved:
    """Values of the open options and of the sides; prices of a linear program; value and bound.

    `value` and `bound` count the core alone. `over` is by how much each row is exceeded (with a
    box). `optimal` is False when a limit on nodes stopped the search.
    """

    x: Floats
    y: Floats
    prices: Floats
    over: Floats
    value: float
    bound: float
    optimal: bool


class Undecided(Infeasible):
    """A limit on nodes ended the search before it found a solution."""


@dataclass(frozen=True)
class Backend:
    """Which solver, and how long it may take at most in one run."""

    solver: str = "highs"
    seconds: float | None = None

    def make(
        self, *, gap: float, nodes: int | None, proving: bool, target: float | None
    ) -> pulp.LpSolver:
        if self.solver == "cbc":
            return pulp.COIN_CMD(  # type: ignore[no-untyped-call]
                msg=False, threads=1, gapRel=0.0, gapAbs=gap or None, timeLimit=self.seconds
            )
        options: dict[str, Any] = {"random_seed": 0}
        if nodes is not None:
            options["mip_max_nodes"] = nodes
        if proving:  # a good solution is known already
            options["mip_heuristic_effort"] = 0.0
            options["mip_allow_restart"] = False
        if target is not None:
            options["objective_target"] = -target
        return pulp.HiGHS(
            msg=False, threads=1, gapRel=0.0, gapAbs=gap, timeLimit=self.seconds, **options
        )


def solve(
    program: Program,
    options: Integers,
    rhs: Floats,
    *,
    backend: Backend,
    box: Box | None = None,
    integer: bool = False,
    upper: Integers | None = None,
    gap: float = 0.0,
    nodes: int | None = None,
    proving: bool = False,
    target: float | None = None,
) -> Solved:
    """Solve the program over `options`, where `rhs` is left of every limit.

    Args:
        upper: most awards per open option; the size of its class where absent.
        gap: accepted absolute distance of value and bound.
        nodes: most nodes of the search tree; deterministic, unlike a limit of time.
        proving: a good solution is known, only the proof is wanted.
        target: worth that is good enough to stop at.

    Raises:
        Infeasible: what is fixed outside the core leaves no solution.
        Undecided: a limit on nodes came before any solution.
        StoppedEarly: the solver ran out of time or memory, or failed.
    """
    problem = pulp.LpProblem("core", pulp.LpMinimize)
    kind: Literal["Integer", "Continuous"] = "Integer" if integer else "Continuous"
    most = program.upper[options] if upper is None else upper
    columns = [
        problem.add_variable(f"award_{option}", 0, int(limit), kind)
        for option, limit in zip(options.tolist(), most.tolist(), strict=True)
    ]
    sides = [
        problem.add_variable(name, 0, None if limit >= UNLIMITED else limit)
        for name, limit in zip(program.side_names, program.side_upper.tolist(), strict=True)
    ]
    terms = list(zip(columns, (-program.cost[options]).tolist(), strict=True))
    terms += list(zip(sides, (-program.side_cost).tolist(), strict=True))
    used, box_terms = _rows(problem, program, options, rhs, columns, sides, box)
    if box is None and (rhs[~used] < -1e-9).any():
        raise Infeasible
    _class_rows(problem, program, options, columns)
    problem.setObjective(pulp.lpSum_vars_coefs([*terms, *box_terms]))
    if not columns and not sides:
        return _nothing(rhs, used, box)
    stats = problem.solve(backend.make(gap=gap, nodes=nodes, proving=proving, target=target))
    if not integer and stats.status not in (LpSolveStatus.Optimal, LpSolveStatus.TimeLimit):
        # Without presolve the simplex method may lose its way; presolve finds another one.
        stats = problem.solve(backend.make(gap=gap, nodes=nodes, proving=False, target=None))
    _refuse(stats)
    x = np.array([column.varValue or 0.0 for column in columns])
    y = np.array([side.varValue or 0.0 for side in sides])
    prices = np.zeros(len(rhs))
    if not integer:
        duals = [row.pi or 0.0 for row in problem.constraints()[: int(used.sum())]]
        prices[used] = np.maximum(0.0, -np.array(duals))
    if box is not None:
        prices = np.where(used, prices, box.low)
    else:
        x = np.rint(x) if integer else x
    over = program.rows[:, options] @ x + program.sides @ y - rhs
    value = float(program.cost[options] @ x + program.side_cost @ y)
    optimal = stats.status == LpSolveStatus.Optimal
    best = value if stats.best_bound is None else -stats.best_bound
    return Solved(x, y, prices, over, value, max(value, best), optimal)


def _rows(
    problem: pulp.LpProblem,
    program: Program,
    options: Integers,
    rhs: Floats,
    columns: list[Any],
    sides: list[Any],
    box: Box | None,
) -> tuple[NDArray[np.bool_], list[tuple[Any, float]]]:
    """Write every limit that has open columns; return which, and the box's terms of the cost."""
    rows = program.rows[:, options].tocsr()
    flows = program.sides.tocsr()
    used = (np.diff(rows.indptr) > 0) | (np.diff(flows.indptr) > 0)
    box_terms = []
    for row in np.flatnonzero(used).tolist():
        pairs: list[tuple[Any, float]] = []
        for matrix, variables in ((rows, columns), (flows, sides)):
            span = slice(matrix.indptr[row], matrix.indptr[row + 1])
            weights = matrix.data[span].tolist()
            places = matrix.indices[span].tolist()
            pairs += [(variables[p], float(w)) for p, w in zip(places, weights, strict=True)]
        name = program.names[row]
        if box is not None:
            bought = problem.add_variable(f"bought_{row}", 0)
            pairs.append((bought, -1.0))
            box_terms.append((bought, float(box.high[row])))
            if box.low[row] > 0:
                sold = problem.add_variable(f"sold_{row}", 0)
                pairs.append((sold, 1.0))
                box_terms.append((sold, -float(box.low[row])))
        problem.addConstraint(pulp.lpSum_vars_coefs(pairs) <= float(rhs[row]), name)
    return used, box_terms


def _class_rows(
    problem: pulp.LpProblem, program: Program, options: Integers, columns: list[Any]
) -> None:
    """No class gets more than its members may have, in all and per choice."""
    owners = program.option_class[options]
    for start, end in _spans(owners):
        owner = int(owners[start])
        size, total = int(program.size[owner]), int(program.total[owner])
        if program.choice is None:
            if end - start > 1:
                problem.addConstraint(
                    pulp.lpSum_vars(columns[start:end]) <= total, f"class:{owner}"
                )
            continue
        choices = program.choice[options[start:end]]
        for first, last in _spans(choices):
            if last - first > 1:
                together = pulp.lpSum_vars(columns[start + first : start + last])
                problem.addConstraint(together <= size, f"class:{owner}:choice:{choices[first]}")
        if len(np.unique(choices)) * size > total:
            problem.addConstraint(pulp.lpSum_vars(columns[start:end]) <= total, f"class:{owner}")


def _spans(codes: Integers) -> list[tuple[int, int]]:
    """Begin and end of each run of equal codes."""
    starts = np.flatnonzero(np.diff(codes, prepend=codes[:1] - 1))
    ends = [*starts[1:].tolist(), len(codes)] if len(codes) else []
    return list(zip(starts.tolist(), ends, strict=True))


def _refuse(stats: pulp.LpSolveStats) -> None:
    """Read the status once, honestly: a good solution of a stopped search is still feasible."""
    good = {LpSolveStatus.Optimal, LpSolveStatus.GapLimit, LpSolveStatus.NodeLimit}
    good.add(LpSolveStatus.SolutionLimit)
    if stats.status in good and stats.has_solution:
        return
    if stats.status in (LpSolveStatus.Infeasible, LpSolveStatus.Undefined):
        raise Infeasible
    if stats.status in good:
        raise Undecided
    reasons = {
        LpSolveStatus.TimeLimit: "time_limit",
        LpSolveStatus.MemoryLimit: "memory_limit",
        LpSolveStatus.Interrupted: "cancelled",
    }
    reason = reasons.get(stats.status, "solver_failed")
    raise StoppedEarly(reason, {"status": stats.status_str})


def _nothing(rhs: Floats, used: NDArray[np.bool_], box: Box | None) -> Solved:
    empty = np.zeros(0)
    prices = np.zeros(len(rhs)) if box is None else box.low.copy()
    return Solved(empty, empty, prices, np.where(used, 0.0, -rhs), 0.0, 0.0, True)
