"""End a consultation: which version the board goes on with, and why."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from allocation.models import Comment, Consultation, Policy
from allocation.rules import access
from budgetpool.audit import trail
from budgetpool.refusals import NotReady
from budgetpool.users.models import User


def conclude(
    *, consultation: Consultation, outcome: Policy, conclusion: str, member: User
) -> Consultation:
    """Say what the board does with what people said; from then on that version may be fixed.

    Args:
        outcome: the version that the board goes on with: the draft itself, or a later one.

    Raises:
        NotAllowed: no seat in the board.
        NotReady: `consultation_runs`: the term has not ended; `concluded_before`;
            `comments_unanswered`: one was not read, or has no answer; `other_fund`;
            `older_rule`: a version from before the draft was never before the public;
            `rule_fixed`: the version was fixed before; `conclusion_missing`.
    """
    access.require_seat(member, region=consultation.policy.fund.region, roles=access.BOARD)
    with transaction.atomic():
        fresh = Consultation.objects.select_for_update().get(pk=consultation.pk)
        _require_ready(fresh, outcome, conclusion)
        fresh.outcome, fresh.conclusion = outcome, conclusion.strip()
        fresh.concluded_at, fresh.concluded_by = timezone.now(), member
        fresh.full_clean()
        fresh.save()
        trail.record(
            actor=member,
            action="consultation.concluded",
            subject=fresh,
            region_code=fresh.policy.fund.region.code,
            outcome=outcome.pk,
            comments=fresh.comments.count(),
        )
    return fresh


def _require_ready(consultation: Consultation, outcome: Policy, conclusion: str) -> None:
    if consultation.is_open:
        raise NotReady(
            "consultation_runs",
            policy=str(consultation.policy),
            closed_at=consultation.closes_at.isoformat(),
        )
    if consultation.concluded_at is not None:
        raise NotReady("concluded_before")
    open_ones = unanswered(consultation)
    if open_ones:
        raise NotReady("comments_unanswered", count=open_ones)
    if outcome.fund_id != consultation.policy.fund_id:
        raise NotReady("other_fund", round=str(outcome))
    if outcome.pk < consultation.policy_id:
        raise NotReady("older_rule", policy=str(outcome))
    if outcome.frozen_at is not None:
        raise NotReady("rule_fixed", policy=str(outcome))
    if not conclusion.strip():
        raise NotReady("conclusion_missing")


def unanswered(consultation: Consultation) -> int:
    """How many comments still wait: not read, or shown without an answer."""
    return _waiting(consultation).count()


def oldest_unanswered(consultation: Consultation) -> Comment | None:
    """The comment that waits longest."""
    return _waiting(consultation).first()


def _waiting(consultation: Consultation) -> QuerySet[Comment]:
    rows = consultation.comments.exclude(state=Comment.Shown.WITHHELD)
    return rows.filter(answered_at__isnull=True)
