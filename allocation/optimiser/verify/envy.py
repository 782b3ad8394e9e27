"""Was somebody refused who is worth more, costs no more and counts in the same places?

Such an award could change hands within every limit. Where value is proven to the last point
there is none. A larger round may stop within its tolerance: what is left must be told.
"""

import numpy as np
from numpy.typing import NDArray

from . import alike
from .findings import Findings
from .model import Promise, Round
from .reached import Reached

Codes = NDArray[np.int64]


def check(round_: Round, reached: Reached, cents: Codes, chosen: Codes, findings: Findings) -> None:
    """Count the awards with reason for envy, note each, and compare with the stated number.

    Args:
        cents: per request what it is awarded.
        chosen: per request the option that was awarded, -1 for a refusal.
    """
    count = 0
    if round_.awards_per_worker == 1:
        for award, request in _pairs(round_, reached, cents, chosen):
            count += 1
            if count <= findings.most_per_code:
                ids = round_.inputs.frames["requests"]["request_id"]
                findings.note("envy", request=ids.iloc[request], award=ids.iloc[award])
    stated = round_.inputs.result.get("envy")
    findings.expect("figure_differs", figure="envy", stated=stated, recomputed=count)


def _pairs(round_: Round, reached: Reached, cents: Codes, chosen: Codes) -> list[tuple[int, int]]:
    """Each envied award with the request of most value that could have it."""
    options, amount = round_.options, round_.amount
    whole = np.flatnonzero(options.share == 100)
    value = np.zeros(len(chosen), dtype=options.value.dtype)
    value[options.row[whole]] = options.value[whole]
    place = alike.places(round_)
    served = np.zeros(len(round_.workers), dtype=bool)
    served[round_.worker[cents > 0]] = True
    payable = np.array([bool(pools) or not round_.pool_names for pools in round_.pool_sets])
    waiting = ~served[round_.worker] & ~round_.withheld & payable[round_.pool_set]
    refused = np.flatnonzero(waiting)
    awarded = np.flatnonzero((chosen >= 0) & (cents == amount) & ~round_.given)
    spare = _spare(round_, reached, cents)
    pairs = []
    for own in _envied(place, amount, value, refused, awarded).tolist():
        near = refused[place[refused] == place[own]]
        able = (amount[near] <= amount[own]) & (amount[near] >= amount[own] - spare[own])
        able &= value[near] > value[own]
        if able.any():
            pairs.append((own, int(near[able][np.argmax(value[near[able]])])))
    return pairs


def _envied(place: Codes, amount: Codes, value: Codes, refused: Codes, awarded: Codes) -> Codes:
    """The awards of which a refused request, no dearer and in the same place, is worth more."""
    if not len(refused) or not len(awarded):
        return awarded[:0]
    width = len(place) + 1
    values, amounts = (np.unique(of, return_inverse=True)[1] for of in (value, amount))
    cost = place * width + amounts
    refused = refused[np.argsort(cost[refused], kind="stable")]
    most = np.maximum.accumulate(place[refused] * width + values[refused])
    before = np.searchsorted(cost[refused], cost[awarded], side="right") - 1
    envied = (before >= 0) & (most[before] > place[awarded] * width + values[awarded])
    return awarded[envied]


def _spare(round_: Round, reached: Reached, cents: Codes) -> Codes:
    """Per request the cents that every promise it counts in has above what it must keep."""
    spare = round_.amount.copy()
    promises: list[tuple[Promise, list[int]]] = [
        (floor, [sum_]) for floor, sum_ in zip(round_.floors, reached.floors, strict=True)
    ]
    if round_.give_back is not None:
        promises.append((round_.give_back, reached.give_back))
    for promise, sums in promises:
        over = np.array(sums, dtype=np.int64) - np.minimum(sums, promise.required)
        inside = promise.codes >= 0
        spare[inside] = np.minimum(spare[inside], over[promise.codes[inside]])
    return spare
