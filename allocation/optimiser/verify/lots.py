"""Were equal cases treated by lot? Classes and deal, from the certificate's page."""

import hashlib
import hmac

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .findings import Findings
from .model import Round

Codes = NDArray[np.int64]


def check(round_: Round, chosen: Codes, findings: Findings) -> None:
    """Check that in every class no worker has a better award than a luckier one.

    Args:
        chosen: per request the option that was awarded, -1 for a refusal.
    """
    draws = _draws(round_)
    class_ = _classes(round_)
    place, size = _places(class_, draws)
    rows = np.flatnonzero(chosen >= 0)
    awards = pd.DataFrame(
        {
            "class": class_[round_.worker[rows]],
            "worker": round_.worker[rows],
            "choice": round_.choice[rows],
            "part": -round_.options.share[chosen[rows]],
        }
    )
    dealt = awards.sort_values(["class", "choice", "part"], kind="stable")
    position = dealt.groupby("class").cumcount()
    dealt.index = pd.MultiIndex.from_arrays([dealt["class"].to_numpy(), position.to_numpy()])
    own = awards.sort_values(["worker", "choice", "part"], kind="stable")
    turn = own.groupby("worker").cumcount().to_numpy()
    worker = own["worker"].to_numpy()
    expected_at = turn * size[worker] + place[worker]
    keys = pd.MultiIndex.from_arrays([own["class"].to_numpy(), expected_at])
    expected = dealt.reindex(keys)
    same = (expected["choice"].to_numpy() == own["choice"].to_numpy()) & (
        expected["part"].to_numpy() == own["part"].to_numpy()
    )
    for number in worker[~same]:
        findings.add(
            "lot_passed_over",
            worker=round_.workers[number],
            draw=draws[number],
            place=int(place[number]) + 1,
            alike=int(size[number]),
        )


def _draws(round_: Round) -> Codes:
    """Give each worker's lot number: the column, or the rank of an HMAC."""
    requests, policy = round_.inputs.frames["requests"], round_.inputs.policy
    if "draw" in requests:
        draws = np.zeros(len(round_.workers), dtype=np.int64)
        draws[round_.worker] = requests["draw"].to_numpy()
        return draws
    key, name = policy["seed"].encode(), policy["name"]
    digests = [
        hmac.digest(key, f"{name}:{worker}".encode(), hashlib.sha256) for worker in round_.workers
    ]
    order = sorted(range(len(digests)), key=digests.__getitem__)
    draws = np.empty(len(order), dtype=np.int64)
    draws[order] = np.arange(1, len(order) + 1)
    return draws


def _classes(round_: Round) -> Codes:
    """Give each worker's class: equal codes when all rows agree in all that counts."""
    row = _row_kinds(round_)
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


def _row_kinds(round_: Round) -> Codes:
    requests, policy = round_.inputs.frames["requests"], round_.inputs.policy
    kind = pd.factorize(requests["points"])[0]
    parts: list[Codes] = [round_.choice, round_.amount, round_.pool_set]
    parts += [limit.codes for limit in round_.limits]
    parts += [floor.codes for floor in round_.floors]
    parts += [round_.given.astype(np.int64), round_.withheld.astype(np.int64)]
    parts.append(round_.group[round_.worker])
    if round_.give_back is not None:
        parts.append(round_.give_back.codes)
    if "part_awards" in policy:
        accepted = requests[policy["part_awards"]["column"]]
        shares = accepted.map(lambda text: tuple(sorted({int(s) for s in text.split()} - {100})))
        parts.append(pd.factorize(shares)[0])
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


def _places(class_: Codes, draws: Codes) -> tuple[Codes, Codes]:
    """Give each worker's place by lot in its class (0 is the luckiest) and the class's size."""
    order = np.lexsort((draws, class_))
    size = np.bincount(class_)[class_] if len(class_) else class_
    ordered = class_[order]
    starts = np.searchsorted(ordered, np.arange(int(class_.max(initial=-1)) + 1))
    place = np.empty(len(class_), dtype=np.int64)
    place[order] = np.arange(len(class_)) - starts[ordered]
    return place, size
