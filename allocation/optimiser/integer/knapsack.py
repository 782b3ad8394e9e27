"""Exact cores with one limit only: dynamic programming over what is left of it.

    f[k][w] = most worth of classes 1..k with w units of the limit
            = max(f[k-1][w], max over options o of class k of f[k-1][w - a[o]] + c[o])

One pass per option over an array of w; the choices are kept as one bit per (option, w). Hard
knapsacks, on which a search tree is lost, take a second or two.
"""

import numpy as np
from numpy.typing import NDArray

from allocation.optimiser.relaxation.program import Integers

MOST_STEPS = 3_000_000_000
MOST_BITS = 6_000_000_000


def fits(options: int, capacity: int) -> bool:
    """Whether the pass over all options is small enough."""
    steps = options * (capacity + 1)
    return steps <= min(MOST_STEPS, MOST_BITS)


def solve(weight: Integers, cost: Integers, owner: Integers, capacity: int) -> NDArray[np.bool_]:
    """Choose at most one option per owner within the capacity, for the most cost.

    Args:
        weight: units of the limit per option, >= 0.
        cost: whole worth per option.
        owner: non-decreasing; options of one owner exclude each other.
    """
    most = min(capacity, int(_most_weight(weight, owner)))
    worth = np.zeros(most + 1, dtype=np.int64)
    bits: list[NDArray[np.uint8]] = []
    before = worth
    for place in range(len(weight)):
        if place == 0 or owner[place] != owner[place - 1]:
            before = worth
            worth = worth.copy()
        heavy = int(weight[place])
        if heavy > most:
            bits.append(np.zeros(0, dtype=np.uint8))
            continue
        with_it = before[: most + 1 - heavy] + cost[place]
        better = with_it > worth[heavy:]
        np.copyto(worth[heavy:], with_it, where=better)
        bits.append(np.packbits(better))
    return _trace(weight, owner, bits, int(worth.argmax()))


def _most_weight(weight: Integers, owner: Integers) -> int:
    heaviest = np.zeros(int(owner.max(initial=-1)) + 1, dtype=np.int64)
    np.maximum.at(heaviest, owner, weight)
    return int(heaviest.sum())


def _trace(
    weight: Integers, owner: Integers, bits: list[NDArray[np.uint8]], left: int
) -> NDArray[np.bool_]:
    """Walk back: the last option of an owner that improved f at this place was its choice."""
    chosen: NDArray[np.bool_] = np.zeros(len(weight), dtype=bool)
    settled = -1
    for place in range(len(weight) - 1, -1, -1):
        at = left - int(weight[place])
        if owner[place] == settled or at < 0 or not len(bits[place]):
            continue
        if bits[place][at >> 3] >> (7 - (at & 7)) & 1:
            chosen[place] = True
            settled = int(owner[place])
            left = at
    return chosen
