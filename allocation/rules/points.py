"""The standard points rule: how much one request weighs in a round.

A published rule over four plain facts, never a learned score. The rounds'
snapshot, the demo and the benchmarks all use this one function, so that the
number in the public policy, in the letter and in the optimiser is the same.

| fact | points |
| --- | --- |
| every request that may be funded | 10 |
| highest diploma: none, vmbo or mbo 1 | +40 |
| highest diploma: mbo 2 | +30 |
| highest diploma: mbo 3 or mbo 4 | +20 |
| no training in the last two years | +25 |
| less than 16 hours of training in the last two years | +10 |
| on call, agency work, or no fixed hours | +20 |
| temporary contract of less than a year | +15 |
| temporary contract of a year or longer | +10 |
| temporary contract with a prospect of a permanent one | +5 |
| waiting credit: each earlier round that refused this worker (at most three) | +5 |

The order follows who gets least training today: CBS, Dynamiek op de
Nederlandse arbeidsmarkt, chapter 6 (course participation by contract, 2019),
and the Court of Audit on STAP (2023): 10 % of recipients were low educated
against 23 % of the population.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from budgetpool import lazily

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
else:
    np = lazily.module("numpy")
    pd = lazily.module("pandas")


BASE: Final = 10
EDUCATION: Final = {
    "none": 40, "vmbo": 40, "mbo1": 40, "mbo2": 30, "mbo3": 20, "mbo4": 20, "hbo": 0, "wo": 0,
}  # fmt: skip
CONTRACT: Final = {
    "on_call": 20,
    "agency": 20,
    "no_fixed_hours": 20,
    "temp_short": 15,
    "temp_long": 10,
    "temp_prospect": 5,
}
UNTRAINED: Final = 25
HARDLY_TRAINED: Final = 10
HARDLY_TRAINED_BELOW_HOURS: Final = 16
WAITING_CREDIT: Final = 5
WAITING_CREDIT_ROUNDS_MAX: Final = 3
MOST: Final = (
    BASE
    + max(EDUCATION.values())
    + max(CONTRACT.values())
    + UNTRAINED
    + WAITING_CREDIT * WAITING_CREDIT_ROUNDS_MAX
)
TARGET_EDUCATION: Final = frozenset({"none", "vmbo", "mbo1", "mbo2", "mbo3", "mbo4"})


def points(*, education: str, contract: str, hours_trained: int, refused_rounds: int) -> int:
    """Give the points of one worker's request.

    An education or contract that the table does not name adds nothing.

    >>> points(education="mbo2", contract="on_call", hours_trained=0, refused_rounds=1)
    90
    """
    training = (
        UNTRAINED
        if hours_trained == 0
        else HARDLY_TRAINED
        if hours_trained < HARDLY_TRAINED_BELOW_HOURS
        else 0
    )
    waiting = WAITING_CREDIT * min(refused_rounds, WAITING_CREDIT_ROUNDS_MAX)
    return BASE + EDUCATION.get(education, 0) + CONTRACT.get(contract, 0) + training + waiting


def points_of(workers: pd.DataFrame) -> pd.Series[int]:
    """Give the points of many workers at once: the same rule, column by column.

    Args:
        workers: one row per worker with `education` and `contract` (codes),
            `hours_trained` in the last two years and `refused_rounds`.
    """
    hours = workers["hours_trained"].to_numpy()
    training = np.where(
        hours == 0, UNTRAINED, np.where(hours < HARDLY_TRAINED_BELOW_HOURS, HARDLY_TRAINED, 0)
    )
    waiting = np.minimum(workers["refused_rounds"].to_numpy(), WAITING_CREDIT_ROUNDS_MAX)
    education = workers["education"].map(EDUCATION).fillna(0).to_numpy(dtype=np.int64)
    contract = workers["contract"].map(CONTRACT).fillna(0).to_numpy(dtype=np.int64)
    total = BASE + education + contract + training + WAITING_CREDIT * waiting
    return pd.Series(total.astype(np.int64), index=workers.index, name="points")


def is_target(*, education: str, hours_trained: int) -> bool:
    """Say whether a worker belongs to the fund's target: at most mbo 4, untrained for two years."""
    return education in TARGET_EDUCATION and hours_trained == 0
