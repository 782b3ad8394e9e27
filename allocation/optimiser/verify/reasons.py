"""Do the stated reasons agree with the decisions, the board's acts and the input?

Which limit stood in the way of a refused request follows from prices, and is no matter of proof;
but no reason may contradict what everybody can see.
"""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .findings import Findings
from .lots import Classes
from .model import Round

# Reasons that depend on prices, any of which may be true of a refusal.
PRICED = ("amount_too_large", "lot_lost", "edition_full", "cap_reached", "below_cutoff")


def check(
    round_: Round,
    decisions: pd.DataFrame,
    chosen: NDArray[np.int64],
    equals: Classes,
    findings: Findings,
) -> None:
    """Name every request whose reason, or whose facts in it, are not as they should be.

    Args:
        chosen: per request the option that was awarded, -1 for a refusal.
    """
    ids, stated = decisions["request_id"].to_numpy(), decisions["reason"].to_numpy()
    settled = _settled(round_, decisions, chosen)
    wrong = (settled != "") & (stated != settled)
    wrong |= (settled == "") & ~np.isin(stated, PRICED)
    for row in np.flatnonzero(wrong).tolist():
        expected = settled[row] or "/".join(PRICED)
        findings.add("reason_differs", request=ids[row], stated=stated[row], recomputed=expected)
    facts = _Facts(round_, decisions, chosen, equals)
    texts = decisions["reason_params"].tolist()
    for row in np.flatnonzero(~wrong).tolist():
        expected = facts.of(stated[row], row)
        if expected and not _holds(texts[row], expected):
            findings.add("reason_differs", request=ids[row], stated=texts[row], recomputed=expected)


def _settled(
    round_: Round, decisions: pd.DataFrame, chosen: NDArray[np.int64]
) -> NDArray[np.object_]:
    """The reason that follows from the decisions alone, or nothing."""
    awarded = chosen >= 0
    part = awarded & (decisions["amount_cents"].to_numpy() < round_.amount)
    many = np.bincount(round_.worker[awarded], minlength=len(round_.workers))
    width = int(round_.choice.max(initial=0)) + 1
    key = round_.worker * width + round_.choice
    other = (many[round_.worker] >= round_.awards_per_worker) | np.isin(key, key[awarded])
    reason = np.full(len(chosen), "", dtype=object)
    reason[other] = "other_choice_awarded"
    reason[round_.withheld] = "withheld_by_board"
    reason[awarded] = "awarded"
    reason[part] = "awarded_part"
    reason[round_.given] = "given_by_board"
    return reason


class _Facts:
    """The parameters of a reason that follow from the input and the decisions."""

    def __init__(
        self,
        round_: Round,
        decisions: pd.DataFrame,
        chosen: NDArray[np.int64],
        equals: Classes,
    ) -> None:
        requests, policy = round_.inputs.frames["requests"], round_.inputs.policy
        self.points, self.amount = requests["points"].tolist(), requests["amount_cents"].tolist()
        self.edition = requests["edition_id"].tolist()
        self.caps = {cap["name"]: requests[cap["column"]].tolist() for cap in policy["cap"]}
        self.cents = decisions["amount_cents"].tolist()
        own = equals.class_[round_.worker]
        awards = np.bincount(own[(chosen >= 0) & ~round_.given], minlength=len(equals.class_))
        self.places = awards[own].tolist()
        self.lot = (equals.place[round_.worker] + 1).tolist()
        self.alike = equals.size[round_.worker].tolist()
        self.kinds: dict[str, Callable[[int], Any]] = {
            "awarded_part": lambda row: [
                {"share_percent": share, "asked_cents": self.amount[row]}
                for share in range(1, 100)
                if self.amount[row] * share // 100 == self.cents[row]
            ],
            "amount_too_large": lambda row: {"amount_cents": self.amount[row]},
            "lot_lost": lambda row: {
                "lot": self.lot[row],
                "candidates": self.alike[row],
                "places": self.places[row],
            },
            "edition_full": lambda row: {"edition_id": self.edition[row]},
            "below_cutoff": lambda row: {"points": self.points[row]},
            "cap_reached": lambda row: [
                {"cap": name, "value": values[row]} for name, values in self.caps.items()
            ],
        }

    def of(self, reason: str, row: int) -> Any:
        """What the parameters must hold, one of what they may hold, or None."""
        return self.kinds[reason](row) if reason in self.kinds else None


def _holds(text: str, expected: Any) -> bool:
    """Whether the parameters hold these facts, or one of them; they may hold more."""
    try:
        params = json.loads(text)
    except ValueError:
        return False
    if not isinstance(params, dict):
        return False
    choices = expected if isinstance(expected, list) else [expected]
    return any(facts.items() <= params.items() for facts in choices)
