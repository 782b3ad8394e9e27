"""First prices of a large program: the lowest point of its bound, smoothed.

    bound(p) = p b + sum of total[k] x max(0, max of r[o]) + sum of u[s] x max(0, d[s] - p B[s])
    with       r = c - p A,  p >= 0

is convex in the prices, with a kink wherever a class is indifferent. Softened at a temperature m,

    max(0, r1, r2, ...)  becomes  m x log(1 + exp(r1 / m) + exp(r2 / m) + ...)

it has a slope everywhere, and L-BFGS-B walks down it; a class is then divided over its options
as in a logit model. Cooled in steps, the prices end within some thousandths of the optimum's
worth, from where few classes are left to settle (linear.py). Any prices give a true bound, so
nothing that is proven rests on this search. Y. Nesterov, Smooth minimization of non-smooth
functions (2005).

Prices are searched in the units in which the largest coefficient of every row, and the best
award, count as one.
"""

import numpy as np
import scipy
from scipy import sparse

from .program import UNLIMITED, Floats, Program

# Temperature, in worth of the best award, and most steps at it. The last is worth its steps: what
# it leaves open the simplex method has to settle.
COOLING = ((0.1, 60), (0.03, 60), (0.01, 80), (0.003, 200))
_SETTLED = 1e-9


def prices(program: Program, unit: float, scale: Floats) -> Floats | None:
    """Prices of which the bound is nearly the lowest.

    Args:
        unit: what the best award is worth.
        scale: per row one over its largest coefficient.

    Returns:
        a price per row; or None where this search does not come near: a side column that is worth
        something (the level of coverage) makes the bound too steep, and one without an upper bound
        may tie rows together.
    """
    highest = _highest(program, unit, scale)
    if highest is None:
        return None
    soft = _Soft(program, unit, scale)
    found = np.zeros(len(scale))
    bounds = np.column_stack([found, highest])
    for temperature, steps in COOLING:
        options = {"maxiter": steps, "ftol": _SETTLED, "gtol": 0.0}
        # Loaded when it is first used: half a second, and only very large programs come here.
        found = scipy.optimize.minimize(
            soft.bound, found, (temperature,), "L-BFGS-B", jac=True, bounds=bounds, options=options
        ).x
    return np.asarray(found * scale * unit)


def _highest(program: Program, unit: float, scale: Floats) -> Floats | None:
    """The most that the price of each row can be: a side column without an upper bound caps it."""
    highest = np.full(len(scale), np.inf)
    sides = program.sides.tocsc()
    for side, worth in enumerate(program.side_cost.tolist()):
        column = slice(sides.indptr[side], sides.indptr[side + 1])
        row, weight = sides.indices[column], sides.data[column]
        if worth > 0:
            return None
        if program.side_upper[side] >= UNLIMITED:
            if len(row) != 1 or weight[0] >= 0:
                return None
            most = worth / weight[0] / (scale[row] * unit)
            highest[row] = np.minimum(highest[row], most)
    return highest


class _Soft:
    """The softened bound, scaled."""

    def __init__(self, program: Program, unit: float, scale: Floats) -> None:
        by_unit = sparse.diags(scale)
        self.first, self.owner_of, self.weight = program.first, program.owner_of, program.weight
        self.rows = (program.by_option @ by_unit).tocsr()
        self.columns = self.rows.T.tocsr()
        self.cost, self.rhs = program.cost / unit, program.rhs * scale
        bounded = np.flatnonzero(program.side_upper < UNLIMITED)
        sides = (by_unit @ program.sides).tocsc()[:, bounded]
        heaviest = np.asarray(abs(sides).max(axis=0).todense()).ravel() if len(bounded) else 1.0
        heaviest = np.where(heaviest > 0, heaviest, 1.0)
        self.sides = (sides @ sparse.diags(np.broadcast_to(1 / heaviest, len(bounded)))).tocsc()
        self.side_cost = program.side_cost[bounded] / unit / heaviest
        self.side_upper = program.side_upper[bounded] * heaviest

    def bound(self, prices: Floats, temperature: float) -> tuple[float, Floats]:
        """The bound at these prices, and its slope."""
        reduced = (self.cost - self.rows @ prices) / temperature
        top = np.maximum(np.maximum.reduceat(reduced, self.first), 0.0)
        share = np.exp(reduced - top[self.owner_of])
        total = np.add.reduceat(share, self.first) + np.exp(-top)
        share *= (self.weight / total)[self.owner_of]
        left = (self.side_cost - self.sides.T @ prices) / temperature
        used = self.side_upper / (1.0 + np.exp(-np.clip(left, -500.0, 500.0)))
        worth = self.weight @ (top + np.log(total)) + self.side_upper @ np.logaddexp(0.0, left)
        slope = self.rhs - self.columns @ share - self.sides @ used
        return float(self.rhs @ prices + temperature * worth), slope
