"""Search everything that is still open to the end: afterwards value and bound are equal.

Ties of value are broken by people in the same search, where that is possible.
"""

from dataclasses import replace

import numpy as np
from scipy import sparse

from allocation.optimiser.integer import knapsack, mip
from allocation.optimiser.integer.core_search import Incumbent, Search, floor_of
from allocation.optimiser.integer.mip import Undecided
from allocation.optimiser.relaxation import highs
from allocation.optimiser.relaxation.program import Floats, Infeasible, Integers, LinearProgram

# Counts of awards pay in a long search of few options; in a large one they are a burden.
COUNTED_OPTIONS = 2_000


def finish(
    search: Search, options: Integers, most: Integers, nodes: int, *, long: bool = False
) -> Incumbent:
    """Search what is open to the end: afterwards value and bound are equal.

    A limit of nodes may end it before, with the gap that is left. A `long` search breaks ties by
    people, and counts awards.
    """
    assert search.best is not None
    x = search.held(options)
    left = search.program.rhs - search.program.usage(x)
    single = _single_limit(search, options, left)
    if single is not None:
        _knapsack(search, options, x, single, left)
        return search.result(proven=True, tied=search.second is not None)
    together = search.second is not None and long and bool(len(options))
    if not together and search.distance() < 0.5:
        return search.result(proven=True)
    program, factor, fewest = search.program, 1, 0.0
    if together:
        program, factor, fewest = _with_people(search, options, most, x)
    try:
        solved = mip.solve(
            program,
            options,
            left,
            backend=search.backend,
            upper=most,
            gap=0.49,
            nodes=nodes,
            proving=True,
            long=long,
            counted=long and len(options) <= COUNTED_OPTIONS,
            start=search.begun(options, most, x),
        )
    except Undecided:
        return search.result()
    except Infeasible:  # nothing is better than L
        return search.result(proven=True)
    fixed_value = float(search.program.cost @ x)
    x[options] = solved.x
    search.take(x, solved.y, ties=together)
    bound = floor_of(fixed_value + (solved.bound - fewest) / factor)
    search.upper = min(search.upper, max(bound, search.best.value))
    proven = solved.optimal and (long or bound <= search.best.value)
    return search.result(proven=proven, tied=together and solved.optimal)


def _with_people(
    search: Search, options: Integers, most: Integers, fixed: Floats
) -> tuple[LinearProgram, int, float]:
    """The program with worth x K + people as its objective, K just large enough.

    K passes the difference in people between any two solutions of at least the value L, so a
    step of value weighs more than all of them. Two small linear programs tell how many
    people such solutions have at most and at least.
    """
    assert search.best is not None
    assert search.second is not None
    second = search.second.astype(np.float64)
    inside = search.program.within(options, most, fixed)
    least = search.best.value - float(search.program.cost @ fixed)
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
        solved = highs.directly(people, seconds=search.backend.seconds)
        ends.append(sign * solved.value)
    factor = int(np.ceil(ends[0] - ends[1] + 1e-6)) + 1
    cost = search.program.cost * factor + second
    joined = replace(search.program, cost=cost, side_cost=search.program.side_cost * factor)
    return joined, factor, ends[1]


def _single_limit(search: Search, options: Integers, left: Floats) -> int | None:
    """The one limit that the core can break, when it suits dynamic programming."""
    program = search.program
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


def _knapsack(search: Search, options: Integers, x: Floats, row: int, left: Floats) -> None:
    program = search.program
    weight = np.asarray(program.rows[row, options].todense()).ravel().astype(np.int64)
    cost = np.rint(program.cost[options]).astype(np.int64)
    if search.second is not None:
        cost = cost * (int(search.second[options].sum()) + 1) + search.second[options]
    owner = np.unique(program.owner_of[options], return_inverse=True)[1]
    chosen = knapsack.solve(weight, cost, owner.astype(np.int64), int(left[row]))
    x[options] = chosen
    search.take(x, np.zeros(0), ties=True)
