"""The bound that a stage's multipliers prove, recomputed in whole numbers.

For every worker take the best that its options are worth after paying the
multipliers of the limits they use; add the limits' right-hand sides. By weak
duality no division that keeps the limits is worth more.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .arithmetic import Affine, Whole, largest, total
from .model import Round

MILLION = 10**6


@dataclass(frozen=True)
class Weights:
    """The objective c or the multipliers m of a stage: name of a limit → whole number."""

    objective: dict[str, int]
    multipliers: dict[str, int]
    kept: dict[str, int]
    constant: int
    coverage_in_millionths: bool


class Bounder:
    """Recomputes bounds for one round; what does not depend on the stage is done once."""

    def __init__(self, round_: Round) -> None:
        self.round = round_
        options = round_.options
        usable = ~round_.withheld[options.row]
        usable &= ~round_.given[options.row] | (options.share == 100)
        if round_.pool_names:
            payable = np.array([bool(pools) for pools in round_.pool_sets])
            usable &= payable[round_.pool_set[options.row]]
        option = np.flatnonzero(usable)
        row = options.row[option]
        order = np.lexsort((round_.choice[row], round_.worker[row]))
        self.option, self.row = option[order], row[order]
        self.worker, choice = round_.worker[self.row], round_.choice[self.row]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (self.worker[1:] != self.worker[:-1]) | (choice[1:] != choice[:-1])
        self.slot_starts = np.flatnonzero(new)
        self.slot_worker = self.worker[self.slot_starts]
        self.given = round_.given[self.row]
        self.amount = options.amount[self.option]
        self.value = options.value[self.option]
        self.names = self._names()

    def numerator(self, weights: Weights) -> int:
        """Give `bound_numerator`: the most that Σ objective can be, times the denominator."""
        priced = self._priced(weights)
        best = self._best_sets(priced, self._person(weights))
        return weights.constant + self._right_hand_sides(weights) + best

    def _names(self) -> set[str]:
        round_ = self.round
        names = set(round_.pool_names) | {"value"}
        for limit in round_.limits:
            names.update(limit.names)
        for floor in round_.floors:
            names.update(floor.names)
        if round_.give_back is not None:
            names.update(round_.give_back.names)
        return names | {f"coverage:{group}" for group in round_.groups}

    def _priced(self, weights: Weights) -> Whole:
        """Give award(o) for every usable option."""
        round_, c, m = self.round, weights.objective, weights.multipliers
        award = Affine(len(self.option))
        award.add(c.get("value", 0) + m.get("value", 0), self.value)
        promises = [*round_.floors] + ([round_.give_back] if round_.give_back else [])
        for promise in promises:
            factors = [c.get(name, 0) + m.get(name, 0) for name in promise.names]
            award.add_chosen(factors, promise.codes[self.row], self.amount)
        ones = np.ones(len(self.option), dtype=np.int64)
        for limit in round_.limits:
            factors = [-m.get(name, 0) for name in limit.names]
            used = ones if limit.counts_awards else self.amount
            award.add_chosen(factors, limit.codes[self.row], used)
        if round_.pool_names:
            prices = [m.get(name, 0) for name in round_.pool_names]
            cheapest = [-min((prices[p] for p in pools), default=0) for pools in round_.pool_sets]
            award.add_chosen(cheapest, round_.pool_set[self.row], self.amount)
        return award.column

    def _person(self, weights: Weights) -> list[int]:
        """Give person(w) per coverage group, and last for a worker without one."""
        people = weights.objective.get("people", 0)
        return [
            people
            + weights.objective.get(f"coverage:{group}", 0)
            + weights.multipliers.get(f"coverage:{group}", 0)
            for group in self.round.groups
        ] + [people]

    def _best_sets(self, award: Whole, person: list[int]) -> int:
        """Add worker(w) over all workers."""
        if not len(self.slot_starts):
            return 0
        most = self.round.awards_per_worker
        reach = largest(award) * max(1, most) + max(map(abs, person))
        if reach >= 2**62:
            award = award.astype(object)
        slot_given = np.logical_or.reduceat(self.given, self.slot_starts)
        blocked = slot_given[self._slot()] & ~self.given  # the given row takes its choice
        low = -(largest(award) + 1)
        best = np.maximum.reduceat(np.where(blocked, low, award), self.slot_starts)
        sums, served = self._sets(best, slot_given, most)
        extra = np.array(person, dtype=award.dtype)[self.round.group[served]]
        forced = np.zeros(len(self.round.workers), dtype=bool)
        forced[self.slot_worker[slot_given]] = True
        worth = sums + extra
        return total(np.where(forced[served], worth, np.maximum(worth, 0)))

    def _slot(self) -> NDArray[np.int64]:
        sizes = np.diff([*self.slot_starts, len(self.option)])
        return np.repeat(np.arange(len(self.slot_starts)), sizes)

    def _sets(
        self, best: Whole, slot_given: NDArray[np.bool_], most: int
    ) -> tuple[Whole, NDArray[np.int64]]:
        """Give per worker the worth of its best set that is not empty, and the worker.

        The given choices come first, then the best others; the first of them
        counts even when it costs, the rest only when it adds.
        """
        # lexsort by worker, then given first, then worth from high to low
        order = np.lexsort((-best, ~slot_given, self.slot_worker))
        worker = self.slot_worker[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = worker[1:] != worker[:-1]
        starts = np.flatnonzero(first)
        place = np.arange(len(order)) - np.repeat(starts, np.diff([*starts, len(order)]))
        ordered = best[order]
        forced = slot_given[order] | first
        counted = np.where(forced, ordered, np.maximum(ordered, 0))
        counted = np.where((place < most) | slot_given[order], counted, 0)
        return np.add.reduceat(counted, starts), worker[starts]

    def _right_hand_sides(self, weights: Weights) -> int:
        round_, m = self.round, weights.multipliers
        result = 0
        for limit in round_.limits:
            result += sum(
                m.get(name, 0) * int(rhs) for name, rhs in zip(limit.names, limit.rhs, strict=True)
            )
        for name, cents in zip(round_.pool_names, round_.pool_cents, strict=True):
            result += m.get(name, 0) * int(cents)
        for name, kept in weights.kept.items():
            part = m.get(name, 0) * kept
            if name.startswith("coverage:") and weights.coverage_in_millionths:
                part //= MILLION
            result -= part
        return result
