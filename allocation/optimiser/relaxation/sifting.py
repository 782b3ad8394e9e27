"""Linear programs solved by their prices: only nearly indifferent classes need a solver.

At good prices almost every class clearly prefers one option or none. Such classes hold their
choice, a small program over the rest (the core) is solved, and its prices are tried on everybody;
classes that they would move join the core, where the simplex method goes on. As soon as the held
choices and the core's solution together are worth as much as the bound of the prices, both are
optimal for the whole. The core's prices may not leave a box around the best prices so far, so
that they never run wild.

First prices come from an eighth of the classes, for whom everything is as scarce as for all
(solved in the same way, roughly), and are then improved limit by limit: an edition's price is what
the first worker without a seat would pay.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocation.optimiser.backend import Backend
from allocation.optimiser.relaxation import highs
from allocation.optimiser.relaxation.highs import HighsModel, Lost
from allocation.optimiser.relaxation.program import (
    Choice,
    Floats,
    Integers,
    LinearProgram,
    bound,
    choose,
)

# Up to so many classes the solver gets the whole program.
DIRECT_CLASSES = 8_000
# The first core: so many classes, or one in so many. In the end about one in eight is open.
CORE_CLASSES, CORE_SHARE = 1_500, 16
SAMPLE = 8
# Relative distance of bound and value at which a program counts as solved, and a sample.
ACCURACY = 1e-9
TIES_ACCURACY = 1e-6
SAMPLE_ACCURACY = 1e-4
# How far, relatively, the core's first prices may be from the first prices of all.
FIRST_WIDTH = 0.03
ROUNDS = 120
# A limit that concerns fewer options than this share is priced by sorting.
NARROW = 0.05
_GOLDEN = (5**0.5 - 1) / 2
_GOLDEN_STEPS = 18


@dataclass
class Relaxation:
    """A solved linear program: prices, fractions of awards, value and bound.

    `told` are prices with the ties broken, where they were.
    """

    prices: Floats
    x: Floats
    y: Floats
    value: float
    bound: float
    perturbed: Floats | None = None


def solve(
    program: LinearProgram,
    backend: Backend,
    *,
    start: Floats | None = None,
    along: Floats | None = None,
    ties: Floats | None = None,
) -> Relaxation:
    """Solve the program.

    Args:
        start: prices of a similar program.
        along: prices of another objective; as much of them is added to `start` as helps.
        ties: small worth per option that tells equals apart at first, in a large program. Where
            everybody in a group is worth the same, prices settle nothing and the simplex method
            crawls; it is quick with the ties broken, and from there to the true worth as well.

    Raises:
        Infeasible: no fractions of awards keep all limits.
        StoppedEarly: the solver failed or ran out of time.
    """
    if program.choice is not None or len(program.owners) <= DIRECT_CLASSES:
        return _directly(program, backend)
    perturbed = program if ties is None else replace(program, cost=program.cost + ties)
    prices = _sampled(perturbed, backend) if start is None else start
    if along is not None:
        prices = best_along(perturbed, prices, along)
    prices = min(prices, _improved_twice(perturbed, prices), key=lambda p: _bound(perturbed, p))
    found = _Sifting(perturbed, prices, backend)
    try:
        if ties is None:
            return found.run(ACCURACY)
        near = found.run(TIES_ACCURACY).prices
        found.reprice(program)
        return replace(found.run(ACCURACY), perturbed=near)
    except Lost:
        return _directly(program, backend)


def best_along(program: LinearProgram, own: Floats, along: Floats) -> Floats:
    """own + k along, with the k (0, or from 10^-7 to 10^7) whose bound is the lowest.

    The bound is convex in k, so golden section over its logarithm finds it.
    """

    def at(power: float) -> tuple[float, Floats]:
        prices = own + 10.0**power * along
        return _bound(program, prices), prices

    low, high = -7.0, 7.0
    inner, outer = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    first, second = at(inner), at(outer)
    for _ in range(_GOLDEN_STEPS):
        if first[0] <= second[0]:
            high, outer, second = outer, inner, first
            inner = high - _GOLDEN * (high - low)
            first = at(inner)
        else:
            low, inner, first = inner, outer, second
            outer = low + _GOLDEN * (high - low)
            second = at(outer)
    nothing = _bound(program, own), own
    return min(first, second, nothing, key=lambda pair: pair[0])[1]


def _bound(program: LinearProgram, prices: Floats) -> float:
    return bound(program, prices, choose(program, prices))


def _directly(program: LinearProgram, backend: Backend) -> Relaxation:
    solved = highs.directly(program, seconds=backend.seconds)
    top = solved.value
    if program.choice is None:
        top = max(top, _bound(program, solved.prices))
    return Relaxation(solved.prices, solved.x, solved.y, solved.value, top)


def _sampled(program: LinearProgram, backend: Backend) -> Floats:
    """Prices of a program with an eighth of the classes."""
    total = len(program.owners)
    rng = np.random.default_rng(total)
    taken = np.zeros(total, dtype=bool)
    taken[rng.choice(total, total // SAMPLE, replace=False)] = True
    share = float(program.weight[taken].sum() / program.weight.sum())
    part = program.part(taken[program.owner_of], share)
    if len(part.owners) <= DIRECT_CLASSES:
        return _roughly(part, backend)
    try:
        prices = _improved_twice(part, _sampled(part, backend))
        return _Sifting(part, prices, backend).run(SAMPLE_ACCURACY).prices
    except Lost:
        return _roughly(part, backend)


def _roughly(program: LinearProgram, backend: Backend) -> Floats:
    """Prices of a small sample, whose limits may be passed at a high price: it may not fit."""
    unit, scale = units(program)
    nothing = np.full(len(program.owners), -1, dtype=np.int64)
    sample = HighsModel(program, nothing, seconds=backend.seconds, boxed=True)
    sample.box(np.zeros(len(scale)), 100.0 * unit * scale)
    sample.add(np.ones(len(program.owners), dtype=bool))
    try:
        return sample.solve().prices
    except Lost:
        return np.zeros(len(scale))


def units(program: LinearProgram) -> tuple[float, Floats]:
    """What an award is worth at most, and per row one over its largest coefficient."""
    largest = np.asarray(abs(program.rows).max(axis=1).todense()).ravel()
    worth = float(np.abs(program.cost).max(initial=0.0))
    if program.sides.shape[1]:
        heaviest = np.asarray(abs(program.sides).max(axis=0).todense()).ravel()
        side = np.where(heaviest > 0, program.side_cost / np.maximum(heaviest, 1e-12), 0.0)
        worth = max(worth, float(side.max(initial=0.0)))
    return worth or 1.0, 1.0 / np.where(largest > 0, largest, 1.0)


class _Sifting:
    """One program whose core grows until value and bound meet."""

    def __init__(self, program: LinearProgram, prices: Floats, backend: Backend) -> None:
        self.program = program
        self.choice = choose(program, prices)
        self.unit, self.scale = units(program)
        least = bound(program, prices, self.choice)
        self.best = Relaxation(prices, np.zeros(0), np.zeros(0), -np.inf, least)
        self.core = HighsModel(program, self.choice.option, seconds=backend.seconds, boxed=True)
        margin = self.choice.margin
        self.step = max(CORE_CLASSES, len(margin) // CORE_SHARE)
        cut = min(len(margin), self.step) - 1
        self.core.add(margin <= np.partition(margin, cut)[cut])
        self.width = FIRST_WIDTH

    def reprice(self, program: LinearProgram) -> None:
        """Go on with another objective."""
        self.program, best = program, self.best
        self.core.reprice(program)
        best.value = float(program.cost @ best.x + program.side_cost @ best.y)
        best.bound = _bound(program, best.prices)
        self.width = 1.0

    def run(self, accuracy: float) -> Relaxation:
        """Open classes until bound and value meet within this accuracy.

        Raises:
            Lost: they do not.
        """
        program, core, best, unit = self.program, self.core, self.best, self.unit
        for _ in range(ROUNDS):
            room = self.width * (best.prices + 0.3 * unit * self.scale)
            core.box(np.maximum(0.0, best.prices - room), best.prices + room)
            solved = core.solve()
            inside = bool((solved.over <= 1e-6 * np.maximum(1.0, np.abs(program.rhs))).all())
            if inside and solved.value > best.value:
                best.x, best.y, best.value = solved.x, solved.y, solved.value
            tried = choose(program, solved.prices)
            now = bound(program, solved.prices, tried)
            gain = best.bound - now
            self.width = min(1.0, 4.0 * self.width) if gain > 0 else self.width / 3.0
            if gain > 0:
                best.prices, best.bound = solved.prices, now
            rough = accuracy == SAMPLE_ACCURACY and 0 < gain <= accuracy * abs(best.bound)
            if rough or best.bound - best.value <= accuracy * max(abs(best.bound), 1e-9 * unit):
                return best
            moved = self._moved(tried)
            if not moved.any() and inside and gain <= 0:
                return best  # what is left is rounding
            core.add(moved)
        raise Lost

    def _moved(self, tried: Choice) -> "NDArray[np.bool_]":
        """Classes outside the core that prefer something else at these prices: the most eager."""
        option = self.choice.option
        held = np.where(option >= 0, tried.reduced[np.maximum(option, 0)], 0.0)
        gain = np.where(self.core.open, 0.0, tried.best - held)
        moved = gain > 1e-9 * self.unit
        if int(moved.sum()) > 2 * self.step:
            worth = np.where(moved, gain * self.program.weight, 0.0)
            place = len(worth) - self.step
            moved &= worth >= np.partition(worth, place)[place]
        return np.asarray(moved)


def _improved_twice(program: LinearProgram, prices: Floats) -> Floats:
    return _improved(program, _levelled(program, _improved(program, prices, 6)), 4)


def _improved(program: LinearProgram, prices: Floats, passes: int) -> Floats:
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


def _levelled(program: LinearProgram, prices: Floats) -> Floats:
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


def _amounts(program: LinearProgram, choice: Choice) -> Floats:
    return choice.amounts(program)
