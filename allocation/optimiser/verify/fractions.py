"""The published fractions of awards: they reach every level, so that nobody is held down."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .bounds import Weights
from .decisions import payable
from .give_back import GiveBack
from .levels import Levels
from .walk import Walk
from .words import MILLION, Malformed


@dataclass
class Fractions:
    """What fractions of awards bring to each limit and goal, in parts, and what passes a limit."""

    parts: int
    used: dict[str, int]
    over: dict[str, int]


class Witness:
    """Checks the levels against fractions of awards."""

    def __init__(self, walk: Walk, back: GiveBack | None) -> None:
        self.walk, self.back = walk, back

    def check(self, blocks: list[Levels]) -> None:
        """Of every leximin: can its levels be reached together, and is nobody held down?

        Without fractions of its own the later ones show it, or the decisions themselves.
        """
        later = Fractions(1, dict(self.walk.reached.used), {})
        for group, people in self.walk.awarded.items():
            later.used[f"coverage:{group}"] = people
        for block in reversed(blocks):
            if block.fractions is not None:
                later = self._attained(*block.fractions)
            self._reach(block, later)
            for name, weights, numerator, goals in block.claims:
                self._blocked(name, weights, numerator, goals, later)

    def _reach(self, block: Levels, shown: Fractions) -> None:
        """Everybody who is free at a level has it, with all that came before kept."""
        parts, used = shown.parts, shown.used
        least = {name: (name, Fraction(number)) for name, number in block.kept.items()}
        for goal, share in block.before.items():
            least[goal] = (goal, share * self.walk.sizes[goal])
        for name, share, free in block.shares:
            for goal in free:
                least[goal] = max(
                    least.get(goal, (name, Fraction(0))),
                    (name, share * self.walk.sizes[goal]),
                    key=lambda each: each[1],
                )
        for goal, (name, number) in least.items():
            people = goal.startswith(("coverage:", "waiting:"))
            spare = Fraction(1, 100) if people else 1
            size = self.walk.sizes.get(goal, number)
            if used.get(goal, 0) < (number - spare - Fraction(size, MILLION)) * parts:
                self.walk.findings.add(
                    "level_unreached",
                    stage=name,
                    limit=goal,
                    stated=f"{float(Fraction(used.get(goal, 0), parts)):.2f}",
                    recomputed=f"{float(number):.2f}",
                )

    def _blocked(
        self, stage: str, weights: Weights, numerator: int, goals: list[str], shown: Fractions
    ) -> None:
        """Nobody is blocked who could rise by a person (an award) while the others keep theirs.

        Where the fractions pass a limit, or fall below what is kept, by the little that is let
        pass, it costs them the multiplier.
        """
        slack = numerator * shown.parts
        for goal, weight in weights.objective.items():
            slack -= weight * shown.used.get(goal, 0)
        for limit, multiplier in weights.multipliers.items():
            if limit in weights.kept:
                unit = MILLION if limit in self.walk.ground.bounder.people else 1
                short = weights.kept[limit] * shown.parts - shown.used.get(limit, 0) * unit
                slack -= -multiplier * max(0, short) // unit
            else:
                slack += multiplier * shown.over.get(limit, 0)
        for goal in goals:
            if weights.objective.get(goal, 0) * self._one(goal) * shown.parts <= max(0, slack):
                self.walk.findings.add("blocked_unproven", stage=stage, groups=goal)

    def _attained(self, stage: str, fractions: dict[str, Any]) -> Fractions:
        """What the published fractions of awards bring to each goal, in parts; they must fit."""
        round_ = self.walk.round
        if not isinstance(fractions, dict) or set(fractions) != {"denominator", "awards"}:
            raise Malformed(f"{stage}, fractions")
        parts, awards = fractions["denominator"], fractions["awards"]
        if type(parts) is not int or parts < 1 or not isinstance(awards, list):
            raise Malformed(f"{stage}, fractions")
        used: dict[str, int] = defaultdict(int)
        bills = [0] * len(round_.pool_sets)
        per_worker: dict[int, int] = defaultdict(int)
        per_choice: dict[tuple[int, int], int] = defaultdict(int)
        given = [[name, 100, parts] for name in sorted(round_.files.given)]
        seen: set[tuple[str, int]] = set()
        for award in [*given, *awards]:
            if not isinstance(award, list) or [type(part) for part in award] != [str, int, int]:
                raise Malformed(f"{stage}, fractions")
            name, share, number = award
            row = round_.row_of.get(name)
            ways = round_.options[row] if row is not None else []
            option = next((way for way in ways if way.share == share), None)
            if option is None or row is None or (name, share) in seen or number < 0:
                raise Malformed(f"{stage}, fractions: {name}")
            seen.add((name, share))
            if round_.withheld[row] or not round_.payable(row):
                self.walk.findings.add("fractions_differ", stage=stage, request=name)
            worker = round_.worker[row]
            per_worker[worker] += number
            per_choice[worker, round_.choice[row]] += number
            bills[round_.pool_set[row]] += number * option.amount
            for family, code in round_.codes_of(option.place):
                used[family.names[code]] += number * family.use(option.row, option.amount)
        over = [w for w, number in per_worker.items() if number > round_.most * parts]
        over += [w for (w, _), number in per_choice.items() if number > parts]
        for worker in over:
            self.walk.findings.add("fractions_differ", stage=stage, worker=round_.workers[worker])
        excess: dict[str, int] = {}
        for limit, rhs in self.walk.ground.bounder.rhs.items():
            if used[limit] > rhs * parts:
                excess[limit] = used[limit] - rhs * parts
                if excess[limit] * MILLION > rhs * parts:
                    self.walk.findings.add("fractions_differ", stage=stage, limit=limit)
        if round_.pool_names:
            pools = [cents * parts for cents in round_.pool_cents]
            unpaid = sum(bills) - payable(bills, round_.pool_sets, pools)
            excess |= dict.fromkeys(round_.pool_names, unpaid)
            if unpaid * MILLION > sum(bills):
                self.walk.findings.add("fractions_differ", stage=stage, limit="pools")
        for worker, number in per_worker.items():
            group = round_.group[worker]
            if group >= 0:
                used[f"coverage:{round_.groups[group]}"] += min(parts, number)
        return Fractions(parts, dict(used), excess)

    def _one(self, goal: str) -> int:
        """One person, or an award of a contributor."""
        return self.back.one(goal) if self.back and goal.startswith("give_back:") else 1
