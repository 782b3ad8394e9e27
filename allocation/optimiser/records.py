"""What a solve found, and what each of its stages reached and proved."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

MILLION = 1_000_000
# Rounds with up to so many requests are solved to the last point.
EXACT_REQUESTS = 2_000


@dataclass(frozen=True)
class Stage:
    """One stage in the strict order.

    `value` is what was reached, `bound` what no division can pass (both whole numbers in the
    unit of the stage: cents for floors, people for coverage and people, points x percent for
    value), `gap` the relative distance. Once published, both are what the certificate proves;
    `claimed_bound` is then what the solver said, which nobody need believe.
    """

    name: str
    value: int
    bound: int
    gap: float
    seconds: float
    claimed_bound: int | None = None


def published(record: Stage, proven: int) -> Stage:
    """The record with the bound that its certificate proves, and the solver's as a claim."""
    gap = (proven - record.value) / max(1, abs(proven))
    return replace(record, bound=proven, gap=gap, claimed_bound=record.bound)


def published_level(record: Stage, numerator: int, denominator: int) -> Stage:
    """The record of a level: the share that its multipliers prove, in millionths."""
    value = numerator * MILLION // denominator
    bound = -(-numerator * MILLION // denominator)
    return replace(record, value=value, bound=bound, gap=(bound - value) / max(1, bound))


@dataclass
class Outcome:
    """Whole awards per option, and what each stage reached and proved.

    `entries` are the certificate's, by stage. `targets` are people per coverage goal. `causes`
    name why a floor or give-back falls short. `prices` are the value stage's, by limit. `envy`
    counts the awards that a refused request has reason to envy. `lots` is `exact` or
    `swap_stable`. `give_back_awards` is by how many awards whole divisions may stay below what
    contributors are to get; `people_short` how many people, in one group and in all, are missing
    where whole people cannot meet all targets; `unchanged` how many people keep what they had.
    `served` counts people over many draws (stages/odds.py), where that was asked.
    """

    x: NDArray[np.int64]
    records: list[Stage]
    entries: list[dict[str, Any]]
    targets: dict[str, int]
    causes: dict[str, str | None]
    prices: dict[str, float]
    envy: int = 0
    lots: str = "exact"
    give_back_awards: int | None = None
    people_short: tuple[int, int] | None = None
    served: Any = None
    unchanged: int | None = None
