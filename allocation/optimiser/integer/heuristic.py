"""From fractions to whole awards: an exact search among the classes that are nearly indifferent.

Large rounds stop as soon as value and bound are within the tolerance; small ones are solved to
gap 0. How a class is settled stands in core_search.py, how a search ends in exact.py.
"""

from dataclasses import replace

import numpy as np

from allocation.optimiser.backend import Backend
from allocation.optimiser.integer import exact as proof
from allocation.optimiser.integer import mip
from allocation.optimiser.integer.core_search import Incumbent, Search, floor_of
from allocation.optimiser.relaxation.program import Floats, Infeasible, Integers, LinearProgram
from allocation.optimiser.relaxation.sifting import Relaxation

# The cores that a large round tries: classes, moves, and classes again.
FIRST_CORE, SECOND_CORE, THIRD_CORE = 120, 200, 1_080
# A core of so many options is searched to the end even when the tolerance is met already.
EXACT_OPTIONS = 1_500
NODES = 200
FEW_NODES = 20
# Nodes after which a search for the last point ends with the gap that is left; a limit of time
# would end it elsewhere on another machine.
MOST_NODES = 4_000


class Tight(Exception):
    """What is kept is so tight that a small core holds no whole solution."""


def solve(
    program: LinearProgram,
    relaxation: Relaxation,
    *,
    backend: Backend,
    step: float,
    accepted: float,
    good: float,
    exact: bool,
    second: Integers | None = None,
    known: tuple[Integers, Floats] | None = None,
) -> Incumbent:
    """Find whole awards.

    Args:
        relaxation: the solved relaxation; its bound is U.
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
    search = Search(
        _in_steps(program, step), _relaxation_in_steps(relaxation, step), backend, second
    )
    if known is not None:
        search.take(known[0].astype(np.float64), known[1])
    if program.choice is not None:
        result = _everything(search)
    elif exact:
        result = _exactly(search)
    else:
        result = _nearly(search, accepted / step, good / step)
    result.value *= step
    result.bound *= step
    return result


def elastic(
    program: LinearProgram, relaxation: Relaxation, backend: Backend
) -> tuple[Integers, Floats]:
    """Whole awards near the prices for a program whose goals may be missed at a price.

    Returns awards per option, and the values of the sides.
    """
    search = Search(program, relaxation, backend, None)
    size = 2 * FIRST_CORE
    while True:
        options = search.nearest(size)
        fixed = search.fixed(options)
        try:
            solved = mip.solve(
                program,
                options,
                program.rhs - program.usage(fixed),
                backend=backend,
                gap=1e-5 * abs(relaxation.value),
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


def _in_steps(program: LinearProgram, step: float) -> LinearProgram:
    return replace(program, cost=program.cost / step, side_cost=program.side_cost / step)


def _relaxation_in_steps(relaxation: Relaxation, step: float) -> Relaxation:
    return Relaxation(
        relaxation.prices / step,
        relaxation.x,
        relaxation.y,
        relaxation.value / step,
        relaxation.bound / step,
    )


def open_options(
    program: LinearProgram, relaxation: Relaxation, value: float, step: float
) -> tuple[Integers, Integers, Floats]:
    """What a whole solution of at least this value may still choose.

    Returns the open options, how often each may be taken, and x of everything else. All is
    counted in steps of value: in cents, rounding would tell equals apart.
    """
    search = Search(
        _in_steps(program, step), _relaxation_in_steps(relaxation, step), Backend(), None
    )
    least = value / step - 0.5
    search.best = Incumbent(np.zeros(0, dtype=np.int64), np.zeros(0), least, search.upper)
    options, most = search.open()
    return options, most, search.held(options)


def _exactly(search: Search) -> Incumbent:
    """Try small cores until there is a solution, then search all that is open to the end."""
    wanted = FIRST_CORE
    while search.best is None:
        near = search.nearest(wanted)
        if len(near) == search.program.options_total:
            search.any_solution()
        else:
            search.try_core(near, 0.0, FEW_NODES)
        wanted *= 3
    return proof.finish(search, *search.open(), MOST_NODES, long=True)


def _nearly(search: Search, accepted: float, good: float) -> Incumbent:
    """Try one core after another; a few open options are searched to the end anyway."""
    for find, wanted, counted in (
        (search.nearest, FIRST_CORE, False),
        (search.cheapest, SECOND_CORE, True),
        (search.nearest, THIRD_CORE, False),
    ):
        near = find(wanted)
        if counted and len(near) > EXACT_OPTIONS:  # counts are a burden there
            continue
        search.try_core(near, good if search.best is None else 0.0, NODES, counted=counted)
        if search.best is None:
            continue
        options, most = search.open()
        if len(options) <= EXACT_OPTIONS:
            result = proof.finish(search, options, most, NODES)
            if result.bound - result.value <= accepted:
                return result
            return proof.finish(search, *search.open(), MOST_NODES, long=True)
        if search.distance() <= 0.5:
            return search.result()
        if len(near) == search.program.options_total:
            break
    if search.best is None:
        raise Tight
    if search.distance() <= accepted:
        return search.result()
    return proof.finish(search, *search.open(), MOST_NODES, long=True)


def _everything(search: Search) -> Incumbent:
    """No prices decide for a class: hand all options to the solver."""
    program, options = search.program, np.arange(search.program.options_total)
    start = search.begun(options, program.upper, np.zeros(len(options)))
    if search.best is not None and search.backend.over():
        return search.result()
    limits: tuple[int | None, ...] = (MOST_NODES, None)
    for nodes in (FEW_NODES, *limits) if search.backend.over() else limits:
        try:
            solved = mip.solve(
                program, options, program.rhs, backend=search.backend, nodes=nodes, start=start
            )
            break
        except mip.Undecided:
            if search.best is not None:
                return search.result()
    search.take(solved.x, solved.y)
    search.upper = min(search.upper, floor_of(solved.bound))
    return search.result(proven=solved.optimal)
