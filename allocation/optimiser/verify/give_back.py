"""Give-back in whole awards: within so many awards of each contributor's target."""

from collections import defaultdict
from fractions import Fraction

from .round import Limit
from .walk import Walk


class GiveBack:
    """What whole awards keep of the contributors' levels."""

    def __init__(self, walk: Walk, back: Limit) -> None:
        self.walk, self.back = walk, back
        self.asked: dict[int, list[int]] = defaultdict(list)  # amounts, by contributor

    def keep(self) -> None:
        """What whole awards keep of give-back: within so many awards of each target."""
        below = self.walk.round.files.result.get("give_back_awards")
        if type(below) is not int or below < 1:
            self.walk.findings.figure("give_back_awards", below, 1)
            below = 1
        reached = dict(zip(self.back.names, self.walk.reached.of(self.back), strict=True))
        kept = self._within(below)
        for name, least in kept.items():
            if reached[name] < least:
                self.walk.findings.add(
                    "give_back_short", limit=name, reached=reached[name], kept=least
                )
        if below > 1:
            nearer = {**self.walk.kept, **self._within(below - 1)}
            self.walk.nothing_keeps("give_back:awards", nearer, below)
        self.walk.kept.update({name: min(least, reached[name]) for name, least in kept.items()})
        for name, required in zip(self.back.names, self.back.rhs, strict=True):
            if reached[name] < required:
                self.walk.proven.causes[name] = (
                    "within_one_award"
                    if int(self.walk.levels.get(name, Fraction(1)) * required) >= required
                    else self._cause_of_level(name)
                )

    def _cause_of_level(self, name: str) -> str:
        """Whether prices of floors or of other contributors stand in the way, or limits alone."""
        return "traded" if name in self.walk.traded else "impossible_limits"

    def largest(self, code: int) -> int:
        """The largest amount asked by a contributor's workers within its target; 0: none."""
        name, due = self.back.names[code], self.back.rhs[code]
        target = int(self.walk.levels.get(name, Fraction(1)) * due)
        if not self.asked:
            for amount, contributor in zip(self.walk.round.amount, self.back.codes, strict=True):
                self.asked[contributor].append(amount)
        return max((amount for amount in self.asked[code] if amount <= target), default=0)

    def _within(self, awards_below: int) -> dict[str, int]:
        """Per contributor target − d × a + 1, a the largest amount asked within the target."""
        kept = {}
        for code, (name, due) in enumerate(zip(self.back.names, self.back.rhs, strict=True)):
            target = int(self.walk.levels.get(name, Fraction(1)) * due)
            largest = self.largest(code)
            if largest:
                kept[name] = max(0, target - awards_below * largest + 1)
        return kept

    def one(self, goal: str) -> int:
        """The cents of the largest award asked for within the target.

        Where no award is within the target, whole awards cannot be held to it: the smallest.
        """
        code = self.back.names.index(goal)
        return self.largest(code) or min(self.asked[code], default=1)
