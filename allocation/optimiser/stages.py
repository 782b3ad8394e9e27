"""The five stages, strictly in their order; each keeps what the earlier ones reached.

1. Floors in the policy's order, then give-back: least shortfall.
2. Coverage: levels of the leximin-best vector of shares, counting fractions of awards; a group's
   target is fairness x level x applying, rounded down to whole people.
3. Value.  4. People.  5. Lots: a rule, applied afterwards inside the classes.

It would be slow to solve each stage in whole awards and chain the results. Instead every goal is
first taken as reachable, at a price for missing it that is higher than any worth; when the whole
solution then reaches all of them, the order of the stages is proven by that result. Only when a
goal is missed is its stage solved on its own, and what it reached is kept instead.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np

from . import certificate, envy, linear, whole
from .certificate import MILLION, Claim
from .core import Backend, Infeasible
from .errors import StoppedEarly
from .formulation import Formulated, Formulation, Stage, step
from .linear import Fluid
from .model import Model
from .program import Floats, Integers
from .result import Stage as Record
from .whole import Whole

# Rounds with up to so many requests are solved to the last point.
EXACT_REQUESTS = 2_000
# Worth, in people, of an award of average value in a level of coverage.
TIE_BREAK = 1e-4
# Up to so many classes the levels of coverage are solved to the end.
CONVERGED_CLASSES = 10_000
# A large round's levels are solved to some hundredths of a person in a thousand.
LEVEL_ACCURACY = 2e-5

Report = Callable[[dict[str, Any]], None]


@dataclass
class Outcome:
    """Whole awards per option, and what each stage reached and proved.

    `targets` are people per coverage goal, `short` how many of them whole awards cannot reach.
    `causes` name why a floor or give-back falls short. `prices` are the value stage's, by limit.
    """

    x: Integers
    records: list[Record]
    entries: list[dict[str, Any]]
    targets: dict[str, int]
    causes: dict[str, str | None]
    prices: dict[str, float]
    envy: int = 0


def solve(model: Model, backend: Backend, report: Report) -> Outcome:
    """Run all stages.

    Raises:
        StoppedEarly: a limit of time or memory, or a gap that stayed above the tolerance.
    """
    return _Stages(model, backend, report).run()


class _Missed(Exception):
    """A goal that was taken as reachable is not."""


@dataclass
class _Keep:
    """What is kept: whole amounts per goal."""

    floors: dict[str, int] = field(default_factory=dict)
    coverage: dict[str, int] = field(default_factory=dict)

    def all(self) -> dict[str, int]:
        return {**self.floors, **self.coverage}


class _Stages:
    def __init__(self, model: Model, backend: Backend, report: Report) -> None:
        self.model, self.backend, self.report = model, backend, report
        self.formulation = Formulation(model)
        self.exact = model.requests_total <= EXACT_REQUESTS
        self.tolerance = float(model.policy.tolerance)
        self.required = {
            goal: int(required) for goal, required in zip(model.goals, model.required, strict=True)
        }
        self.records: list[Record] = []
        self.entries: list[dict[str, Any]] = []
        self.causes: dict[str, str | None] = dict.fromkeys(model.goals)
        self.short: Record | None = None
        self.levels: list[tuple[Record, dict[str, Any]]] = []
        self.targets: dict[str, int] = {}
        self.raised: dict[str, tuple[Record, dict[str, Any]]] = {}
        self.start = time.monotonic()

    def run(self) -> Outcome:
        keep = _Keep(floors=dict(self.required))
        try:
            self._coverage(keep)
            solved = self._value(keep)
        except _Missed:
            keep = self._floors()
            self._coverage(keep, certain=True)
            try:
                solved = self._value(keep)
            except _Missed:
                self._people_short(keep)
                solved = self._value(keep)
        value, program, fluid = solved
        final = self._people(keep, value, program, fluid)
        records, entries = self._first_stages(final.x)
        return Outcome(
            x=final.x,
            records=records + self.records,
            entries=entries + self.entries,
            targets=self.targets,
            causes=self.causes,
            prices=_by_name(program, fluid.prices),
            envy=envy.swapped(self.model, final.x, keep.floors)[1],
        )

    # Stage 1: floors and give-back.

    def _floors(self) -> _Keep:
        """Raise each floor on its own, in order, then all give-backs together."""
        keep = _Keep()
        floors = [goal for goal in self.model.goals if goal.startswith("floor:")]
        backs = [goal for goal in self.model.goals if goal.startswith("give_back:")]
        stages = [(goal, [goal]) for goal in floors] + ([("give_back", backs)] if backs else [])
        for name, goals in stages:
            begun = time.monotonic()
            need = {goal: self.required[goal] for goal in goals}
            self._say(name, None, None)
            result, entry, top = self._raise(name, need, keep.floors)
            for goal in goals:
                reached = min(need[goal], self.formulation.reached(goal, result.x))
                if reached < need[goal]:
                    self.causes[goal] = self._cause(goal, keep.floors, reached)
            total = sum(min(need[g], self.formulation.reached(g, result.x)) for g in goals)
            for goal in goals:
                keep.floors[goal] = min(need[goal], self.formulation.reached(goal, result.x))
            record = self._record(name, total, top, entry["bound"], begun)
            self.raised[name] = (record, entry)
        return keep

    def _raise(
        self, name: str, need: dict[str, int], kept: dict[str, int]
    ) -> tuple[Whole, dict[str, Any], int]:
        """Raise goals towards what they need; returns the solution, its entry, and the bound."""
        made = self.formulation.program(Stage(raised=need, kept=dict(kept)))
        fluid = linear.solve(made.program, self.backend)
        total = sum(need.values())
        result = self._in_whole(made, fluid, 1.0)
        top = min(total, int(np.floor(result.bound + 1e-6)))
        reached = sum(min(n, self.formulation.reached(g, result.x)) for g, n in need.items())
        if reached >= total:
            return result, certificate.reached_all(name, total), total
        prices = _by_name(made, fluid.prices)
        weights = {goal: min(1.0, prices.get(f"raised:{goal}", 0.0)) for goal in need}
        if name != "give_back" or max(weights.values()) == 0:
            weights = dict.fromkeys(need, 1.0)
        claim = Claim(
            stage=name,
            weights=weights,
            multipliers=_limits_only(prices, self.formulation, kept),
            kept=dict(kept),
            required=need,
        )
        return result, certificate.certify(self.formulation, claim), max(top, reached)

    def _cause(self, goal: str, kept: dict[str, int], reached: int) -> str:
        """Why a floor falls short: nobody asks, limits forbid, or a higher floor comes first."""
        place = self.formulation.number[goal]
        row = self.model.goal_rows[place]
        most = np.zeros(self.model.classes_total, dtype=np.int64)
        np.maximum.at(most, self.model.option_class[row.indices], row.data)
        asked = int((most * self.model.size * self.model.capacity).sum())
        if asked + self.formulation.base(goal) < self.required[goal]:
            return "impossible_demand"
        if not kept:
            return "impossible_limits"
        alone, _, _ = self._raise(goal, {goal: self.required[goal]}, {})
        better = self.formulation.reached(goal, alone.x) > reached
        return "traded" if better else "impossible_limits"

    # Stage 2: coverage.

    def _coverage(self, keep: _Keep, *, certain: bool = False) -> None:
        """Find the levels, and from them the people that each group keeps."""
        policy = self.model.policy
        self.levels, self.targets = [], {}
        if policy.coverage is None or policy.fairness == 0:
            return
        free = [f"coverage:{group}" for group in self.model.groups]
        people: dict[str, float] = {}
        before: dict[str, float] = {}
        while free:
            begun = time.monotonic()
            name = f"coverage:{len(self.levels) + 1}"
            made = self.formulation.program(
                Stage(
                    weights=self._tie_break(),
                    kept={**keep.floors, **people},
                    level=free,
                    level_cap=float(policy.coverage_cap),
                    penalty={} if certain else self._level_penalty(keep),
                )
            )
            try:
                fluid = linear.solve(
                    made.program,
                    self.backend,
                    _like(made, before),
                    LEVEL_ACCURACY,
                    rounds=self._level_rounds(),
                )
            except Infeasible:
                raise _Missed from None
            before = dict(zip(made.program.names, fluid.prices.tolist(), strict=True))
            level = 0.0
            if len(fluid.y):
                self._refuse_missing(made, fluid)
                level = float(fluid.y[made.side_of["level"]])
            entry, share, blocked = self._level(name, made, fluid, free, keep, people, level)
            level = level or float(share)
            for goal in blocked:
                applying = int(self.model.applying[self.formulation.group[goal]])
                target = policy.fairness * share * applying
                self.targets[goal] = min(applying, target.numerator // target.denominator)
                people[goal] = level * applying
            free = [goal for goal in free if goal not in blocked]
            record = self._record(
                name,
                int(level * MILLION + 1e-3),
                ceil(share * MILLION),
                ceil(share * MILLION),
                begun,
            )
            self.levels.append((record, entry))
        keep.coverage = dict(self.targets)

    def _level_rounds(self) -> int | None:
        """In a large round the bound of good prices is enough: it decides a person or two."""
        classes = self.model.classes_total
        strict = self.model.policy.fairness > Fraction(9, 10)  # then every person counts
        if classes <= CONVERGED_CLASSES * (3 if strict else 1):
            return None
        if strict:
            return 8
        return 4 if classes <= 3 * CONVERGED_CLASSES else 1

    def _tie_break(self) -> dict[str, float]:
        """In a large round: let value break the many ties, for a ten-thousandth of a person each.

        Without it every class of a group is as good as any other of the same price, and prices
        settle nothing. The level that is published is proven without this term.
        """
        model = self.model
        if model.classes_total <= linear.DIRECT_CLASSES:
            return {}
        best = np.zeros(model.classes_total, dtype=np.int64)
        np.maximum.at(best, model.option_class, model.value)
        mean = float((best * model.size).sum()) / float(model.size.sum())
        return {"value": TIE_BREAK / max(1.0, mean)}

    def _level_penalty(self, keep: _Keep) -> dict[str, float]:
        """A price per missing cent that is higher than any cent is worth in shares."""
        least = max(1, int(self.model.amount.min(initial=1)))
        people = float(self.model.applying.sum()) / max(1, int(self.model.applying.min(initial=1)))
        return dict.fromkeys(keep.floors, 100.0 * people / least)

    def _level(
        self,
        name: str,
        made: Formulated,
        fluid: Fluid,
        free: list[str],
        keep: _Keep,
        people: dict[str, float],
        level: float,
    ) -> tuple[dict[str, Any], Fraction, list[str]]:
        """The entry of a level, the share that it proves, and the groups that it blocks."""
        cap = self.model.policy.coverage_cap
        prices = _by_name(made, fluid.prices)
        weights = {goal: prices.get(f"level:{goal}", 0.0) for goal in free}
        at_cap = level >= float(cap) - 1e-9
        kept = {**keep.floors, **{goal: int(amount * MILLION) for goal, amount in people.items()}}
        if not at_cap and max(weights.values()) > 0:
            claim = Claim(name, weights, _limits_only(prices, self.formulation, kept), kept)
            claim.fluid = True
            entry = certificate.certify(self.formulation, claim)
            share = certificate.share(entry, self.formulation)
            if share < cap:
                heavy = max(
                    weights[goal] * self.model.applying[self.formulation.group[goal]]
                    for goal in free
                )
                blocked = [
                    goal
                    for goal in free
                    if weights[goal] * self.model.applying[self.formulation.group[goal]]
                    > 1e-6 * heavy
                ]
                entry["level"] = [share.numerator, share.denominator]
                entry["blocked"] = [goal.removeprefix("coverage:") for goal in blocked]
                return entry, share, blocked
        entry = certificate.reached_all(name, 0)
        entry["level"] = [cap.numerator, cap.denominator]
        entry["blocked"] = [goal.removeprefix("coverage:") for goal in free]
        return entry, cap, list(free)

    def _people_short(self, keep: _Keep) -> None:
        """Whole people cannot meet all targets: let as few as possible be short."""
        need = {goal: target for goal, target in self.targets.items() if target > 0}
        begun = time.monotonic()
        result, _, top = self._raise("coverage:people", need, keep.floors)
        total = 0
        for goal, target in need.items():
            reached = min(target, self.formulation.reached(goal, result.x))
            keep.coverage[goal] = reached
            total += reached
        self.short = self._record("coverage:people", total, top, top, begun)

    # Stages 3 and 4: value and people.

    def _value(
        self, keep: _Keep, known: tuple[Integers, Floats] | None = None
    ) -> tuple[Whole, Formulated, Fluid]:
        begun = time.monotonic()
        self._say("value", None, None)
        kept = keep.all()
        made = self.formulation.program(
            Stage(weights={"value": 1.0}, kept=dict(kept), penalty=self._value_penalty(kept))
        )
        fluid = linear.solve(made.program, self.backend)
        if self._lower_targets(keep, made, fluid):
            return self._value(keep)
        self._refuse_missing(made, fluid)
        # The whole search keeps every goal without exception.
        hard = self.formulation.program(Stage(weights={"value": 1.0}, kept=dict(kept)))
        loose = fluid
        fluid = Fluid(fluid.prices, fluid.x, _sides(made, hard, fluid.y), fluid.value, fluid.bound)
        self._say("value", None, self.model.base_value + int(fluid.bound))
        size = float(step(self.model.value))
        accepted = max(0.0, self.tolerance * (fluid.value + self.model.base_value))
        second = self.formulation.person.toarray().ravel().astype(np.int64)
        try:
            result = whole.solve(
                hard.program,
                fluid,
                backend=self.backend,
                step=size,
                accepted=accepted,
                exact=self.exact,
                second=second,
                known=known,
            )
        except Infeasible:
            raise _Missed from None
        except whole.Tight:
            if known is not None:
                raise StoppedEarly("gap", {"stage": "value"}) from None
            return self._value(keep, self._give_way(keep, made, hard, loose))
        result.x, _ = envy.swapped(self.model, result.x, keep.floors)
        reached = self.formulation.reached("value", result.x)
        result.value = float(reached - self.model.base_value)
        top = max(reached, self.model.base_value + int(np.floor(result.bound + 1e-6)))
        claim = Claim(
            stage="value",
            weights={"value": 1.0},
            multipliers=_limits_only(_by_name(hard, fluid.prices), self.formulation, kept),
            kept=self._kept(keep, result.x),
        )
        entry = certificate.certify(self.formulation, claim)
        entry["reached"] = reached
        self.entries = [entry]
        self.records = [self._record("value", reached, top, entry["bound"], begun)]
        return result, hard, fluid

    def _lower_targets(self, keep: _Keep, made: Formulated, fluid: Fluid) -> bool:
        """In a large round, whose levels are bounds, targets give way by the people missing."""
        missing = {
            goal: float(fluid.y[side])
            for goal, side in made.side_of.items()
            if goal.startswith("coverage:") and fluid.y[side] > 1e-6
        }
        if self.exact or self._level_rounds() is None:
            return False
        for goal, people in missing.items():
            keep.coverage[goal] = max(0, int(keep.coverage[goal] - people - 1e-9))
        return bool(missing)

    def _give_way(
        self, keep: _Keep, made: Formulated, hard: Formulated, fluid: Fluid
    ) -> tuple[Integers, Floats]:
        """In a large round, let a group be a person or two short where whole awards do not fit.

        Returns whole awards that keep everything else; `keep` then asks for what they reach.
        """
        x, y = whole.softly(made.program, fluid, self.backend)
        for goal, least in keep.floors.items():
            if self.formulation.reached(goal, x) < least:
                raise _Missed
        for goal, least in keep.coverage.items():
            keep.coverage[goal] = min(least, self.formulation.reached(goal, x))
        return x, _sides(made, hard, y)

    def _value_penalty(self, kept: dict[str, int]) -> dict[str, float]:
        dearest = float(self.model.value.max(initial=1)) or 1.0
        cheapest = max(1.0, float(self.model.amount.min(initial=1)))
        return {
            goal: 50 * dearest / (1.0 if goal.startswith("coverage:") else cheapest)
            for goal in kept
        }

    def _people(self, keep: _Keep, value: Whole, made: Formulated, fluid: Fluid) -> Whole:
        """As many people as possible, among the divisions of (at least) this value."""
        begun = time.monotonic()
        reached_value = self.formulation.reached("value", value.x)
        reached = self.formulation.reached("people", value.x)
        self._say("people", reached, None)
        kept = {**self._kept(keep, value.x), "value": reached_value}
        stage = Stage(weights={"people": 1.0}, kept=dict(kept))
        wide = self.formulation.program(stage)
        small_fluid: Fluid | None = None
        result = value
        top = reached
        if not value.tied:
            result, top, small_fluid = self._more_people(wide, made, value, fluid)
            reached = max(reached, self.formulation.reached("people", result.x))
        entry = self._people_entry(kept, wide, small_fluid, made, fluid)
        entry["reached"] = reached
        self.entries.append(entry)
        self.records.append(
            self._record("people", reached, max(top, reached), entry["bound"], begun)
        )
        return result

    def _more_people(
        self, wide: Formulated, made: Formulated, value: Whole, fluid: Fluid
    ) -> tuple[Whole, int, Fluid | None]:
        """Search only what the value stage's prices leave open at this value."""
        model = self.model
        if self.formulation.several:
            options = np.arange(model.options_total)
            most, fixed = wide.program.upper, np.zeros(model.options_total)
        else:
            options, most, fixed = whole.open_options(made.program, fluid, value.value)
        narrow = Formulated(wide.program.within(options, most, fixed), wide.unit, wide.side_of)
        base = model.base_people + int(wide.program.cost @ fixed)
        reached = self.formulation.reached("people", value.x)
        try:
            solved = linear.solve(narrow.program, self.backend, directly=linear.TIGHT_CLASSES)
        except Infeasible:  # only by rounding, for the solution at hand is feasible: no bound
            return value, model.base_people + int(model.size.sum()), None
        top = base + int(np.floor(solved.bound + 1e-6))
        if top <= reached:
            return value, reached, solved
        try:
            found = whole.solve(
                narrow.program,
                solved,
                backend=self.backend,
                step=1.0,
                accepted=self.tolerance * reached,
                exact=self.exact,
                known=(value.x[options], value.y),
            )
        except (Infeasible, whole.Tight):
            return value, top, solved
        x = np.rint(fixed).astype(np.int64)
        x[options] = found.x
        top = min(top, base + int(np.floor(found.bound + 1e-6)))
        if self.formulation.reached("people", x) < reached:
            return value, top, solved
        return Whole(x, found.y, value.value, value.bound), top, solved

    def _people_entry(
        self,
        kept: dict[str, int],
        wide: Formulated,
        narrow: Fluid | None,
        made: Formulated,
        fluid: Fluid,
    ) -> dict[str, Any]:
        """The best bound among multipliers that add the value stage's, times k, to this stage's.

        The search above left out what the value stage had settled; with enough of the value
        stage's multipliers (and k for the value kept) the same follows from the prices alone.
        """
        own = {} if narrow is None else _by_name(wide, narrow.prices)
        value = _by_name(made, fluid.prices)
        best: dict[str, Any] | None = None
        factors = [0.0, *(10.0**power for power in np.arange(-7, 2.1, 0.5))]
        for factor in factors:
            prices = {
                name: own.get(name, 0.0) + factor * value.get(name, 0.0)
                for name in {**own, **value}
            }
            prices["value"] = own.get("value", 0.0) + factor
            multipliers = _limits_only(prices, self.formulation, kept)
            claim = Claim("people", {"people": 1.0}, multipliers, kept)
            entry = certificate.certify(self.formulation, claim)
            if best is None or entry["bound"] < best["bound"]:
                best = entry
        assert best is not None
        return best

    # What all stages share.

    def _in_whole(self, made: Formulated, fluid: Fluid, size: float) -> Whole:
        return whole.solve(
            made.program,
            fluid,
            backend=self.backend,
            step=size,
            accepted=self.tolerance * max(1.0, fluid.value),
            exact=self.exact,
        )

    def _refuse_missing(self, made: Formulated, fluid: Fluid) -> None:
        for goal, side in made.side_of.items():
            kept = goal in self.required or goal.startswith("coverage:")
            if kept and fluid.y[side] > 1e-6 * max(1.0, self.required.get(goal, 1)):
                raise _Missed

    def _kept(self, keep: _Keep, x: Integers) -> dict[str, int]:
        return {
            goal: min(least, self.formulation.reached(goal, x))
            for goal, least in keep.all().items()
        }

    def _first_stages(self, x: Integers) -> tuple[list[Record], list[dict[str, Any]]]:
        """Records and entries of floors, give-back and coverage, proven by the result."""
        records, entries = [], []
        backs = [goal for goal in self.model.goals if goal.startswith("give_back:")]
        floors = [goal for goal in self.model.goals if goal.startswith("floor:")]
        stages = [(goal, [goal]) for goal in floors] + ([("give_back", backs)] if backs else [])
        for name, goals in stages:
            if name in self.raised:
                record, entry = self.raised[name]
            else:
                total = sum(self.required[goal] for goal in goals)
                record = Record(name, total, total, 0.0, 0.0, total)
                entry = certificate.reached_all(name, total)
            entry["reached"] = record.value
            records.append(record)
            entries.append(entry)
        for record, entry in self.levels:
            records.append(self._level_reached(record, entry, x))
            entries.append(entry)
        if self.short is not None:
            records.append(self.short)
        return records, entries

    def _level_reached(self, record: Record, entry: dict[str, Any], x: Integers) -> Record:
        """In a large round the level was only bounded: state what the awards reach of it."""
        if self._level_rounds() is None:
            return record
        shares = [record.bound]
        for group in entry["blocked"]:
            goal = f"coverage:{group}"
            people = self.formulation.reached(goal, x)
            shares.append(
                people * MILLION // int(self.model.applying[self.formulation.group[goal]])
            )
        value = min(shares)
        return replace(record, value=value, gap=(record.bound - value) / max(1, record.bound))

    def _record(self, name: str, value: int, top: int, certified: int, begun: float) -> Record:
        top = max(value, min(top, certified))
        gap = (top - value) / max(1, abs(top))
        record = Record(name, value, top, gap, round(time.monotonic() - begun, 3), certified)
        self._say(name, value, top)
        if gap > self.tolerance and not name.startswith("coverage:"):
            raise StoppedEarly("gap", {"stage": name, "value": value, "bound": top, "gap": gap})
        return record

    def _say(self, name: str, value: int | None, top: int | None) -> None:
        gap = None if value is None or top is None else (top - value) / max(1, abs(top))
        self.report(
            {
                "stage": name,
                "value": value,
                "bound": top,
                "gap": gap,
                "seconds": round(time.monotonic() - self.start, 3),
            }
        )


def _by_name(made: Formulated, prices: Floats) -> dict[str, float]:
    """Prices per limit in the limit's own unit."""
    return dict(zip(made.program.names, (prices / made.unit).tolist(), strict=True))


def _like(made: Formulated, before: dict[str, float]) -> Floats | None:
    """Prices to start a level with: the level before, where a blocked group was still free."""
    if not before:
        return None
    names = made.program.names
    return np.array([before.get(name, before.get(f"level:{name}", 0.0)) for name in names])


def _limits_only(
    prices: dict[str, float], formulation: Formulation, kept: dict[str, int]
) -> dict[str, float]:
    """The multipliers that a certificate publishes: limits and kept goals with a price."""
    model = formulation.model
    public = {*model.limits, *model.pools, *kept}
    return {name: price for name, price in prices.items() if name in public and price > 0}


def _sides(made: Formulated, hard: Formulated, y: Floats) -> Floats:
    """The values of the sides that both programs have."""
    if not len(y):
        return np.zeros(len(hard.program.side_names))
    value = dict(zip(made.program.side_names, y.tolist(), strict=True))
    return np.array([value.get(name, 0.0) for name in hard.program.side_names])
