"""The people of one synthetic region, and what they live through under one rule.

Everything random is drawn per person and round from (seed, purpose, number), never from what
happened before, so that two rules meet the same people with the same luck.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from allocation.laboratory import assumptions, workforce
from allocation.laboratory.workforce import LATER, LATER_IF_UNTRAINED, SECTORS

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

CELLS = workforce.eligible_workforce()
LEVELS = ("low", "middle", "high")
_LEVEL = CELLS["education_level"].map({name: n for n, name in enumerate(LEVELS)}).to_numpy()
_TRAINED = (CELLS["trained"] == "yes").to_numpy()
_ASKS = CELLS["asks"].to_numpy(dtype=float)
_LATER = CELLS["education_level"].map(LATER).to_numpy(dtype=float)
_SHARE = np.cumsum(CELLS["share"].to_numpy(dtype=float))
_SECTOR = np.cumsum(np.array(list(SECTORS.values())))
NEVER = -99


@dataclass
class People:
    """One entry per person: who they are, and what became of their asking.

    `cell` is a row of the workforce's table, `sector` an index of SECTORS, `own_hours` training
    that no award paid. `refused` counts refusals since the last award; `asking` says that a
    refusal was the last answer; `gave_up` that they ask no more; `awarded_year` of the last award.
    """

    cell: Integers
    sector: Integers
    own_hours: Integers
    refused: Integers
    asking: Flags
    gave_up: Flags
    awarded_year: Integers

    @classmethod
    def draw(cls, seed: int, count: int) -> Self:
        """Draw a region, in which nobody asked yet."""
        cell, sector, hours = _who(np.random.default_rng([seed, 2, 0]), count)
        nothing = np.zeros(count, dtype=np.int64)
        return cls(
            cell,
            sector,
            hours,
            refused=nothing.copy(),
            asking=nothing.astype(bool),
            gave_up=nothing.astype(bool),
            awarded_year=nothing + NEVER,
        )

    def renew(self, seed: int, year: int) -> tuple[Integers, Integers]:
        """Let a part of the people leave at the end of a year, others in their place.

        Returns:
            level and refusals of those who left while they were still asking.
        """
        rng = np.random.default_rng([seed, 2, year + 1])
        gone = rng.random(len(self.cell)) < assumptions.LEAVES_IN_A_YEAR
        left = gone & self.asking
        waited = self.level[left], self.refused[left]
        cell, sector, hours = _who(rng, len(self.cell))
        for mine, new in ((self.cell, cell), (self.sector, sector), (self.own_hours, hours)):
            mine[gone] = new[gone]
        self.refused[gone], self.awarded_year[gone] = 0, NEVER
        self.asking[gone], self.gave_up[gone] = False, False
        return waited

    @property
    def level(self) -> Integers:
        """Per person an index of LEVELS."""
        return np.asarray(_LEVEL[self.cell])

    def hours_trained(self, year: int) -> Integers:
        """Hours of training in the last two years."""
        lately = year - self.awarded_year < assumptions.LOOKS_BACK_YEARS
        return self.own_hours + np.where(lately, assumptions.AWARD_HOURS, 0)

    def reach(self) -> Floats:
        """How likely each one hears of the fund and asks, beside the others."""
        return np.asarray(_ASKS[self.cell])

    def later(self, year: int) -> Floats:
        """How many times later than the fastest group each one files."""
        untrained = self.hours_trained(year) == 0
        return np.asarray(_LATER[self.cell] * np.where(untrained, LATER_IF_UNTRAINED, 1.0))


def _who(rng: np.random.Generator, count: int) -> tuple[Integers, Integers, Integers]:
    cell = np.searchsorted(_SHARE, rng.random(count) * _SHARE[-1], side="right")
    sector = np.searchsorted(_SECTOR, rng.random(count) * _SECTOR[-1], side="right")
    hours = 4 * rng.geometric(0.12, count)
    return cell, sector, np.where(_TRAINED[cell], hours, 0)
