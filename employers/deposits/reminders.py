"""Reminders for requests that are past their day, counted in business days."""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.fund.models import Fund
from employers.deposits import perhaps_paid
from employers.models import Contribution, Reminder
from employers.pledges import letters, requests
from employers.pledges.workdays import add_business_days

# The first reminder a week after the last day, the second three weeks after it.
AFTER_BUSINESS_DAYS = (5, 15)


def due(fund: Fund, day: datetime.date | None = None) -> list[tuple[Contribution, int]]:
    """Requests that are to be reminded of on `day`, with the number of the reminder.

    Nobody is reminded who may have paid: whose money waits in suspense, or as long as no statement
    tells of the last day to pay, or a file of the bank waits.
    """
    on = day or timezone.localdate()
    if perhaps_paid.unread(fund):
        return []
    told_until = perhaps_paid.known_until(fund)
    late = (
        requests.with_paid(
            Contribution.objects.filter(fund=fund, withdrawn_at__isnull=True, due_on__lt=on)
        )
        .select_related("employer", "fund__region")
        .prefetch_related("reminders")
        .order_by("due_on", "pk")
    )
    found = []
    for contribution in late:
        if contribution.paid_cents >= contribution.amount_cents:
            continue
        if told_until is not None and told_until < contribution.due_on:
            continue
        number = contribution.reminders.count() + 1
        if number > len(AFTER_BUSINESS_DAYS):
            continue
        if on >= add_business_days(contribution.due_on, AFTER_BUSINESS_DAYS[number - 1]):
            found.append((contribution, number))
    # What a deposit in suspense speaks for is dear to ask: only where somebody would be reminded.
    paid_perhaps = perhaps_paid.in_suspense(fund) if found else set()
    return [(one, number) for one, number in found if one.pk not in paid_perhaps]


def send(contribution: Contribution, number: int) -> bool:
    """Queue a reminder, once; False when another process did so first."""
    try:
        with transaction.atomic():
            reminder = Reminder.objects.create(contribution=contribution, number=number)
            letters.queue(contribution, kind="contribution_reminder", key=f"reminder-{number}")
            trail.record(
                actor=None,
                action="contribution.reminded",
                subject=reminder,
                region_code=contribution.fund.region.code,
                contribution=contribution.pk,
            )
    except IntegrityError:
        return False
    return True
