"""The rows of a round in the order of the lots, and everything that the model sees of them.

Never the order of names or of rows in the file, so that no name or order can matter.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from . import lots
from .model import Integers
from .problem import Problem


class Rows:
    """The rows by worker (luckiest first), a worker's rows by likeness.

    Attributes:
        table: `row` (position in `requests`), `draw`, `choice`, `amount`, `points`, `likeness`.
        features: per thing that the model sees a code per row.
        worker, workers: the worker of each row, by lot, and how many there are.
        first: per worker where its rows begin; `position` is the column `row`.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem, self.policy = problem, problem.policy
        table = _sorted_rows(problem)
        features = _features(problem, table)
        likeness = combined(list(features.values()))
        draw = table["draw"].to_numpy()
        worker = np.cumsum(np.concatenate([[0], np.diff(draw) != 0])) if len(draw) else draw
        order = np.lexsort((likeness, worker))
        table["likeness"] = likeness
        self.table = table.iloc[order].reset_index(drop=True)
        self.features = {name: codes[order] for name, codes in features.items()}
        self.worker = worker[order]
        self.workers = int(worker[-1]) + 1 if len(worker) else 0
        self.first = np.searchsorted(self.worker, np.arange(self.workers))
        self.position: Integers = self.table["row"].to_numpy()
        self.amount: Integers = self.table["amount"].to_numpy()
        self.choice: Integers = self.table["choice"].to_numpy()

    def text(self, column: str) -> NDArray[Any]:
        """The values of a column of `requests`, by these rows."""
        values: NDArray[Any] = self.problem.requests[column].to_numpy()[self.position]
        return values

    def payable_by(self) -> list[NDArray[np.bool_]]:
        """Per pool, whether it may pay for each row."""
        assert self.problem.pools is not None
        columns: list[NDArray[np.bool_]] = []
        pools = self.problem.pools
        for column, equals in zip(pools["column"], pools["equals"], strict=True):
            if column == "":
                columns.append(np.ones(len(self.position), dtype=bool))
            else:
                columns.append(self.text(column) == equals)
        return columns


def _sorted_rows(problem: Problem) -> pd.DataFrame:
    """The rows by lot and choice; alternatives by seats, price and points, and last by name."""
    requests, policy = problem.requests, problem.policy
    table = pd.DataFrame(
        {
            "row": np.arange(len(requests)),
            "draw": lots.drawn(requests, policy),
            "choice": requests["choice"].to_numpy(),
            "amount": requests["amount_cents"].to_numpy(),
            "points": requests["points"].to_numpy(),
        }
    )
    seats: NDArray[Any] = np.full(len(requests), -1, dtype=np.int64)
    if problem.editions is not None:
        by_id = problem.editions.set_index("edition_id")["seats"]
        seats = requests["edition_id"].map(by_id).fillna(-1).to_numpy(dtype=np.int64)
    table["seats"] = seats
    names = requests["edition_id"].to_numpy()
    keys = [names] if requests.duplicated(["worker_id", "choice"]).any() else []
    columns = ["points", "amount", "seats", "choice", "draw"]
    order = np.lexsort(keys + [table[column].to_numpy() for column in columns])
    return table.iloc[order].reset_index(drop=True)


def _features(problem: Problem, table: pd.DataFrame) -> dict[str, Integers]:
    """Everything that the model sees of a row, as codes in the order of first appearance."""
    requests, policy = problem.requests, problem.policy
    row = table["row"].to_numpy()

    def text(column: str) -> NDArray[Any]:
        values: NDArray[Any] = requests[column].to_numpy()[row]
        return values

    seen: dict[str, Integers] = {
        "choice": table["choice"].to_numpy(),
        "amount": table["amount"].to_numpy(),
        "points": table["points"].to_numpy(),
    }
    if problem.editions is not None:
        seen["edition"] = codes_of(text("edition_id"), empty="")
    for floor in policy.floors:
        seen[f"floor:{floor.name}"] = (text(floor.column) == floor.equals).astype(np.int64)
    for cap in policy.caps:
        values = text(cap.column)
        if cap.equals is not None:
            values = np.where(values == cap.equals, values, "")
        seen[f"cap:{cap.name}"] = codes_of(values, empty="")
    if policy.coverage is not None:
        seen["coverage"] = codes_of(text(policy.coverage))
    if policy.solidarity is not None and problem.contributions is not None:
        values = text(policy.solidarity.column)
        known = np.isin(values, problem.contributions["value"].to_numpy())
        seen["solidarity"] = np.where(known, codes_of(values), -1)
    if problem.pools is not None:
        seen["payers"] = _payer_masks(problem, text)
    if policy.part_awards is not None:
        seen["shares"] = codes_of(text(policy.part_awards.column))
    ids = requests["request_id"].to_numpy()[row]
    decided = np.zeros(len(row), dtype=np.int64)
    if problem.given or problem.withheld:
        decided[np.isin(ids, np.array(sorted(problem.given), dtype=object))] = 1
        decided[np.isin(ids, np.array(sorted(problem.withheld), dtype=object))] = 2
    seen["decided"] = decided
    return seen


def _payer_masks(problem: Problem, text: Any) -> Integers:
    """Per row a code for the set of pools that may pay for it."""
    assert problem.pools is not None
    columns: list[Integers] = []
    for _, pool in problem.pools.iterrows():
        if pool["column"] == "":
            columns.append(np.ones(len(problem.requests), dtype=np.int64))
        else:
            columns.append((text(pool["column"]) == pool["equals"]).astype(np.int64))
    return combined(columns) if columns else np.zeros(len(problem.requests), dtype=np.int64)


def codes_of(values: NDArray[Any], empty: str | None = None) -> Integers:
    """Codes in the order of first appearance; -1 for the value `empty`."""
    codes: Integers = pd.factorize(values)[0].astype(np.int64)
    if empty is not None:
        codes[values == empty] = -1
    return codes


def combined(columns: list[Integers]) -> Integers:
    """One code per distinct combination, in the order of first appearance."""
    combined = codes_of(columns[0])
    for column in columns[1:]:
        codes = codes_of(column)
        width = int(codes.max(initial=0)) + 1
        combined = codes_of(combined * width + codes)
    return combined
