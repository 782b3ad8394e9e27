"""Why one request got its answer: codes and numbers, which the edges put into plain words."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from allocation.decisions import objections
from allocation.models import Adjustment, Award, Decision, Objection, Round
from allocation.rules import points
from budgetpool.audit import trail
from budgetpool.money import to_cents
from budgetpool.users.models import User
from workers import access as workers_access
from workers.models import Choice, Helper, Mandate, TrainingRequest


@dataclass(frozen=True)
class ChoiceExplained:
    """One ranked choice and what became of it."""

    choice: Choice
    awarded: bool
    reason: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Explanation:
    """The answer to one request.

    Attributes:
        reason, params: code and numbers of the deciding choice (the awarded one, else the first).
        choices: every choice with its own reason.
        points: as they counted; `parts` says what they are made of.
        board_reason: the board's own words where it deviated from the rule.
        objection_until: the last day for an objection; None before publication.
    """

    request: TrainingRequest
    round: Round
    awarded: bool
    amount_cents: int
    points: int
    reason: str
    params: dict[str, Any]
    choices: list[ChoiceExplained]
    parts: list[tuple[str, int]] = field(default_factory=list)
    board_reason: str = ""
    award: Award | None = None
    objection: Objection | None = None
    objection_until: date | None = None


def of_worker(
    *, request: TrainingRequest, actor: User, organisation: str = ""
) -> Explanation | None:
    """The published answer, for the worker or who may read along; None before publication.

    Writes an audit event when it is not the worker who looks.

    Raises:
        NotYours: no ground to see this request.
    """
    workers_access.require(
        actor=actor,
        worker=request.worker,
        act=Mandate.Scope.READ,
        organisation=organisation,
        helper=Helper.Scope.READ,
    )
    decision = (
        Decision.objects.filter(request=request)
        .select_related("round__fund__region", "round__policy")
        .first()
    )
    if decision is None:
        return None
    if request.worker.user_id != actor.pk:
        _seen(request, actor, decision.round)
    return _of_decision(request, decision)


def points_parts(request: TrainingRequest) -> list[tuple[str, int]]:
    """What the points of a request are made of, by the worker's facts as they stand now.

    Codes: `base`, `education`, `contract`, `untrained` or `hardly_trained`; the rest up to the
    counted points is `waiting_credit`.
    """
    worker = request.worker
    hours = worker.training_hours_two_years or 0
    parts = [
        ("base", points.BASE),
        ("education", points.EDUCATION.get(worker.education, 0)),
        ("contract", points.CONTRACT.get(worker.contract, 0)),
    ]
    if hours == 0:
        parts.append(("untrained", points.UNTRAINED))
    elif hours < points.HARDLY_TRAINED_BELOW_HOURS:
        parts.append(("hardly_trained", points.HARDLY_TRAINED))
    return [(code, value) for code, value in parts if value]


def _of_decision(request: TrainingRequest, decision: Decision) -> Explanation:
    award = Award.objects.filter(request=request).select_related("choice").first()
    return Explanation(
        request=request,
        round=decision.round,
        awarded=decision.awarded,
        amount_cents=to_cents(decision.amount),
        points=decision.points,
        reason=decision.reason,
        params=decision.params,
        choices=_choices(request, decision.params),
        parts=points_parts(request),
        board_reason=_board_reason(decision.round, request),
        award=award,
        objection=Objection.objects.filter(decision=decision).first(),
        objection_until=objections.deadline(decision),
    )


def _choices(request: TrainingRequest, params: dict[str, Any]) -> list[ChoiceExplained]:
    by_rank = {
        choice.rank: choice
        for choice in request.choices.select_related("training__provider", "edition")
    }
    explained = []
    for row in params.get("choices", []):
        rest = {key: value for key, value in row.items() if key not in OWN_KEYS}
        choice = by_rank.get(row["choice"])
        if choice is not None:
            explained.append(ChoiceExplained(choice, row["awarded"], row["reason"], rest))
    return explained


OWN_KEYS = ("choice", "awarded", "reason")


def _board_reason(round: Round, request: TrainingRequest) -> str:
    found = Adjustment.objects.filter(
        round=round, request=request, withdrawn_at__isnull=True
    ).first()
    return found.reason if found else ""


def _seen(request: TrainingRequest, actor: User, round: Round) -> None:
    trail.record(
        actor=actor,
        action="request.seen",
        subject=request,
        region_code=round.fund.region.code,
        worker=request.worker_id,
        part="decision",
    )
