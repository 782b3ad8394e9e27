"""What the decisions add up to: the figures that every claim is compared with."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .arithmetic import total, totals
from .model import Round


@dataclass(frozen=True)
class Reached:
    """The decisions' sums, in cents, people and points × percent.

    Args:
        floors: cents per floor, in the policy's order; give_back: cents per contribution.
        awarded: people per coverage group.
    """

    value: int
    spent_cents: int
    people: int
    floors: list[int]
    give_back: list[int]
    awarded: list[int]


def add_up(round_: Round, decisions: pd.DataFrame, chosen: NDArray[np.int64]) -> Reached:
    """Add up the decisions.

    Args:
        chosen: per request the option that was awarded, -1 for a refusal. Of an
            award that is less than its option, the same part of the value counts.
    """
    awarded = (decisions["awarded"] == 1).to_numpy()
    cents = np.where(awarded, decisions["amount_cents"].to_numpy(), 0)
    served = np.zeros(len(round_.workers), dtype=bool)
    served[round_.worker[awarded]] = True
    back = round_.give_back
    groups = round_.group[served & (round_.group >= 0)]
    return Reached(
        value=_value(round_, cents, chosen),
        spent_cents=total(cents),
        people=int(served.sum()),
        floors=[int(totals(floor.codes, cents, 1)[0]) for floor in round_.floors],
        give_back=[]
        if back is None
        else [int(sum_) for sum_ in totals(back.codes, cents, len(back.names))],
        awarded=[int(n) for n in np.bincount(groups, minlength=len(round_.groups))],
    )


def _value(round_: Round, cents: NDArray[np.int64], chosen: NDArray[np.int64]) -> int:
    rows = np.flatnonzero(chosen >= 0)
    value, amount = round_.options.value[chosen[rows]], round_.options.amount[chosen[rows]]
    part = np.flatnonzero(cents[rows] < amount)
    if len(part):
        value = value.astype(object)
        value[part] = value[part] * cents[rows[part]].astype(object) // amount[part]
    return total(value)
