"""The only way back from the optimiser's result to rows: a scenario, and later its decisions."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allocation import optimiser
from allocation.models import Adjustment, Decision, Explanation, Round, Scenario
from allocation.rounds import snapshot
from allocation.rules import policies
from budgetpool import lazily
from budgetpool.users.models import User

if TYPE_CHECKING:
    import pandas as pd

    from allocation.optimiser import Allocation, Problem
    from allocation.optimiser.counterfactual import changes as counterfactual
else:
    pd = lazily.module("pandas")
    counterfactual = lazily.module("allocation.optimiser.counterfactual.changes")


# Per request what would have changed its refusal, or that nothing in reach would.
type Changes = dict[str, dict[str, dict[str, Any]]]
# The parameters that say so, once it was found.
EXPLAINED = ("would_change", "out_of_reach")


@dataclass(frozen=True)
class Outcome:
    """What a division decided about one request.

    Attributes:
        request, choice: keys; `choice` is None for a refusal.
        points: as they stood in the frozen file.
        reason, params: the code and what it speaks about, for the first choice; `params` holds
            the other choices' reasons under `choices`, and what would have changed a refusal
            under `would_change`, or that nothing in reach would under `out_of_reach`, once that
            was found.
    """

    request: int
    choice: int | None
    amount_cents: int
    points: int
    reason: str
    params: dict[str, Any]

    @property
    def awarded(self) -> bool:
        return self.choice is not None


def scenario(
    *,
    round: Round,
    name: str,
    rule: str,
    variation: dict[str, Any],
    adjusted: list[int],
    instead_of: Scenario | None = None,
    problem: Problem,
    allocation: Allocation,
    problems: list[str],
    measures: dict[str, Any],
    member: User | None,
) -> Scenario:
    """Write one computed division down. A run that did not end in a division keeps no decisions.

    The best that was found in time is a division too: it keeps its decisions, and its gap.

    Args:
        problems: what the verifier found; nothing means that everything holds.
    """
    divided = allocation.outcome in Scenario.DIVIDED
    decisions = allocation.decisions.to_csv(index=False, lineterminator="\n") if divided else ""
    result = plain(allocation.to_dict())
    row = Scenario(
        round=round,
        name=name,
        rule=rule,
        variation=variation,
        adjusted=adjusted,
        instead_of=instead_of,
        outcome=allocation.outcome,
        verified=divided and not problems,
        problems=problems,
        decisions_csv=decisions,
        classes_csv=_classes(allocation),
        result=result,
        certificate=plain(allocation.certificate or {}),
        measures=plain(measures),
        policy_text=policies.text_of(problem.policy),
        sha256=fingerprint(decisions, allocation.snapshot_sha256, problem.policy.sha256()),
        people=allocation.people,
        spent_cents=allocation.spent_cents,
        computed_by=member,
    )
    row.full_clean()
    row.save()
    return row


def _classes(allocation: Allocation) -> str:
    table = allocation.classes
    return "" if table is None else table.to_csv(index=False, lineterminator="\n")


def fingerprint(decisions: str, snapshot_sha256: str, policy_sha256: str) -> str:
    """SHA-256 of a division: which file, which rule, and what came out."""
    text = f"{snapshot_sha256}\n{policy_sha256}\n{decisions}"
    return hashlib.sha256(text.encode()).hexdigest()


def decisions_frame(scenario: Scenario) -> pd.DataFrame:
    """A scenario's decisions, one row per choice, as the optimiser gave them."""
    if not scenario.decisions_csv:
        return pd.DataFrame(
            columns=["request_id", "awarded", "amount_cents", "reason", "reason_params"]
        )
    frame = pd.read_csv(io.StringIO(scenario.decisions_csv), dtype=str, keep_default_na=False)
    return frame.astype({"awarded": "int64", "amount_cents": "int64"})


def allocation_of(scenario: Scenario, problem: Problem) -> Allocation:
    """The scenario as the optimiser's result, its decisions in the order of the frozen requests."""
    decisions = decisions_frame(scenario).set_index("request_id")
    result = scenario.result
    return optimiser.Allocation(
        outcome=scenario.outcome,
        rule=scenario.rule,
        decisions=decisions.loc[problem.requests["request_id"]].reset_index(),
        value=result["value"],
        bound=result["bound"],
        coverage=result["coverage"],
        floors=result["floors"],
        unchanged=result.get("unchanged"),
        certificate=scenario.certificate or None,
    )


def awards_frame(scenario: Scenario) -> pd.DataFrame:
    """What a scenario awards: `request_id, amount_cents`."""
    frame = decisions_frame(scenario)
    awarded = frame[frame["awarded"] == 1]
    return awarded[["request_id", "amount_cents"]].reset_index(drop=True)


def changes_of(scenario: Scenario) -> Changes:
    """What would have changed each refusal, by the frame's `request_id`; empty until found."""
    row = Explanation.objects.filter(scenario=scenario).first()
    if row is None:
        return {}
    table = pd.read_csv(io.StringIO(row.changes_csv), dtype={"request_id": str})
    return {one["request_id"]: counterfactual.facts(one) for one in table.to_dict("records")}


def outcomes(scenario: Scenario) -> list[Outcome]:
    """What the scenario decided about each request of the round, by the request's key."""
    adjusted = list(Adjustment.objects.filter(pk__in=scenario.adjusted))
    changes = changes_of(scenario)
    return _outcomes(scenario.round, decisions_frame(scenario), adjusted, changes)


def of_request(
    round: Round, decisions: pd.DataFrame, request: int, adjusted: list[Adjustment]
) -> Outcome:
    """What a division decided about one request."""
    names = {name for name, (pk, _) in snapshot.request_ids(round).items() if pk == request}
    mine = decisions[decisions["request_id"].isin(names)]
    return _outcomes(round, mine, adjusted, {})[0]


def _outcomes(
    round: Round,
    decisions: pd.DataFrame,
    adjusted: list[Adjustment],
    changes: Changes,
) -> list[Outcome]:
    keys = snapshot.request_ids(round)
    frozen = pd.read_csv(
        io.StringIO(round.snapshot.requests_csv), dtype=str, keep_default_na=False
    )[["request_id", "choice", "points"]].astype({"choice": "int64", "points": "int64"})
    rows = decisions.merge(frozen, on="request_id", validate="one_to_one")
    deviations = {row.request_id: row for row in adjusted}
    by_request: dict[int, list[dict[str, Any]]] = {}
    records: list[dict[str, Any]] = rows.sort_values("choice").to_dict("records")  # type: ignore[assignment]
    for row in records:
        request, choice = keys[row["request_id"]]
        by_request.setdefault(request, []).append({**row, "key": choice})
    return [
        _outcome(request, choices, deviations.get(request), changes)
        for request, choices in sorted(by_request.items())
    ]


def _outcome(
    request: int,
    choices: list[dict[str, Any]],
    deviation: Adjustment | None,
    changes: Changes,
) -> Outcome:
    given = next((row for row in choices if row["awarded"] == 1), None)
    leading = given or choices[0]
    reason = leading["reason"]
    if deviation is not None:
        reason = (
            Decision.Reason.GIVEN_BY_BOARD
            if deviation.kind == Adjustment.Kind.GIVE
            else Decision.Reason.WITHHELD_BY_BOARD
        ).value
    params = json.loads(leading["reason_params"] or "{}")
    if deviation is not None:
        params["board_reason"] = deviation.reason
    if given is None and deviation is None and leading["request_id"] in changes:
        params = counterfactual.told(params, changes[leading["request_id"]])
    params["choices"] = [
        {
            "choice": row["choice"],
            "awarded": bool(row["awarded"]),
            "reason": row["reason"],
            **json.loads(row["reason_params"] or "{}"),
        }
        for row in choices
    ]
    return Outcome(
        request=request,
        choice=given["key"] if given else None,
        amount_cents=int(leading["amount_cents"]) if given else 0,
        points=int(leading["points"]),
        reason=reason,
        params=params,
    )


def plain(value: Any) -> Any:
    """The same value in JSON's own types: numpy numbers, fractions and tuples become plain."""
    return json.loads(json.dumps(value, default=_plain_one))


def _plain_one(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)
