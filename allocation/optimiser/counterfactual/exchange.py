"""A division that awards a refused request, where several people have to change places at once.

Where no swap of one or two awards makes room (`witness.py`), because every place that could be
given up is held by a promise, exchanges of a few people are looked for in arrays (`moves.py`). For
whom that finds nothing, the classes that are nearly indifferent at the prices, and those that hold
the full limits of the request, are divided anew in whole awards around it, with all the others as
they are. As in a swap every limit holds, and every floor, give-back and group keeps what it kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from allocation.optimiser.counterfactual.moves import Moves, Wanted
from allocation.optimiser.counterfactual.witness import Division
from allocation.optimiser.model.arrays import Integers, Model
from allocation.optimiser.relaxation.program import Floats

# Of each limit that is full, how many options that hold it are divided anew.
HOLDERS = 40


@dataclass(frozen=True)
class Effort:
    """How many of the classes nearest to indifference are divided anew, and where that stops:
    after so many nodes, or at such a distance in value to the best that there can be."""

    nearest: int
    nodes: int
    gap: float


EFFORTS = (Effort(100, 20, 500.0), Effort(400, 50, 200.0))


@dataclass(frozen=True)
class Found:
    """What one more award costs others; `cents` 0 at its own amount."""

    option: int
    loss: int
    cents: int


@dataclass(frozen=True)
class Sought:
    """What may be found for the requests of one person, apart from what is proven to be too much.

    Args:
        near: with as many points, or for as few cents, as are in reach.
        beyond: for fewer cents, tried in this order where nothing in reach is found.
    """

    near: tuple[Wanted, ...]
    beyond: tuple[Wanted, ...]


def search(
    model: Model,
    awards: Integers,
    targets: dict[str, int],
    worth: Floats,
    people: list[Sought],
    report: Callable[[dict[str, Any]], None],
) -> None:
    """For each person look for changes in reach: of points and of an amount; else for one beyond.

    Args:
        targets: coverage group -> people that it is to have.
        worth: per option what its award is worth at the prices, less what it costs.
        report: called with {"stage", "done", "total", "found"}, with what was found of each person.
    """
    every = [wanted for person in people for wanted in (*person.near, *person.beyond)]
    budget = max((wanted.most - wanted.least for wanted in every), default=0)
    exchanges = Exchanges(model, Division(model, awards, targets), awards, worth, budget)
    for done, person in enumerate(people, start=1):
        found = exchanges.of(person)
        report({"stage": "exchange", "done": done, "total": len(people), "found": found})


class Exchanges:
    """A finished division, of which a part can be divided anew around one request.

    Args:
        awards: per option of the model, one award per worker.
        worth: per option what its award is worth at the prices, less what it costs.
        budget: the most that anything sought may cost others above what it costs at least.
    """

    def __init__(
        self, model: Model, division: Division, awards: Integers, worth: Floats, budget: int
    ) -> None:
        self.model, self.division, self.awards, self.worth = model, division, awards, worth
        stacked = [division.rows, -model.goal_rows, -_people(model, division)]
        self.rows = sparse.csc_matrix(sparse.vstack(stacked))
        free = [division.limits_free, division.goals_free, division.groups_free]
        self.free = np.concatenate(free).astype(np.int64)
        self.in_cents = np.zeros(len(self.free), dtype=bool)
        self.in_cents[: len(division.in_cents)] = division.in_cents
        self.start = np.searchsorted(model.option_class, np.arange(model.classes_total + 1))
        self.by_limit = sparse.csr_matrix(division.rows)
        self.order = np.argsort(self._margin(), kind="stable")
        # In a small round the first effort divides everybody anew, and nobody is left to move.
        self.small = model.classes_total <= EFFORTS[0].nearest
        self.moves = None
        if not self.small:
            self.moves = Moves(model, division, self.rows, self.free, awards, worth, budget)

    def of(self, person: Sought) -> list[Found]:
        """What exchanges of few give in reach, and if that is no points, what a search does; where
        nothing in reach is found, the first beyond it."""
        found = list(self._by_moves(person.near))
        if all(one.cents for one in found):
            others = [one for one in person.near if not found or one.cents is None]
            found += self._anew(tuple(others))
        return found or list(self._by_moves(person.beyond))[:1] or self._anew(person.beyond)

    def _by_moves(self, sought: tuple[Wanted, ...]) -> Iterator[Found]:
        for wanted in sought if self.moves else ():
            assert self.moves
            found = self.moves.cheapest(wanted, self.use(wanted))
            if found is not None:
                yield Found(wanted.option, found[0], wanted.cents or 0)

    def _anew(self, sought: tuple[Wanted, ...]) -> list[Found]:
        """The first that is found by dividing a part anew, with all efforts."""
        for effort, wanted in product(EFFORTS[: 1 if self.small else None], sought):
            loss = self.loss(wanted, effort)
            if loss is not None and loss <= wanted.most:
                return [Found(wanted.option, loss, wanted.cents or 0)]
        return []

    def _margin(self) -> Floats:
        """Per class what it loses at the prices by another choice than it has."""
        model = self.model
        best, second = np.zeros(model.classes_total), np.full(model.classes_total, np.inf)
        np.maximum.at(best, model.option_class, self.worth)
        loss = np.where(self.awards > 0, np.inf, best[model.option_class] - self.worth)
        np.minimum.at(second, model.option_class, np.maximum(loss, 0.0))
        return np.where(self.division.served > 0, np.minimum(second, best), second)

    def loss(self, wanted: Wanted, effort: Effort) -> int | None:
        """What one more award costs others in value; None: no such division was found.

        A division that costs them no more than the middle between the least and the most is good
        enough, and one that costs more than the most is no answer.
        """
        model, size = self.model, self.model.size
        options = self._options(wanted.option, effort.nearest)
        part, held = sparse.csr_matrix(self.rows[:, options]), self.awards[options]
        used = np.flatnonzero(np.diff(part.indptr))
        most = self.free - self.use(wanted) + np.asarray(part @ held, dtype=np.int64)
        if (np.delete(most, used) < 0).any():
            return None
        part, most = part[used], most[used]
        owner, number = np.unique(model.option_class[options], return_inverse=True)
        # Who is asked for has no other award.
        members = size[owner] - (owner == model.option_class[wanted.option])
        ones = (np.ones(len(options), dtype=np.int64), (number, np.arange(len(options))))
        classes = sparse.csr_matrix(ones, shape=(len(owner), len(options)))
        value = model.value[options]
        worth = int(value @ held)
        rows = sparse.vstack([part, classes, -value[None, :]], format="csr")
        sides = np.concatenate([most, members, [wanted.most - worth]])
        enough = worth - (wanted.least + wanted.most) / 2
        new = _most(value, rows, sides, members[number], effort, enough)
        if new is None or (np.asarray(rows @ new) > sides).any():
            return None
        return int((value * (held - new)).sum())

    def use(self, wanted: Wanted) -> Integers:
        """What the award uses of each limit, and (below zero) brings to each goal and group."""
        use = np.zeros(len(self.free), dtype=np.int64)
        span = slice(*self.rows.indptr[wanted.option : wanted.option + 2].tolist())
        use[self.rows.indices[span]] = self.rows.data[span]
        if wanted.cents is not None:
            use[self.in_cents & (use > 0)] = wanted.cents
            limits = len(self.division.limits_free)
            goals = slice(limits, limits + len(self.model.goals))
            use[goals] = np.maximum(use[goals], 0)
        return use

    def _options(self, option: int, nearest: int) -> Integers:
        """The options of all classes that are divided anew, in order."""
        classes = [self.order[:nearest], self._holders(option), self.model.option_class[[option]]]
        spans = (np.arange(*self.start[[each, each + 1]]) for each in np.unique(np.hstack(classes)))
        return np.concatenate(list(spans))

    def _holders(self, option: int) -> Integers:
        """Classes with awards in the full limits of the option, those of least worth first."""
        found: list[Integers] = [np.zeros(0, dtype=np.int64)]
        starts, limits, used = self.division.columns
        span = slice(*starts[option : option + 2].tolist())
        for limit, needs in zip(limits[span].tolist(), used[span].tolist(), strict=True):
            if limit == self.division.ceiling or self.division.limits_free[limit] >= needs:
                continue
            inside = self.by_limit.indices[slice(*self.by_limit.indptr[limit : limit + 2].tolist())]
            inside = inside[self.awards[inside] > 0]
            order = np.argsort(self.worth[inside], kind="stable")[:HOLDERS]
            found.append(self.model.option_class[inside[order]])
        return np.concatenate(found)


def _people(model: Model, division: Division) -> "sparse.csr_matrix":
    """Coverage groups over the options: one for each award to a person of the group."""
    inside = np.flatnonzero(division.group >= 0)
    ones = np.ones(len(inside), dtype=np.int64)
    shape = (len(model.groups), model.options_total)
    return sparse.csr_matrix((ones, (division.group[inside], inside)), shape=shape)


def _most(
    value: Integers, rows: Any, sides: Integers, upper: Integers, effort: Effort, enough: float
) -> Integers | None:
    """Whole awards of `enough` value or the most that few nodes find; None where they find none."""
    columns = sparse.csc_matrix(rows)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(value), len(sides)
    lp.col_cost_ = -value.astype(np.float64)
    lp.col_lower_, lp.col_upper_ = np.zeros(len(value)), upper.astype(np.float64)
    lp.row_lower_ = np.full(len(sides), -highspy.kHighsInf)
    lp.row_upper_ = sides.astype(np.float64)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = columns.indptr, columns.indices
    lp.a_matrix_.value_ = columns.data.astype(np.float64)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(value)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, setting in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 0),
        ("mip_max_nodes", effort.nodes),
        ("mip_abs_gap", effort.gap),
        ("mip_rel_gap", 0.0),
        ("mip_allow_restart", False),
        ("objective_target", -enough),
    ):
        solver.setOptionValue(name, setting)
    solver.passModel(lp)
    solver.run()
    feasible = highspy.SolutionStatus.kSolutionStatusFeasible
    if solver.getInfo().primal_solution_status != feasible:
        return None
    return np.rint(np.array(solver.getSolution().col_value)).astype(np.int64)
