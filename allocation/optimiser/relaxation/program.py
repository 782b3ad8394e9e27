"""A program with very many classes and few limits, and what its prices say.

    maximise    sum c[o] x[o] + sum d[s] y[s]
    such that   sum A[i, o] x[o] + sum B[i, s] y[s] <= b[i]              price p[i] >= 0
                sum of x[o] over the options of class k <= total[k]
                x >= 0,  0 <= y <= u

A limit "at least" is a row with negative coefficients. For given prices every class chooses for
itself: the option with the highest c[o] - p A[o], or none when that is negative. So any prices
give an upper bound (weak duality):

    bound(p) = p b + sum of total[k] x max(0, best of k) + sum of u[s] x max(0, d[s] - p B[s])
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
# Upper bound of a side column that has none.
UNLIMITED = 1e18
KEPT_IN_PART = 0.97


class Infeasible(Exception):
    """What is fixed, or what is kept, leaves no solution."""


@dataclass
class LinearProgram:
    """The program above. `rows` and `sides` are CSC; options stand by class.

    `choice` is given when a worker may get several awards: then a class gets at most `size` of
    the options of one choice and `total` in all, and prices do not choose for it.
    """

    cost: Floats
    rows: Any
    rhs: Floats
    names: list[str]
    option_class: Integers
    size: Integers
    total: Integers
    sides: Any = None
    side_cost: Floats = field(default_factory=lambda: np.zeros(0))
    side_upper: Floats = field(default_factory=lambda: np.zeros(0))
    side_names: list[str] = field(default_factory=list)
    choice: Integers | None = None
    most: Integers | None = None  # per option, when it is less than the size of its class

    def __post_init__(self) -> None:
        self.by_option = self.rows.T.tocsr()
        if self.sides is None:
            self.sides = sparse.csc_matrix((len(self.rhs), 0))
        self.upper = self.size[self.option_class] if self.most is None else self.most
        self.owners, self.first = np.unique(self.option_class, return_index=True)
        self.owner_of = np.searchsorted(self.owners, self.option_class)
        self.weight = self.total[self.owners].astype(np.float64)

    @property
    def options_total(self) -> int:
        return len(self.cost)

    def usage(self, x: Floats) -> Floats:
        used: Floats = self.rows @ x
        return used

    def part(self, inside: NDArray[np.bool_], share: float) -> "LinearProgram":
        """The same program over some options, as scarce as the whole.

        Each limit shrinks with what these options may ask of it; a limit without any, and what is
        no limit, by `share`. What is kept is a little less, for it need not fit in the part.
        """
        size = abs(self.rows) @ np.column_stack([self.upper, self.upper * inside])
        asked = size[:, 0] > 0
        ratio = np.where(asked, size[:, 1] / np.where(asked, size[:, 0], 1.0), share)
        return LinearProgram(
            cost=self.cost[inside],
            rows=self.rows[:, np.flatnonzero(inside)],
            rhs=self.rhs * ratio * np.where(self.rhs < 0, KEPT_IN_PART, 1.0),
            names=self.names,
            option_class=self.option_class[inside],
            size=self.size,
            total=self.total,
            sides=sparse.csc_matrix(sparse.diags(ratio / share) @ self.sides),
            side_cost=self.side_cost,
            side_upper=np.where(self.side_upper < UNLIMITED, self.side_upper * share, UNLIMITED),
            side_names=self.side_names,
        )

    def within(self, options: Integers, most: Integers, fixed: Floats) -> "LinearProgram":
        """The program over some options, when all others are fixed."""
        return LinearProgram(
            cost=self.cost[options],
            rows=self.rows[:, options],
            rhs=self.rhs - self.usage(fixed),
            names=self.names,
            option_class=self.option_class[options],
            size=self.size,
            total=self.total,
            sides=self.sides,
            side_cost=self.side_cost,
            side_upper=self.side_upper,
            side_names=self.side_names,
            choice=None if self.choice is None else self.choice[options],
            most=most,
        )


@dataclass
class Choice:
    """What each class that has options would choose at given prices.

    `reduced` per option; per class `best` (its worth, at least 0), `margin` (how much it prefers
    its choice to the next best) and `option` (-1: none).
    """

    reduced: Floats
    best: Floats
    margin: Floats
    option: Integers

    def amounts(self, program: LinearProgram) -> Floats:
        """x when every class gets what it would choose."""
        x = np.zeros(program.options_total)
        chosen = self.option[self.option >= 0]
        x[chosen] = program.upper[chosen]
        return x


def choose(program: LinearProgram, prices: Floats) -> Choice:
    """Price every option and let every class choose."""
    reduced = program.cost - program.by_option @ prices
    if not len(reduced):
        empty = np.zeros(0)
        return Choice(reduced, empty, empty, np.zeros(0, dtype=np.int64))
    top = np.maximum.reduceat(reduced, program.first)
    is_top = np.flatnonzero(reduced == top[program.owner_of])
    holder, at = np.unique(program.owner_of[is_top], return_index=True)
    option = np.empty(len(program.owners), dtype=np.int64)
    option[holder] = is_top[at]
    others = reduced.copy()
    others[option] = -np.inf
    second = np.maximum(np.maximum.reduceat(others, program.first), 0.0)
    margin = np.where(top > 0, top - second, -top)
    return Choice(reduced, np.maximum(top, 0.0), margin, np.where(top > 0, option, -1))


def bound(program: LinearProgram, prices: Floats, choice: Choice) -> float:
    """The weak-duality bound of these prices (for one award per worker)."""
    sides = np.maximum(program.side_cost - program.sides.T @ prices, 0.0)
    worth = np.where(sides > 1e-12, sides * program.side_upper, 0.0)
    return float(prices @ program.rhs + program.weight @ choice.best + worth.sum())
