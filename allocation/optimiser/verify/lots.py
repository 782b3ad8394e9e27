"""Were equal cases treated by lot? The deal inside classes, from the certificate's page."""

import hashlib
import hmac
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from . import alike
from .findings import Findings
from .model import Round

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Classes:
    """Per worker: its class, its lot, its place by lot in the class (from 0), the class's size."""

    class_: Codes
    draws: Codes
    place: Codes
    size: Codes


def classes(round_: Round) -> Classes:
    """Derive the classes of equal cases, and everybody's place in them."""
    draws, class_ = _draws(round_), alike.workers(round_)
    return Classes(class_, draws, *_places(class_, draws))


def check(round_: Round, chosen: Codes, equals: Classes, findings: Findings) -> None:
    """Check that in every class no worker has a better award than a luckier one.

    Args:
        chosen: per request the option that was awarded, -1 for a refusal.
    """
    class_, place, size = equals.class_, equals.place, equals.size
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
            draw=equals.draws[number],
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


def _places(class_: Codes, draws: Codes) -> tuple[Codes, Codes]:
    """Give each worker's place by lot in its class (0 is the luckiest) and the class's size."""
    order = np.lexsort((draws, class_))
    size = np.bincount(class_)[class_] if len(class_) else class_
    ordered = class_[order]
    starts = np.searchsorted(ordered, np.arange(int(class_.max(initial=-1)) + 1))
    place = np.empty(len(class_), dtype=np.int64)
    place[order] = np.arange(len(class_)) - starts[ordered]
    return place, size
