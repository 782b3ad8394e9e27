"""Exchanges of a few people in arrays: what each could do instead, in all pairs at once.

A *move* lets one member of a class have another of its options than now, or none, or one where it
has none. At the prices a move gives up r >= 0 (up to the gap), and what an exchange costs others is

    sum of r over its moves + what the award pays for limits + what is left over at the prices,

so only moves with a small r can stand in an exchange that costs little. A *step* is a move, or a
move to a full date or cap and another that makes room for it. An exchange is made of an *opening*,
up to three moves that free what the request needs of full dates and caps (where it needs none, any
step), and of a *filling*, up to two steps. All fillings stand in one table, by what they cost, with
what they change in the *common* rows that bind many people (money, groups, floors); a request is
held against thousands of them at a time. What is found is counted in whole numbers over every row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import product
from typing import Any

import numpy as np
from scipy import sparse

from allocation.optimiser.counterfactual.room import columns
from allocation.optimiser.counterfactual.witness import Division
from allocation.optimiser.model.arrays import Integers, Model
from allocation.optimiser.relaxation.program import Floats

# Of so many steps, those that give up least, every pair is a filling.
STEPS = 400
# Of so many chains, a move and another that makes room for it, too.
CHAINS = 150
# Moves tried to make room for one that is to be a step.
FOLLOWERS = 8
# Common rows: those that more than this part of the moves would break alone, the most first.
COMMON_PART = 0.04
MOST_COMMON = 12
# Moves tried for each full row, openings kept for the same rows, and where looking for them ends.
HOLDERS = 40
OPENINGS = 300
MOST_MOVES = 3
MOST_TRIED = 3_000
# Fillings of one opening that are counted in whole before the next opening is tried.
TRIES = 20


@dataclass(frozen=True)
class Wanted:
    """One more award: the option, at its own amount or for fewer cents.

    Where it is to cost less, it brings no cents to any goal, so that any lower amount fits too.

    Args:
        least, most: what it costs others at least, as the prices prove, and may cost at most.
        factor: value of a point where the cost is told in points; 0: whatever it costs up to
            `most` is as good.
        slack: how much more than the division at hand the best might be worth.
    """

    option: int
    cents: int | None
    least: int
    most: int
    factor: int = 0
    slack: int = 0

    def better_than(self, loss: int) -> int:
        """The highest cost that would be told as less than this one; below `least`: none."""
        if not self.factor:
            return self.least - 1
        return (self.slack + loss) // self.factor * self.factor - self.slack - 1


@dataclass(frozen=True)
class _Openings:
    """Sets of moves that free the same full rows, those that give up least first.

    `common` (openings x common rows) is what each changes in those.
    """

    moves: list[tuple[int, ...]]
    given_up: list[float]
    loss: list[int]
    common: Integers


class Moves:
    """All moves of a finished division that give up no more than `budget`.

    Args:
        rows, free: every limit, goal and group over the options, and what is free of each; what
            an option brings to a goal or group stands below zero.
        awards: per option of the model.
        worth: per option what its award is worth at the prices, less what it costs.
    """

    def __init__(
        self,
        model: Model,
        division: Division,
        rows: "sparse.csc_matrix",
        free: Integers,
        awards: Integers,
        worth: Floats,
        budget: float,
    ) -> None:
        self.model, self.division, self.free, self.awards = model, division, free, awards
        self._list(worth, budget)
        # Option -1 is "nothing", which uses nothing.
        nothing = sparse.csr_matrix((1, len(free)), dtype=np.int64)
        uses = sparse.vstack([sparse.csr_matrix(rows.T), nothing], format="csr")
        self.change = sparse.csr_matrix(uses[self.after] - uses[self.before])
        self.change.eliminate_zeros()
        self.by_row = columns(self.change)
        self.known: dict[int, list[tuple[int, int]]] = {}
        self.openings: dict[tuple[tuple[int, int], ...], _Openings] = {}
        breaks = self.change.data > free[self.change.indices]
        self._choose_common(breaks)
        self._fill(breaks, budget)

    def _list(self, worth: Floats, budget: float) -> None:
        """Every move inside a class, the one that gives up least first."""
        model, owner = self.model, self.model.option_class
        start = np.searchsorted(owner, np.arange(model.classes_total + 1))
        held = np.flatnonzero(self.awards > 0)
        options = np.diff(start)[owner[held]]
        first = np.repeat(start[owner[held]] - np.cumsum(options) + options, options)
        other = first + np.arange(len(first))
        mine = np.repeat(held, options)
        free = np.flatnonzero((self.division.served < model.size)[owner])
        nothing = [np.full(len(each), model.options_total) for each in (held, free)]
        before = np.concatenate([mine[mine != other], held, nothing[1]])
        after = np.concatenate([other[mine != other], nothing[0], free])
        at_prices, value = np.append(worth, 0.0), np.append(model.value, 0)
        given_up = at_prices[before] - at_prices[after]
        order = np.argsort(given_up, kind="stable")
        order = order[given_up[order] <= budget]
        self.before, self.after, self.given_up = before[order], after[order], given_up[order]
        owner = np.append(owner, -1)
        self.owner: Integers = np.maximum(owner[self.before], owner[self.after])
        self.loss: Integers = (value[self.before] - value[self.after]).astype(np.int64)

    def _choose_common(self, breaks: Any) -> None:
        count = np.bincount(self.change.indices[breaks], minlength=len(self.free))
        most = np.argsort(-count, kind="stable")[:MOST_COMMON]
        common = most[count[most] > COMMON_PART * len(self.before)]
        self.common: list[int] = common.tolist()
        self.place = {row: place for place, row in enumerate(self.common)}

    def _fill(self, breaks: Any, budget: float) -> None:
        """The fillings by what they cost others: nothing, a step, and every pair of steps."""
        steps = self._steps(breaks)
        given_up = np.append(self.given_up, 0.0)[steps].sum(axis=1)
        order = np.argsort(given_up, kind="stable")
        # Step -1 is nothing, as move -1 is.
        self.steps: Integers = np.concatenate([steps[order], [[-1, -1]]])
        who = np.where(self.steps < 0, -1, self.owner[self.steps])
        one, two = self._pairs(who, given_up[order], budget)
        every, nothing = np.arange(len(order)), np.full(len(order) + 1, -1)
        first = np.concatenate([[-1], every, one])
        second = np.concatenate([nothing, two])
        loss = np.append(self.loss, 0)[self.steps].sum(axis=1)
        cost = loss[first] + loss[second]
        cheapest = np.argsort(cost, kind="stable")
        self.cost: Integers = cost[cheapest]
        self.fillings: Integers = np.stack([first[cheapest], second[cheapest]])
        self.who: Integers = np.concatenate(who[self.fillings].transpose(0, 2, 1))
        self.common_of_move = np.zeros((len(self.common), len(self.before) + 1), dtype=np.int64)
        self.common_of_move[:, :-1] = self.change[:, self.common].toarray().T
        by_step: Integers = self.common_of_move[:, self.steps].sum(axis=2)
        self.takes: Integers = by_step[:, self.fillings[0]] + by_step[:, self.fillings[1]]

    def _pairs(self, who: Integers, given_up: Floats, budget: float) -> tuple[Integers, Integers]:
        """Pairs of steps of different classes that together give up no more than the budget."""
        one, two = np.triu_indices(len(given_up), 1)
        apart = given_up[one] + given_up[two] <= budget
        for mine, other in product(who.T, repeat=2):
            apart &= (mine[one] != other[two]) | (mine[one] < 0)
        return one[apart], two[apart]

    def _steps(self, breaks: Any) -> Integers:
        """Moves that break no row but common ones, alone or by another that makes room for them."""
        broken = breaks & ~np.isin(self.change.indices, self.common)
        number = np.repeat(np.arange(len(self.before)), np.diff(self.change.indptr))
        needs = np.zeros(len(self.before), dtype=bool)
        needs[number[broken]] = True
        alone = np.flatnonzero(~needs)[:STEPS]
        chains: list[tuple[float, int, int]] = []
        for move in np.flatnonzero(needs)[:STEPS].tolist():
            missing = self._missing({}, move)
            for other in self._holders(min(missing))[:FOLLOWERS]:
                if not self._missing(missing, other):
                    given_up = self.given_up[move] + self.given_up[other]
                    chains.append((float(given_up), move, other))
        chained = [each[1:] for each in sorted(chains)[:CHAINS]]
        single = np.column_stack([alone, np.full(len(alone), -1)])
        return np.concatenate([single, np.array(chained, dtype=np.int64).reshape(-1, 2)])

    def cheapest(self, wanted: Wanted, use: Integers) -> tuple[int, tuple[int, ...]] | None:
        """What one more award costs others by an exchange of few, and its moves; None: none holds.

        Args:
            use: what the award uses of each row.
        """
        left = self.free - use
        short = np.flatnonzero(left < 0).tolist()
        full = tuple((row, -int(left[row])) for row in short if row not in self.place)
        openings = self._openings(full)
        room = left[self.common] - openings.common
        best: tuple[int, tuple[int, ...]] | None = None
        most = wanted.most
        for number, moves in enumerate(openings.moves):
            if wanted.least + openings.given_up[number] > most:
                break
            lost = openings.loss[number]
            busy = [int(self.owner[move]) for move in moves]
            for filling in self._fillings(room[number], busy, wanted.least - lost, most - lost):
                every = (*moves, *self._moves_of(filling))
                if self._holds(wanted, use, every):
                    best = lost + int(self.cost[filling]), every
                    most = min(most, wanted.better_than(best[0]))
                    break
            if most < wanted.least:
                break
        return best

    def _fillings(self, room: Integers, busy: list[int], least: int, most: int) -> Iterator[int]:
        """Fillings of other classes than `busy` that keep the common rows, within these costs, the
        cheapest first."""
        start, end = np.searchsorted(self.cost, (least, most + 1)).tolist()
        tried, size = 0, 256
        while start < end and tried < TRIES:
            part = slice(start, min(end, start + size))
            fits = np.ones(part.stop - start, dtype=bool)
            for takes, free in zip(self.takes, room.tolist(), strict=True):
                fits &= takes[part] <= free
            found = start + np.flatnonzero(fits)
            for number in busy:
                found = found[(self.who[:, found] != number).all(axis=0)]
            found = found[: TRIES - tried]
            yield from found.tolist()
            tried += len(found)
            start, size = part.stop, 4 * size

    def _moves_of(self, filling: int) -> list[int]:
        moves: list[int] = self.steps[self.fillings[:, filling]].ravel().tolist()
        return [move for move in moves if move >= 0]

    def _openings(self, full: tuple[tuple[int, int], ...]) -> _Openings:
        if full not in self.openings:
            found = self._freeing(full) if full else self._any()
            moves = np.full((len(found), MOST_MOVES), -1)
            for number, each in enumerate(found):
                moves[number, : len(each)] = each
            common = self.common_of_move[:, moves].sum(axis=2).T
            given_up, loss = np.append(self.given_up, 0.0), np.append(self.loss, 0)
            self.openings[full] = _Openings(
                found,
                given_up[moves].sum(axis=1).tolist(),
                loss[moves].sum(axis=1).tolist(),
                common,
            )
        return self.openings[full]

    def _any(self) -> list[tuple[int, ...]]:
        """Where no row but common ones is full: nothing, or any step."""
        return [
            (),
            *(tuple(move for move in step if move >= 0) for step in self.steps[:-1].tolist()),
        ]

    def _freeing(self, full: tuple[tuple[int, int], ...]) -> list[tuple[int, ...]]:
        """Sets of moves that free what is missing of these rows, and fill no other."""
        found: list[tuple[int, ...]] = []
        heap: list[tuple[float, int, tuple[int, ...], dict[int, int]]] = [(0.0, 0, (), dict(full))]
        tried = 0
        while heap and len(found) < OPENINGS and tried < MOST_TRIED:
            given_up, _, moves, missing = heappop(heap)
            if not missing:
                found.append(moves)
                continue
            if len(moves) == MOST_MOVES:
                continue
            for move in self._holders(min(missing)):
                if move not in moves:
                    tried += 1
                    more = given_up + float(self.given_up[move])
                    heappush(heap, (more, tried, (*moves, move), self._missing(missing, move)))
        return found

    def _holders(self, row: int) -> list[int]:
        """Moves that free something of a row, those that give up least first."""
        starts, moves, changes = self.by_row
        span = slice(*starts[row : row + 2].tolist())
        found: list[int] = np.sort(moves[span][changes[span] < 0])[:HOLDERS].tolist()
        return found

    def _missing(self, missing: dict[int, int], move: int) -> dict[int, int]:
        """What is missing of the rows that are not common after one move more."""
        after = dict(missing)
        for row, change in self._changes(move):
            if row not in self.place:
                short = after.pop(row, -int(self.free[row])) + change
                if short > 0:
                    after[row] = short
        return after

    def _changes(self, move: int) -> list[tuple[int, int]]:
        if move not in self.known:
            span = slice(*self.change.indptr[move : move + 2].tolist())
            rows, changes = self.change.indices[span].tolist(), self.change.data[span].tolist()
            self.known[move] = list(zip(rows, changes, strict=True))
        return self.known[move]

    def _holds(self, wanted: Wanted, use: Integers, moves: tuple[int, ...]) -> bool:
        """Whether every row, class and award allows the award with all of these moves."""
        rows = {row: int(use[row]) for row in np.flatnonzero(use).tolist()}
        owner, nothing = self.model.option_class, self.model.options_total
        options: dict[int, int] = {}
        served = {int(owner[wanted.option]): 1}
        for move in moves:
            for row, change in self._changes(move):
                rows[row] = rows.get(row, 0) + change
            for option, times in ((int(self.before[move]), -1), (int(self.after[move]), 1)):
                if option != nothing:
                    options[option] = options.get(option, 0) + times
                    number = int(owner[option])
                    served[number] = served.get(number, 0) + times
        return (
            all(used <= self.free[row] for row, used in rows.items())
            and all(self.awards[option] + times >= 0 for option, times in options.items())
            and all(
                self.division.served[number] + more <= self.model.size[number]
                for number, more in served.items()
            )
        )
