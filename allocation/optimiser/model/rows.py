"""The rows of a round in the order of the lots, and everything that the model sees of them.

Never the order of names or of rows in the file, so that no name or order can matter.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from allocation.optimiser.inputs.problem import Problem
from allocation.optimiser.model.arrays import Integers
from allocation.optimiser.model.codes import Codes, Texts, combined
from allocation.optimiser.results import lots


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
        # One by one, for in a very large round all of them twice would be the most memory.
        self.features = {name: features.pop(name)[order] for name in list(features)}
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

    def payable(self) -> NDArray[np.bool_]:
        """Whether any pool may pay for each row; without a single pool nobody may."""
        columns = self.payable_by()
        nobody = np.zeros(len(self.position), dtype=bool)
        return np.asarray(np.any(columns, axis=0)) if columns else nobody


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


def _features(problem: Problem, table: pd.DataFrame) -> dict[str, Codes]:
    """Everything that the model sees of a row, as codes in the order of first appearance."""
    policy, pools = problem.policy, problem.pools
    texts = Texts(problem.requests, table["row"].to_numpy())
    seen: dict[str, Codes] = {
        name: table[name].to_numpy() for name in ("choice", "amount", "points")
    }
    if problem.editions is not None:
        seen["edition"] = texts.named("edition_id")
    for floor in policy.floors:
        seen[f"floor:{floor.name}"] = texts.equal(floor.column, floor.equals)
    for cap in policy.caps:
        seen[f"cap:{cap.name}"] = texts.named(cap.column, cap.equals)
    if policy.coverage is not None:
        seen["coverage"] = texts.coded(policy.coverage)[0]
    if policy.solidarity is not None and problem.contributions is not None:
        codes, values = texts.coded(policy.solidarity.column)
        known = np.isin(values, problem.contributions["value"].to_numpy())
        seen["solidarity"] = np.where(known[codes], codes, -1)
    if pools is not None:
        pays = [
            texts.equal(column, equals) if column else np.ones(len(table), dtype=np.int8)
            for column, equals in zip(pools["column"], pools["equals"], strict=True)
        ]
        seen["payers"] = combined([np.zeros(len(table), dtype=np.int8), *pays])
    if policy.waiting is not None:
        rounds = texts.values(policy.waiting.column).astype(np.int64)
        seen["waiting"] = np.where(rounds >= policy.waiting.bound, rounds, -1)
    if policy.part_awards is not None:
        seen["shares"] = texts.coded(policy.part_awards.column)[0]
    seen["decided"] = _decided(problem, texts)
    if policy.unchanged is not None:
        seen["before"] = _before(problem, texts, seen["decided"])
        seen["stays"] = (seen["before"] == seen["amount"]).astype(np.int8)
    return seen


def _before(problem: Problem, texts: Texts, decided: Codes) -> Codes:
    """Per row the cents that it had before; 0 where it had none, -1 where its worker had nothing.

    A worker to whom the board gives a request has no choice between the two: never -1.
    """
    assert problem.before is not None
    had = problem.before.set_index("request_id")["amount_cents"]
    ids = pd.Series(texts.values("request_id"))
    cents = ids.map(had).fillna(0).to_numpy(dtype=np.int64)
    worker = pd.Series(texts.values("worker_id"))
    settled = worker.isin(worker[(cents > 0) | (decided == 1)])
    return np.where(settled.to_numpy(), cents, -1)


def _decided(problem: Problem, texts: Texts) -> Codes:
    """1 for a row that the board gave, 2 for one that it withheld, 0 for the others."""
    decided = np.zeros(len(problem.requests), dtype=np.int8)
    if problem.given or problem.withheld:
        ids = texts.values("request_id")
        decided[np.isin(ids, np.array(sorted(problem.given), dtype=object))] = 1
        decided[np.isin(ids, np.array(sorted(problem.withheld), dtype=object))] = 2
    return decided
