"""The branch proof: a tree of cases closes what one set of multipliers leaves open.

Every leaf bounds some sums of awards and has multipliers of its own; the two halves of a split
leave nothing out; so the largest leaf is a bound for all (docs/certificate.md, "The tree"). What
the tree is about is first made small by what the prices settle (settled.py), and searched in
integer/branching.py. A tree that is not finished still proves what its leaves prove.
"""

from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from allocation.optimiser.backend import PROVED, Backend
from allocation.optimiser.integer.branching import Branching, Case
from allocation.optimiser.integer.branching import Sums as Cases
from allocation.optimiser.integer.cuts import Cutting, Row
from allocation.optimiser.model.arrays import Integers, Model
from allocation.optimiser.model.formulation import Formulation, Stage
from allocation.optimiser.relaxation.program import Floats
from allocation.optimiser.stages.certificate import Claim, Sums, certify
from allocation.optimiser.stages.run import by_name, limits_only
from allocation.optimiser.stages.settled import core

# A core of more options is not searched: what is proven then is what the multipliers prove.
MOST_OPTIONS = 20_000
# Pivots times rows that one tree may cost: some tens of seconds at most.
WORK = 1e8
# Sums over options of one amount, where a limit has no more amounts than this.
MOST_AMOUNTS = 40
# Leaves may have multipliers so many times as large than the root's.
_GROWTH = 10
_LARGEST = 2**62
_LONG = 1e17


def prove(
    formulation: Formulation,
    backend: Backend,
    entry: dict[str, Any],
    claim: Claim,
    reached: int,
    settling: tuple[Claim, int] | None = None,
) -> dict[str, Any]:
    """The entry of a stage, with a tree where its multipliers do not prove what was reached.

    Args:
        backend: how long it may take.
        entry: as certified. Without an objective the claim is that nothing keeps all that is
            kept, and `reached` is -1.
        settling: a claim of an earlier stage and the least that its objective has, which settle
            most awards; None for the claim itself.
    """
    if entry["bound"] <= reached:
        return entry
    tree = _Tree(formulation, backend, claim, reached, settling)
    if tree.model.options_total > MOST_OPTIONS:
        return entry
    found = tree.grown() if tree.model.options_total else tree.settled()
    if found["bound"] >= entry["bound"]:
        return entry
    bound = found.pop("bound")
    return {**entry, "bound": bound, "tree": found}


def capped(prices: dict[str, float], required: dict[str, int]) -> dict[str, float]:
    """Weights of goals beyond which nothing counts: w of a goal, and 1 - w of what is required.

    The lesser of a goal and of what is required is at most this, for every w from 0 to 1.
    """
    return {goal: min(1.0, max(0.0, prices.get(f"raised:{goal}", 0.0))) for goal in required}


class _Tree:
    def __init__(
        self,
        formulation: Formulation,
        backend: Backend,
        claim: Claim,
        reached: int,
        settling: tuple[Claim, int] | None,
    ) -> None:
        whole = formulation.model
        self.claim, self.reached, self.backend = claim, reached, backend
        settler, least = settling or (claim, reached + self._step(whole))
        self.settled_by = settler.stage
        self.model, self.places = core(whole, Sums(formulation, settler), least)
        self.formulation = Formulation(self.model)
        self.step = self._step(self.model)
        self.sums, self.described = _sums(self.model, self.places)

    def _step(self, model: Model) -> int:
        """In which steps the objective moves."""
        if len(self.claim.weights) != 1 or self.claim.required:
            return 1
        (goal,) = self.claim.weights
        return model.units.get(goal, 1)

    def grown(self) -> dict[str, Any]:
        """Search, and write the tree with the bound that it proves."""
        claim, base = self.claim, 0
        if claim.required:  # what passes what is required does not count
            stage = Stage(raised=claim.required, kept=dict(claim.kept))
        else:
            stage = Stage(weights=claim.weights, kept=dict(claim.kept))
            base = sum(self.formulation.base(goal) for goal in claim.weights)
        self.made = self.formulation.program(stage)
        first = Sums(self.formulation, claim).denominator
        self.denominator = max(1, first // _GROWTH)
        branching = Branching(
            self.made.program,
            np.flatnonzero(self.model.forced),
            self.sums,
            target=float(self.reached + self.step - base),
            work=WORK,
            over=lambda: self.backend.over(PROVED),
            closes=lambda case: self._bound(case) <= self.reached,
            cutting=lambda: self.cutting,
        )
        root = branching.grow()
        return self._written(root)

    @cached_property
    def cutting(self) -> Cutting:
        """What finds cuts in the limits and in what is kept of the goals."""
        model, sums = self.model, Sums(self.formulation, self.claim)
        names = [*model.limits, *(goal for goal in self.claim.kept if sums.has_row(goal))]
        return Cutting(
            [Row(name, *sums.row(name)) for name in names],
            model.option_class,
            model.choice,
            model.size,
            model.capacity,
        )

    def settled(self) -> dict[str, Any]:
        """The tree where nothing is open: one leaf, with the limit or the kept goal that what is
        settled breaks, or without any multiplier where it is a division."""
        if broken := self._broken():
            leaf: dict[str, Any] = {"multipliers": broken, "charges": {}, "nothing_fits": True}
            return self._one_leaf(leaf, self.reached)
        leaf = {"multipliers": {}, "charges": {}}
        claim = replace(self.claim, multipliers={})
        if claim.required:  # what is reached counts, at most what is required
            reached = {goal: self.formulation.base(goal) for goal in claim.required}
            claim.weights = {g: 1.0 for g, n in claim.required.items() if reached[g] <= n}
        sums = Sums(self.formulation, claim, denominator=1)
        if claim.required:
            leaf["objective"] = sums.weights
        return self._one_leaf(leaf, max(self.reached, sums.bound(sums.numerator())))

    def _broken(self) -> dict[str, int]:
        """One of something that no division has which is settled so: more than a limit allows, or
        less than is kept. Empty where there is nothing of the kind."""
        for name in [*self.model.limits, *self.model.pools, *self.claim.kept]:
            claim = replace(self.claim, weights={}, multipliers={name: 1.0}, required=None)
            sums = Sums(self.formulation, claim, denominator=1)
            if sums.numerator() < 0:
                return sums.multipliers
        return {}

    def _one_leaf(self, leaf: dict[str, Any], bound: int) -> dict[str, Any]:
        return {
            "settled_by": self.settled_by,
            "denominator": 1,
            "sums": [],
            "nodes": [leaf],
            "bound": bound,
        }

    def _written(self, root: Case) -> dict[str, Any]:
        cases, nodes, bound = [root], list[dict[str, Any]](), self.reached
        used: dict[int, int] = {}
        cuts: dict[int, int] = {}

        def number(sum_: int) -> int:
            return used.setdefault(sum_, len(used))

        place = 0
        while place < len(cases):
            case = cases[place]
            place += 1
            if case.halves is not None:
                sum_, most, left, right = case.halves
                first = len(cases)
                cases += [left, right]
                nodes.append({"sum": number(sum_), "most": most, "nodes": [first, first + 1]})
                continue
            leaf, proven = self._leaf(case)
            bound = max(bound, proven)
            charges = leaf.pop("charges")
            leaf["charges"] = {str(number(sum_)): n for sum_, n in sorted(charges.items())}
            if paid := leaf.pop("cuts"):
                leaf["cuts"] = {
                    str(cuts.setdefault(cut, len(cuts))): n for cut, n in sorted(paid.items())
                }
            nodes.append(leaf)
        totals = [total for cut in cuts for total in self.cutting.found[cut].totals]
        described = [self.described[sum_] for sum_ in used]
        place_of: dict[tuple[str, int], int] = {}
        for name, each in totals:
            words = {"of": name, "each": each}
            if words not in described:
                described.append(words)
            place_of[name, each] = described.index(words)
        tree = {
            "settled_by": self.settled_by,
            "denominator": self.denominator,
            "sums": described,
            "nodes": nodes,
            "bound": bound,
        }
        if cuts:
            tree["cuts"] = [self._written_cut(cut, place_of) for cut in cuts]
        return tree

    def _written_cut(self, number: int, place_of: dict[tuple[str, int], int]) -> dict[str, Any]:
        cut = self.cutting.found[number]
        return {
            "multipliers": cut.multipliers,
            "sums": {str(place_of[total]): n for total, n in cut.totals.items()},
            "divisor": cut.divisor,
        }

    def _bound(self, case: Case) -> int:
        return self._leaf(case)[1]

    def _leaf(self, case: Case) -> tuple[dict[str, Any], int]:
        """The leaf of a case in whole numbers, and the bound that it proves."""
        if case.ray is not None:
            for sign in (1.0, -1.0):
                prices, *parts = case.ray
                charges, cuts = ({n: sign * c for n, c in part.items()} for part in parts)
                leaf, numerator, _ = self._certified(
                    case, sign * prices, charges, cuts, nothing=True
                )
                if numerator < 0:
                    return leaf | {"nothing_fits": True}, self.reached
        leaf, numerator, sums = self._certified(
            case, case.prices, case.charges, case.cuts, nothing=False
        )
        return leaf, max(self.reached, sums.bound(numerator))

    def _certified(
        self,
        case: Case,
        prices: Floats,
        charges: dict[int, float],
        cuts: dict[int, float],
        *,
        nothing: bool,
    ) -> tuple[dict[str, Any], int, Sums]:
        named = by_name(self.made, prices)
        multipliers = limits_only(named, self.formulation, self.claim.kept)
        claim = replace(self.claim, weights=self.claim.weights, multipliers=multipliers)
        if nothing:
            claim = replace(claim, weights={}, required=None)
        elif claim.required:
            claim.weights = capped(named, claim.required)
        if nothing:  # a ray has no length of its own: long enough that rounding loses nothing
            largest = float(Sums(self.formulation, claim).magnitude().max(initial=0.0))
            largest += max([*map(abs, charges.values()), 1e-30])
            largest += max([abs(cuts[n]) * self._largest(n) for n in cuts], default=0.0)
            length = _LONG / (self.denominator * largest)
            claim.multipliers = {name: n * length for name, n in claim.multipliers.items()}
            charges = {number: charge * length for number, charge in charges.items()}
            cuts = {number: price * length for number, price in cuts.items()}
        whole = {n: round(charge * self.denominator) for n, charge in charges.items()}
        whole = {n: charge for n, charge in whole.items() if self._binds(case, n, charge)}
        per_option = np.zeros(self.model.options_total, dtype=np.int64)
        for number, charge in whole.items():
            per_option[self.sums.options[number]] += charge
        paid = {n: round(price * self.denominator) for n, price in cuts.items()}
        paid = {n: price for n, price in paid.items() if price > 0}
        for number, price in paid.items():
            cut = self.cutting.found[number]
            per_option[cut.options] += price * cut.use
        sums = Sums(self.formulation, claim, denominator=self.denominator, charges=per_option)
        leaf: dict[str, Any] = {"multipliers": sums.multipliers, "charges": whole, "cuts": paid}
        if claim.required:
            leaf["objective"] = sums.weights
        if self._too_large(sums, per_option):
            return leaf, _LARGEST * self.denominator, sums
        numerator = sums.numerator()
        for number, charge in whole.items():
            least, most = case.between[number]
            side = most if charge > 0 else least
            assert side is not None
            numerator += charge * side
        numerator += sum(price * self.cutting.found[n].rhs for n, price in paid.items())
        return leaf, numerator, sums

    def _binds(self, case: Case, number: int, charge: int) -> bool:
        """Whether there is a bound on the side of the sum that this price is for."""
        least, most = case.between.get(number, (None, None))
        return charge != 0 and (most if charge > 0 else least) is not None

    def _largest(self, number: int) -> float:
        """The most that an option uses of a cut."""
        return float(np.abs(self.cutting.found[number].use).max(initial=0))

    def _too_large(self, sums: Sums, charges: Integers) -> bool:
        """Whether 64 bits might not hold the worth of an option."""
        largest = float(sums.magnitude().max(initial=0.0)) * self.denominator
        return largest + float(np.abs(charges).max(initial=0)) >= _LARGEST


def _sums(model: Model, places: Integers) -> tuple[Cases, list[dict[str, Any]]]:
    """The sums over which cases may be made, and what the certificate calls them."""
    options: list[Integers] = []
    kind: list[int] = []
    described: list[dict[str, Any]] = []
    seen: set[bytes] = set()

    def add(inside: Integers, number: int, **words: Any) -> None:
        key = inside.astype(np.int64).tobytes()
        if len(inside) and key not in seen:
            seen.add(key)
            options.append(inside)
            kind.append(number)
            described.append(words)

    everything = np.arange(model.options_total)
    add(everything, 0)
    rows = [(name, model.limit_rows[n]) for n, name in enumerate(model.limits)]
    rows += [(name, model.goal_rows[n]) for n, name in enumerate(model.goals)]
    for name, row in rows:
        inside = np.sort(row.indices[row.data != 0])
        add(inside, 0, of=name)
        _by_amount(add, inside, model.amount[inside], name)
    for number, group in enumerate(model.groups):
        mine = np.flatnonzero(model.group[model.option_class] == number)
        add(mine, 0, of=f"coverage:{group}")
    _by_amount(add, everything, model.value, "value")
    for option, place in enumerate(places.tolist()):
        add(np.array([option]), 2, option=place)
    return Cases(options, kind), described


def _by_amount(add: Any, inside: Integers, numbers: Integers, name: str) -> None:
    amounts = np.unique(numbers)
    if 1 < len(amounts) <= MOST_AMOUNTS:
        for amount in amounts.tolist():
            add(inside[numbers == amount], 1, of=name, each=amount)


def nothing_keeps(
    formulation: Formulation, backend: Backend, stage: str, kept: dict[str, int], reached: int
) -> dict[str, Any]:
    """The entry that says that no division keeps all of this, so that `reached` is the least."""
    claim = Claim(stage, {}, {}, dict(kept))
    entry = prove(formulation, backend, certify(formulation, claim), claim, -1)
    return {**entry, "reached": reached}
