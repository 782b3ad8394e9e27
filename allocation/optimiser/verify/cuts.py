"""Cuts: rows that whole awards keep, made from the limits by rounding.

Limits with whole slacks are added up by their multipliers and divided by a divisor d. With r the
right-hand side, and r0 = r mod d, a number t is rounded to F(t) = ⌊t/d⌋·(d − r0) + max(0, t mod d
− r0), and what whole awards use is at most F(r), the slacks rounded alike (mixed-integer rounding).
"""

from typing import Any

from .bounds import Part
from .form import Ground, whole_number, whole_numbers
from .round import Option
from .words import Malformed


class Cuts:
    """The cuts of a tree: per cut what each open option uses of it (by `id`), and at most."""

    def __init__(
        self,
        ground: Ground,
        stage: str,
        kept: dict[str, int],
        part: Part,
        sums: list[list[Option]],
        written: Any,
    ) -> None:
        self.ground, self.stage, self.kept, self.part = ground, stage, kept, part
        self.sums = {str(number): options for number, options in enumerate(sums)}
        if not isinstance(written, list):
            raise Malformed(f"{stage}, cuts")
        self.rows = {str(number): self._row(cut) for number, cut in enumerate(written)}

    def pay(self, prices: dict[str, int], paid: dict[int, int], where: str) -> int:
        """Add to what each option pays; returns what is added to the bound.

        Raises:
            Malformed: a price of no cut, or one below zero.
        """
        added = 0
        for key, price in prices.items():
            if key not in self.rows or price < 0:
                raise Malformed(f"{where}, cut {key}")
            use, most = self.rows[key]
            added += price * most
            for option, each in use.items():
                paid[option] += price * each
        return added

    def _row(self, cut: Any) -> tuple[dict[int, int], int]:
        if not isinstance(cut, dict) or set(cut) != {"multipliers", "sums", "divisor"}:
            raise Malformed(f"{self.stage}, cuts")
        multipliers, sums = whole_numbers(cut, "multipliers"), whole_numbers(cut, "sums")
        divisor = whole_number(cut, "divisor")
        bounder = self.ground.bounder
        goals = (bounder.goals | {"value"}) & self.kept.keys()
        known = all(name in bounder.rhs or name in goals for name in multipliers)
        if divisor < 1 or not known or not self.sums.keys() >= sums.keys():
            raise Malformed(f"{self.stage}, cuts")
        added, side = self._added(multipliers, sums)
        rest = side % divisor

        def rounded(number: int) -> int:
            whole, over = divmod(number, divisor)
            return whole * (divisor - rest) + max(0, over - rest)

        slack, slack_side = self._added(
            {name: rounded(n) for name, n in multipliers.items()},
            {key: rounded(n) for key, n in sums.items()},
        )
        use = {option: rounded(each) - slack[option] for option, each in added.items()}
        return {option: each for option, each in use.items() if each}, rounded(side) - slack_side

    def _added(
        self, multipliers: dict[str, int], sums: dict[str, int]
    ) -> tuple[dict[int, int], int]:
        """What each open option uses of the limits together, and their right-hand sides."""
        row, side = self.ground.bounder.row(multipliers, self.kept, self.part)
        open_ = [o for _, slots, *_ in self.part.ways for slot in slots for o in slot]
        use = {id(option): row(option) for option in open_}
        for key, number in sums.items():
            side += number * self._workers(self.sums[key])
            for option in self.sums[key]:
                use[id(option)] += number
        return use, side

    def _workers(self, options: list[Option]) -> int:
        """The most awards that the workers with these options may have among them."""
        inside, most = set(map(id, options)), 0
        for _, slots, capacity, *_ in self.part.ways:
            most += min(capacity, sum(any(id(o) in inside for o in slot) for slot in slots))
        return most
