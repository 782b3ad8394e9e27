"""Put a version of a rule before the public, with a question and a term."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from allocation.consultations import tasks
from allocation.models import Consultation, Policy
from allocation.rules import access
from budgetpool.audit import trail
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

# Shorter is no term in which somebody hears of it, and longer is no term.
LEAST_DAYS, MOST_DAYS = 7, 182


def begin(*, policy: Policy, question: str, last_day: date, member: User) -> Consultation:
    """Ask the public about a version that is not fixed; the term never gets shorter.

    Args:
        last_day: people can comment up to and including this day.

    Raises:
        NotAllowed: no seat in the board.
        NotReady: `rule_fixed`; `consulted_before`; `consultation_term`: shorter than the
            region's rules ask (at least 7 days), or longer than half a year.
    """
    access.require_seat(member, region=policy.fund.region, roles=access.BOARD)
    with transaction.atomic():
        fresh = Policy.objects.select_for_update().get(pk=policy.pk)
        if fresh.frozen_at is not None:
            raise NotReady("rule_fixed", policy=str(fresh))
        if Consultation.objects.filter(policy=fresh).exists():
            raise NotReady("consulted_before", policy=str(fresh))
        least = max(LEAST_DAYS, fresh.fund.consultation_days)
        days = (last_day - timezone.localdate()).days
        if not least <= days <= max(least, MOST_DAYS):
            raise NotReady("consultation_term", least=least, most=max(least, MOST_DAYS))
        begun = Consultation(
            policy=fresh, question=question.strip(), opened_by=member, closes_at=_end(last_day)
        )
        begun.full_clean()
        begun.save()
        trail.record(
            actor=member,
            action="consultation.begun",
            subject=begun,
            region_code=fresh.fund.region.code,
            policy_sha256=fresh.sha256,
            closes_at=begun.closes_at.isoformat(),
        )
        tasks.ask_effects(begun, member)
    return begun


def _end(last_day: date) -> datetime:
    """Midnight after the last day, on the clock of the region."""
    return datetime.combine(
        last_day + timedelta(days=1), time(), tzinfo=timezone.get_default_timezone()
    )
