"""A training began: on which day, on whose word, and which trainings nobody spoke of yet.

A start is a day and no state of its own, because a school may be paid its first part before. It
frees that part where a training has no fixed day, it ends the talk of a no-show, and where it
stays out somebody at the counter calls the school (the STAP regulation: a training that did not
begin must be reported).
"""

from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from allocation import lives
from allocation.decisions import places, telling
from allocation.models import Award, Place, Replacement
from allocation.rules import access, courses
from budgetpool.audit import trail
from budgetpool.fund.models import Region, Seat
from budgetpool.refusals import NotReady
from budgetpool.register.models import Edition, Provider
from budgetpool.users.models import User
from workers import access as workers_access
from workers.models import Mandate

DESK: Final = {Seat.Role.ADVISER.value, Seat.Role.TREASURER.value}
SILENT_DAYS: Final = 7


def start(*, award: Award, actor: User, started_on: date, organisation: str = "") -> Award:
    """The worker, their helper or the partner who filed the request says that it began.

    Args:
        started_on: the day of the first lesson.
        organisation: the partner that the door tied to the actor, else empty.

    Raises:
        NotYours: neither the worker nor somebody with a mandate to arrange what comes after.
        WrongStep: the training is not running.
        NotReady: `started_before` with `started_on`; `day_to_come`; `before_award` with
            `granted_on`.
    """
    workers_access.require(
        actor=actor,
        worker=award.request.worker,
        act=Mandate.Scope.FOLLOW,
        organisation=organisation,
    )
    return _begin(award, actor, started_on, "partner" if organisation else "person")


def confirm(*, award: Award, actor: User, started_on: date) -> Award:
    """The counter or the treasurer writes down what the school said.

    Raises:
        NotAllowed: `no_seat`: neither an adviser nor a treasurer of the region.
        WrongStep, NotReady: as `start`.
    """
    access.require_seat(actor, region=award.round.fund.region, roles=DESK)
    return _begin(award, actor, started_on, "school")


def begin(*, award: Award, actor: User, started_on: date, school: Provider | None = None) -> Award:
    """The school itself says that it began; what it said before about staying away goes.

    Args:
        school: as `places.require`.

    Raises:
        NotAllowed: `not_your_school`.
        WrongStep, NotReady: as `start`.
    """
    places.require(award, actor, school=school)
    return _begin(award, actor, started_on, "school")


def ask_school(*, award: Award, actor: User) -> int:
    """The counter asks the school whether a training began; once a day is enough.

    Returns:
        How many people of the school were written to; none where nobody sits there.

    Raises:
        NotAllowed: `no_seat`: no adviser or treasurer of the region.
    """
    access.require_seat(actor, region=award.round.fund.region, roles=DESK)
    with transaction.atomic():
        trail.record(
            actor=actor,
            action="award.school_asked",
            subject=award,
            region_code=award.round.fund.region.code,
            request=award.request_id,
        )
        today = timezone.localdate()
        return telling.tell_school_about(award, kind="school_did_it_begin", key=today.isoformat())


def planned_on(award: Award) -> date | None:
    """The day on which the award's training should begin; None where it has no fixed day."""
    _training, edition = courses.of(award)
    return edition.starts_on if edition else award.choice.proposed_start


def ends_on(award: Award) -> date | None:
    """The last day of the award's training, where the register names one."""
    _training, edition = courses.of(award)
    return edition.ends_on if edition else None


def silent(region: Region, *, today: date | None = None) -> QuerySet[Any]:
    """The awards whose training should have begun a week ago, and nobody said that it did.

    Awards of a school that dropped out are left out while those people choose anew.
    """
    day = (today or timezone.localdate()) - timedelta(days=SILENT_DAYS)
    running = Award.objects.filter(
        round__fund__region=region,
        status__in=lives.AWARD.before("start"),
        started_on__isnull=True,
    )
    choosing = Replacement.objects.filter(award=OuterRef("pk"), training__isnull=True)
    edition = Edition.objects.filter(pk=OuterRef("edition_now"))
    found: QuerySet[Any] = (
        courses.now(running)
        .exclude(Exists(choosing))
        .annotate(
            planned=Coalesce(Subquery(edition.values("starts_on")[:1]), F("choice__proposed_start"))
        )
        .filter(planned__lte=day)
        .select_related("request", "choice__training__provider", "choice__edition")
        .order_by("planned", "pk")
    )
    return found


def _begin(award: Award, actor: User, started_on: date, word: str) -> Award:
    with transaction.atomic():
        fresh = (
            Award.objects.select_for_update(of=("self",))
            .select_related("round__fund__region")
            .get(pk=award.pk)
        )
        lives.AWARD.check("start", fresh.status)
        if fresh.started_on is not None:
            raise NotReady("started_before", started_on=fresh.started_on.isoformat())
        granted_on = timezone.localdate(fresh.granted_at)
        if started_on > timezone.localdate():
            raise NotReady("day_to_come", award=fresh.pk)
        if started_on < granted_on:
            raise NotReady("before_award", granted_on=granted_on.isoformat())
        fresh.started_on = started_on
        fresh.full_clean()
        fresh.save()
        place = Place.objects.filter(award=fresh).exclude(gone="").first()
        if place is not None:
            places.clear_gone(place)
        trail.record(
            actor=actor,
            action="award.started",
            subject=fresh,
            region_code=fresh.round.fund.region.code,
            request=fresh.request_id,
            word=word,
        )
    return fresh
