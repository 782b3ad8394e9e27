"""Lots: who comes first among equals, and how a class's awards are dealt.

A worker's lot number is the rank of HMAC(seed, round and worker), so nobody can choose it and
anybody can compute it after the public draw. Inside a class of equal cases awards are dealt like
cards: sorted from the best to the least, the first to the luckiest member.
"""

import hmac

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from allocation.optimiser.inputs.policy import Policy

Integers = NDArray[np.int64]


def drawn(requests: pd.DataFrame, policy: Policy) -> Integers:
    """The lot number of each row's worker: the column `draw`, or drawn from the policy's seed."""
    if "draw" in requests:
        return requests["draw"].to_numpy(dtype=np.int64)
    codes, workers = pd.factorize(requests["worker_id"])
    key, round_ = policy.seed.encode(), f"{policy.name}:"
    tickets = [
        hmac.digest(key, (round_ + worker).encode(), "sha256") for worker in workers.tolist()
    ]
    # A ticket is 32 bytes: four big-endian numbers, of which the first counts most.
    parts = np.frombuffer(b"".join(tickets), dtype=">u8").reshape(-1, 4)
    rank = np.empty(len(tickets), dtype=np.int64)
    rank[np.lexsort(parts.T[::-1])] = np.arange(1, len(tickets) + 1)
    return rank[codes]


def deal(
    *, awards: Integers, class_of_option: Integers, class_size: Integers, class_start: Integers
) -> tuple[Integers, Integers]:
    """Deal every class's awards to its members, luckiest first.

    Args:
        awards: number of awards per option; options stand in the order of dealing.
        class_of_option: non-decreasing class of each option.
        class_size: members per class.
        class_start: where a class's members begin in the list of members by class and lot.

    Returns:
        the option of every award, and its place in the list of members.
    """
    option = np.repeat(np.arange(len(awards)), awards)
    owner = class_of_option[option]
    first = np.searchsorted(owner, owner, side="left")
    card = np.arange(len(option)) - first
    return option, class_start[owner] + card % class_size[owner]
