"""End a round: cancel it before publication, or finish it when nothing can come any more."""

from django.db import transaction
from django.utils import timezone

from allocation.models import Award, Objection, Round
from allocation.rounds import four_eyes, returning, steps
from allocation.rounds.lock import locked
from allocation.rules import access, terms
from budgetpool.audit import trail
from budgetpool.refusals import NotReady
from budgetpool.users.models import User
from workers import windows

OPEN_OBJECTIONS = (
    Objection.Status.FILED,
    Objection.Status.ASSIGNED,
    Objection.Status.HEARING,
)


def cancel(*, round: Round, reason: str, member: User) -> Round:
    """Ask to call a round off before it is published; the second who asks does it.

    Its money goes back to the pools. Until then the round goes on.

    Raises:
        NotAllowed: no seat in the board, an own interest, or `same_person`.
        WrongStep: the round is published or over.
        NotReady: `reason_missing`.
    """
    if not reason.strip():
        raise NotReady("reason_missing", round=round.code)
    with transaction.atomic():
        fresh = locked(round)
        access.require_step(member, fresh, "cancel")
        steps.check(fresh, "cancel")
        if not four_eyes.give(fresh, "cancel", member, reason=reason.strip()):
            return fresh
        steps.take(fresh, "cancel")
        returned = returning.everything(fresh, member)
        freed = fresh.code
        _free_name(fresh)
        fresh.cancelled_at = timezone.now()
        fresh.full_clean()
        fresh.save()
        four_eyes.use(fresh, "cancel", member)
        trail.record(
            actor=member,
            action="round.cancelled",
            subject=fresh,
            region_code=fresh.fund.region.code,
            reason=reason.strip(),
            returned_cents=returned,
            code=freed,
        )
    return fresh


def _free_name(round: Round) -> None:
    """Mark the names of a cancelled round and its window, so that a new round can have them."""
    before = round.fund.rounds.filter(code__startswith=f"{round.code}-x").count()
    round.code = f"{round.code}-x{before + 1}"
    windows.rename(window=round.window, code=round.code)


def missing_to_finish(round: Round) -> NotReady | None:
    """What a published round still waits for before it can be finished; None when it can be."""
    assert round.published_at is not None
    deadline = terms.object_by(timezone.localdate(round.published_at))
    if timezone.localdate() <= deadline:
        return NotReady("objections_possible", until=deadline.isoformat())
    waiting = Objection.objects.filter(decision__round=round, status__in=OPEN_OBJECTIONS).count()
    if waiting:
        return NotReady("objections_open", count=waiting)
    unanswered = round.awards.filter(status=Award.Status.GRANTED).count()
    return NotReady("awards_unanswered", count=unanswered) if unanswered else None


def finish(*, round: Round, member: User) -> Round:
    """Ask to end a published round; the second who asks does it.

    What is left of ceiling and reserve goes back to the pools. Until then the round stays.

    Raises:
        NotAllowed: no seat in the board, an own interest, or `same_person`.
        WrongStep: the round is not published.
        NotReady: `objections_possible` until the term is over; `objections_open`;
            `awards_unanswered`.
    """
    with transaction.atomic():
        fresh = locked(round)
        access.require_step(member, fresh, "finish")
        steps.check(fresh, "finish")
        if (missing := missing_to_finish(fresh)) is not None:
            raise missing
        if not four_eyes.give(fresh, "finish", member):
            return fresh
        steps.take(fresh, "finish")
        returned = returning.everything(fresh, member)
        fresh.finished_at = timezone.now()
        fresh.full_clean()
        fresh.save()
        four_eyes.use(fresh, "finish", member)
        trail.record(
            actor=member,
            action="round.finished",
            subject=fresh,
            region_code=fresh.fund.region.code,
            returned_cents=returned,
        )
    return fresh
