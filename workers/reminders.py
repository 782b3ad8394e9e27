"""Messages that nobody asks for by pressing a button: drafts that wait, a month of learning.

Each is queued at most once by its key, so a nightly run may stop and start again.
"""

from datetime import date, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from budgetpool.mail import outbox
from budgetpool.mail.models import Message
from workers import letters
from workers.models import Reflection, TrainingRequest

BUSINESS_DAYS_BEFORE: Final = 3
# A draft that was left so long, or an answer that was refused so often: somebody may be stuck.
LEFT_DAYS: Final = 2
TRIES: Final = 3


def remind_of_drafts(*, today: date | None = None) -> int:
    """Tell people whose draft waits that the window closes in three business days."""
    day = today or timezone.localdate()
    last = business_days_after(day, BUSINESS_DAYS_BEFORE)
    drafts = (
        TrainingRequest.objects.filter(
            status=TrainingRequest.Status.DRAFT,
            window__opens_at__date__lte=day,
            window__closes_at__date__gt=day,
            window__closes_at__date__lte=last,
            worker__erased_at__isnull=True,
        )
        .select_related("worker__user", "window__fund")
        .prefetch_related("choices__training")
    )
    for draft in drafts:
        outbox.queue(
            key=f"request:{draft.pk}:draft-waits",
            kind="request_reopened_reminder",
            to=letters.address(draft.worker),
            params=letters.params(draft),
        )
    return len(drafts)


def offer_help(*, today: date | None = None) -> int:
    """Offer help, once, to whom a draft waits for two days or whose answers were refused thrice.

    Not to whom somebody helps already, and not beside the last reminder before the window closes.
    """
    day = today or timezone.localdate()
    stuck = Q(saved_at__date__lte=day - timedelta(days=LEFT_DAYS)) | Q(tries_failed__gte=TRIES)
    helped = Q(
        worker__mandates__revoked_at__isnull=True, worker__mandates__until_date__gte=day
    ) | Q(worker__help_requests__done_at__isnull=True, worker__help_requests__isnull=False)
    drafts = (
        TrainingRequest.objects.filter(
            stuck,
            status=TrainingRequest.Status.DRAFT,
            submitted_at__isnull=True,
            organisation_reference="",
            window__opens_at__date__lte=day,
            window__closes_at__date__gt=day,
            worker__erased_at__isnull=True,
        )
        .exclude(pk__in=TrainingRequest.objects.filter(helped).values("pk"))
        .select_related("worker__user", "worker__region", "window__fund")
        .prefetch_related("choices__training")
        .distinct()
    )
    reminded = set(
        Message.objects.filter(kind="request_reopened_reminder").values_list("key", flat=True)
    )
    offered = [one for one in drafts if f"request:{one.pk}:draft-waits" not in reminded]
    for draft in offered:
        outbox.queue(
            key=f"request:{draft.pk}:help-offered",
            kind="help_offered",
            to=letters.address(draft.worker),
            params={**letters.params(draft), "region": draft.worker.region.slug},
        )
    return len(offered)


def ask_for_the_month(*, today: date | None = None) -> int:
    """On the last days of a month, ask who wrote down earlier what they learned in this one."""
    day = today or timezone.localdate()
    if (day + timedelta(days=3)).month == day.month:
        return 0
    month = f"{day:%Y-%m}"
    writers = (
        Reflection.objects.exclude(worker__reflections__month=month)
        .filter(worker__erased_at__isnull=True, written_at__date__gte=day - timedelta(days=183))
        .select_related("worker__region", "worker__user")
    )
    people = {one.worker.pk: one.worker for one in writers}
    for worker in people.values():
        outbox.queue(
            key=f"worker:{worker.pk}:reflection:{month}",
            kind="reflection_month",
            to=letters.address(worker),
            params=letters.fund_params(worker.region),
        )
    return len(people)


def business_days_after(day: date, count: int) -> date:
    """The day that is so many working days (Monday to Friday) later.

    >>> business_days_after(date(2027, 1, 29), 3)  # a Friday
    datetime.date(2027, 2, 3)
    """
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
