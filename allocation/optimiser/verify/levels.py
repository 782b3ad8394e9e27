"""The levels of a leximin as a certificate states them: shares, and who is blocked at each."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .bounds import Weights
from .form import weights_of
from .walk import Walk
from .words import MILLION, Malformed

# What comes before the levels of give-back and coverage, and is kept in them to the last unit.
FIRST = ("waiting:", "floor:")


@dataclass
class Levels:
    """One leximin as published.

    Args:
        kept: cents of the floors; before: shares of the leximin before it, by goal.
        shares: per level its stage, its share and the goals that are free at it.
        claims: per level that a bound holds down its stage, weights, numerator and blocked goals.
        fractions: stage and content of the published fractions of awards.
    """

    kept: dict[str, int]
    before: dict[str, Fraction]
    shares: list[tuple[str, Fraction, list[str]]] = field(default_factory=list)
    claims: list[tuple[str, Weights, int, list[str]]] = field(default_factory=list)
    fractions: tuple[str, dict[str, Any]] | None = None


class Leximin:
    """Reads the levels of one leximin, from the lowest."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk

    def read(self, kind: str, sizes: dict[str, int]) -> Levels:
        """Levels of a leximin, from the lowest, until every goal is fixed at one."""
        self.walk.sizes |= sizes
        free, level, block = set(sizes), 0, Levels(dict(self.walk.kept), dict(self.walk.levels))
        while free:
            level += 1
            name = f"{kind}:{level}"
            stage = self.walk.take(name, "level", "blocked", sometimes=("fractions",))
            blocked = stage["blocked"]
            if not isinstance(blocked, list) or not blocked:
                raise Malformed(f"{name}, blocked")
            goals = [f"{kind}:{value}" for value in blocked]
            if len(set(goals)) < len(goals) or not free.issuperset(goals):
                self.walk.findings.add("groups_differ", stage=name, groups=blocked)
                raise Malformed(f"{name}, blocked")
            share = self._level(stage, kind, free, goals, block)
            block.shares.append((name, share, sorted(free)))
            self.walk.levels |= dict.fromkeys(goals, share)
            self.walk.proven.levels[name] = share
            free -= set(goals)
            if "fractions" in stage:
                if free:
                    self.walk.findings.add("unknown_key", where=name, key="fractions")
                block.fractions = (name, stage["fractions"])
        return block

    def _level(
        self,
        stage: dict[str, Any],
        kind: str,
        free: set[str],
        goals: list[str],
        block: Levels,
    ) -> Fraction:
        """The share of a level: the highest that all that are free can have."""
        name, objective = stage["stage"], stage["objective"]
        cap = self.walk.round.policy["coverage_cap"] if kind == "coverage" else Fraction(1)
        pair = stage["level"]
        if not isinstance(pair, list) or [type(n) for n in pair] != [int, int] or pair[1] < 1:
            raise Malformed(f"{name}, level")
        if not objective:
            self.walk.nothing_to_prove(stage, 0)
            if set(goals) != free:
                self.walk.findings.add("blocked_unproven", stage=name, groups=stage["blocked"])
            share = cap
        else:
            weighted = sum(
                number * self.walk.sizes.get(goal, 0) for goal, number in objective.items()
            )
            if not free.issuperset(objective) or weighted <= 0:
                self.walk.findings.add("objective_differs", stage=name, objective=objective)
                raise Malformed(f"{name}, objective")
            self._kept_of_level(stage)
            weights = weights_of(stage, fractions=True)
            numerator = self.walk.root(stage, weights)
            share = Fraction(numerator, weighted)
            self.walk.findings.expect(
                "bound_differs",
                stage=name,
                stated=stage["bound"],
                recomputed=numerator // stage["denominator"],
            )
            if stage["constant"]:
                self.walk.findings.add("bound_differs", stage=name, figure="constant")
            if share >= cap:
                self.walk.findings.add("level_differs", stage=name, stated=share, recomputed=cap)
            block.claims.append((name, weights, numerator, goals))
            prices = {**objective, **stage["multipliers"]}
            promised = [n for n in prices if prices[n] and n.startswith((*FIRST, "give_back:"))]
            self.walk.traded |= {goal for goal in goals if any(name != goal for name in promised)}
        self.walk.findings.expect(
            "level_differs", stage=name, stated=Fraction(*pair), recomputed=Fraction(share)
        )
        return share

    def _kept_of_level(self, stage: dict[str, Any]) -> None:
        """A level keeps who waits and floors exactly, what is blocked at most at its own level."""
        kept = stage["kept"]
        floors = {name: n for name, n in self.walk.kept.items() if name.startswith(FIRST)}
        self.walk.check_kept(stage, {n: k for n, k in kept.items() if n.startswith(FIRST)}, floors)
        for limit, number in kept.items():
            if not limit.startswith(FIRST):
                unit = MILLION if limit.startswith("coverage:") else 1
                most = (
                    self.walk.levels.get(limit, Fraction(0)) * self.walk.sizes.get(limit, 0) * unit
                )
                if number > most:
                    self.walk.findings.add(
                        "kept_differs",
                        stage=stage["stage"],
                        limit=limit,
                        stated=number,
                        recomputed=int(most),
                    )
