"""Who and what is alike in everything that the rule sees, from the certificate's page."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .model import Round

Codes = NDArray[np.int64]


def workers(round_: Round) -> Codes:
    """Give each worker's class: equal codes when all rows agree in all that counts."""
    row = requests(round_)
    order = np.lexsort((row, round_.worker))
    worker, row = round_.worker[order], row[order]
    first = np.searchsorted(worker, np.arange(len(round_.workers)))
    rank = np.arange(len(worker)) - first[worker]
    class_ = np.zeros(len(round_.workers), dtype=np.int64)
    for step in range(int(rank.max(initial=-1)) + 1):
        kind = np.full(len(round_.workers), -1, dtype=np.int64)
        kind[worker[rank == step]] = row[rank == step]
        class_ = _join(class_, kind)
    return class_


def requests(round_: Round) -> Codes:
    """Give each request a code: equal when all that counts is equal."""
    points = pd.factorize(round_.inputs.frames["requests"]["points"])[0]
    kind = places(round_)
    for part in (points, round_.choice, round_.amount):
        kind = _join(kind, part)
    return kind


def places(round_: Round) -> Codes:
    """Give each request a code: equal when all but choice, amount and points is equal."""
    frame, policy = round_.inputs.frames["requests"], round_.inputs.policy
    parts: list[Codes] = [limit.codes for limit in round_.limits]
    parts += [floor.codes for floor in round_.floors]
    parts += [round_.given.astype(np.int64), round_.withheld.astype(np.int64)]
    parts.append(round_.group[round_.worker])
    if round_.give_back is not None:
        parts.append(round_.give_back.codes)
    if "part_awards" in policy:
        accepted = frame[policy["part_awards"]["column"]]
        shares = accepted.map(lambda text: tuple(sorted({int(s) for s in text.split()} - {100})))
        parts.append(pd.factorize(shares)[0])
    kind = round_.pool_set
    for part in parts:
        kind = _join(kind, part)
    return kind


def _join(one: Codes, other: Codes) -> Codes:
    """Code pairs: two rows get the same code when both parts agree."""
    wide = int(other.max(initial=0)) - int(other.min(initial=0)) + 1
    if wide * (int(one.max(initial=0)) + 1) >= 2**62:
        other = pd.factorize(other)[0]
        wide = int(other.max(initial=0)) + 1
    codes: Codes = pd.factorize(one * wide + (other - int(other.min(initial=0))))[0]
    return codes
