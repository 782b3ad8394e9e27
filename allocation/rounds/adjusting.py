"""Deviate from the rule for a single request, with a reason that is kept and counted."""

from django.db import transaction
from django.utils import timezone

from allocation.models import Adjustment, Round
from allocation.rounds import four_eyes, steps
from allocation.rounds.lock import locked
from allocation.rules import access
from budgetpool.audit import trail
from budgetpool.refusals import NotReady
from budgetpool.users.models import User
from workers.models import TrainingRequest

SHORTEST_REASON = 20


def adjust(
    *, round: Round, request: TrainingRequest, kind: str, reason: str, member: User
) -> Adjustment | None:
    """Ask to give or withhold one request; the second who asks the same does it.

    The next scenario divides the rest again around it. The board decides, the optimiser proposes:
    no refusal is automatic (GDPR 22, UAVG 40).

    Args:
        kind: `give` or `withhold`.
        reason: at least twenty characters; the public page counts adjustments, the letter of
            this request tells the reason. Both members give the same one.

    Returns:
        The decision; None while it waits for a second member.

    Raises:
        NotAllowed: no seat, an own interest in the round, or `same_person`.
        WrongStep: the round is not closed, or already proposed.
        NotReady: `other_round`, `reason_too_short`, `adjusted_before`.
    """
    reason = "\n".join(reason.strip().splitlines())
    with transaction.atomic():
        fresh = locked(round)
        access.require_step(member, fresh, "adjust")
        steps.take(fresh, "adjust")
        submitted = TrainingRequest.Status.SUBMITTED
        if request.window_id != fresh.window_id or request.status != submitted:
            raise NotReady("other_round", request=request.pk, round=fresh.code)
        if len(reason) < SHORTEST_REASON:
            raise NotReady("reason_too_short", least=SHORTEST_REASON, given=len(reason))
        if fresh.adjustments.filter(request=request, withdrawn_at__isnull=True).exists():
            raise NotReady("adjusted_before", request=request.pk)
        row = Adjustment(round=fresh, request=request, kind=kind, reason=reason, member=member)
        row.full_clean()
        if not four_eyes.give(fresh, "adjust", member, request=request, said=kind, reason=reason):
            return None
        row.save()
        four_eyes.use(fresh, "adjust", member)
        trail.record(
            actor=member,
            action="round.adjusted",
            subject=fresh,
            region_code=fresh.fund.region.code,
            request=request.pk,
            kind=kind,
        )
    return row


def withdraw_adjustment(*, adjustment: Adjustment, member: User) -> Adjustment:
    """Ask to take an adjustment back; the second who asks does it, and it stays on record.

    Raises:
        NotAllowed: no seat, an own interest in the round, or `same_person`.
        WrongStep: the round is not closed, or already proposed.
        NotReady: `withdrawn_before`.
    """
    with transaction.atomic():
        fresh = locked(adjustment.round)
        access.require_step(member, fresh, "undo_adjust")
        steps.take(fresh, "undo_adjust")
        row = Adjustment.objects.select_related("request").get(pk=adjustment.pk)
        if row.withdrawn_at is not None:
            raise NotReady("withdrawn_before", request=row.request_id)
        said = str(row.pk)
        if not four_eyes.give(fresh, "undo_adjust", member, request=row.request, said=said):
            return row
        row.withdrawn_at = timezone.now()
        row.full_clean()
        row.save()
        four_eyes.use(fresh, "undo_adjust", member)
        trail.record(
            actor=member,
            action="round.adjustment_withdrawn",
            subject=fresh,
            region_code=fresh.fund.region.code,
            request=row.request_id,
        )
    return row
