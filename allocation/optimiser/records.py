"""What a solve found, and what each of its stages reached and proved."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Stage:
    """One stage in the strict order.

    `value` is what was reached, `bound` what no division can pass (both whole numbers in the
    unit of the stage: cents for floors, people for coverage and people, points x percent for
    value), `gap` the relative distance. `certified_bound` is the bound that the published
    multipliers prove; the solver may have proven a smaller one.
    """

    name: str
    value: int
    bound: int
    gap: float
    seconds: float
    certified_bound: int | None = None


@dataclass
class Outcome:
    """Whole awards per option, and what each stage reached and proved.

    `entries` are the certificate's, by stage. `targets` are people per coverage goal. `causes`
    name why a floor or give-back falls short. `prices` are the value stage's, by limit. `envy`
    counts the awards that a refused request has reason to envy.
    """

    x: NDArray[np.int64]
    records: list[Stage]
    entries: list[dict[str, Any]]
    targets: dict[str, int]
    causes: dict[str, str | None]
    prices: dict[str, float]
    envy: int = 0
