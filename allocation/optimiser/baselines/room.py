"""What is left of every hard limit, for rules that award one request after another."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from allocation.optimiser.inputs.problem import Problem

Integers = NDArray[np.int64]


class Room:
    """Money, seats and caps that are left.

    An award is paid from the earmarked pools that may pay it, in the order of
    the frame, and then from the general ones.

    Args:
        problem: a checked problem.
        money: False leaves ceiling, pools and caps in euros out.
    """

    def __init__(self, problem: Problem, *, money: bool = True) -> None:
        self.problem, self.money = problem, money
        requests = problem.requests
        self.left = problem.policy.ceiling_cents
        self.seats, self.edition = self._editions()
        self.pools: list[int] = []
        self.payers: list[list[int]] = []
        self.payer_set: list[int] = [0] * len(requests)
        if problem.pools is not None:
            self._pools(problem.pools)
        self.caps: list[tuple[bool, list[int], list[int]]] = []
        for cap in problem.policy.caps:
            column = requests[cap.column]
            counted = column != ""
            if cap.equals is not None:
                counted &= column == cap.equals
            codes, values = pd.factorize(column.where(counted))
            cents = cap.limit_cents(problem.policy.ceiling_cents)
            limit = cap.count if cents is None else cents
            assert limit is not None
            if money or cents is None:
                self.caps.append((cents is not None, [limit] * len(values), codes.tolist()))

    def take(self, row: int, cents: int) -> str:
        """Take room for one award, or name the limit that has none (and take nothing)."""
        if cents <= 0:
            return "money_gone"
        edition = self.edition[row]
        if edition >= 0 and not self.seats[edition]:
            return "edition_full"
        for in_cents, left, codes in self.caps:
            if codes[row] >= 0 and left[codes[row]] < (cents if in_cents else 1):
                return "cap_reached"
        if self.money and not self._pay(row, cents):
            return "money_gone"
        if edition >= 0:
            self.seats[edition] -= 1
        for in_cents, left, codes in self.caps:
            if codes[row] >= 0:
                left[codes[row]] -= cents if in_cents else 1
        return ""

    def bears(self, cents: Integers) -> bool:
        """Say whether ceiling and pools can pay all these awards together."""
        if int(cents.sum()) > self.left:
            return False
        if self.problem.pools is None:
            return True
        bills = np.zeros(len(self.payers), dtype=np.int64)
        np.add.at(bills, np.array(self.payer_set), cents)
        # Sets with the fewest pools pay first, as they have the least choice.
        order = sorted(range(len(bills)), key=lambda number: len(self.payers[number]))
        return all(self._draw(self.payers[number], int(bills[number])) for number in order)

    def money_caps(self, cents: Integers, given: NDArray[np.bool_], parts: int) -> Integers:
        """Per request the largest part (of `parts`) that every cap in euros allows."""
        most = np.full(len(cents), parts, dtype=np.int64)
        for in_cents, left, codes in self.caps:
            if not in_cents or not left:
                continue
            code = np.array(codes)
            counted = code >= 0
            asked = np.zeros(len(left), dtype=np.int64)
            np.add.at(asked, code[counted & ~given], cents[counted & ~given])
            fixed = np.zeros(len(left), dtype=np.int64)
            np.add.at(fixed, code[counted & given], cents[counted & given])
            share = np.maximum(0, np.array(left) - fixed) * parts // np.maximum(1, asked)
            most[counted] = np.minimum(most[counted], share[code[counted]])
        return most

    def _editions(self) -> tuple[list[int], list[int]]:
        editions, asked = self.problem.editions, self.problem.requests["edition_id"]
        if editions is None:
            return [], [-1] * len(asked)
        codes = pd.Index(editions["edition_id"]).get_indexer(asked)
        return editions["seats"].tolist(), codes.tolist()

    def _pools(self, pools: pd.DataFrame) -> None:
        self.pools = pools["amount_cents"].tolist()
        requests = self.problem.requests
        may = np.zeros((len(requests), len(pools)), dtype=bool)
        for number, (column, equals) in enumerate(
            zip(pools["column"], pools["equals"], strict=True)
        ):
            may[:, number] = True if column == "" else (requests[column] == equals).to_numpy()
        earmarked = (pools["column"] != "").to_numpy()
        order = [*np.flatnonzero(earmarked).tolist(), *np.flatnonzero(~earmarked).tolist()]
        sets, codes = np.unique(may, axis=0, return_inverse=True)
        self.payers = [[number for number in order if row[number]] for row in sets]
        self.payer_set = codes.tolist()

    def _pay(self, row: int, cents: int) -> bool:
        if cents > self.left:
            return False
        if self.problem.pools is not None and not self._draw(
            self.payers[self.payer_set[row]], cents
        ):
            return False
        self.left -= cents
        return True

    def _draw(self, pools: list[int], cents: int) -> bool:
        """Draw the cents from these pools in their order, or nothing."""
        if sum(self.pools[number] for number in pools) < cents:
            return False
        for number in pools:
            part = min(cents, self.pools[number])
            self.pools[number] -= part
            cents -= part
        return True
