"""Close a round: freeze its input; then write down what the public draw gave."""

import re

from django.db import transaction
from django.utils import timezone

from allocation import access, policies
from allocation.errors import NotReady
from allocation.models import Round
from allocation.payouts import excluding
from allocation.rounds import snapshot, steps
from allocation.rounds.lock import locked
from budgetpool.audit import trail
from budgetpool.users.models import User
from workers.requests import repairs_pending, sending

OUTCOME = re.compile(r"[0-9A-Za-z][0-9A-Za-z ,.;:/-]{0,199}")


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
            access.require_board(member, fresh)
        steps.take(fresh, "close")
        now = timezone.now()
        if fresh.window.closes_at > now:
            raise NotReady("window_still_open", closes_at=fresh.window.closes_at.isoformat())
        sending.finish_window(window=fresh.window)
        _require_repaired(fresh)
        excluding.leave_out(fresh)
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
        raise NotReady("repair_term_runs", until=last.isoformat())


def record_draw(*, round: Round, member: User, outcome: str) -> Round:
    """Write down what the named public draw gave: together they are the seed of the lots. Once.

    Args:
        outcome: as published, such as "4 11 19 27 33 41".

    Raises:
        NotAllowed: no seat, or an own interest.
        WrongStep: the round is not closed.
        NotReady: `drawn_before`; `no_outcome`: empty or with other characters.
    """
    outcome = " ".join(outcome.split())
    with transaction.atomic():
        fresh = locked(round)
        access.require_vote(member, fresh)
        steps.take(fresh, "record_draw")
        if fresh.draw_outcome:
            raise NotReady("drawn_before", outcome=fresh.draw_outcome)
        if not OUTCOME.fullmatch(outcome):
            raise NotReady("no_outcome", outcome=outcome)
        fresh.draw_outcome = outcome
        fresh.drawn_at = timezone.now()
        fresh.full_clean()
        fresh.save()
        trail.record(
            actor=member,
            action="round.drawn",
            subject=fresh,
            region_code=fresh.fund.region.code,
            outcome=outcome,
        )
    return fresh
