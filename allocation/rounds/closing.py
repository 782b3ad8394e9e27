"""Close a round: freeze its input."""

from django.db import transaction
from django.utils import timezone

from allocation.models import Round
from allocation.rounds import snapshot, steps
from allocation.rounds.lock import locked
from allocation.rules import access, exclusions, policies
from budgetpool.audit import trail
from budgetpool.refusals import NotReady
from budgetpool.users.models import User
from workers.requests import repairs_pending, sending


def close(*, round: Round, member: User | None) -> Round:
    """Freeze the eligible requests of the window into a snapshot with its fingerprint.

    Args:
        member: who closes it; None for the clock.

    Raises:
        NotAllowed: no seat in the board.
        WrongStep: the round is not open.
        NotReady: `window_still_open`: every day of the window counts alike, also the last;
            `repair_term_runs`: somebody may still mend their request; `no_requests`.
    """
    with transaction.atomic():
        fresh = locked(round)
        if member is not None:
            access.require_step(member, fresh, "close")
        steps.take(fresh, "close")
        now = timezone.now()
        if fresh.window.closes_at > now:
            raise NotReady("window_still_open", closes_at=fresh.window.closes_at.isoformat())
        sending.finish_window(window=fresh.window)
        _require_repaired(fresh)
        exclusions.leave_out(fresh)
        frozen = snapshot.freeze(fresh, policies.rule_of(fresh))
        fresh.closed_at = now
        fresh.full_clean()
        fresh.save()
        trail.record(
            actor=member,
            action="round.closed",
            subject=fresh,
            region_code=fresh.fund.region.code,
            snapshot_sha256=frozen.sha256,
            requests=frozen.requests,
        )
    return fresh


def _require_repaired(round: Round) -> None:
    """Nobody is left out while they may still mend their request, or are at it (Awb 4:5)."""
    last = (
        repairs_pending(round.window)
        .order_by("-repair_until")
        .values_list("repair_until", flat=True)
        .first()
    )
    if last is not None:
        raise NotReady("repair_term_runs", until_on=last.isoformat())
