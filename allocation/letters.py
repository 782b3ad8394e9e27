"""What the letters about decisions, awards and objections say: codes and amounts, no sentences."""

from typing import Any

from django.utils import timezone

from allocation.models import Award, Decision, Objection, Proof, ProviderDropout, Round
from allocation.rules import terms
from budgetpool.mail.outbox import Address
from budgetpool.money import to_cents
from workers import letters
from workers.models import TrainingRequest

Letter = tuple[str, str, Address, dict[str, Any]]


def decisions(
    round: Round, rows: list[Decision], awards: list[Award], line_keys: dict[int, str]
) -> list[Letter]:
    """One letter per decision of a publication, for the queue of the same transaction.

    Args:
        line_keys: per worker the key of their line in the published files.
    """
    by_request = {award.request_id: award for award in awards}
    requests = TrainingRequest.objects.with_choices().in_bulk([row.request_id for row in rows])
    return [
        (
            f"decision:{row.pk}:published",
            "decision_awarded" if row.awarded else "decision_refused",
            letters.address(requests[row.request_id].worker),
            {
                **_decision(round, row, requests[row.request_id], by_request.get(row.request_id)),
                "line_key": line_keys.get(requests[row.request_id].worker_id, ""),
            },
        )
        for row in rows
    ]


def offer(award: Award, request: TrainingRequest) -> Letter:
    """The letter to the next in line, or to whom an objection gave an award."""
    return (
        f"award:{award.pk}:offered",
        "award_offered_next",
        letters.address(request.worker),
        {**_basics(award.round, request), **_award(award, request)},
    )


def replacement(award: Award, request: TrainingRequest, dropout: ProviderDropout) -> Letter:
    """The letter to somebody whose provider dropped out: the award stays, choose another course."""
    return (
        f"replacement:{dropout.pk}:{award.pk}",
        "training_replacement",
        letters.address(request.worker),
        {
            **_basics(award.round, request),
            **_award(award, request),
            "choose_by": dropout.choose_by.isoformat(),
        },
    )


def objection_received(objection: Objection, request: TrainingRequest) -> Letter:
    """The receipt of an objection, with the day before whose end it is answered."""
    return (
        f"objection:{objection.pk}:received",
        "objection_received",
        letters.address(request.worker),
        {
            **_basics(objection.decision.round, request),
            "filed_at": objection.filed_at.isoformat(),
            "decide_by": objection.decide_by.isoformat(),
            "is_late": objection.is_late,
        },
    )


def objection_hearing(objection: Objection, request: TrainingRequest) -> Letter:
    """The invitation to a hearing: when and where; each moment has its own letter."""
    assert objection.hearing_at is not None
    return (
        f"objection:{objection.pk}:hearing:{objection.hearing_at:%Y%m%d%H%M}",
        "objection_hearing",
        letters.address(request.worker),
        {
            **letters.params(request),
            "hearing_at": objection.hearing_at.isoformat(),
            "place": objection.hearing_place,
        },
    )


def objection_decided(objection: Objection, request: TrainingRequest) -> Letter:
    """The answer to an objection, with its reasons."""
    return (
        f"objection:{objection.pk}:decided",
        "objection_decided",
        letters.address(request.worker),
        {
            **_basics(objection.decision.round, request),
            "outcome": objection.status,
            "answer": objection.answer,
            "replay": objection.replay,
            **(_award(objection.award, request) if objection.award else {}),
        },
    )


def proof_checked(proof: Proof, request: TrainingRequest, kind: str) -> Letter:
    """The answer to a proof: `proof_accepted`, or `proof_refused` with what is missing."""
    return (
        f"proof:{proof.pk}:checked",
        kind,
        letters.address(request.worker),
        {
            **letters.params(request),
            "training": proof.award.choice.title,
            "answer": proof.answer,
        },
    )


def amount_cents(award: Award) -> int:
    """The amount of an award as a letter says it."""
    return to_cents(award.amount)


def _decision(
    round: Round, row: Decision, request: TrainingRequest, award: Award | None
) -> dict[str, Any]:
    assert round.published_at is not None
    published_on = timezone.localdate(round.published_at)
    return {
        **_basics(round, request),
        "reason": row.reason,
        "reason_params": row.params,
        "points": row.points,
        "facts": {
            "education": request.worker.education,
            "contract": request.worker.contract,
            "hours_trained": request.worker.training_hours_two_years or 0,
        },
        "object_by": terms.object_by(published_on).isoformat(),
        **(_award(award, request) if award else {}),
    }


def _basics(round: Round, request: TrainingRequest) -> dict[str, Any]:
    return {
        **letters.params(request),
        "round": round.code,
        "policy": str(round.policy),
        "policy_sha256": round.policy.sha256,
        "rule_name": round.fund.rule_name,
        "rule_url": round.fund.rule_url,
    }


def _award(award: Award, request: TrainingRequest) -> dict[str, Any]:
    choice = next(one for one in request.choices.all() if one.pk == award.choice_id)
    return {
        "amount_cents": amount_cents(award),
        "training": choice.title,
        "provider": choice.provider_name,
        "starts_on": choice.starts_on.isoformat() if choice.starts_on else "",
        "accept_by": award.accept_by.isoformat(),
    }
