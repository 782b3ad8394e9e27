"""The search for whole awards over a core of open options, modelled with PuLP.

All options outside the core are fixed by the caller, whose right-hand sides hold what is left.
One solver run: one thread, a fixed seed, a stated gap, and values read in this one place.
"""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pulp
from pulp.constants import LpSolveStatus

from allocation.optimiser.backend import Backend
from allocation.optimiser.errors import StoppedEarly
from allocation.optimiser.relaxation.program import (
    UNLIMITED,
    Floats,
    Infeasible,
    Integers,
    LinearProgram,
)


@dataclass
class MipSolution:
    """Whole awards per open option, values of the sides; worth and bound of the core alone.

    `optimal` is False when a limit on nodes stopped the search.
    """

    x: Floats
    y: Floats
    value: float
    bound: float
    optimal: bool


class Undecided(Infeasible):
    """A limit on nodes, or on time, ended the search before it found a solution."""


def solve(
    program: LinearProgram,
    options: Integers,
    rhs: Floats,
    *,
    backend: Backend,
    upper: Integers | None = None,
    gap: float = 0.0,
    nodes: int | None = None,
    proving: bool = False,
    long: bool = False,
    target: float | None = None,
    counted: bool = False,
    start: tuple[Floats, Floats] | None = None,
) -> MipSolution:
    """Solve the program over `options` in whole awards, where `rhs` is left of every limit.

    Args:
        upper: most awards per open option; the size of its class where absent.
        gap: accepted absolute distance of value and bound.
        nodes: most nodes of the search tree; deterministic, unlike a limit of time.
        proving: a good solution is known, only the proof is wanted.
        long: the search may start again, which helps a long proof and is a waste in a short one.
        target: worth that is good enough to stop at.
        counted: in every limit the awards of one weight (one price, one place) are counted in a
            column of their own. One more or one less of a price settles much more than one
            person does, so a long search is shorter by it.
        start: awards per open option and values of the sides that keep every limit. The search
            need only look for better ones.

    Raises:
        Infeasible: what is fixed outside the core leaves no solution.
        Undecided: a limit on nodes, or of time beside one, came before any solution.
        StoppedEarly: the solver ran out of time without a solution or of memory, or failed.
    """
    if proving and backend.over():
        raise Undecided
    problem = pulp.LpProblem("core", pulp.LpMinimize)
    most = program.upper[options] if upper is None else upper
    columns = [
        problem.add_variable(f"award_{option}", 0, int(limit), "Integer")
        for option, limit in zip(options.tolist(), most.tolist(), strict=True)
    ]
    sides = [
        problem.add_variable(name, 0, None if limit >= UNLIMITED else limit)
        for name, limit in zip(program.side_names, program.side_upper.tolist(), strict=True)
    ]
    counts = _Counts(problem, counted)
    if not _limit_rows(problem, program, options, rhs, columns, sides, counts):
        raise Infeasible
    if not columns and not sides:
        return MipSolution(np.zeros(0), np.zeros(0), 0.0, 0.0, True)
    _class_rows(problem, program, options, columns)
    terms = list(zip(columns, (-program.cost[options]).tolist(), strict=True))
    terms += list(zip(sides, (-program.side_cost).tolist(), strict=True))
    problem.setObjective(pulp.lpSum_vars_coefs(terms))
    if start is not None:
        for column, known in zip([*columns, *sides], np.concatenate(start).tolist(), strict=True):
            column.setInitialValue(max(known, 0.0), check=False)
        counts.start()
    for started, presolved in ((start is not None, True), (False, True), (False, False)):
        solver = backend.make(
            gap=gap,
            nodes=nodes,
            proving=proving,
            long=long or nodes is None,
            target=target,
            counted=counted,
            started=started,
            presolved=presolved,
        )
        stats = problem.solve(solver)
        _refuse(stats, problem, limited=proving or nodes is not None)
        x = np.rint(np.array([column.varValue or 0.0 for column in columns]))
        y = np.array([side.varValue or 0.0 for side in sides])
        value = float(program.cost[options] @ x + program.side_cost @ y)
        optimal = stats.status == LpSolveStatus.Optimal
        unknown = value if optimal else np.inf
        best = unknown if stats.best_bound is None else -stats.best_bound
        solved = MipSolution(x, y, value, max(value, best), optimal)
        # HiGHS may lose its best solution when it undoes the presolve, and hand out another one.
        if not solved.optimal or target is not None or best - value <= gap + _rounding(best):
            return solved
    raise StoppedEarly("solver_failed", {"value": value, "bound": best})


def _rounding(bound: float) -> float:
    """What a double's rounding may add to a bound."""
    return 1e-3 + 1e-7 * abs(bound)


def _limit_rows(
    problem: pulp.LpProblem,
    program: LinearProgram,
    options: Integers,
    rhs: Floats,
    columns: list[Any],
    sides: list[Any],
    counts: "_Counts",
) -> bool:
    """Write every limit that has open columns; False when one without any is passed already."""
    rows = program.rows[:, options].tocsr()
    flows = program.sides.tocsr()
    used = (np.diff(rows.indptr) > 0) | (np.diff(flows.indptr) > 0)
    for row in np.flatnonzero(used).tolist():
        pairs: list[tuple[Any, float]] = []
        for matrix, variables in ((rows, columns), (flows, sides)):
            span = slice(matrix.indptr[row], matrix.indptr[row + 1])
            weights = matrix.data[span].tolist()
            places = matrix.indices[span].tolist()
            terms = [(variables[p], float(w)) for p, w in zip(places, weights, strict=True)]
            pairs += counts.of(terms) if variables is columns else terms
        left = pulp.lpSum_vars_coefs(pairs)
        problem.addConstraint(left <= float(rhs[row]), program.names[row])
    return not bool((rhs[~used] < -1e-9).any())


class _Counts:
    """Columns that count the awards of one weight in a limit; limits with the same share them."""

    def __init__(self, problem: pulp.LpProblem, wanted: bool) -> None:
        self.problem, self.wanted = problem, wanted
        self.known: dict[tuple[str, ...], Any] = {}
        self.parts: list[tuple[Any, list[Any]]] = []

    def of(self, terms: list[tuple[Any, float]]) -> list[tuple[Any, float]]:
        """The same sum, with one column for all awards of the same weight."""
        if not self.wanted:
            return terms
        alike: dict[float, list[Any]] = {}
        for column, weight in terms:
            alike.setdefault(weight, []).append(column)
        return [
            (columns[0] if len(columns) == 1 else self._count(columns), weight)
            for weight, columns in alike.items()
        ]

    def _count(self, columns: list[Any]) -> Any:
        key = tuple(column.name for column in columns)
        if key not in self.known:
            name = f"count_{len(self.known)}"
            most = sum(column.upBound for column in columns)
            self.known[key] = self.problem.add_variable(name, 0, most, "Integer")
            self.parts.append((self.known[key], columns))
            terms = [(column, 1.0) for column in columns] + [(self.known[key], -1.0)]
            self.problem.addConstraint(pulp.lpSum_vars_coefs(terms) == 0, name)
        return self.known[key]

    def start(self) -> None:
        """Count what the columns start with."""
        for count, columns in self.parts:
            count.setInitialValue(sum(column.varValue for column in columns))


def _class_rows(
    problem: pulp.LpProblem, program: LinearProgram, options: Integers, columns: list[Any]
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


def _refuse(stats: pulp.LpSolveStats, problem: pulp.LpProblem, *, limited: bool) -> None:
    """Read the status once, honestly: a good solution of a stopped search is still feasible."""
    good = {LpSolveStatus.Optimal, LpSolveStatus.GapLimit, LpSolveStatus.NodeLimit}
    good.add(LpSolveStatus.SolutionLimit)
    if stats.has_solution or limited:  # time only says how good it is known to be
        good.add(LpSolveStatus.TimeLimit)
    if stats.status in good and stats.has_solution:
        return
    if stats.status == LpSolveStatus.Infeasible or _unbounded_or_infeasible(problem, stats):
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


def _unbounded_or_infeasible(problem: pulp.LpProblem, stats: pulp.LpSolveStats) -> bool:
    """PuLP says "undefined" of this and of a failure; no core is unbounded."""
    if stats.status != LpSolveStatus.Undefined:
        return False
    highs = getattr(problem, "solverModel", None)
    if highs is None:
        return True
    status = highs.getModelStatus()
    return bool(status == highspy.HighsModelStatus.kUnboundedOrInfeasible)
