"""What waits for an operator: work that failed, and messages that nobody gets."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, Exists, Min, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from budgetpool.jobs.models import Job
from budgetpool.mail.models import Message
from budgetpool.portals.components.waits import Item, piled
from budgetpool.users.models import User

MONTH: Final = timedelta(days=30)


def of(member: User) -> Iterator[Item]:
    """Long work of the last month whose newest try failed, and messages that were given up."""
    since = timezone.now() - MONTH
    later = Job.objects.filter(key=OuterRef("key"), attempt__gt=OuterRef("attempt"))
    failed = Job.objects.filter(state=Job.State.FAILED, queued_at__gte=since)
    yield from _pile("jobs", failed.exclude(Exists(later)), "jobs_job")
    lost = Message.objects.filter(state=Message.State.FAILED, queued_at__gte=since)
    yield from _pile("messages", lost, "mail_message")


def _pile(kind: str, rows: QuerySet[Any], page: str) -> Iterator[Item]:
    found = rows.aggregate(count=Count("pk"), first=Min("queued_at"))
    if found["count"]:
        where = reverse(f"admin:{page}_changelist", query={"state__exact": "failed"})
        yield piled(kind, where, found["count"], since=found["first"])
