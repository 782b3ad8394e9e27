"""The program of one stage: its objective, the limits, and what earlier stages reached.

    maximise    sum over objectives of weight x goal(X)           (value, people, cents of a floor)
    such that   A X <= b                                           ceiling, editions, caps
                sum of amount x X over payer set s <= sum of y[p, s]   money of a set of pools
                sum over s of y[p, s] <= pool p
                goal(X) >= kept                                    for every goal kept

`goal` is linear: cents for floors and give-backs, value, and people. With one award per worker a
person is an award; with several, z[k] <= sum of class k's X counts its people.

A stage that raises goals towards what is required maximises  sum of s[i]  with  s[i] <= goal_i(X)
and  s[i] <= required_i, so that nobody gains from passing the requirement. A level of a leximin
maximises t with  goal_i(X) >= t x size_i  for every goal that is still free: people of groups
(size: people applying) or cents of contributors (size: what is required).
"""

from dataclasses import dataclass, field
from functools import cached_property
from math import gcd
from typing import Any

import numpy as np
from scipy import sparse

from allocation.optimiser.model.arrays import Model
from allocation.optimiser.relaxation.program import UNLIMITED, Floats, Integers, LinearProgram

# What a person is worth in the objective of a level, or an award of average price.
PERSON = 1000.0


@dataclass
class Stage:
    """What one stage wants. Goals are named as in the certificate.

    Args:
        weights: goal -> weight in the objective.
        kept: goal -> least amount (whole, counted with what given requests bring).
        raised: goal -> amount that is required, for a stage that raises goals.
        level: goals whose smallest share is raised, each with its size; `level_cap` caps the share.
        penalty: when given, kept goals may be missed at this price per unit of the goal.
        short: where whole people cannot meet what coverage keeps: by how many people a group may
            miss it at most, and all groups together.
    """

    weights: dict[str, float] = field(default_factory=dict)
    kept: dict[str, float] = field(default_factory=dict)
    raised: dict[str, int] = field(default_factory=dict)
    level: dict[str, int] = field(default_factory=dict)
    level_cap: float = 1.0
    penalty: dict[str, float] = field(default_factory=dict)
    short: tuple[int, int] | None = None


@dataclass
class Formulated:
    """A program, and how its rows read: `unit` is what each row was divided by."""

    program: LinearProgram
    unit: Floats
    side_of: dict[str, int]

    def prices(self, named: dict[str, float]) -> Floats:
        """A price per row, from prices by name (0 where there is none)."""
        return np.array([named.get(name, 0.0) for name in self.program.names])


class _Sheet:
    """Collects rows over options and sides."""

    def __init__(self, options: int) -> None:
        self.options = options
        self.blocks: list[Any] = []
        self.rhs: list[float] = []
        self.names: list[str] = []
        self.entries: list[tuple[int, int, float]] = []
        self.side_cost: list[float] = []
        self.side_upper: list[float] = []
        self.side_names: list[str] = []

    def side(self, name: str, cost: float, upper: float) -> int:
        self.side_names.append(name)
        self.side_cost.append(cost)
        self.side_upper.append(upper)
        return len(self.side_names) - 1

    def row(self, name: str, rhs: float, coefficients: Any, *sides: tuple[int, float]) -> None:
        """One row; coefficients per option as a sparse row, or None."""
        empty = sparse.csr_matrix((1, self.options), dtype=np.int64)
        self.blocks.append(empty if coefficients is None else coefficients)
        self.entries += [(len(self.rhs), side, weight) for side, weight in sides]
        self.names.append(name)
        self.rhs.append(rhs)

    def rows(self, names: list[str], rhs: Integers, coefficients: Any) -> None:
        self.blocks.append(coefficients)
        self.names += names
        self.rhs += rhs.tolist()


class Formulation:
    """Writes the programs of a model; keeps what all stages share."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.several = model.policy.awards_per_worker > 1
        newcomers = model.newcomer[model.option_class] if model.options_total else model.amount
        self.person = sparse.csr_matrix(newcomers.astype(np.int64).reshape(1, -1))
        self.money = sparse.csr_matrix(model.amount.reshape(1, -1))
        self.worth = sparse.csr_matrix(model.value.reshape(1, -1))
        self.number = {name: place for place, name in enumerate(model.goals)}
        self.group = {f"coverage:{name}": place for place, name in enumerate(model.groups)}
        self.group_of = model.group[model.option_class]
        self._goal_rows: dict[str, tuple[Integers, Integers]] = {}

    @cached_property
    def limits_by_option(self) -> "sparse.csr_matrix":
        """The limits' rows with the options first: a proof prices them for each of its leaves."""
        return self.model.limit_rows.T.tocsr()

    @cached_property
    def place_of_limit(self) -> dict[str, int]:
        return {limit: place for place, limit in enumerate(self.model.limits)}

    def goal_row(self, goal: str) -> tuple[Integers, Integers]:
        """The options that count in a floor or give-back, and the cents of each."""
        if goal not in self._goal_rows:
            row = self.model.goal_rows[self.number[goal]]
            self._goal_rows[goal] = row.indices, row.data
        return self._goal_rows[goal]

    def base(self, goal: str) -> int:
        """What given requests bring to a goal."""
        if goal == "value":
            return self.model.base_value
        if goal == "people":
            return self.model.base_people
        if goal in self.group:
            return int(self.model.base_groups[self.group[goal]])
        return int(self.model.base_goals[self.number[goal]])

    def size(self, goal: str) -> int:
        """What a share of this goal is a share of: people applying, or cents required."""
        if goal in self.group:
            return int(self.model.applying[self.group[goal]])
        return int(self.model.required[self.number[goal]])

    def reached(self, goal: str, x: Integers) -> int:
        """A goal's amount in whole awards x per option, with what given requests bring."""
        if goal not in self.group and goal != "people":
            return self.base(goal) + int((self._plain(goal) @ x)[0])
        awards = np.zeros(self.model.classes_total, dtype=np.int64)
        np.add.at(awards, self.model.option_class, x)
        people = np.minimum(awards, self.model.size) * self.model.newcomer
        if goal in self.group:
            people = people[self.model.group == self.group[goal]]
        return self.base(goal) + int(people.sum())

    def program(self, stage: Stage) -> Formulated:
        """Write the program of a stage."""
        model = self.model
        sheet = _Sheet(model.options_total)
        sheet.rows(model.limits, model.limit_rhs, model.limit_rows)
        self._pool_rows(sheet)
        persons = self._person_rows(sheet)
        cost = np.zeros(model.options_total)
        for goal, weight in stage.weights.items():
            self._add_cost(goal, weight, cost, sheet, persons)
        side_of: dict[str, int] = {}
        missing: list[tuple[int, float]] = []
        for goal, least in stage.kept.items():
            coefficients, sides = self._goal(goal, persons, -1)
            if stage.short is not None and goal in self.group:
                missing.append((sheet.side(f"short_{goal}", 0.0, float(stage.short[0])), 1.0))
                sides.append((missing[-1][0], -1.0))
            if goal in stage.penalty:
                side_of[goal] = sheet.side(f"missing_{goal}", -stage.penalty[goal], UNLIMITED)
                sides.append((side_of[goal], -1.0))
            sheet.row(goal, self.base(goal) - least, coefficients, *sides)
        if stage.short is not None:
            sheet.row("short", float(stage.short[1]), None, *missing)
        for goal, required in stage.raised.items():
            side_of[goal] = sheet.side(f"reached_{goal}", 1.0, float(required))
            coefficients, sides = self._goal(goal, persons, -1)
            sheet.row(f"raised:{goal}", self.base(goal), coefficients, (side_of[goal], 1.0), *sides)
        if stage.level:
            # So that the price of a person or award is about PERSON, which suits the tolerances.
            worth = PERSON * float(sum(stage.level.values())) / self._unit(stage.level)
            side_of["level"] = sheet.side("level", worth, stage.level_cap)
            for goal, size in stage.level.items():
                coefficients, sides = self._goal(goal, persons, -1)
                sides.append((side_of["level"], float(size)))
                sheet.row(f"level:{goal}", self.base(goal), coefficients, *sides)
        return self._finish(stage, sheet, cost, side_of)

    def _unit(self, level: dict[str, int]) -> float:
        """One person, or the cents of an average award."""
        if all(goal in self.group for goal in level):
            return 1.0
        return float(self.model.amount.mean()) if self.model.options_total else 1.0

    def _pool_rows(self, sheet: _Sheet) -> None:
        model = self.model
        if not model.pools:
            return
        flows: list[list[tuple[int, float]]] = [[] for _ in model.pools]
        for number, payers in enumerate(model.payer_sets):
            inside = sparse.csr_matrix(
                (np.where(model.payers == number, model.amount, 0)).reshape(1, -1)
            )
            inside.eliminate_zeros()
            sides = []
            for pool in payers:
                name = f"pays_{pool}_{number}"
                # Its own bound must never bind: the price belongs to the pool, which is public.
                side = sheet.side(name, 0.0, float(model.pool_rhs[pool]) + 1.0)
                sides.append((side, -1.0))
                flows[pool].append((side, 1.0))
            used = float(model.base_payers[number])
            sheet.row(f"money:{number}", -used, inside, *sides)
        for pool, name in enumerate(model.pools):
            sheet.row(name, float(model.pool_rhs[pool]), None, *flows[pool])

    def _person_rows(self, sheet: _Sheet) -> dict[int, int]:
        """With several awards per worker, a column per class that counts its people."""
        model = self.model
        if not self.several:
            return {}
        persons = {}
        for number in np.unique(model.option_class[model.newcomer[model.option_class]]).tolist():
            persons[number] = sheet.side(f"people_{number}", 0.0, float(model.size[number]))
            awards = sparse.csr_matrix(
                -(model.option_class == number).astype(np.int64).reshape(1, -1)
            )
            sheet.row(f"people:{number}", 0.0, awards, (persons[number], 1.0))
        return persons

    def _plain(self, goal: str) -> Any:
        return self.worth if goal == "value" else self.model.goal_rows[self.number[goal]]

    def _goal(
        self, goal: str, persons: dict[int, int], sign: int
    ) -> tuple[Any, list[tuple[int, float]]]:
        """A goal's coefficients over options, and over the columns that count people."""
        if goal not in self.group and goal != "people":
            return sign * self._plain(goal), []
        group = self.group.get(goal)
        if self.several:
            inside = [
                (side, float(sign))
                for number, side in persons.items()
                if group is None or self.model.group[number] == group
            ]
            return None, inside
        if group is None:
            return sign * self.person, []
        row = sparse.csr_matrix(self.person.multiply((self.group_of == group).reshape(1, -1)))
        row.eliminate_zeros()
        return sign * row.astype(np.int64), []

    def _add_cost(
        self, goal: str, weight: float, cost: Floats, sheet: _Sheet, persons: dict[int, int]
    ) -> None:
        coefficients, sides = self._goal(goal, persons, 1)
        if coefficients is not None:
            cost += weight * np.asarray(coefficients.todense(), dtype=np.float64).ravel()
        for side, unit in sides:
            sheet.side_cost[side] += weight * unit

    def _finish(
        self, stage: Stage, sheet: _Sheet, cost: Floats, side_of: dict[str, int]
    ) -> Formulated:
        model = self.model
        rows: Any = sparse.vstack(sheet.blocks, format="csr")
        entries = np.array(sheet.entries or np.zeros((0, 3)), dtype=np.float64)
        shape = (len(sheet.rhs), len(sheet.side_names))
        sides = sparse.csc_matrix(
            (entries[:, 2], (entries[:, 0].astype(int), entries[:, 1].astype(int))), shape=shape
        )
        unit = _common(rows)
        scale = sparse.diags(1.0 / unit)
        rhs = np.array(sheet.rhs) / unit
        coverage = np.array([name in self.group for name in sheet.names], dtype=bool)
        whole = (np.diff(sides.tocsr().indptr) == 0) & ~coverage & (not stage.level)
        # Only whole awards count: what is left below one unit of a limit cannot be used.
        rhs = np.where(whole, np.floor(rhs + 1e-9), rhs)
        program = LinearProgram(
            cost=cost,
            rows=sparse.csc_matrix(scale @ rows.astype(np.float64)),
            rhs=rhs,
            names=sheet.names,
            option_class=model.option_class,
            size=model.size,
            total=model.size * model.capacity if self.several else model.size,
            sides=sparse.csc_matrix(scale @ sides),
            side_cost=np.array(sheet.side_cost),
            side_upper=np.array(sheet.side_upper),
            side_names=sheet.side_names,
            choice=model.choice if self.several else None,
        )
        return Formulated(program, unit, side_of)


def _common(rows: Any) -> Floats:
    """The greatest common divisor of each row's coefficients (1 for an empty row)."""
    unit = np.ones(rows.shape[0])
    filled = np.flatnonzero(np.diff(rows.indptr))
    if len(filled):
        unit[filled] = np.gcd.reduceat(np.abs(rows.data.astype(np.int64)), rows.indptr[filled])
    return np.maximum(unit, 1.0)


def step(values: Integers) -> int:
    """The greatest common divisor: sums of these values move in such steps (at least 1)."""
    divisor = 0
    for value in np.unique(values).tolist():
        divisor = gcd(divisor, int(value))
        if divisor == 1:
            break
    return max(1, divisor)
