"""What a school sees and says about awarded people: only its own, only who lets it.

A school never looks for people: it sees those who have an award for one of its own editions now,
who said yes, and who let the school know who they are. Each look is an event of the trail.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from allocation import lives
from allocation.decisions import telling
from allocation.models import Award, Place
from allocation.rules import access, courses
from budgetpool.audit import trail
from budgetpool.fund.models import Region, Seat
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.register import seats
from budgetpool.register.models import Edition, Provider
from budgetpool.users.models import User
from workers import access as workers_access
from workers.models import Mandate

Status, Gone = Award.Status, Place.Gone
# After the determination the school has no more to do with a person.
SEEN: Final = (Status.ACCEPTED, Status.ADVANCED, Status.COMPLETED)
COUNTER: Final = {Seat.Role.ADVISER.value}


def let_know(*, award: Award, actor: User, organisation: str = "") -> Place:
    """The person lets the school know who they are, so that it can tell where and when.

    Raises:
        NotYours: neither the person nor somebody with a mandate to arrange what comes after.
        WrongStep: no yes was said, or the training is over.
    """
    _require_person(award, actor, organisation)
    with transaction.atomic():
        fresh = _locked(award, "share")
        place = place_of(fresh)
        if not place.is_shared:
            place.shared_at, place.stopped_at = timezone.now(), None
            _save(place)
            _note(actor, "award.shared", fresh)
            telling.tell_school_about(fresh, kind="school_new_person", key=stamp(place.shared_at))
    return place


def stop_sharing(*, award: Award, actor: User, organisation: str = "") -> Place:
    """From now on the school sees nothing of this person; what it wrote before stays with us.

    Raises:
        NotYours: as `let_know`.
    """
    _require_person(award, actor, organisation)
    with transaction.atomic():
        fresh = _fresh(award)
        place = place_of(fresh)
        if place.is_shared:
            place.stopped_at = timezone.now()
            _save(place)
            _note(actor, "award.sharing_stopped", fresh)
    return place


def begin_anew(*, award: Award, actor: User, organisation: str, share: bool) -> None:
    """Another school's place now, in the caller's transaction: it knows nothing of the person.

    Args:
        share: the new school may know who it is.
    """
    place = place_of(award)
    place.shared_at = place.stopped_at = None
    place.confirmed_at = place.confirmed_by = None
    clear_gone(place)
    tell_of_yes(award, actor=actor, organisation=organisation, share=share)


def tell_of_yes(award: Award, *, actor: User, organisation: str, share: bool) -> None:
    """The school hears that somebody comes, with or without who, in the caller's transaction."""
    if share:
        let_know(award=award, actor=actor, organisation=organisation)
        return
    _training, edition = courses.of(award)
    telling.tell_school_about(
        award, kind="school_new_place", key=str(edition.pk) if edition else ""
    )


def is_shared(award: Award) -> bool:
    """Whether the school may know who has this award."""
    return Place.objects.filter(
        award=award, shared_at__isnull=False, stopped_at__isnull=True
    ).exists()


def people(provider: Provider) -> QuerySet[Any]:
    """The awards that this school may see, with their people; by start, then by name."""
    shared = Place.objects.filter(
        award=OuterRef("pk"), shared_at__isnull=False, stopped_at__isnull=True
    )
    edition = Edition.objects.filter(pk=OuterRef("edition_now"))
    found: QuerySet[Any] = (
        courses.at(provider)
        .filter(Exists(shared), status__in=SEEN, request__worker__erased_at__isnull=True)
        .select_related(
            "place",
            "request__worker",
            "round__fund__region",
            "choice__training__provider",
            "choice__edition",
        )
        .annotate(starts_now=Subquery(edition.values("starts_on")[:1]))
        .order_by("starts_now", "request__worker__name", "pk")
    )
    return found


def unnamed_count(provider: Provider) -> int:
    """How many people have a place at this school and did not let it know who they are."""
    seated = courses.at(provider).filter(status__in=(Status.ACCEPTED, Status.ADVANCED))
    return (
        seated.count()
        - people(provider).filter(status__in=(Status.ACCEPTED, Status.ADVANCED)).count()
    )


def look(*, awards: Sequence[Award], actor: User) -> None:
    """Write down that somebody of a school saw who these people are."""
    by_region = defaultdict(list)
    for award in awards:
        by_region[award.round.fund.region.code].append(award)
    for code, seen in by_region.items():
        trail.record_many(
            actor=actor,
            action="award.seen",
            region_code=code,
            rows=[(award, {"why": "school"}) for award in seen],
        )


def require(award: Award, actor: User, *, school: Provider | None = None) -> Provider:
    """The school that sees this award, for somebody who sits there.

    Args:
        school: the school that the door tied to the actor, a program; nobody has to sit there.

    Raises:
        NotAllowed: `not_your_school`: of another school, not shared, or no place there.
    """
    training, _edition = courses.of(award)
    if (
        training is None
        or not _is_of(actor, training.provider, school)
        or not is_shared(award)
        or not Award.objects.filter(pk=award.pk, status__in=SEEN).exists()
    ):
        raise NotAllowed("not_your_school", award=award.pk)
    return training.provider


def confirm(*, award: Award, actor: User) -> Place:
    """The school says that the place is there; asking twice is harmless.

    Raises:
        NotAllowed: `not_your_school`.
        WrongStep: the training is over.
    """
    with transaction.atomic():
        fresh = _locked(award, "confirm")
        require(fresh, actor)
        place = place_of(fresh)
        if place.confirmed_at is None:
            place.confirmed_at, place.confirmed_by = timezone.now(), actor
            _save(place)
            _note(actor, "award.place_confirmed", fresh)
            telling.tell_person(fresh, kind="place_confirmed")
    return place


def say_gone(*, award: Award, actor: User, gone: str, on: date) -> Place:
    """The school says that somebody did not come, or stopped on the way.

    Nothing happens to the award: the person is asked, and the counter decides.

    Args:
        gone: `absent` (before any first lesson) or `stopped` (after it).

    Raises:
        NotAllowed: `not_your_school`.
        WrongStep: the training is not running.
        NotReady: `day_to_come`; `has_started` with `started_on`, for `absent`; `not_begun`, for
            `stopped`; `said_before`.
    """
    with transaction.atomic():
        fresh = _locked(award, "say_gone")
        require(fresh, actor)
        place = place_of(fresh)
        if place.gone:
            raise NotReady("said_before", award=fresh.pk)
        if on > timezone.localdate():
            raise NotReady("day_to_come", award=fresh.pk)
        if gone == Gone.ABSENT and fresh.started_on is not None:
            raise NotReady("has_started", started_on=fresh.started_on.isoformat())
        if gone == Gone.STOPPED and fresh.started_on is None:
            raise NotReady("not_begun", award=fresh.pk)
        place.gone, place.gone_on = gone, on
        place.gone_said_at, place.gone_said_by = timezone.now(), actor
        _save(place)
        _note(actor, "award.school_says_gone", fresh, gone=gone)
        telling.tell_person(
            fresh,
            kind=f"school_says_{gone}",
            key=stamp(place.gone_said_at),
            gone_on=on.isoformat(),
        )
    return place


def gone(region: Region) -> QuerySet[Place]:
    """What schools of a region's people say, and nobody of the counter looked at yet."""
    return (
        Place.objects.exclude(gone="")
        .filter(award__round__fund__region=region, award__status__in=lives.AWARD.before("say_gone"))
        .select_related("award__request__worker", "award__choice__training__provider")
        .order_by("gone_said_at", "pk")
    )


def set_right(*, award: Award, actor: User) -> Place:
    """The counter heard the person: what the school said is not so, and the school is told.

    Raises:
        NotAllowed: `no_seat`: no adviser of the region.
    """
    access.require_seat(actor, region=award.round.fund.region, roles=COUNTER)
    with transaction.atomic():
        fresh = _fresh(award)
        place = place_of(fresh)
        if place.gone:
            clear_gone(place)
            _note(actor, "award.set_right", fresh)
            telling.tell_school_about(fresh, kind="school_set_right", key=stamp(timezone.now()))
    return place


def clear_gone(place: Place) -> None:
    """Take back what the school said, in the caller's transaction."""
    place.gone, place.gone_on = Gone.NO, None
    place.gone_said_at = place.gone_said_by = None
    _save(place)


def place_of(award: Award) -> Place:
    """The row of an award's place; made on first use."""
    found, _made = Place.objects.get_or_create(award=award)
    return found


def stamp(moment: datetime) -> str:
    """A moment as a part of a message's key, for what can happen again."""
    return f"{moment:%Y%m%d%H%M%S}"


def _is_of(actor: User, provider: Provider, school: Provider | None) -> bool:
    return seats.holds(actor, provider) if school is None else school == provider


def _require_person(award: Award, actor: User, organisation: str) -> None:
    workers_access.require(
        actor=actor,
        worker=award.request.worker,
        act=Mandate.Scope.FOLLOW,
        organisation=organisation,
    )


def _fresh(award: Award) -> Award:
    return (
        Award.objects.select_for_update(of=("self",))
        .select_related("request__worker", "round__fund__region", "choice__training__provider")
        .get(pk=award.pk)
    )


def _locked(award: Award, step: str) -> Award:
    fresh = _fresh(award)
    lives.AWARD.check(step, fresh.status)
    return fresh


def _save(place: Place) -> None:
    place.full_clean()
    place.save()


def _note(actor: User, action: str, award: Award, **details: Any) -> None:
    trail.record(
        actor=actor,
        action=action,
        subject=award,
        region_code=award.round.fund.region.code,
        request=award.request_id,
        **details,
    )
