"""Values as codes: whole numbers that tell them apart, in the order of first appearance."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from allocation.optimiser.model.arrays import Integers

# Whole numbers, of eight bytes each or of one.
Codes = NDArray[np.signedinteger[Any]]
# Combined codes stay below this.
LARGEST = 2**62


def codes_of(values: NDArray[Any]) -> Integers:
    """Codes in the order of first appearance."""
    codes: Integers = pd.factorize(values)[0].astype(np.int64)
    return codes


def combined(columns: list[Codes]) -> Integers:
    """One code per distinct combination, in the order of first appearance."""
    key, span = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        codes, width = _narrow(column)
        if span * width >= LARGEST:  # keep the key within 64 bits
            key, span = _narrow(codes_of(key))
        key, span = key * width + codes, span * width
    return codes_of(key)


def _narrow(column: Codes) -> tuple[Integers, int]:
    """Codes from 0 that tell the column's values apart, and how many there may be."""
    low, high = (int(of(column)) for of in (np.min, np.max)) if len(column) else (0, 0)
    if high - low > len(column):
        return codes_of(column), len(column)
    return column - low, high - low + 1


class Texts:
    """The text columns of `requests` in the order of the table, each coded once."""

    def __init__(self, requests: pd.DataFrame, row: Integers) -> None:
        self.requests, self.row = requests, row
        self._coded: dict[str, tuple[Integers, NDArray[Any]]] = {}

    def values(self, column: str) -> NDArray[Any]:
        values: NDArray[Any] = self.requests[column].to_numpy()[self.row]
        return values

    def coded(self, column: str) -> tuple[Integers, NDArray[Any]]:
        """Codes in the order of first appearance, and the text behind each."""
        if column not in self._coded:
            codes, values = pd.factorize(self.values(column))
            self._coded[column] = codes.astype(np.int64), values
        return self._coded[column]

    def equal(self, column: str, text: str) -> Codes:
        """1 where the column holds this text, else 0."""
        codes, values = self.coded(column)
        found: Codes = (values == text).astype(np.int8)[codes] if len(values) else codes
        return found

    def named(self, column: str, only: str | None = None) -> Codes:
        """Codes of the texts that are not empty, or of one text alone; -1 for the others."""
        codes, values = self.coded(column)
        if only is not None:
            return np.where(self.equal(column, only) == 1, 0, -1)
        empty = np.append(values == "", False)  # the last place serves a table without rows
        return np.where(empty[codes], -1, codes)
