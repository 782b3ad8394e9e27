"""Mandates: a worker lets an adviser act, for a scope and a term, and can always take it back.

Modelled on Aidants Connect: the helper acts under their own account, never under the worker's.
"""

from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.fund import seats
from budgetpool.fund.models import Region, Seat
from budgetpool.mail import outbox
from budgetpool.refusals import NotAllowed, WrongStep
from budgetpool.users.models import User
from workers import access, letters
from workers.models import Mandate, Worker

DAYS_MAX: Final = 365


@transaction.atomic
def give(
    *,
    actor: User,
    worker: Worker,
    adviser: User,
    scope: str,
    given: str,
    until: date | None = None,
) -> Mandate:
    """Let an adviser help; the worker hears of it by message, whoever recorded it.

    Args:
        actor: the worker, or the adviser who writes down what was said at the counter.
        given: how the worker gave it; an adviser cannot record one as given on the website.
        until: at most a year from today; half a year, unless said.

    Raises:
        NotYours: the actor is neither; or the adviser has no seat in the worker's region.
        ValidationError: too long, or in the past.
    """
    by_worker = worker.user_id is not None and worker.user_id == actor.pk
    if not by_worker and (actor != adviser or given == Mandate.Given.WEB):
        raise NotAllowed("not_yours", act="give a mandate")
    if worker.erased_at is not None or not access.is_adviser_for(adviser, worker):
        raise NotAllowed("not_yours", act="be given a mandate")
    today = timezone.localdate()
    last = until or today + timedelta(days=183)
    if not today <= last <= today + timedelta(days=DAYS_MAX):
        raise ValidationError(
            {"until_date": _("A mandate lasts a year at most.")}, code="mandate_term"
        )
    mandate = Mandate(
        worker=worker,
        adviser=adviser,
        scope=scope,
        given=given,
        from_date=today,
        until_date=last,
        recorded_by=actor,
    )
    mandate.full_clean()
    mandate.save()
    _note(mandate, actor, "mandate.given", scope=scope, given=given)
    outbox.queue(
        key=f"mandate:{mandate.pk}:given",
        kind="mandate_given",
        to=letters.address(worker),
        params={
            "adviser": adviser.name,
            "until_on": last.isoformat(),
            **letters.fund_params(worker.region),
        },
    )
    return mandate


@transaction.atomic
def revoke(*, actor: User, mandate: Mandate) -> Mandate:
    """Take a mandate back: the worker at any time, the adviser when the work is done.

    Raises:
        NotYours: somebody else. WrongState: it was taken back before.
    """
    mandate = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
    if actor.pk not in {mandate.worker.user_id, mandate.adviser_id}:
        raise NotAllowed("not_yours", act="take a mandate back")
    if mandate.revoked_at is not None:
        raise WrongStep("wrong_state", request=str(mandate), status="revoked", step="revoke")
    mandate.revoked_at = timezone.now()
    mandate.save(update_fields=["revoked_at"])
    _note(mandate, actor, "mandate.revoked")
    outbox.queue(
        key=f"mandate:{mandate.pk}:revoked",
        kind="mandate_revoked",
        to=letters.address(mandate.worker),
        params={
            "adviser": mandate.adviser.name,
            **letters.fund_params(mandate.worker.region),
        },
    )
    return mandate


def live(worker: Worker) -> QuerySet[Mandate]:
    """The mandates of a worker that may be used today."""
    today = timezone.localdate()
    return worker.mandates.filter(
        revoked_at__isnull=True, from_date__lte=today, until_date__gte=today
    ).select_related("adviser")


def advisers(region: Region) -> list[User]:
    """The people at the counter of a region today, by name."""
    rows = Seat.objects.filter(region=region, role=Seat.Role.ADVISER).select_related("user")
    people = {row.user for row in rows if seats.holds(row.user, region=region, roles={row.role})}
    return sorted((one for one in people if one.is_active), key=lambda one: one.name)


def _note(mandate: Mandate, actor: User, action: str, **details: str) -> None:
    trail.record(
        actor=actor,
        action=action,
        subject=mandate,
        region_code=mandate.worker.region.code,
        worker=mandate.worker_id,
        adviser=mandate.adviser_id,
        **details,
    )
