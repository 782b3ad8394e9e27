"""From frames to arrays: options, classes, limits and goals.

An option is one way to award one request: whole, or one of the accepted parts. Workers whose
options are alike in everything that the model sees form one class, and the unknowns are

    X[o] in {0, 1, ..., size of o's class}      how many members of the class get option o

    sum of X[o] over a class's options          <= size x awards per worker
    sum of X[o] over one choice's options       <= size

Limits are rows  sum A[i, o] X[o] <= b[i]  (ceiling, editions, caps) and pools; goals are rows
that a stage raises and later stages keep (floors, give-back, coverage, value, people).

Everything is put in the order of the lots, never of names or rows of the file, so that no name
or order can matter.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from . import lots
from .errors import Fault, InvalidInput
from .policy import Policy
from .problem import Problem

Integers = NDArray[np.int64]


@dataclass
class Model:
    """Plain arrays, so that a solve can be handed to another process.

    Args:
        amount, value: per option, in cents and in points x percent (x cents).
        choice, share: per option; share in percent.
        option_class: per option; options stand by class in the order of dealing.
        size, capacity, newcomer: per class: members, awards that each may still get, and
            whether a first award makes a person that was not awarded before.
        limits: names of the <= limits; `limit_rows` (limits x options), `limit_rhs` in cents or
            awards, what given requests use already taken off.
        pools, pool_rhs, payers: pool names, cents, and per option the index into `payer_sets`
            (which pools may pay for it); empty without pools.
        goals: names of floors and give-backs; `goal_rows` (goals x options) in cents, `required`.
        groups, applying: coverage groups and people in each; `group` per class (-1: none).
        base_*: what the given requests bring.
    """

    policy: Policy
    amount: Integers
    value: Integers
    choice: Integers
    share: Integers
    option_class: Integers
    size: Integers
    capacity: Integers
    newcomer: NDArray[np.bool_]
    limits: list[str]
    limit_rows: Any
    limit_rhs: Integers
    goals: list[str]
    goal_rows: Any
    required: Integers
    groups: list[str]
    applying: Integers
    group: Integers
    pools: list[str] = field(default_factory=list)
    pool_rhs: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    payer_sets: list[tuple[int, ...]] = field(default_factory=list)
    payers: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    base_value: int = 0
    base_people: int = 0
    base_amount: int = 0
    base_goals: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    base_groups: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    base_payers: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    requests_total: int = 0
    # Per option a code of everything but points and amount: options of one place exclude no
    # other limit when they are swapped.
    place: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def options_total(self) -> int:
        return len(self.amount)

    @property
    def classes_total(self) -> int:
        return len(self.size)


@dataclass
class Book:
    """What links the model's classes back to workers and rows of the frames.

    Args:
        rows: position in `requests` of each row, workers by lot, a worker's rows by likeness.
        first_row: per worker (by lot) where its rows begin in `rows`.
        worker_class, worker_id, draw: per worker, by lot.
        members: workers by class, luckiest first; `start` per class.
        option_slot: per option the place of its request among a member's rows.
        given: positions in `requests` of given rows.
        rules: per row of `requests` and per column the limits that it counts in.
    """

    rows: Integers
    first_row: Integers
    worker_class: Integers
    worker_id: NDArray[Any]
    draw: Integers
    members: Integers
    start: Integers
    option_slot: Integers
    given: Integers
    option_of_row: Integers


def build(problem: Problem) -> tuple[Model, Book]:
    """Make the model of a checked problem.

    Raises:
        InvalidInput: the requests that the board gave pass a limit on their own.
    """
    table = _sorted_rows(problem)
    features = _features(problem, table)
    table["likeness"] = _combined(list(features.values()))
    return _Builder(problem, table, features).build()


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
        seen["edition"] = _codes(text("edition_id"), empty="")
    for floor in policy.floors:
        seen[f"floor:{floor.name}"] = (text(floor.column) == floor.equals).astype(np.int64)
    for cap in policy.caps:
        values = text(cap.column)
        if cap.equals is not None:
            values = np.where(values == cap.equals, values, "")
        seen[f"cap:{cap.name}"] = _codes(values, empty="")
    if policy.coverage is not None:
        seen["coverage"] = _codes(text(policy.coverage))
    if policy.solidarity is not None and problem.contributions is not None:
        values = text(policy.solidarity.column)
        known = np.isin(values, problem.contributions["value"].to_numpy())
        seen["solidarity"] = np.where(known, _codes(values), -1)
    if problem.pools is not None:
        seen["payers"] = _payer_masks(problem, text)
    if policy.part_awards is not None:
        seen["shares"] = _codes(text(policy.part_awards.column))
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
    return _combined(columns) if columns else np.zeros(len(problem.requests), dtype=np.int64)


def _codes(values: NDArray[Any], empty: str | None = None) -> Integers:
    codes: Integers = pd.factorize(values)[0].astype(np.int64)
    if empty is not None:
        codes[values == empty] = -1
    return codes


def _combined(columns: list[Integers]) -> Integers:
    """One code per distinct combination, in the order of first appearance."""
    combined = _codes(columns[0])
    for column in columns[1:]:
        codes = _codes(column)
        width = int(codes.max(initial=0)) + 1
        combined = _codes(combined * width + codes)
    return combined


class _Builder:
    """Builds model and book from rows that stand by lot."""

    def __init__(
        self, problem: Problem, table: pd.DataFrame, features: dict[str, Integers]
    ) -> None:
        self.problem, self.policy = problem, problem.policy
        draw = table["draw"].to_numpy()
        worker = np.cumsum(np.concatenate([[0], np.diff(draw) != 0])) if len(draw) else draw
        order = np.lexsort((table["likeness"].to_numpy(), worker))
        self.table = table.iloc[order].reset_index(drop=True)
        self.features = {name: codes[order] for name, codes in features.items()}
        self.worker = worker[order]
        self.workers = int(worker[-1]) + 1 if len(worker) else 0
        self.first_row = np.searchsorted(self.worker, np.arange(self.workers))
        self.rows = self.table["row"].to_numpy()

    def build(self) -> tuple[Model, Book]:
        self._classes()
        self._options()
        self._given()
        model = self._model()
        self._limits(model)
        self._pools(model)
        self._goals(model)
        self._refuse_overfull(model)
        ids = self.problem.requests["worker_id"].to_numpy()
        first = self.rows[self.first_row]
        book = Book(
            rows=self.rows,
            first_row=self.first_row,
            worker_class=self.worker_class,
            worker_id=ids[first],
            draw=self.table["draw"].to_numpy()[self.first_row],
            members=self.members,
            start=self.start,
            option_slot=self.slot,
            given=self.rows[self.features["decided"] == 1],
            option_of_row=self._option_of_row(),
        )
        return model, book

    def _classes(self) -> None:
        """Number the classes by their luckiest member."""
        likeness = self.table["likeness"].to_numpy()
        length = np.diff(np.append(self.first_row, len(self.rows)))
        code = _codes(length)
        for slot in range(int(length.max(initial=0))):
            has = length > slot
            row = np.where(has, self.first_row + slot, 0)
            alike = np.where(has, likeness[row] + 1, 0)
            code = _codes(code * (int(alike.max(initial=0)) + 1) + alike)
        self.worker_class = code
        self.members = np.argsort(code, kind="stable")
        self.size = np.bincount(code, minlength=int(code.max(initial=-1)) + 1).astype(np.int64)
        self.start = np.concatenate([[0], np.cumsum(self.size)])[:-1].astype(np.int64)
        self.luckiest = self.members[self.start] if len(self.size) else self.members
        self.length = length

    def _options(self) -> None:
        """The options of each class, taken from its luckiest member, in the order of dealing."""
        length = self.length[self.luckiest]
        owner = np.repeat(np.arange(len(self.size)), length)
        slot = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
        row = self.first_row[self.luckiest][owner] + slot
        share = np.full(len(row), 100, dtype=np.int64)
        if self.policy.part_awards is not None:
            owner, slot, row, share = self._parts(owner, slot, row)
        amount = self.table["amount"].to_numpy()[row] * share // 100
        open_ = (self.features["decided"][row] == 0) & (amount > 0)
        if "payers" in self.features:
            open_ &= self._payable(row)
        choice = self.table["choice"].to_numpy()[row]
        # The row's own place among the rows sorted by lot breaks ties between alternatives.
        order = np.lexsort((slot, -share, choice, owner))
        order = order[open_[order]]
        self.row, self.slot, self.share = row[order], slot[order], share[order]
        self.owner, self.amount, self.choice = owner[order], amount[order], choice[order]

    def _parts(
        self, owner: Integers, slot: Integers, row: Integers
    ) -> tuple[Integers, Integers, Integers, Integers]:
        assert self.policy.part_awards is not None
        texts = self.problem.requests[self.policy.part_awards.column].to_numpy()[self.rows[row]]
        shares = [sorted({100, *map(int, text.split())}, reverse=True) for text in texts]
        repeat = np.array([len(each) for each in shares], dtype=np.int64)
        flat = np.array([share for each in shares for share in each], dtype=np.int64)
        return np.repeat(owner, repeat), np.repeat(slot, repeat), np.repeat(row, repeat), flat

    def _payable(self, row: Integers) -> NDArray[np.bool_]:
        """Whether any pool may pay for the row."""
        payable: NDArray[np.bool_] = np.zeros(len(row), dtype=bool)
        for column in self._pool_columns(row):
            payable |= column
        return payable

    def _pool_columns(self, row: Integers) -> list[NDArray[np.bool_]]:
        assert self.problem.pools is not None
        columns = []
        for _, pool in self.problem.pools.iterrows():
            if pool["column"] == "":
                columns.append(np.ones(len(row), dtype=bool))
            else:
                values = self.problem.requests[pool["column"]].to_numpy()[self.rows[row]]
                columns.append(values == pool["equals"])
        return columns

    def _values(self, row: Integers, share: Integers) -> Integers:
        percent = np.array(self.policy.choice_percent, dtype=np.int64)
        points = self.table["points"].to_numpy(dtype=np.int64)[row]
        value: Integers = points * percent[self.table["choice"].to_numpy()[row] - 1]
        if self.policy.value == "points_times_amount":
            value = value * self.table["amount"].to_numpy(dtype=np.int64)[row]
        if self.policy.part_awards is not None:
            menu = [self.policy.part_awards.value_of(s) for s in range(101)]
            worth: Integers = np.array(menu, dtype=np.int64)
            worth[100] = 100
            value = (value * worth[share] // 100).astype(np.int64)
        return value

    def _given(self) -> None:
        """Given requests are awarded beforehand and leave the rest of the money to divide."""
        given = self.features["decided"] == 1
        self.given_row = np.flatnonzero(given)
        per_worker = np.bincount(self.worker[given], minlength=self.workers)
        taken = per_worker[self.luckiest]
        self.capacity = np.maximum(0, self.policy.awards_per_worker - taken).astype(np.int64)
        self.newcomer = taken == 0
        # A choice that was given has no further options; nor has a worker who has everything.
        keep = self.capacity[self.owner] > 0
        if len(self.given_row):
            width = len(self.policy.choice_percent) + 1
            choice = self.table["choice"].to_numpy()
            done = np.unique(self.worker[given] * width + choice[given])
            keep &= ~np.isin(self.luckiest[self.owner] * width + self.choice, done)
            twice = len(done) < len(self.given_row)
            if twice or (per_worker > self.policy.awards_per_worker).any():
                worker = int(per_worker.argmax())
                name = str(
                    self.problem.requests["worker_id"].iloc[self.rows[self.first_row[worker]]]
                )
                _given_too_much("awards_per_worker", name)
        self.row, self.slot, self.share = self.row[keep], self.slot[keep], self.share[keep]
        self.owner, self.amount = self.owner[keep], self.amount[keep]
        self.choice = self.choice[keep]

    def _model(self) -> Model:
        everyone = self.table["amount"].to_numpy()
        full = np.full(len(self.given_row), 100, dtype=np.int64)
        groups: list[str] = []
        group = np.full(len(self.size), -1, dtype=np.int64)
        applying = np.zeros(0, dtype=np.int64)
        base_groups = applying
        if self.policy.coverage is not None:
            codes = self.features["coverage"]
            names = self.problem.requests[self.policy.coverage].to_numpy()[self.rows]
            per_worker = codes[self.first_row]
            first = np.unique(codes, return_index=True)[1]
            groups = [str(name) for name in names[first]]
            applying = np.bincount(per_worker, minlength=len(groups)).astype(np.int64)
            group = per_worker[self.luckiest] if len(self.size) else group
            awarded = np.unique(self.worker[self.given_row])
            base_groups = np.bincount(per_worker[awarded], minlength=len(groups)).astype(np.int64)
        return Model(
            policy=self.policy,
            amount=self.amount,
            value=self._values(self.row, self.share),
            choice=self.choice,
            share=self.share,
            option_class=self.owner,
            size=self.size,
            capacity=self.capacity,
            newcomer=self.newcomer,
            limits=[],
            limit_rows=None,
            limit_rhs=np.zeros(0, dtype=np.int64),
            goals=[],
            goal_rows=None,
            required=np.zeros(0, dtype=np.int64),
            groups=groups,
            applying=applying,
            group=group,
            base_value=int(self._values(self.given_row, full).sum()),
            base_people=len(np.unique(self.worker[self.given_row])),
            base_amount=int(everyone[self.given_row].sum()),
            base_groups=base_groups,
            requests_total=len(self.rows),
            place=self._place(),
        )

    def _place(self) -> Integers:
        seen = {name: codes for name, codes in self.features.items() if name != "choice"}
        rest = [codes for name, codes in seen.items() if name not in ("amount", "points")]
        return _combined(rest)[self.row] if rest else np.zeros(len(self.row), dtype=np.int64)

    def _limits(self, model: Model) -> None:
        """Ceiling, editions, caps; those that all requests together cannot fill are left out."""
        ceiling = np.zeros(len(self.rows), dtype=np.int64)
        rows = [_Rows(ceiling, True, ["ceiling"], [self.policy.ceiling_cents])]
        requests, editions = self.problem.requests, self.problem.editions
        if editions is not None:
            codes, seats = self.features["edition"], editions.set_index("edition_id")["seats"]
            names = _names(codes, requests["edition_id"].to_numpy()[self.rows])
            rhs = seats.reindex(names, fill_value=0).to_list()
            rows.append(_Rows(codes, False, [f"edition:{name}" for name in names], rhs))
        for cap in self.policy.caps:
            codes = self.features[f"cap:{cap.name}"]
            names = _names(codes, requests[cap.column].to_numpy()[self.rows])
            cents = cap.limit_cents(self.policy.ceiling_cents)
            limit = cents if cents is not None else cap.count
            assert limit is not None
            full = [f"cap:{cap.name}:{name}" for name in names]
            rows.append(_Rows(codes, cents is not None, full, [limit] * len(names)))
        names, rhs = [], []
        parts: list[tuple[Integers, Integers, Integers]] = []
        for kind in rows:
            codes = kind.codes[self.row]
            weight = self.amount if kind.money else np.ones(len(self.row), dtype=np.int64)
            given = kind.codes[self.given_row]
            used = np.zeros(len(kind.names), dtype=np.int64)
            base = self.table["amount"].to_numpy()[self.given_row] if kind.money else 1
            np.add.at(used, given[given >= 0], np.broadcast_to(base, given.shape)[given >= 0])
            left = np.array(kind.rhs, dtype=np.int64) - used
            for place in np.flatnonzero(left < 0):
                _given_too_much(kind.names[place], "")
            inside = codes >= 0
            demand = np.zeros(len(kind.names), dtype=np.int64)
            np.add.at(demand, codes[inside], (weight * self.size[self.owner])[inside])
            tight = demand > left
            number = np.where(tight, np.cumsum(tight) - 1 + len(names), -1)
            keep = np.flatnonzero(inside)[tight[codes[inside]]]
            parts.append((number[codes[keep]], keep, weight[keep]))
            names += [name for name, yes in zip(kind.names, tight, strict=True) if yes]
            rhs += left[tight].tolist()
        model.limits, model.limit_rhs = names, np.array(rhs, dtype=np.int64)
        model.limit_rows = _sparse(parts, len(names), len(self.row))

    def _pools(self, model: Model) -> None:
        pools = self.problem.pools
        if pools is None:
            return
        model.pools = [f"pool:{name}" for name in pools["pool_id"]]
        model.pool_rhs = pools["amount_cents"].to_numpy(dtype=np.int64)
        columns = self._pool_columns(np.arange(len(self.rows)))
        codes = self.features["payers"]
        for first in np.unique(codes, return_index=True)[1]:
            model.payer_sets.append(
                tuple(pool for pool, column in enumerate(columns) if column[first])
            )
        model.payers = codes[self.row]
        model.base_payers = np.zeros(len(model.payer_sets), dtype=np.int64)
        np.add.at(
            model.base_payers,
            codes[self.given_row],
            self.table["amount"].to_numpy()[self.given_row],
        )

    def _goals(self, model: Model) -> None:
        names: list[str] = []
        required: list[int] = []
        base: list[int] = []
        parts: list[tuple[Integers, Integers, Integers]] = []
        amount = self.table["amount"].to_numpy()

        def add(name: str, need: int, inside: NDArray[np.bool_]) -> None:
            options = np.flatnonzero(inside[self.row])
            parts.append((np.full(len(options), len(names)), options, self.amount[options]))
            names.append(name)
            required.append(need)
            base.append(int(amount[self.given_row[inside[self.given_row]]].sum()))

        for floor in self.policy.floors:
            need = floor.required_cents(self.policy.ceiling_cents)
            add(f"floor:{floor.name}", need, self.features[f"floor:{floor.name}"] == 1)
        solidarity, paid = self.policy.solidarity, self.problem.contributions
        if solidarity is not None and paid is not None:
            values = self.problem.requests[solidarity.column].to_numpy()[self.rows]
            for value, paid_in in zip(paid["value"], paid["amount_cents"], strict=True):
                inside = values == value
                share, asked = solidarity.give_back, self._asked(inside)
                need = min(int(paid_in), asked) * share.numerator // share.denominator
                add(f"give_back:{value}", need, inside)
        model.goals, model.required = names, np.array(required, dtype=np.int64)
        model.base_goals = np.array(base, dtype=np.int64)
        model.goal_rows = _sparse(parts, len(names), len(self.row))

    def _asked(self, inside: NDArray[np.bool_]) -> int:
        """What these rows ask at most: per worker the dearest choices that may be awarded."""
        if not inside.any():
            return 0
        frame = pd.DataFrame(
            {
                "worker": self.worker[inside],
                "choice": self.table["choice"].to_numpy()[inside],
                "amount": self.table["amount"].to_numpy()[inside],
            }
        )
        dearest = frame.groupby(["worker", "choice"])["amount"].max().sort_values(ascending=False)
        return int(dearest.groupby("worker").head(self.policy.awards_per_worker).sum())

    def _refuse_overfull(self, model: Model) -> None:
        """Given requests may not need more from a set of pools than it holds."""
        for first in range(len(model.payer_sets)):
            reach = set(model.payer_sets[first])
            needs = sum(
                int(cents)
                for payers, cents in zip(model.payer_sets, model.base_payers, strict=True)
                if set(payers) <= reach
            )
            if needs > sum(int(model.pool_rhs[pool]) for pool in reach):
                _given_too_much(", ".join(model.pools[pool] for pool in sorted(reach)), "")

    def _option_of_row(self) -> Integers:
        """Per row of the frame the class's first option for it (-1: none)."""
        found = np.full(len(self.rows), -1, dtype=np.int64)
        width = int(self.length.max(initial=0)) + 1
        key = self.owner * width + self.slot
        unique, first = np.unique(key, return_index=True)
        slot = np.arange(len(self.rows)) - self.first_row[self.worker]
        wanted = self.worker_class[self.worker] * width + slot
        place = np.searchsorted(unique, wanted)
        place = np.minimum(place, max(0, len(unique) - 1))
        if len(unique):
            hit = unique[place] == wanted
            found[self.rows[hit]] = first[place[hit]]
        return found


@dataclass
class _Rows:
    """A family of limits: a code per row (-1: not limited), names and right-hand sides."""

    codes: Integers
    money: bool
    names: list[str]
    rhs: list[int]


def _names(codes: Integers, values: NDArray[Any]) -> list[str]:
    """The value behind each code from 0; a code that no row has keeps an empty name."""
    names = [""] * (int(codes.max(initial=-1)) + 1)
    unique, first = np.unique(codes, return_index=True)
    for code, row in zip(unique, first, strict=True):
        if code >= 0:
            names[code] = str(values[row])
    return names


def _sparse(parts: list[tuple[Integers, Integers, Integers]], rows: int, columns: int) -> Any:
    row = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, dtype=np.int64)
    column = np.concatenate([part[1] for part in parts]) if parts else row
    data = np.concatenate([part[2] for part in parts]) if parts else row
    return sparse.csr_matrix((data, (row, column)), shape=(rows, columns), dtype=np.int64)


def _given_too_much(limit: str, worker: str) -> None:
    remedy = "Give fewer requests: together they pass this limit."
    params = {"limit": limit} | ({"worker": worker} if worker else {})
    raise InvalidInput(Fault("given_exceeds_limit", "adjustments.csv", remedy, params=params))
