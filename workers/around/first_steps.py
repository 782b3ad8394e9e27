"""A first safe step: a day or some weeks at a place to learn, before a training or instead of one.

The worker asks, the counter agrees on a day with the contact, and afterwards the worker says how it
was. Nothing that divides money reads any of this.
"""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.fund.models import Region
from budgetpool.mail import outbox
from budgetpool.refusals import NotAllowed
from budgetpool.users.models import User
from workers import access, letters
from workers.models import FirstStep, Host, Mandate, Worker

OPEN: Final = (FirstStep.Status.ASKED, FirstStep.Status.AGREED)
OPEN_MAX: Final = 3
OFFERS: Final = {FirstStep.Kind.DAY: "has_trial_day", FirstStep.Kind.WEEKS: "has_weeks"}


@transaction.atomic
def ask(*, actor: User, worker: Worker, host: Host, kind: str) -> FirstStep:
    """Ask for a day or some weeks at a place of one's own region.

    Raises:
        NotYours: neither the worker nor an adviser with a mandate, or a place of another region.
        ValidationError: the place does not offer this, it was asked already, or three are open.
    """
    access.require(actor=actor, worker=worker, act=Mandate.Scope.APPLY)
    if host.region_id != worker.region_id:
        raise NotAllowed("not_yours", act="ask a place")
    Worker.objects.select_for_update().get(pk=worker.pk)  # two clicks make no fourth step
    if not host.is_active or kind not in OFFERS or not getattr(host, OFFERS[FirstStep.Kind(kind)]):
        raise ValidationError(_("This place does not offer that now."))
    open_ = FirstStep.objects.filter(worker=worker, status__in=OPEN)
    if open_.filter(host=host).exists():
        raise ValidationError(_("You asked this place already."))
    if open_.count() >= OPEN_MAX:
        raise ValidationError(_("You asked three places already. Stop one of them first."))
    step = FirstStep(worker=worker, host=host, kind=kind)
    step.full_clean()
    step.save()
    _note(actor, step, "first_step.asked")
    return step


@transaction.atomic
def agree(*, adviser: User, step: FirstStep, begins_on: date) -> FirstStep:
    """The counter agreed on the first day with the contact; the worker gets a message.

    Raises:
        NotYours: no adviser of the region.
        ValidationError: it is not open any more, or the day has passed.
    """
    step = FirstStep.objects.select_for_update().get(pk=step.pk)
    if not access.is_adviser_for(adviser, step.worker) or step.worker.user_id == adviser.pk:
        raise NotAllowed("not_yours", act="agree on a first step")
    if step.status not in OPEN:
        raise ValidationError(_("This is not open any more."))
    if begins_on < timezone.localdate():
        raise ValidationError(_("This day has passed. Choose a later one."))
    step.status, step.begins_on, step.agreed_by = FirstStep.Status.AGREED, begins_on, adviser
    step.save(update_fields=["status", "begins_on", "agreed_by"])
    _note(adviser, step, "first_step.agreed")
    host = step.host
    outbox.queue(
        key=f"first_step:{step.pk}:{begins_on.isoformat()}",
        kind="first_step_agreed",
        to=letters.address(step.worker),
        params={
            "host": host.name,
            "place": host.municipality,
            "contact": host.contact_name,
            "reach": host.contact_phone or host.contact_email,
            "begins_on": begins_on.isoformat(),
            **letters.fund_params(step.worker.region),
        },
    )
    return step


@transaction.atomic
def stop(*, actor: User, step: FirstStep) -> None:
    """The worker does not want it after all, or the place cannot.

    Raises:
        NotYours: neither the worker nor an adviser of the region.
        ValidationError: it is not open any more.
    """
    step = FirstStep.objects.select_for_update().get(pk=step.pk)
    if step.worker.user_id != actor.pk and not access.is_adviser_for(actor, step.worker):
        raise NotAllowed("not_yours", act="stop a first step")
    if step.status not in OPEN:
        raise ValidationError(_("This is not open any more."))
    step.status = FirstStep.Status.STOPPED
    step.save(update_fields=["status"])
    _note(actor, step, "first_step.stopped")


@transaction.atomic
def tell(*, actor: User, step: FirstStep, feeling: str) -> FirstStep:
    """How it was, in one of three words; from the first day on.

    Raises:
        NotYours: somebody else than the worker. ValidationError: it has not begun.
    """
    step = FirstStep.objects.select_for_update().get(pk=step.pk)
    if step.worker.user_id is None or step.worker.user_id != actor.pk:
        raise NotAllowed("not_yours", act="tell how it was")
    has_begun = step.begins_on is not None and step.begins_on <= timezone.localdate()
    if step.status != FirstStep.Status.AGREED or not has_begun:
        raise ValidationError(_("You can tell this from the first day on."))
    step.status, step.feeling = FirstStep.Status.DONE, feeling
    step.full_clean()
    step.save(update_fields=["status", "feeling"])
    _note(actor, step, "first_step.told")
    return step


def of(worker: Worker) -> QuerySet[FirstStep]:
    """A worker's own steps, the newest first."""
    mine = FirstStep.objects.filter(worker=worker).select_related("host")
    return mine.order_by("-asked_at", "-pk")


def waiting(region: Region) -> QuerySet[FirstStep]:
    """What the counter of a region has to arrange or follow, the oldest first."""
    return FirstStep.objects.filter(worker__region=region, status__in=OPEN).select_related(
        "host", "worker__region"
    )


def _note(actor: User, step: FirstStep, action: str) -> None:
    trail.record(
        actor=actor,
        action=action,
        subject=step.worker,
        region_code=step.worker.region.code,
        host=step.host_id,
    )
