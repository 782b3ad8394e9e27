"""The round as the certificate's page describes it: options, limits, groups.

Everything is derived from the input alone, in whole numbers.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import Fault, InvalidInput
from .arithmetic import Whole, largest, totals
from .inputs import Inputs

Codes = NDArray[np.int64]
LARGEST_EXACT = 2**62


@dataclass(frozen=True)
class Limit:
    """A family of ≤ limits over the values of one column.

    Args:
        names: the limit's name per code.
        codes: per request, which of them it counts in; -1 for none.
        rhs: per code.
        counts_awards: True when an award counts 1, False when it counts its cents.
    """

    names: list[str]
    codes: Codes
    rhs: list[int]
    counts_awards: bool


@dataclass(frozen=True)
class Promise:
    """A family of ≥ limits in cents: one floor, or all give-back."""

    names: list[str]
    codes: Codes
    required: list[int]


@dataclass(frozen=True)
class Options:
    """Every way to award every request; `row` is the request."""

    row: Codes
    share: Codes
    amount: Whole
    value: Whole


@dataclass(frozen=True)
class Round:
    """One round, ready to be checked.

    Args:
        worker: per request, the worker's code; `workers` are the names.
        limits: ceiling, editions and caps.
        floors: in the policy's order; give_back: None without a solidarity rule.
        pool_sets: which pools may pay; `pool_set` is the code of the set per request.
        group: per worker, the code of the coverage group; -1 without coverage.
    """

    inputs: Inputs
    worker: Codes
    workers: list[str]
    choice: Codes
    amount: Codes
    options: Options
    limits: list[Limit]
    floors: list[Promise]
    give_back: Promise | None
    pool_names: list[str]
    pool_cents: list[int]
    pool_sets: list[tuple[int, ...]]
    pool_set: Codes
    groups: list[str]
    group: Codes
    given: NDArray[np.bool_]
    withheld: NDArray[np.bool_]

    @property
    def applying(self) -> list[int]:
        """People per coverage group."""
        return [
            int(n) for n in np.bincount(self.group[self.group >= 0], minlength=len(self.groups))
        ]

    @property
    def awards_per_worker(self) -> int:
        return int(self.inputs.policy["awards_per_worker"])


def build(inputs: Inputs) -> Round:
    """Derive options and limits from the files.

    Raises:
        InvalidInput: the files do not fit together.
    """
    requests, policy = inputs.frames["requests"], inputs.policy
    worker, workers = pd.factorize(requests["worker_id"])
    ids = requests["request_id"]
    given = ids.isin(inputs.given).to_numpy()
    withheld = ids.isin(inputs.withheld).to_numpy()
    pool_names, pool_cents, pool_sets, pool_set = _pools(inputs)
    groups, group = _groups(requests, policy, worker, len(workers))
    return Round(
        inputs=inputs,
        worker=worker,
        workers=list(workers),
        choice=requests["choice"].to_numpy(),
        amount=requests["amount_cents"].to_numpy(),
        options=_options(requests, policy),
        limits=[_ceiling(requests, policy), *_editions(inputs), *_caps(requests, policy)],
        floors=[_floor(requests, policy, table) for table in policy["floor"]],
        give_back=_give_back(inputs, worker, len(workers)),
        pool_names=pool_names,
        pool_cents=pool_cents,
        pool_sets=pool_sets,
        pool_set=pool_set,
        groups=groups,
        group=group,
        given=given,
        withheld=withheld,
    )


def _options(requests: pd.DataFrame, policy: dict[str, Any]) -> Options:
    percents = np.array(policy["choice_percent"], dtype=np.int64)
    choice = requests["choice"].to_numpy()
    if len(choice) and (choice.min() < 1 or choice.max() > len(percents)):
        raise InvalidInput(Fault("unknown_choice", "requests.csv", "Mend the policy or the row."))
    amount, points = requests["amount_cents"].to_numpy(), requests["points"].to_numpy()
    worth: Whole = points
    times_amount = policy["value"] == "points_times_amount"
    reach = largest(points) * 100 * 100 * (largest(amount) if times_amount else 1)
    if reach >= LARGEST_EXACT:
        worth = points.astype(object)
    worth = worth * percents[choice - 1]
    if times_amount:
        worth = worth * amount
    rows = np.arange(len(requests), dtype=np.int64)
    whole = Options(rows, np.full(len(rows), 100, dtype=np.int64), amount, worth)
    menu = policy.get("part_awards")
    if menu is None:
        return whole
    parts = [
        (row, int(share))
        for row, text in enumerate(requests[menu["column"]])
        for share in sorted(set(text.split()))
        if int(share) < 100
    ]
    row = np.array([row for row, _ in parts], dtype=np.int64)
    share = np.array([share for _, share in parts], dtype=np.int64)
    values = menu["value_percent"]
    value = np.array([int(values.get(str(s), s)) for s in share.tolist()], dtype=np.int64)
    part = Options(row, share, amount[row] * share // 100, worth[row] * value // 100)
    some = part.amount > 0
    return Options(
        np.concatenate([rows, row[some]]),
        np.concatenate([whole.share, share[some]]),
        np.concatenate([amount, part.amount[some]]),
        np.concatenate([worth, part.value[some]]),
    )


def _part(share: Fraction, of: int) -> int:
    return share.numerator * of // share.denominator


def _ceiling(requests: pd.DataFrame, policy: dict[str, Any]) -> Limit:
    everybody = np.zeros(len(requests), dtype=np.int64)
    return Limit(["ceiling"], everybody, [policy["ceiling_cents"]], counts_awards=False)


def _editions(inputs: Inputs) -> list[Limit]:
    if "editions" not in inputs.frames:
        return []
    editions = inputs.frames["editions"]
    asked = inputs.frames["requests"]["edition_id"]
    codes = pd.Index(editions["edition_id"]).get_indexer(asked).astype(np.int64)
    if ((codes < 0) & (asked != "").to_numpy()).any():
        raise InvalidInput(Fault("unknown_edition", "requests.csv", "Add it to editions.csv."))
    names = [f"edition:{name}" for name in editions["edition_id"]]
    return [Limit(names, codes, editions["seats"].tolist(), counts_awards=True)]


def _caps(requests: pd.DataFrame, policy: dict[str, Any]) -> list[Limit]:
    limits = []
    for cap in policy["cap"]:
        column = _column(requests, cap["column"])
        counted = column != ""
        if "equals" in cap:
            counted &= column == cap["equals"]
        codes, values = pd.factorize(column.where(counted))
        counts = "count" in cap
        rhs = cap["count"] if counts else _part(cap["share_of_ceiling"], policy["ceiling_cents"])
        names = [f"cap:{cap['name']}:{value}" for value in values]
        limits.append(Limit(names, codes, [rhs] * len(names), counts_awards=counts))
    return limits


def _floor(requests: pd.DataFrame, policy: dict[str, Any], floor: dict[str, Any]) -> Promise:
    matches = _column(requests, floor["column"]) == floor["equals"]
    required = _part(floor["share_of_ceiling"], policy["ceiling_cents"])
    codes = np.where(matches, 0, -1).astype(np.int64)
    return Promise([f"floor:{floor['name']}"], codes, [required])


def _give_back(inputs: Inputs, worker: Codes, workers: int) -> Promise | None:
    """Each contributor's required cents: give_back × min(paid in, asked)."""
    rule = inputs.policy.get("solidarity")
    if rule is None or "contributions" not in inputs.frames:
        return None
    requests, paid = inputs.frames["requests"], inputs.frames["contributions"]
    column = _column(requests, rule["column"])
    codes = pd.Index(paid["value"]).get_indexer(column).astype(np.int64)
    rows = pd.DataFrame(
        {
            "code": codes,
            "worker": worker,
            "choice": requests["choice"],
            "amount": requests["amount_cents"],
        }
    )
    rows = rows[rows["code"] >= 0]
    dearest = rows.groupby(["code", "worker", "choice"])["amount"].max().reset_index()
    dearest = dearest.sort_values("amount", ascending=False, kind="stable")
    place = dearest.groupby(["code", "worker"]).cumcount()
    dearest = dearest[place < inputs.policy["awards_per_worker"]]
    asked = totals(dearest["code"].to_numpy(), dearest["amount"].to_numpy(), len(paid))
    required = [
        _part(rule["give_back"], min(int(in_cents), int(out_cents)))
        for in_cents, out_cents in zip(paid["amount_cents"], asked.tolist(), strict=True)
    ]
    return Promise([f"give_back:{value}" for value in paid["value"]], codes, required)


def _pools(inputs: Inputs) -> tuple[list[str], list[int], list[tuple[int, ...]], Codes]:
    requests = inputs.frames["requests"]
    code = np.zeros(len(requests), dtype=np.int64)
    if "pools" not in inputs.frames:
        return [], [], [()], code
    pools = inputs.frames["pools"]
    sets: list[tuple[int, ...]] = [()]
    earmarks = zip(pools["column"], pools["equals"], strict=True)
    for number, (column, equals) in enumerate(earmarks):
        if column == "":
            may = np.ones(len(requests), dtype=bool)
        else:
            may = (_column(requests, column) == equals).to_numpy()
        both = [(*old, number) if joins else old for old in sets for joins in (False, True)]
        code = 2 * code + may
        used, code = np.unique(code, return_inverse=True)
        sets = [both[place] for place in used.tolist()]
    names = [f"pool:{name}" for name in pools["pool_id"]]
    return names, pools["amount_cents"].tolist(), sets, code


def _groups(
    requests: pd.DataFrame, policy: dict[str, Any], worker: Codes, workers: int
) -> tuple[list[str], Codes]:
    group = np.full(workers, -1, dtype=np.int64)
    if "coverage" not in policy:
        return [], group
    codes, names = pd.factorize(_column(requests, policy["coverage"]))
    group[worker] = codes
    if (group[worker] != codes).any():
        raise InvalidInput(Fault("two_groups", "requests.csv", "A worker belongs to one group."))
    return [str(name) for name in names], group


def _column(requests: pd.DataFrame, name: str) -> "pd.Series[str]":
    if name not in requests:
        params = {"column": name}
        raise InvalidInput(Fault("missing_column", "requests.csv", "Add it.", row=1, params=params))
    return requests[name].astype("str")
