"""Stage 5: among the divisions that are equally good in all earlier stages, the first by lot.

The person with the lowest lot number gets an award if any of these divisions gives one, then the
next, and so on; after that, in the same order, each gets the best of its own options (the lowest
choice, then the largest share) that any of them leaves. Members of a class are served in the order
of their lots, so that "the j-th member is served" reads as a count:

    sum of X[o] over a class's options >= j
    sum of X[o] over its m best options >= j             the j-th member gets one of the m best

Each such question is decided for good, in order. What the division at hand already gives is
granted without a search. Otherwise one search decides several: with weights that halve from each
to the next, the best sum is the first in this order.

Only what a division of this value may use is searched (core_search.py). A search may stop at a
limit of nodes in a larger round; what is left is then settled by swaps (swaps.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from allocation.optimiser.integer import mip
from allocation.optimiser.integer.core_search import Incumbent
from allocation.optimiser.model.arrays import Model
from allocation.optimiser.model.formulation import Stage
from allocation.optimiser.relaxation.program import Floats, Infeasible, Integers, LinearProgram
from allocation.optimiser.stages import swaps
from allocation.optimiser.stages.people import People
from allocation.optimiser.stages.run import Keep, Run
from allocation.optimiser.stages.value import Value

# Questions that one search decides: their weights stay far above the solver's tolerances.
TOGETHER = 12
# Rounds of so many requests are always searched to the end; larger ones within these limits.
SMALL_REQUESTS = 300
OPEN_OPTIONS, QUESTIONS, NODES = 600, 5_000, 200

EXACT, SWAP_STABLE = "exact", "swap_stable"


@dataclass(frozen=True)
class Question:
    """Whether the options at `places` (of the open ones) give at least `least` awards."""

    places: tuple[int, ...]
    least: int


@dataclass
class _Decided:
    """What is settled: per set of places the awards granted, and the most that are allowed."""

    granted: dict[tuple[int, ...], int] = field(default_factory=dict)
    allowed: dict[tuple[int, ...], int] = field(default_factory=dict)

    def settles(self, question: Question) -> bool:
        least, most = self.granted.get(question.places, 0), self.allowed.get(question.places)
        return question.least <= least or (most is not None and question.least > most)

    def note(self, question: Question, yes: bool) -> None:
        if yes:
            self.granted[question.places] = question.least
        else:
            self.allowed[question.places] = question.least - 1


@dataclass(frozen=True)
class Equals:
    """The divisions that are equally good in all earlier stages.

    Args:
        program: over the options that are open; options: their numbers in the model.
        fixed: per option of the model the awards that all of these divisions give.
    """

    program: LinearProgram
    options: Integers
    fixed: Floats


class ByLot:
    """The stage of lots of one run.

    Args:
        model: the run's own, with other lots; None for the run's.
    """

    def __init__(self, run: Run, worth: Value, people: People, model: Model | None = None) -> None:
        self.run, self.model, self.formulation = run, model or run.model, run.formulation
        self.worth, self.people = worth, people
        self.small = self.model.requests_total <= SMALL_REQUESTS

    def find(self, keep: Keep, result: Incumbent) -> tuple[Incumbent, str]:
        """The first by lot of the divisions that are as good as `result`, and how it is so."""
        return self.decide(self.equals(keep, result), keep, result)

    def decide(self, equals: Equals, keep: Keep, result: Incumbent) -> tuple[Incumbent, str]:
        """The same, by the lots of the model at hand, when what is as good is known."""
        program, options, fixed = equals.program, equals.options, equals.fixed
        questions = _Questions(self.model, options)
        if not self.small and (len(options) > OPEN_OPTIONS or len(questions.persons()) > QUESTIONS):
            return self._by_swaps(keep, result, options), SWAP_STABLE
        search = _Search(self.run, program, options, result, None if self.small else NODES)
        ended = search.decide(questions.persons())
        ended = ended and search.decide(questions.choices(search.x))
        x = np.rint(fixed).astype(np.int64)
        x[options] = search.x
        found = Incumbent(x, search.y, result.value, result.bound)
        if ended:
            return found, EXACT
        return self._by_swaps(keep, found, options), SWAP_STABLE

    def _by_swaps(self, keep: Keep, result: Incumbent, options: Integers) -> Incumbent:
        x = swaps.swapped(self.model, result.x, keep, options)
        return Incumbent(x, result.y, result.value, result.bound)

    def equals(self, keep: Keep, result: Incumbent) -> Equals:
        """All that is as good, over the options that it may use; no lot counts for it."""
        formulation, value = self.formulation, self.formulation.reached("value", result.x)
        kept = {**keep.all(), "value": value}
        kept["people"] = formulation.reached("people", result.x)
        program = formulation.program(Stage(kept=dict(kept), short=keep.short)).program
        options, most, fixed = self.worth.open(value)
        narrow = program.within(options, most, fixed)
        for name in ("value", "people"):  # half a unit of room for the solver's tolerances
            narrow.rhs[narrow.names.index(name)] += 0.5
        records = {"value": self.worth.record, "people": self.people.record}
        for name, record in records.items():
            if record.gap:  # a better one may exist, and would not be equally good
                narrow = _no_more(narrow, name)
        return Equals(_binding(narrow), options, fixed)


def _no_more(program: LinearProgram, name: str) -> LinearProgram:
    """The same program, where a sum that is kept may not be passed either."""
    row = program.names.index(name)
    return replace(
        program,
        rows=sparse.csc_matrix(sparse.vstack([program.rows, -program.rows[row]])),
        sides=sparse.csc_matrix(sparse.vstack([program.sides, -program.sides[row]])),
        rhs=np.append(program.rhs, 1.0 - program.rhs[row]),
        names=[*program.names, f"no_more:{name}"],
    )


def _rows(rows: Sequence[tuple[Sequence[int], float]], columns: int) -> "sparse.csr_matrix":
    """A matrix with one number in each row, at some of its columns."""
    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    column = np.concatenate([np.array(places, dtype=np.int64) for places, _ in rows])
    number = np.repeat([number for _, number in rows], np.diff(ends))
    return sparse.csr_matrix((number, column, ends), shape=(len(rows), columns))


def _binding(program: LinearProgram) -> LinearProgram:
    """The same program, without the limits that nothing in it can pass."""
    most = program.rows.maximum(0) @ program.upper
    loose = (np.asarray(most).ravel() <= program.rhs) & (np.diff(program.sides.tocsr().indptr) == 0)
    kept = np.flatnonzero(~loose)
    return replace(
        program,
        rows=sparse.csc_matrix(program.rows[kept]),
        sides=sparse.csc_matrix(program.sides[kept]),
        rhs=program.rhs[kept],
        names=[program.names[row] for row in kept.tolist()],
    )


class _Questions:
    """What is asked of the open options, in the order of the lots."""

    def __init__(self, model: Model, options: Integers) -> None:
        self.model = model
        owner = model.option_class[options]
        self.classes, first = np.unique(owner, return_index=True)
        ends = np.append(first[1:], len(options))[: len(first)]
        self.places = [
            tuple(range(start, end))
            for start, end in zip(first.tolist(), ends.tolist(), strict=True)
        ]
        self.start = model.start

    def _members(self, number: int) -> list[int]:
        begin = int(self.start[number])
        lots: list[int] = self.model.members[begin : begin + int(self.model.size[number])].tolist()
        return lots

    def persons(self) -> list[Question]:
        """One after another: is this person served?"""
        asked = [
            (lot, Question(places, rank))
            for number, places in zip(self.classes.tolist(), self.places, strict=True)
            if self.model.newcomer[number]
            for rank, lot in enumerate(self._members(number), start=1)
        ]
        return [question for _, question in sorted(asked, key=lambda pair: pair[0])]

    def choices(self, x: Integers) -> list[Question]:
        """One after another: does this person get one of its best options, of its best two, …?"""
        asked: list[tuple[int, int, Question]] = []
        for number, places in zip(self.classes.tolist(), self.places, strict=True):
            size, capacity = int(self.model.size[number]), int(self.model.capacity[number])
            if len(places) == 1 and capacity == 1:
                continue
            awards, members = int(x[list(places)].sum()), self._members(number)
            cards = awards if capacity == 1 else size * capacity
            for card in range(cards):
                for count in range(1, len(places) + (capacity > 1)):
                    question = Question(places[:count], card + 1)
                    asked.append((members[card % size], card // size, question))
        asked.sort(key=lambda entry: entry[:2])
        return [question for _, _, question in asked]


class _Search:
    """Decides one question after another; `x` and `y` are the division at hand."""

    def __init__(
        self,
        run: Run,
        program: LinearProgram,
        options: Integers,
        result: Incumbent,
        nodes: int | None,
    ) -> None:
        self.run, self.program, self.nodes = run, program, nodes
        self.x, self.y = result.x[options].copy(), result.y
        self.decided = _Decided()

    def decide(self, questions: list[Question]) -> bool:
        """Decide all of them; False when a limit of nodes came before the end."""
        place = 0
        while place < len(questions):
            question = questions[place]
            if self.decided.settles(question):
                place += 1
            elif self._holds(question):
                self.decided.note(question, True)
                place += 1
            else:
                together = self._together(questions, place)
                if not self._search(together):
                    return False
                for one in together:
                    if not self.decided.settles(one):
                        self.decided.note(one, self._holds(one))
        return True

    def _together(self, questions: list[Question], place: int) -> list[Question]:
        """The next ones that are not settled."""
        found: list[Question] = []
        while place < len(questions) and len(found) < TOGETHER:
            if not self.decided.settles(questions[place]):
                found.append(questions[place])
            place += 1
        return found

    def _holds(self, question: Question) -> bool:
        return int(self.x[list(question.places)].sum()) >= question.least

    def _search(self, questions: list[Question]) -> bool:
        program = self._asked(questions)
        answered = [float(self._holds(question)) for question in questions]
        start = self.x.astype(np.float64), np.concatenate([self.y, answered])
        try:
            solved = mip.solve(
                program,
                np.arange(program.options_total),
                program.rhs,
                backend=self.run.backend,
                upper=program.upper,
                gap=0.49,
                nodes=self.nodes,
                proving=True,
                start=start,
            )
        except Infeasible:  # by a tolerance: the division at hand is one of them
            return False
        self.x = solved.x.astype(np.int64)
        self.y = solved.y[: len(self.y)]
        return solved.optimal

    def _asked(self, questions: list[Question]) -> LinearProgram:
        """The program with what is decided as limits, and these questions as its objective.

        Questions of one set of places share a row: granted + the number of them that hold is at
        most the awards there. Their weights fall, so the first of them hold first.
        """
        rows: list[tuple[tuple[int, ...], float, float, list[int]]] = []
        sets = dict.fromkeys([*self.decided.granted, *(q.places for q in questions)])
        for places in sets:
            own = [number for number, q in enumerate(questions) if q.places == places]
            rows.append((places, -1.0, -float(self.decided.granted.get(places, 0)), own))
        for places, most in self.decided.allowed.items():
            rows.append((places, 1.0, float(most), []))
        old, wide = self.program, len(self.y)
        options = _rows([(places, sign) for places, sign, _, _ in rows], old.options_total)
        held = [([wide + number for number in own], 1.0) for *_, own in rows]
        sides = _rows(held, wide + len(questions))
        before = sparse.hstack([old.sides, sparse.csc_matrix((len(old.rhs), len(questions)))])
        weights = 2.0 ** np.arange(len(questions) - 1, -1, -1)
        return replace(
            old,
            cost=np.zeros(old.options_total),
            rows=sparse.csc_matrix(sparse.vstack([old.rows, options])),
            rhs=np.concatenate([old.rhs, [rhs for _, _, rhs, _ in rows]]),
            names=[*old.names, *(f"lots:{row}" for row in range(len(rows)))],
            sides=sparse.csc_matrix(sparse.vstack([before, sides])),
            side_cost=np.concatenate([np.zeros(wide), weights]),
            side_upper=np.concatenate([old.side_upper, np.ones(len(questions))]),
            side_names=[*old.side_names, *(f"holds_{n}" for n in range(len(questions)))],
        )
