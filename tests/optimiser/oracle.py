"""An independent exact division: one binary per way to award a request, stage after stage.

Nothing is taken from the optimiser but the problem's frames and policy. It is
slow and meant to be: no classes, no bounds, no shortcuts; HiGHS through SciPy
solves each stage to a gap of zero, and every stage keeps what the earlier
ones reached as one more row.
"""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pandas as pd
from scipy import optimize, sparse

from allocation.optimiser import Problem

SECONDS_MAX = 300


@dataclass
class Outcome:
    """What the stages reached: cents, people and points × percent.

    `give_back` are the cents that each contributor's share comes to, `awards_below` how many
    awards whole divisions may stay below it (1, where they can), `awarded` the share in percent
    per awarded request.
    """

    waiting: list[dict[str, int]] = field(default_factory=list)
    floors: list[int] = field(default_factory=list)
    give_back: dict[str, int] = field(default_factory=dict)
    awards_below: int = 0
    levels: dict[str, float] = field(default_factory=dict)
    targets: dict[str, int] = field(default_factory=dict)
    people_short: int = 0
    value: int = 0
    people: int = 0
    awarded: dict[str, int] = field(default_factory=dict)


def solve(problem: Problem, *, by_lot: bool = False) -> Outcome:
    """Solve every stage exactly; with `by_lot` also who is first by lot."""
    return _Oracle(problem).solve(by_lot)


class Levels:
    """The leximin-best shares of the linear relaxation, floors kept, without the later stages."""

    def __init__(self, problem: Problem) -> None:
        stages = _Oracle(problem)
        outcome = Outcome()
        stages.keep_promises(outcome)
        stages.cover(outcome)
        self.levels = outcome.levels


class _Oracle:
    def __init__(self, problem: Problem) -> None:
        self.problem, self.policy = problem, problem.policy
        self.options = self._options()
        self.workers = sorted(set(problem.requests["worker_id"]))
        self.n_x = len(self.options)
        # Columns: x (an option is awarded), y (a worker has an award), payments by pool.
        self.n = self.n_x + len(self.workers)
        self.upper = np.ones(self.n)
        self.upper[: self.n_x][(self.options["state"] == "withheld").to_numpy()] = 0
        self.lower = np.zeros(self.n)
        self.integer = np.ones(self.n)
        self.rows: list[tuple[np.ndarray, float, float]] = []
        # Sums that a stage reached; whole awards have half a unit of room for a double's rounding.
        self.reached: list[tuple[np.ndarray, int]] = []
        # Kept where fractions of awards count, and only there.
        self.fractions: list[tuple[np.ndarray, float, float]] = []
        self._limits()

    def solve(self, by_lot: bool) -> Outcome:
        outcome = Outcome()
        self.keep_promises(outcome)
        if self.policy.coverage is not None:
            self.cover(outcome)
        value = self._of_options(self.options["value"].to_numpy())
        outcome.value = self._maximise_and_keep(value)
        people = np.zeros(self.n)
        people[self.n_x : self.n_x + len(self.workers)] = 1
        outcome.people = self._maximise_and_keep(people)
        if by_lot:
            self._by_lot(outcome)
        return outcome

    def _by_lot(self, outcome: Outcome) -> None:
        """One person after another gets an award if it can; then the best of its own options."""
        draw = self.problem.requests.set_index("worker_id")["draw"].to_dict()
        order = sorted(self.workers, key=draw.__getitem__)
        place = {worker: self.n_x + number for number, worker in enumerate(self.workers)}
        for worker in order:
            row = np.zeros(self.n)
            row[place[worker]] = 1
            self._maximise_and_keep(row)
        options = self.options.assign(number=range(self.n_x))
        options = options.sort_values(["choice", "share"], ascending=[True, False], kind="stable")
        for worker in order:
            for number in options.loc[options["worker_id"] == worker, "number"]:
                row = np.zeros(self.n)
                row[number] = 1
                if self._maximise_and_keep(row):
                    request = self.options["request_id"].iloc[number]
                    outcome.awarded[request] = int(self.options["share"].iloc[number])

    def keep_promises(self, outcome: Outcome) -> None:
        """Who waited longest, floors one by one, then give-back."""
        if self.policy.waiting is not None:
            self._serve_who_waited(outcome)
        for floor in self.policy.floors:
            row = self._spent(self.options[floor.column] == floor.equals)
            share = floor.share_of_ceiling
            required = self.policy.ceiling_cents * share.numerator // share.denominator
            outcome.floors.append(self._promise([(row, required)]))
        if self.policy.solidarity is not None:
            self._give_back(outcome)

    def _serve_who_waited(self, outcome: Outcome) -> None:
        """As many people as can be, of the longest wait first."""
        rule = self.policy.waiting
        waited = self.options[rule.column].astype(int)
        people = self.problem.requests.drop_duplicates("worker_id")[rule.column].astype(int)
        for rounds in sorted({n for n in people if n >= rule.bound}, reverse=True):
            row = self._ones(np.flatnonzero((waited == rounds).to_numpy()))
            most = int((people == rounds).sum())
            served = self._promise([(row, most)])
            outcome.waiting.append({"rounds": rounds, "people": most, "served": served})

    def _options(self) -> pd.DataFrame:
        """One line per request and share, with amount, value and state."""
        menu, lines = self.policy.part_awards, []
        for row in self.problem.requests.to_dict("records"):
            value = row["points"] * self.policy.choice_percent[row["choice"] - 1]
            if self.policy.value == "points_times_amount":
                value *= row["amount_cents"]
            given = row["request_id"] in self.problem.given
            state = "given" if given else ""
            state = "withheld" if row["request_id"] in self.problem.withheld else state
            shares = {100}
            if menu is not None and not given:
                shares |= {int(share) for share in row[menu.column].split()}
            for share in shares:
                worth = 100 if share == 100 else dict(menu.value_percent).get(share, share)
                amount = row["amount_cents"] * share // 100
                if amount:
                    part = value if share == 100 else value * worth // 100
                    lines.append(
                        {**row, "amount": amount, "value": part, "state": state, "share": share}
                    )
        return pd.DataFrame(lines)

    def _limits(self) -> None:
        options, policy = self.options, self.policy
        amount = options["amount"].to_numpy(dtype=float)
        self._add(self._of_options(amount), -np.inf, policy.ceiling_cents)
        if self.problem.editions is not None:
            seats = dict(zip(*self.problem.editions[["edition_id", "seats"]].values.T, strict=True))
            for edition, rows in options.groupby("edition_id").indices.items():
                if edition:
                    self._add(self._ones(rows), -np.inf, seats[edition])
        for cap in policy.caps:
            for value, rows in options.groupby(cap.column).indices.items():
                if value and cap.equals in (None, value):
                    if cap.count is not None:
                        self._add(self._ones(rows), -np.inf, cap.count)
                    else:
                        share = cap.share_of_ceiling
                        limit = policy.ceiling_cents * share.numerator // share.denominator
                        self._add(self._ones(rows, amount), -np.inf, limit)
        for rows in options.groupby(["worker_id", "choice"]).indices.values():
            if len(rows) > 1:
                self._add(self._ones(rows), -np.inf, 1)
        place = {worker: self.n_x + number for number, worker in enumerate(self.workers)}
        for worker, rows in options.groupby("worker_id").indices.items():
            self._add(self._ones(rows), -np.inf, policy.awards_per_worker)
            served = self._ones(rows)
            served[place[worker]] = -1
            self._add(served, 0, np.inf)  # y ≤ Σ x
        given = np.flatnonzero((options["state"] == "given").to_numpy())
        self.lower[given] = 1
        if self.problem.pools is not None:
            self._pools(amount)

    def _pools(self, amount: np.ndarray) -> None:
        """Every option's cents are paid by pools that may: rows over kinds of options."""
        pools = self.problem.pools
        may = np.column_stack(
            [
                np.ones(self.n_x, bool) if not column else (self.options[column] == equals)
                for column, equals in zip(pools["column"], pools["equals"], strict=True)
            ]
        )
        kinds, kind = np.unique(may, axis=0, return_inverse=True)
        payments = [(k, p) for k, row in enumerate(kinds) for p in np.flatnonzero(row)]
        start = self.n
        self._widen(len(payments))
        for number in range(len(kinds)):
            row = self._ones(np.flatnonzero(kind == number), amount)
            for column, (k, _) in enumerate(payments):
                if k == number:
                    row[start + column] = -1
            self._add(row, 0, 0)
        for pool, cents in enumerate(pools["amount_cents"]):
            row = np.zeros(self.n)
            for column, (_, p) in enumerate(payments):
                if p == pool:
                    row[start + column] = 1
            self._add(row, -np.inf, cents)

    def _give_back(self, outcome: Outcome) -> None:
        """Leximin of the shares of what is required; whole divisions within one award of it."""
        parts = self._give_backs()
        required = {value: cents for value, _, cents in parts if cents}
        rows = {value: row for value, row, _ in parts if value in required}
        levels = self._leximin(rows, required, 1.0)
        column, dearest = self.policy.solidarity.column, {}
        for value, row, cents in parts:
            level = Fraction(levels.get(value, 1.0)).limit_denominator(10**9) + Fraction(1, 10**12)
            target = int(min(level, 1) * cents)
            outcome.give_back[value] = target
            asked = self.problem.requests
            asked = asked.loc[asked[column] == value, "amount_cents"]
            dearest[value] = int(asked[asked <= target].max()) if (asked <= target).any() else None
            self.fractions.append((row, (levels.get(value, 1.0) - 1e-7) * cents, np.inf))
        while True:
            outcome.awards_below += 1
            kept = len(self.rows)
            for value, row, _ in parts:
                if dearest[value] is not None:
                    least = outcome.give_back[value] - outcome.awards_below * dearest[value] + 1
                    self._add(row, least, np.inf)
            if self._possible():
                return
            del self.rows[kept:]

    def _give_backs(self) -> list[tuple[str, np.ndarray, int]]:
        rule, parts = self.policy.solidarity, []
        for value, paid in zip(
            *self.problem.contributions[["value", "amount_cents"]].values.T, strict=True
        ):
            rows = self.problem.requests[self.problem.requests[rule.column] == value]
            dearest = rows.groupby(["worker_id", "choice"])["amount_cents"].max()
            asked = sum(
                sum(sorted(group, reverse=True)[: self.policy.awards_per_worker])
                for _, group in dearest.groupby(level=0)
            )
            required = int(rule.give_back * min(int(paid), int(asked)))
            parts.append((value, self._spent(self.options[rule.column] == value), required))
        return parts

    def _promise(self, parts: list[tuple[np.ndarray, int]]) -> int:
        """Maximise Σ min(required, spent) and keep each part of it."""
        start = self.n
        self._widen(len(parts), upper=[required for _, required in parts])
        objective = np.zeros(self.n)
        for number, (row, _) in enumerate(parts):
            objective[start + number] = 1
            met = np.zeros(self.n)
            met[: len(row)] = row
            met[start + number] -= 1
            self._add(met, 0, np.inf)
        return self._maximise_and_keep(objective)

    def cover(self, outcome: Outcome) -> None:
        """Leximin of the linear relaxation, then as few people short of the targets as can be."""
        column = self.policy.coverage
        group_of = dict(zip(self.options["worker_id"], self.options[column], strict=True))
        groups = sorted(set(self.problem.requests[column]))
        row_of, applying = {}, {}
        for group in groups:
            row = np.zeros(self.n)
            for number, worker in enumerate(self.workers):
                row[self.n_x + number] = group_of.get(worker) == group
            row_of[group] = row
            applying[group] = self.problem.requests.loc[
                self.problem.requests[column] == group, "worker_id"
            ].nunique()
        cap = float(self.policy.coverage_cap)
        outcome.levels = self._leximin(row_of, applying, cap)
        fairness = self.policy.fairness
        for group, level in outcome.levels.items():
            exact = Fraction(level).limit_denominator(10**9) + Fraction(1, 10**5)
            outcome.targets[group] = int(fairness * min(exact, 1) * applying[group])
        start = self.n
        self._widen(len(groups) + 1, upper=[*(outcome.targets[group] for group in groups), np.inf])
        objective, most = np.zeros(self.n), np.zeros(self.n)
        most[-1] = -1
        for number, group in enumerate(groups):
            objective[start + number] = -1
            row = np.zeros(self.n)
            row[: len(row_of[group])] = row_of[group]
            row[start + number] = 1
            self._add(row, outcome.targets[group], np.inf)
            row = np.zeros(self.n)
            row[start + number], row[-1] = -1, 1
            self._add(row, 0, np.inf)
        # No group more people short than need be, then as few in all as can be.
        self.integer[-1] = 1
        self._maximise_and_keep(most)
        outcome.people_short = -self._maximise_and_keep(objective)

    def _leximin(
        self, row_of: dict[str, np.ndarray], applying: dict[str, int], cap: float
    ) -> dict[str, float]:
        """Raise the smallest share, fix every group that cannot pass it, go on with the rest."""
        levels: dict[str, float] = {}
        free = set(row_of)
        while free:
            bounds = [((levels[g] - 1e-7) * applying[g] - 1e-6, row_of[g]) for g in levels]
            level = self._linear_level(row_of, applying, free, bounds)
            if level >= cap - 1e-9:
                return {**levels, **dict.fromkeys(free, cap)}
            stuck = set()
            for group in free:
                others = [((level - 1e-7) * applying[g] - 1e-6, row_of[g]) for g in free]
                best = self._linear(row_of[group], bounds + others)
                if best <= (level + 1e-5) * applying[group]:
                    stuck.add(group)
            assert stuck, "at least one group cannot rise"
            levels.update(dict.fromkeys(stuck, level))
            free -= stuck
        return levels

    def _linear_level(self, row_of, applying, free, bounds) -> float:
        rows = [(low, np.append(row, 0)) for low, row in bounds]
        rows += [(0, np.append(row_of[g], -applying[g])) for g in free]
        return self._linear(np.append(np.zeros(self.n), 1), rows, extra=1)

    def _linear(self, objective, rows, extra: int = 0) -> float:
        matrix, low, high = self._matrix(self.n + extra, [*self.fractions, *self._kept(1e-4)])
        if rows:
            matrix = sparse.vstack([matrix, sparse.csr_matrix(np.array([r for _, r in rows]))])
            low = np.append(low, [bound for bound, _ in rows])
            high = np.append(high, [np.inf] * len(rows))
        found = optimize.milp(
            -objective,
            constraints=optimize.LinearConstraint(matrix, low, high),
            bounds=optimize.Bounds(
                np.append(self.lower, np.zeros(extra)), np.append(self.upper, np.ones(extra))
            ),
        )
        assert found.status == 0, found.message
        return -found.fun

    def _maximise_and_keep(self, objective: np.ndarray) -> int:
        matrix, low, high = self._matrix(self.n, self._kept(0.5))
        found = optimize.milp(
            -objective,
            constraints=optimize.LinearConstraint(matrix, low, high),
            bounds=optimize.Bounds(self.lower, self.upper),
            integrality=self.integer,
            options={"mip_rel_gap": 0.0, "time_limit": SECONDS_MAX},
        )
        assert found.status == 0, found.message
        whole = np.where(self.integer == 1, np.round(found.x), found.x)
        reached = round(float(objective @ whole))
        self.reached.append((objective, reached))
        return reached

    def _kept(self, room: float):
        """The rows, and what stages reached with some room below it."""
        return [*self.rows, *((row, least - room, np.inf) for row, least in self.reached)]

    def _possible(self) -> bool:
        """Whether any whole division keeps all rows."""
        matrix, low, high = self._matrix(self.n, self._kept(0.5))
        found = optimize.milp(
            np.zeros(self.n),
            constraints=optimize.LinearConstraint(matrix, low, high),
            bounds=optimize.Bounds(self.lower, self.upper),
            integrality=self.integer,
            options={"time_limit": SECONDS_MAX},
        )
        assert found.status in (0, 2), found.message
        return found.status == 0

    def _matrix(self, columns: int, rows):
        data, index, start = [], [], [0]
        for row, _, _ in rows:
            used = np.flatnonzero(row)
            data.append(row[used])
            index.append(used)
            start.append(start[-1] + len(used))
        matrix = sparse.csr_matrix(
            (np.concatenate(data), np.concatenate(index), start), shape=(len(rows), columns)
        )
        return matrix, np.array([r[1] for r in rows]), np.array([r[2] for r in rows])

    def _widen(self, more: int, upper: list[int] | None = None) -> None:
        """Add continuous columns."""
        self.n += more
        self.lower = np.append(self.lower, np.zeros(more))
        self.upper = np.append(self.upper, [np.inf] * more if upper is None else upper)
        self.integer = np.append(self.integer, np.zeros(more))

    def _add(self, row: np.ndarray, low: float, high: float) -> None:
        self.rows.append((row, low, high))

    def _of_options(self, numbers: np.ndarray) -> np.ndarray:
        row = np.zeros(self.n)
        row[: self.n_x] = numbers
        return row

    def _ones(self, rows: np.ndarray, numbers: np.ndarray | None = None) -> np.ndarray:
        row = np.zeros(self.n)
        row[rows] = 1 if numbers is None else numbers[rows]
        return row

    def _spent(self, matches: "pd.Series[bool]") -> np.ndarray:
        return self._of_options(self.options["amount"].to_numpy() * matches.to_numpy())
