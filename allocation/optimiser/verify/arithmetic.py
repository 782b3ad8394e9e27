"""Whole-number arithmetic on long columns: fast where 64 bits hold it, exact always."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[Any]  # int64, or object (Python ints) where 64 bits might not hold the result
LARGEST = 2**62


def total(column: Whole) -> int:
    """Add a column up exactly.

    The high and the low 32 bits are added apart, so that no sum of fewer than
    two thousand million rows leaves 64 bits.
    """
    if column.dtype == object:
        return int(sum(column.tolist()))
    return (int((column >> 32).sum()) << 32) + int((column & 0xFFFF_FFFF).sum())


def largest(column: Whole) -> int:
    """Give the largest absolute value of a column (0 for an empty one)."""
    if not len(column):
        return 0
    return max(abs(int(column.max())), abs(int(column.min())))


def totals(codes: NDArray[np.int64], column: Whole, groups: int) -> Whole:
    """Add a column up per group code 0, 1, …; code -1 counts nowhere."""
    counted = codes >= 0
    codes, column = codes[counted], column[counted]
    wide = column.dtype == object or largest(column) * max(1, len(column)) >= LARGEST
    result = np.zeros(groups, dtype=object if wide else np.int64)
    np.add.at(result, codes, column.astype(result.dtype))
    return result


class Affine:
    """A column built as Σ factor · column, in Python ints as soon as 64 bits could overflow."""

    def __init__(self, rows: int) -> None:
        self.column: Whole = np.zeros(rows, dtype=np.int64)
        self.reach = 0

    def add(self, factor: int, column: Whole) -> None:
        """Add factor · column."""
        if factor:
            self._grow(abs(factor) * largest(column))
            self.column = self.column + factor * column.astype(self.column.dtype)

    def add_chosen(self, factors: list[int], codes: NDArray[np.int64], column: Whole) -> None:
        """Add factors[code] · column row by row; code -1 adds nothing."""
        if not any(factors):
            return
        self._grow(max(abs(factor) for factor in factors) * largest(column))
        chosen = np.array([*factors, 0], dtype=self.column.dtype)[codes]
        self.column = self.column + chosen * column.astype(self.column.dtype)

    def _grow(self, by: int) -> None:
        self.reach += by
        if self.reach >= LARGEST and self.column.dtype != object:
            self.column = self.column.astype(object)
