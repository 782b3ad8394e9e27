"""Cuts: rows that whole awards keep, though fractions of awards do not.

Add up limits A_i X + s_i = b_i, each with a whole slack s_i >= 0, by whole multipliers m_i:

    sum of u_o X_o + sum of m_i s_i = r

For a divisor d, with r0 = r mod d, mixed-integer rounding gives

    F(t) = floor(t / d) (d - r0) + max(0, t mod d - r0)
    sum of F(u_o) X_o + sum of F(m_i) s_i <= F(r)

and b_i - A_i X stands for s_i again. So a cut is known by its multipliers and its divisor, and
whoever doubts it computes it from the limits (docs/certificate.md, "Cuts").

One limit in money is rounded at a time. Awards of one amount in it are one count z, and where z is
near the most that it can be (the seats of its editions, or its workers), that limit is taken with
a multiplier that puts the slack in the place of z. Compare Marchand and Wolsey, "Aggregation and
mixed integer rounding to solve MIPs" (2001).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from allocation.optimiser.relaxation.program import Floats, Integers

# A cut is worth its row when it is passed by this much, at a length of one.
DEEP = 1e-4
# Rows with more counts are left alone.
MOST_COUNTS = 400
_DIVIDED = (2, 4, 8)


@dataclass(frozen=True)
class Row:
    """A limit over options, in whole numbers: sum of use x awards <= rhs."""

    name: str
    options: Integers
    use: Integers
    rhs: int


@dataclass(frozen=True)
class Cut:
    """What a cut is made of, and the row that comes of it.

    Args:
        multipliers: name of a limit or of a kept goal -> multiplier.
        totals: (name, amount) -> multiplier of "awards of this amount in it are at most as many
            as the workers who may have one".
        divisor: d.
    """

    multipliers: dict[str, int]
    totals: dict[tuple[str, int], int]
    divisor: int
    options: Integers = field(repr=False)
    use: Integers = field(repr=False)
    rhs: int = 0


@dataclass(frozen=True)
class _Count:
    """The awards of one use in a row: at most `most`, by limits of number or by the workers."""

    use: int
    options: Integers
    most: int
    limits: tuple[int, ...]


class Cutting:
    """Finds cuts that a solution in fractions passes.

    Args:
        rows: the limits and kept goals.
        most: per option its class, choice, members of the class, and awards that a member may have.
    """

    def __init__(
        self, rows: list[Row], owner: Integers, choice: Integers, size: Integers, capacity: Integers
    ) -> None:
        self.rows, self.total = rows, len(owner)
        self.owner, self.choice, self.size, self.capacity = owner, choice, size, capacity
        self.limited = self._limited()
        self.bases = [
            (number, counts)
            for number, row in enumerate(rows)
            if np.abs(row.use).max(initial=0) > 1 and (counts := self._counts(row)) is not None
        ]
        self.found: list[Cut] = []
        self._seen: set[tuple[int, int, bytes]] = set()

    def passed(self, x: Floats) -> list[int]:
        """Numbers of the cuts, new ones, that this solution passes."""
        new = []
        for number, counts in self.bases:
            best = _rounded(self.rows[number].rhs, counts, x)
            if best is None:
                continue
            complemented, divisor = best
            key = (number, divisor, complemented.tobytes())
            if key not in self._seen:
                self._seen.add(key)
                self.found.append(self._cut(number, counts, complemented, divisor))
                new.append(len(self.found) - 1)
        return new

    def _limited(self) -> Integers:
        """Per option the tightest limit of number that it counts in; -1: none."""
        limited = np.full(self.total, -1, dtype=np.int64)
        unit = [n for n, row in enumerate(self.rows) if len(row.use) and (row.use == 1).all()]
        for number in sorted(unit, key=lambda n: -self.rows[n].rhs):
            limited[self.rows[number].options] = number
        return limited

    def _counts(self, row: Row) -> list[_Count] | None:
        counts = []
        uses = np.unique(row.use)
        if len(uses) > MOST_COUNTS:
            return None
        for use in uses.tolist():
            options = row.options[row.use == use]
            workers = self._workers(options)
            limits = np.unique(self.limited[options])
            seats = sum(self.rows[n].rhs for n in limits.tolist() if n >= 0)
            if limits[0] >= 0 and seats <= workers:
                counts.append(_Count(use, options, seats, tuple(limits.tolist())))
            else:
                counts.append(_Count(use, options, workers, ()))
        return counts

    def _workers(self, options: Integers) -> int:
        """The most awards that the workers of these options may have among them."""
        pairs = np.unique(np.stack([self.owner[options], self.choice[options]]), axis=1)
        owners, choices = np.unique(pairs[0], return_counts=True)
        return int((np.minimum(choices, self.capacity[owners]) * self.size[owners]).sum())

    def _cut(self, number: int, counts: list[_Count], complemented: Integers, divisor: int) -> Cut:
        base = self.rows[number]
        multipliers, totals = {base.name: 1}, dict[tuple[str, int], int]()
        parts = [(1, base)]
        for count, yes in zip(counts, complemented.tolist(), strict=True):
            if not yes:
                continue
            for limit in count.limits:
                row = self.rows[limit]
                multipliers[row.name] = multipliers.get(row.name, 0) - count.use
            if not count.limits:
                ones = np.ones_like(count.options)
                totals[base.name, abs(count.use)] = -count.use
                parts.append((-count.use, Row("", count.options, ones, count.most)))
        named = {row.name: row for row in self.rows}
        parts += [(m, named[name]) for name, m in multipliers.items() if name != base.name]
        use, rhs = rounded(parts, divisor, self.total)
        options = np.flatnonzero(use)
        return Cut(multipliers, totals, divisor, options, use[options], rhs)


def rounded(parts: Iterable[tuple[int, Row]], divisor: int, total: int) -> tuple[Integers, int]:
    """The row of a cut from limits with their multipliers: use per option, and right-hand side."""
    parts = list(parts)
    added, side = np.zeros(total, dtype=np.int64), 0
    for multiplier, row in parts:
        added[row.options] += multiplier * row.use
        side += multiplier * row.rhs
    rest = side % divisor
    use, rhs = _round(added, divisor, rest), int(_round(np.array([side]), divisor, rest)[0])
    for multiplier, row in parts:
        slack = int(_round(np.array([multiplier]), divisor, rest)[0])
        use[row.options] -= slack * row.use
        rhs -= slack * row.rhs
    return use, rhs


def _round(numbers: Integers, divisor: int, rest: int) -> Integers:
    """F of whole numbers."""
    whole, over = np.divmod(numbers, divisor)
    return np.asarray(whole * (divisor - rest) + np.maximum(0, over - rest), dtype=np.int64)


def _rounded(rhs: int, counts: list[_Count], x: Floats) -> tuple[Integers, int] | None:
    """Which counts are complemented, and the divisor, of the deepest cut of a row; None: none."""
    use = np.array([count.use for count in counts])
    most = np.array([count.most for count in counts])
    length = np.array([len(count.options) for count in counts], dtype=np.float64)
    at = np.minimum([float(x[count.options].sum()) for count in counts], most)
    between = np.flatnonzero((at > 1e-6) & (at < most - 1e-6))
    deepest = DEEP
    best: tuple[Integers, int] | None = None

    def attempt(complemented: Integers, divisor: int) -> None:
        nonlocal deepest, best
        if divisor < 2:
            return
        signed = np.where(complemented, -use, use)
        side = rhs - int((use * most)[complemented].sum())
        rest = side % divisor
        if not rest:
            return
        cut = _round(signed, divisor, rest)
        top = int(side // divisor) * (divisor - rest)
        cut = np.where(complemented, -cut, cut)
        top += int((cut * most)[complemented].sum())
        size = float(np.sqrt(((cut.astype(np.float64) ** 2) * length).sum()))
        depth = (float(cut @ at) - top) / size if size else 0.0
        if depth > deepest + 1e-12:
            deepest, best = depth, (complemented.copy(), divisor)

    start = at > most / 2
    for divisor in np.unique(np.abs(use[between])).tolist():
        attempt(start, divisor)
    if best is None:
        return None
    for part in _DIVIDED:
        attempt(best[0], best[1] // part)
    for number in sorted(between.tolist(), key=lambda n: (abs(at[n] - most[n] / 2), n)):
        other = best[0].copy()
        other[number] = not other[number]
        attempt(other, best[1])
    return best
