"""Leximin: the smallest share as high as it can be, then the next, and so on, in fractions.

    maximise t  such that  goal g >= t x size of g        for every free goal g,
                           goal g >= its level x size of g  for every blocked one

A goal whose row has a price is blocked at this level: in no best solution can it rise. The others
go on. The level that is published is the share that the multipliers prove. Coverage levels people
of groups in this way, give-back the cents of contributors.
"""

import time
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np

from allocation.optimiser.model.arrays import Model
from allocation.optimiser.model.formulation import Formulated, Formulation, Stage
from allocation.optimiser.records import Stage as Record
from allocation.optimiser.relaxation import sifting
from allocation.optimiser.relaxation.program import Floats, Infeasible, Integers
from allocation.optimiser.relaxation.sifting import Relaxation
from allocation.optimiser.stages import certificate
from allocation.optimiser.stages.certificate import MILLION, Claim
from allocation.optimiser.stages.run import Missed, Run, by_name, limits_only

# Into how many parts an award is divided in the published fractions.
FRACTIONS = 10**9


@dataclass
class Level:
    """One level: the goals that it blocks, their share, and what was solved and published.

    `share` is what the multipliers prove, `solved_share` what fractions of awards reach.
    """

    goals: list[str]
    share: Fraction
    solved_share: float
    record: Record
    entry: dict[str, Any]
    made: Formulated
    relaxation: Relaxation


@dataclass
class Leximin:
    """What is levelled.

    Args:
        stage: name of the stages, to which the number of the level is added.
        sizes: goal -> what its share is a share of.
        cap: share beyond which nothing is lifted.
        kept: goal -> what earlier stages reached, in fractions of awards.
        penalty: price of missing a kept goal, where that is in doubt.
        ties: small worth per option that tells equals apart (sifting.solve).
    """

    run: Run
    stage: str
    sizes: dict[str, int]
    cap: Fraction
    kept: dict[str, float]
    penalty: dict[str, float]
    ties: Floats | None = None

    def levels(self) -> list[Level]:
        """Every level, from the lowest.

        Raises:
            Missed: something in `kept` that was taken as reachable is not.
        """
        found: list[Level] = []
        free, fixed = list(self.sizes), dict[str, float]()
        while free:
            level = self._next(f"{self.stage}:{len(found) + 1}", free, fixed, found)
            found.append(level)
            fixed |= {goal: level.solved_share * self.sizes[goal] for goal in level.goals}
            free = [goal for goal in free if goal not in level.goals]
        return found

    def _next(
        self, name: str, free: list[str], fixed: dict[str, float], found: list[Level]
    ) -> Level:
        begun, run = time.monotonic(), self.run
        stage = Stage(
            kept={**self.kept, **fixed},
            level={goal: self.sizes[goal] for goal in free},
            level_cap=float(self.cap),
            penalty=self.penalty,
        )
        made = run.formulation.program(stage)
        start = _like(made, found[-1]) if found else None
        try:
            solved = sifting.solve(made.program, run.backend, start=start, ties=self.ties)
        except Infeasible:
            raise Missed from None
        run.refuse_missing(made, solved)
        share = float(solved.y[made.side_of["level"]])
        entry, proven, blocked = self._entry(name, made, solved, free, fixed, share)
        top = ceil(proven * MILLION)
        record = run.record(name, int(share * MILLION + 1e-3), top, top, begun)
        return Level(blocked, proven, share, record, entry, made, solved)

    def _entry(
        self,
        name: str,
        made: Formulated,
        solved: Relaxation,
        free: list[str],
        fixed: dict[str, float],
        level: float,
    ) -> tuple[dict[str, Any], Fraction, list[str]]:
        """The entry of a level, the share that it proves, and the goals that it blocks."""
        formulation = self.run.formulation
        prices = by_name(made, solved.prices)
        weights = {goal: prices.get(f"level:{goal}", 0.0) for goal in free}
        kept = {goal: self._kept(goal, amount) for goal, amount in {**self.kept, **fixed}.items()}
        if level < float(self.cap) - 1e-9 and max(weights.values()) > 0:
            multipliers = limits_only(prices, formulation, kept)
            entry = certificate.certify(
                formulation, Claim(name, weights, multipliers, kept, relaxation=True)
            )
            share = certificate.share(entry, formulation)
            if share < self.cap:
                heavy = {goal: weights[goal] * self.sizes[goal] for goal in free}
                most = max(heavy.values())
                blocked = [goal for goal in free if heavy[goal] > 1e-6 * most]
                entry["level"] = [share.numerator, share.denominator]
                entry["blocked"] = [goal.partition(":")[2] for goal in blocked]
                return entry, share, blocked
        entry = certificate.reached_all(name, 0)
        entry["level"] = [self.cap.numerator, self.cap.denominator]
        entry["blocked"] = [goal.partition(":")[2] for goal in free]
        return entry, self.cap, list(free)

    def _kept(self, goal: str, amount: float) -> int:
        """What a blocked goal keeps: millionths of a person, or cents."""
        return int(amount * MILLION) if goal in self.run.formulation.group else int(amount)


def with_fractions(
    levels: list[Level], model: Model, *, whole_awards: bool
) -> list[dict[str, Any]]:
    """The entries; the last has the fractions of awards in which every level is reached.

    They show that the bounds of the levels are met, so that nobody is served at the cost of
    another, or blocked who could rise.

    Args:
        whole_awards: the decisions show it themselves where all reach the cap.
    """
    entries = [level.entry for level in levels]
    held_down = any(entry["objective"] for entry in entries)
    if entries and (held_down or not whole_awards):
        shown = fractions(levels[-1].relaxation.x, model)
        entries[-1] = {**entries[-1], "fractions": shown}
    return entries


def fractions(x: Floats, model: Model) -> dict[str, Any]:
    """Fractions of awards, as a certificate publishes them: per option of a class, rounded down."""
    each = x / np.maximum(1, model.size[model.option_class])
    parts = np.floor(each * FRACTIONS + 1e-3).astype(np.int64)
    taken = np.flatnonzero(parts > 0)
    options = [[int(option), int(parts[option])] for option in taken]
    return {"denominator": FRACTIONS, "awards": options}


def reached(levels: list[Level], formulation: Formulation, x: Integers) -> bool:
    """Whether whole awards bring every goal to its level."""
    return all(
        formulation.reached(goal, x) >= level.share * formulation.size(goal)
        for level in levels
        for goal in level.goals
    )


def whole(share: Fraction, size: int) -> int:
    """A share of a size, rounded down."""
    return min(size, share.numerator * size // share.denominator)


def _like(made: Formulated, before: Level) -> Floats:
    """Prices to start a level with: the level before, where a blocked goal was still free."""
    prices = before.relaxation.prices.tolist()
    known = dict(zip(before.made.program.names, prices, strict=True))
    names = made.program.names
    return np.array([known.get(name, known.get(f"level:{name}", 0.0)) for name in names])
