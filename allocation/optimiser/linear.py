"""Linear programs solved by their prices: only nearly indifferent classes need a solver.

At good prices almost every class clearly prefers one option or none. Such classes are fixed at
their choice, a small program over the rest (the core) is solved, and its prices are tried on
everybody; classes that they would move join the core. As soon as the fixed choices and the core's
solution together are worth as much as the bound of the prices, both are optimal for the whole.
The core's prices may not leave a box around the best prices so far, so that they never run wild.

First prices come from an eighth of the classes with an eighth of the money (solved in the same
way, roughly), and are then improved limit by limit: an edition's price is what the first worker
without a seat would pay.
"""

from dataclasses import dataclass

import numpy as np

from . import core
from .core import Backend, Box
from .errors import StoppedEarly
from .program import Choice, Floats, Integers, Program, bound, choose

# Up to so many classes the solver gets the whole program, and more where nothing is left over.
TIGHT_CLASSES = 20_000
DIRECT_CLASSES = 2_500
CORE_CLASSES = 1_500
SAMPLE = 8
# Relative distance of bound and value at which a program counts as solved, and a sample.
ACCURACY = 1e-8
SAMPLE_ACCURACY = 1e-3
ROUNDS = 60
# A limit that concerns fewer options than this share is priced by sorting.
NARROW = 0.05


@dataclass
class Fluid:
    """A solved linear program: prices, fractions of awards, value and bound."""

    prices: Floats
    x: Floats
    y: Floats
    value: float
    bound: float


def solve(
    program: Program,
    backend: Backend,
    start: Floats | None = None,
    accuracy: float = ACCURACY,
    *,
    directly: int = DIRECT_CLASSES,
    rounds: int | None = None,
) -> Fluid:
    """Solve the program; `start` are prices of a similar program.

    Args:
        accuracy: relative distance of bound and value at which a large program counts as solved.
        directly: up to so many classes the solver gets the whole program.
        rounds: stop after so many cores with the best prices and bound so far; the result then
            has no amounts (`x` and `y` are empty) unless a core happened to prove them.

    Raises:
        Infeasible: no fractions of awards keep all limits.
        StoppedEarly: the solver failed or ran out of time.
    """
    if program.choice is not None or len(program.owners) <= directly:
        return _directly(program, backend)
    prices = _sampled(program, backend) if start is None else start
    return _sift(program, prices, backend, accuracy, rounds)


def _directly(program: Program, backend: Backend) -> Fluid:
    everything = np.arange(program.options_total)
    solved = core.solve(program, everything, program.rhs, backend=backend)
    top = solved.value
    if program.choice is None:
        top = max(top, bound(program, solved.prices, choose(program, solved.prices)))
    return Fluid(solved.prices, solved.x, solved.y, solved.value, top)


def _sampled(program: Program, backend: Backend) -> Floats:
    """Prices of a program with an eighth of the classes and of every right-hand side."""
    total = len(program.owners)
    rng = np.random.default_rng(total)
    taken = np.zeros(total, dtype=bool)
    taken[rng.choice(total, total // SAMPLE, replace=False)] = True
    share = float(program.weight[taken].sum() / program.weight.sum())
    part = program.part(taken[program.owner_of], share)
    if len(part.owners) <= DIRECT_CLASSES:
        return _roughly(part, backend)
    return _sift(part, _sampled(part, backend), backend, SAMPLE_ACCURACY).prices


def _roughly(program: Program, backend: Backend) -> Floats:
    """Prices of a small sample, whose limits may be passed at a high price: it may not fit."""
    unit, scale = _units(program)
    box = Box(np.zeros(len(scale)), 100.0 * unit * scale)
    everything = np.arange(program.options_total)
    return core.solve(program, everything, program.rhs, backend=backend, box=box).prices


def _units(program: Program) -> tuple[float, Floats]:
    """What an award is worth at most, and per row one over its largest coefficient."""
    largest = np.asarray(abs(program.rows).max(axis=1).todense()).ravel()
    worth = float(np.abs(program.cost).max(initial=0.0))
    if program.sides.shape[1]:
        heaviest = np.asarray(abs(program.sides).max(axis=0).todense()).ravel()
        side = np.where(heaviest > 0, program.side_cost / np.maximum(heaviest, 1e-12), 0.0)
        worth = max(worth, float(side.max(initial=0.0)))
    return worth or 1.0, 1.0 / np.where(largest > 0, largest, 1.0)


def _sift(
    program: Program,
    start: Floats,
    backend: Backend,
    accuracy: float,
    rounds: int | None = None,
) -> Fluid:
    prices = _improved(program, start, 6)
    prices = _improved(program, _levelled(program, prices), 4)
    choice = choose(program, prices)
    least = bound(program, prices, choice)
    unit, scale = _units(program)
    scale = unit * scale
    wrong = np.zeros(len(program.owners), dtype=bool)
    best = Fluid(prices, np.zeros(0), np.zeros(0), -np.inf, least)
    width, wanted = 0.1, CORE_CLASSES
    for _ in range(ROUNDS if rounds is None else rounds):
        cut = min(len(wrong), wanted) - 1
        open_ = (choice.margin <= np.partition(choice.margin, cut)[cut]) | wrong
        whole = bool(open_.all())
        fixed = np.where(open_, -1, choice.option)
        x = np.zeros(program.options_total)
        x[fixed[fixed >= 0]] = program.upper[fixed[fixed >= 0]]
        options = np.flatnonzero(open_[program.owner_of])
        room = width * prices + 0.05 * width * scale
        box = None if whole else Box(np.maximum(0.0, prices - room), prices + room)
        left = program.rhs - program.usage(x)
        solved = core.solve(program, options, left, backend=backend, box=box)
        x[options] = solved.x
        value = float(program.cost @ x + program.side_cost @ solved.y)
        kept = bool((solved.over <= 1e-6 * np.maximum(1.0, np.abs(program.rhs))).all())
        if kept and value > best.value:
            best.x, best.y, best.value = x, solved.y, value
        new, tried = solved.prices, choose(program, solved.prices)
        now = bound(program, new, tried)
        held = np.where(fixed >= 0, tried.reduced[np.maximum(fixed, 0)], 0.0)
        moved = ~open_ & (tried.best - held > 1e-9 * unit)
        if now - best.value > accuracy * abs(now):
            better = _improved(program, new, 3)
            again = choose(program, better)
            lower = bound(program, better, again)
            if lower < now:
                new, tried, now = better, again, lower
        gain = least - now
        few = int(moved.sum()) <= 2 * wanted
        if gain > 0:
            prices, choice, least = new, tried, now
            wrong = moved if few else np.zeros_like(wrong)
            width = min(1.0, 2.0 * width)
        else:
            wrong = wrong | moved if few else wrong
            width /= 3.0
            wanted = int(1.5 * wanted)
        best.prices, best.bound = prices, least
        rough = accuracy == SAMPLE_ACCURACY and 0 < gain <= accuracy * abs(least)
        if rough or whole or least - best.value <= accuracy * max(abs(least), 1e-9 * unit):
            return best
    if rounds is not None:
        return best
    raise StoppedEarly("solver_failed", {"where": "linear program", "rounds": ROUNDS})


def _improved(program: Program, prices: Floats, passes: int) -> Floats:
    """Move the price of every narrow limit towards what its first refused class would pay.

    For option o in limit i the class would pay (worth without the limit - worth of its best
    other option) / A[i, o]. Sorted from the highest, the price is that of the first class for
    whom no room is left; all limits move at once, and therefore only a part of the way.
    """
    by_row = program.rows.tocsr()
    length = np.diff(by_row.indptr)
    row = np.repeat(np.arange(len(length)), length)
    lowest = np.zeros(len(length))
    np.minimum.at(lowest, row, by_row.data)
    flows = np.diff(program.sides.tocsr().indptr) > 0
    narrow = (length > 0) & (length < NARROW * program.options_total) & (lowest >= 0) & ~flows
    inside = narrow[row]
    row, option, weight = row[inside], by_row.indices[inside], by_row.data[inside]
    demand = weight * program.upper[option]
    owner = program.owner_of[option]
    for _ in range(passes):
        choice = choose(program, prices)
        chosen = choice.option[owner] == option
        other = np.where(chosen, choice.best[owner] - choice.margin[owner], choice.best[owner])
        offer = (choice.reduced[option] + prices[row] * weight - other) / weight
        found = _clearing(row, offer, demand, program.rhs)
        prices = np.where(narrow, 0.4 * prices + 0.6 * found, prices)
    return prices


def _clearing(row: Integers, offer: Floats, demand: Floats, rhs: Floats) -> Floats:
    """Per row the first offer, from the highest, for which no room is left (0: room for all)."""
    positive = np.flatnonzero(offer > 0)
    order = positive[np.lexsort((-offer[positive], row[positive]))]
    row, offer = row[order], offer[order]
    filled = np.cumsum(demand[order])
    begin = np.searchsorted(row, row)
    filled -= np.where(begin > 0, filled[begin - 1], 0.0)
    full = np.flatnonzero(filled > rhs[row])[::-1]
    price = np.zeros(len(rhs))
    price[row[full]] = offer[full]
    return price


def _levelled(program: Program, prices: Floats) -> Floats:
    """Search for each wide limit that has a price the price at which it is just filled."""
    by_row = program.rows.tocsr()
    length = np.diff(by_row.indptr)
    flows = np.diff(program.sides.tocsr().indptr) > 0
    prices = prices.copy()
    wide = (length >= NARROW * program.options_total) & (prices > 0) & ~flows
    for row in np.flatnonzero(wide).tolist():
        low, high = 0.7 * prices[row], 1.3 * prices[row]
        for _ in range(6):
            prices[row] = (low + high) / 2
            used = by_row[row] @ _amounts(program, choose(program, prices))
            if used[0] > program.rhs[row]:
                low = prices[row]
            else:
                high = prices[row]
    return prices


def _amounts(program: Program, choice: Choice) -> Floats:
    return choice.amounts(program)
