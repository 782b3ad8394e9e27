"""How it goes with work, three, six and twelve months after a training."""

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.mail import outbox
from budgetpool.refusals import WrongStep
from budgetpool.users.models import User
from workers import access, letters
from workers.models import FollowUp, Mandate, TrainingRequest, Worker

MONTHS: Final = (3, 6, 12)
DAYS: Final = {3: 91, 6: 183, 12: 365}


@transaction.atomic
def plan(*, request: TrainingRequest, finished_on: date) -> list[FollowUp]:
    """Plan the three questions after a training; asking twice is harmless."""
    planned = []
    for months in MONTHS:
        row, _ = FollowUp.objects.get_or_create(
            request=request,
            months=months,
            defaults={"due_on": finished_on + timedelta(days=DAYS[months])},
        )
        planned.append(row)
    return planned


@transaction.atomic
def send_due(*, today: date | None = None) -> int:
    """Queue a message for each question whose day has come; harmless to run again."""
    day = today or timezone.localdate()
    due = FollowUp.objects.filter(
        due_on__lte=day,
        due_on__gt=day - timedelta(days=30),
        answered_at__isnull=True,
        request__worker__erased_at__isnull=True,
    ).select_related("request__worker__region", "request__window__fund")
    for one in due:
        outbox.queue(
            key=f"follow-up:{one.pk}",
            kind="follow_up",
            to=letters.address(one.request.worker),
            params={"months": one.months, **letters.params(one.request)},
        )
    return len(due)


def waiting(worker: Worker) -> QuerySet[FollowUp]:
    """The questions whose day has come and that have no answer yet."""
    return FollowUp.objects.filter(
        request__worker=worker, due_on__lte=timezone.localdate(), answered_at__isnull=True
    )


@transaction.atomic
def answer(*, actor: User, asked: FollowUp, has_work: bool, contract: str = "") -> FollowUp:
    """Keep an answer; it changes nothing for the person.

    Raises:
        NotYours: neither the worker nor an adviser with a mandate.
        WrongState: it was answered before. ValidationError: an unknown contract.
    """
    worker = asked.request.worker
    access.require(actor=actor, worker=worker, act=Mandate.Scope.FOLLOW)
    asked = FollowUp.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if asked.answered_at is not None:
        raise WrongStep(
            "wrong_state", request=asked.request.reference, status="answered", step="answer"
        )
    asked.has_work, asked.contract = has_work, contract
    asked.answered_at = timezone.now()
    asked.full_clean()
    asked.save()
    trail.record(
        actor=actor,
        action="follow_up.answered",
        subject=asked,
        region_code=worker.region.code,
        worker=worker.pk,
    )
    return asked
