"""Workers come in and correct their facts."""

from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from budgetpool.audit import trail
from budgetpool.fund.models import Region
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.users.models import User
from workers import access, doubles
from workers.likeness import identity_hash
from workers.models import Helper, Mandate, Worker

# What a worker (or their helper) may fill in; everything else is the system's own.
FIELDS: Final = (
    "name",
    "birth_date",
    "address",
    "municipality",
    "email",
    "phone",
    "language",
    "contract",
    "sector",
    "education",
    "training_hours_two_years",
    "has_study_finance",
)
REACH: Final = {"email", "phone", "address"}


@transaction.atomic
def enter_self(*, user: User, region: Region) -> Worker:
    """The worker that belongs to this account, made on first use with what the account knows."""
    worker, is_new = Worker.objects.get_or_create(
        user=user,
        defaults={
            "region": region,
            "name": user.name,
            "email": user.email,
            "phone": user.phone,
            "language": user.language,
        },
    )
    if is_new:
        trail.record(
            actor=user, action="worker.entered", subject=worker, region_code=region.code, by="self"
        )
    return worker


@transaction.atomic
def enter_for(
    *,
    actor: User,
    region: Region,
    name: str,
    birth_date: date | None,
    organisation: str = "",
    **facts: Any,
) -> Worker:
    """Enter somebody without an account, by an adviser of the region or by a partner.

    Args:
        organisation: the partner that the door tied to the actor; empty for an adviser.
        facts: more of `FIELDS`.

    Raises:
        NotYours: no adviser of this region, and no partner.
        OtherPerson: the same name and date of birth is known in this region; a person looks.
            Who is nearly the same is entered, and waits for somebody's look at the counter.
        ValidationError: a value that its field refuses.
    """
    worker = Worker(
        region=region, name=name, birth_date=birth_date, introduced_by=organisation, **_known(facts)
    )
    if not organisation and not access.is_adviser_for(actor, worker):
        raise NotAllowed("not_yours", act="enter")
    worker.full_clean()
    # Two doors at one moment must not enter one person twice; pages that only refer to the
    # region do not wait for this lock.
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    known = same_person(region=region, name=name, birth_date=birth_date)
    if known is not None:
        raise NotReady("known_already", worker=known.pk)
    worker.save()
    trail.record(
        actor=actor,
        action="worker.entered",
        subject=worker,
        region_code=region.code,
        by="partner" if organisation else "adviser",
    )
    doubles.look_for(region=region, workers=[worker])
    return worker


@transaction.atomic
def change(*, actor: User, worker: Worker, organisation: str = "", **facts: Any) -> Worker:
    """Correct facts of a worker; the trail tells which, not what they were.

    Raises:
        NotYours: the actor has no ground to act for this worker.
        ValidationError: a value that its field refuses; nothing is stored then.
    """
    worker = Worker.objects.select_for_update().get(pk=worker.pk)
    changed = [name for name, value in _known(facts).items() if getattr(worker, name) != value]
    access.require(
        actor=actor,
        worker=worker,
        act=Mandate.Scope.APPLY,
        organisation=organisation,
        # Where letters go is never a helper's to change.
        helper=None if REACH & set(changed) else Helper.Scope.FILL,
    )
    for name in changed:
        setattr(worker, name, facts[name])
    if not changed:
        return worker
    worker.full_clean()
    worker.save(update_fields=[*changed, "identity_hash"])
    trail.record(
        actor=actor,
        action="worker.changed",
        subject=worker,
        region_code=worker.region.code,
        fields=sorted(changed),
    )
    if {"name", "birth_date"} & set(changed):
        doubles.look_for(region=worker.region, workers=[worker])
    return worker


def same_person(*, region: Region, name: str, birth_date: date | None) -> Worker | None:
    """The worker with the same name and date of birth in a region, found by hash."""
    key = identity_hash(name, birth_date)
    if not key:
        return None
    return Worker.objects.filter(region=region, identity_hash=key).order_by("pk").first()


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(facts) - set(FIELDS))
    if unknown:
        raise ValidationError(dict.fromkeys(unknown, "Not a fact of a worker."))
    return facts
