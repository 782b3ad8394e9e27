"""Bounds by weak duality, in whole numbers."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import gcd

from .round import Option, Round
from .words import MILLION


@dataclass(frozen=True)
class Weights:
    """Objective c and multipliers m of a stage, as whole numbers over a common denominator.

    Args:
        kept: right-hand sides of what is kept; constant: added to the bound.
        fractions: fractions of awards count (a level): nothing is rounded to whole awards, and
            what coverage keeps is in millionths of a person.
    """

    objective: dict[str, int]
    multipliers: dict[str, int]
    kept: dict[str, int]
    constant: int = 0
    fractions: bool = False

    def factor(self, goal: str) -> int:
        """What one unit of a goal adds: its weight, and the multiplier of keeping it."""
        return self.objective.get(goal, 0) + self.multipliers.get(goal, 0)


@dataclass
class Part:
    """What is open of a round: options per worker, and what the rest uses and brings.

    Args:
        ways: per worker the choices that are open, each with its options.
        capacity: awards that the worker may still get; forced: that it must get one.
        used: what is fixed of each limit; base: what is fixed of each goal (`value` and `people`
            too); paid: cents that are fixed per set of pools.
    """

    ways: list[tuple[int, list[list[Option]], int, bool, bool]]
    used: dict[str, int]
    base: dict[str, int]
    paid: list[int]
    units: dict[str, int]


class Bounder:
    """Recomputes bounds. By weak duality no division that keeps the limits is worth more.

    For every worker: the best that its options are worth after paying the multipliers of the
    limits that they use; to which the limits' right-hand sides are added.
    """

    def __init__(self, round_: Round) -> None:
        self.round = round_
        self.rhs: dict[str, int] = {}
        for limit in round_.limits:
            self.rhs |= zip(limit.names, limit.rhs, strict=True)
        self.goals = {name for promise in round_.promises for name in promise.names}
        self.people = {f"coverage:{group}" for group in round_.groups}
        self.names = self.rhs.keys() | self.goals | self.people | {"value"} | set(round_.pool_names)
        self.whole = self._whole()

    def _whole(self) -> Part:
        """Everything that the board did not decide itself is open."""
        round_ = self.round
        used: dict[str, int] = defaultdict(int)
        base: dict[str, int] = defaultdict(int)
        if round_.unchanged:
            base["unchanged"] = round_.unchanged.start
        paid = [0] * len(round_.pool_sets)
        ways = []
        for worker, rows in enumerate(round_.rows_of):
            given = [row for row in rows if round_.given[row]]
            for row in given:
                self._fix(round_.options[row][0], used, base, paid)
            if given:
                self._serve(worker, base)
            done = {round_.choice[row] for row in given}
            slots: dict[int, list[Option]] = defaultdict(list)
            for row in rows:
                free = not (round_.given[row] or round_.withheld[row])
                if free and round_.choice[row] not in done and round_.payable(row):
                    slots[round_.choice[row]] += round_.options[row]
            capacity = round_.most - len(given)
            if slots and capacity > 0:
                ways.append((worker, list(slots.values()), capacity, False, not given))
        units = _units(round_, round_.offered())
        return Part(ways, used, base, paid, units)

    def _fix(
        self, option: Option, used: dict[str, int], base: dict[str, int], paid: list[int]
    ) -> None:
        round_ = self.round
        base["value"] += option.value
        paid[round_.pool_set[option.row]] += option.amount
        for family, code in round_.codes_of(option.place):
            name = family.names[code]
            (base if name in self.goals else used)[name] += family.use(option.row, option.amount)

    def _serve(self, worker: int, base: dict[str, int]) -> None:
        base["people"] += 1
        group = self.round.group[worker]
        if group >= 0:
            base[f"coverage:{self.round.groups[group]}"] += 1

    def numerator(
        self, weights: Weights, part: Part | None = None, charges: dict[int, int] | None = None
    ) -> int:
        """`bound_numerator`: the most that Σ objective can be, times the denominator.

        Args:
            charges: per option (by `id`) what it pays besides.
        """
        part = part or self.whole
        award = self.award(weights)
        person = self.person(weights)
        total = weights.constant + self._sides(weights, part) + self._fixed(weights, part)
        for ways in part.ways:
            total += self._worth(ways, award, person, charges)
        return total

    def row(
        self, multipliers: dict[str, int], kept: dict[str, int], part: Part
    ) -> tuple[Callable[[Option], int], int]:
        """Limits and kept goals, no pools and no groups, added up: what an award uses, at most."""
        weights = Weights({}, multipliers, kept)
        award = self.award(weights)
        return lambda option: -award(option), self._sides(weights, part) + self._fixed(
            weights, part
        )

    def award(self, weights: Weights) -> Callable[[Option], int]:
        """award(o): its objective, less the multipliers of what it uses."""
        round_, m = self.round, weights.multipliers
        *columns, payers_of = round_.place_columns
        cheapest = [self._cheapest(m, payers) for payers in round_.pool_sets]
        cent = [-cheapest[payers] for payers in payers_of]
        fixed = [0] * len(cent)
        for limit, codes in zip(round_.limits, columns, strict=False):
            prices = [*(m.get(name, 0) for name in limit.names), 0]  # the last for code -1
            if any(prices):
                paid = fixed if limit.counts else cent
                paid[:] = [each - prices[code] for each, code in zip(paid, codes, strict=True)]
        for promise, codes in zip(round_.promises, columns[len(round_.limits) :], strict=False):
            if promise.before is not None:
                continue
            worth = [*map(weights.factor, promise.names), 0]
            if any(worth):
                added = fixed if promise.counts else cent
                added[:] = [each + worth[code] for each, code in zip(added, codes, strict=True)]
        value = weights.factor("value")
        stays, kept = round_.unchanged, weights.factor("unchanged")

        def award(option: Option) -> int:
            place = option.place
            worth = value * option.value + cent[place] * option.amount + fixed[place]
            return worth + kept * stays.use(option.row, option.amount) if stays else worth

        return award

    def _cheapest(self, m: dict[str, int], payers: tuple[int, ...]) -> int:
        return min((m.get(self.round.pool_names[pool], 0) for pool in payers), default=0)

    def person(self, weights: Weights) -> list[int]:
        """person(w) per coverage group, and last for a worker without one."""
        people = weights.objective.get("people", 0)
        groups = [people + weights.factor(f"coverage:{group}") for group in self.round.groups]
        return [*groups, people]

    def _worth(
        self,
        ways: tuple[int, list[list[Option]], int, bool, bool],
        award: Callable[[Option], int],
        person: list[int],
        charges: dict[int, int] | None,
    ) -> int:
        """worker(w): the best set of options, at most one of a choice."""
        worker, slots, capacity, forced, new = ways
        if charges:
            best = [
                max(award(option) - charges.get(id(option), 0) for option in slot) for slot in slots
            ]
        else:
            best = [max(map(award, slot)) for slot in slots]
        extra = person[self.round.group[worker]] if new else 0
        if capacity == 1 or len(best) == 1:
            worth = max(best) + extra
        else:
            best.sort(reverse=True)
            worth = best[0] + sum(max(0, each) for each in best[1:capacity]) + extra
        return worth if forced else max(0, worth)

    def _sides(self, weights: Weights, part: Part) -> int:
        """Right-hand sides of what is open, rounded to what whole awards can use or reach."""
        total = 0
        for name, multiplier in weights.multipliers.items():
            if name in self.rhs:
                side = self.rhs[name] - part.used.get(name, 0)
                if not weights.fractions:
                    side -= side % part.units.get(name, 1)
                total += multiplier * side
            elif name in self.round.pool_names:
                total += multiplier * self.round.pool_cents[self.round.pool_names.index(name)]
            else:
                least = weights.kept.get(name, 0)
                if weights.fractions:
                    term = multiplier * least
                    total -= term // MILLION if name in self.people else term
                else:
                    base, unit = part.base.get(name, 0), part.units.get(name, 1)
                    total -= multiplier * (base - (base - least) // unit * unit)
        return total

    def _fixed(self, weights: Weights, part: Part) -> int:
        """What is fixed brings, priced like everything else (its limits are paid already)."""
        names = weights.objective.keys() | weights.multipliers.keys()
        total = sum(
            weights.factor(name) * part.base.get(name, 0) for name in names if name not in self.rhs
        )
        for payers, cents in zip(self.round.pool_sets, part.paid, strict=True):
            total -= self._cheapest(weights.multipliers, payers) * cents
        return total

    def open_part(self, weights: Weights, denominator: int, least: int) -> Part:
        """What is open when the objective has to be at least `least`: all else is settled.

        An option whose worker would lose more with it than the bound is above `least` stands in
        no division that is good enough; a worker that would lose as much with none has one.
        """
        if self.round.most > 1:
            return replace_units(self.round, self.whole)
        slack = self.numerator(weights) - denominator * least
        award, person = self.award(weights), self.person(weights)
        used, base = defaultdict(int, self.whole.used), defaultdict(int, self.whole.base)
        paid, open_ = list(self.whole.paid), []
        for worker, slots, capacity, _, new in self.whole.ways:
            extra = person[self.round.group[worker]] if new else 0
            priced = [[(option, award(option) + extra) for option in slot] for slot in slots]
            worth = max(0, max(each for slot in priced for _, each in slot))
            left = [[option for option, each in slot if worth - each <= slack] for slot in priced]
            left = [slot for slot in left if slot]
            ways = sum(map(len, left)) + (worth <= slack)
            if ways > 1:
                open_.append((worker, left, capacity, worth > slack, new))
            elif left:
                self._fix(left[0][0], used, base, paid)
                self._serve(worker, base)
        return replace_units(self.round, Part(open_, used, base, paid, {}))

    def bound(self, weights: Weights, numerator: int, denominator: int, part: Part) -> int:
        """The most that the objective can be, in the steps in which it moves."""
        most = numerator // denominator
        if weights.fractions or len(weights.objective) != 1 or weights.constant:
            return most
        (goal,) = weights.objective
        base = part.base.get(goal, 0)
        return base + (most - base) // part.units.get(goal, 1) * part.units.get(goal, 1)


def _units(round_: Round, options: Iterable[Option]) -> dict[str, int]:
    """Per limit and goal the greatest number of which every use by these options is a multiple."""
    units: dict[str, int] = defaultdict(int)
    amounts: dict[int, set[int]] = defaultdict(set)
    for option in options:
        units["value"] = gcd(units["value"], option.value)
        amounts[option.place].add(option.amount)
    for place, each in amounts.items():
        common = gcd(*each)
        for family, code in round_.codes_of(place):
            name = family.names[code]
            one = family.counts or family.before is not None
            units[name] = 1 if one else gcd(units[name], common)
    return {name: max(1, unit) for name, unit in units.items()}


def replace_units(round_: Round, part: Part) -> Part:
    """The same part, with the units of what is open in it."""
    options = (option for _, slots, *_ in part.ways for slot in slots for option in slot)
    return Part(part.ways, part.used, part.base, part.paid, _units(round_, options))
