"""An awarded person goes to another edition of the same training; the award stays as it is.

The price is that of the day of the award: a move costs the fund nothing, whatever the training
costs by then.
"""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from allocation import lives
from allocation.decisions import places, telling
from allocation.models import Award, EditionMove
from allocation.rules import courses
from budgetpool.audit import trail
from budgetpool.refusals import NotReady
from budgetpool.register.models import Edition, Training
from budgetpool.users.models import User


def move(*, award: Award, edition: Edition, cause: str, actor: User) -> EditionMove:
    """The school gives somebody a place in another start of the same training, and tells them.

    Raises:
        NotAllowed: `not_your_school`.
        WrongStep: the training is not running.
        NotReady: `has_started` with `started_on`; `other_training`; `same_edition`;
            `begins_before`; `edition_full` with `seats`.
    """
    with transaction.atomic():
        # The seats first: two who move at once must not take one seat.
        target = Edition.objects.select_for_update().get(pk=edition.pk)
        fresh = (
            Award.objects.select_for_update(of=("self",))
            .select_related("request__worker", "round__fund__region", "choice__training__provider")
            .get(pk=award.pk)
        )
        places.require(fresh, actor)
        lives.AWARD.check("move", fresh.status)
        if fresh.started_on is not None:
            raise NotReady("has_started", started_on=fresh.started_on.isoformat())
        training, present = courses.of(fresh)
        if training is None or target.training_id != training.pk:
            raise NotReady("other_training", edition=target.pk)
        if present is not None and present.pk == target.pk:
            raise NotReady("same_edition", edition=target.pk)
        if target.starts_on < timezone.localdate():
            raise NotReady("begins_before", edition=target.pk)
        if courses.taken(target) >= target.seats:
            raise NotReady("edition_full", edition=target.pk, seats=target.seats)
        return write(fresh, target, cause, actor)


def write(award: Award, target: Edition, cause: str, actor: User) -> EditionMove:
    """Keep a move that was found right, and tell the person, in the caller's transaction."""
    _training, present = courses.of(award)
    moved = EditionMove(
        award=award, from_edition=present, to_edition=target, cause=cause, moved_by=actor
    )
    moved.full_clean()
    moved.save()
    place = places.place_of(award)
    if place.gone:
        places.clear_gone(place)
    trail.record(
        actor=actor,
        action="award.moved",
        subject=award,
        region_code=award.round.fund.region.code,
        edition=target.pk,
        cause=cause,
    )
    telling.tell_person(award, kind="edition_moved", key=str(moved.pk), cause=cause)
    return moved


def options(training: Training, *, present: Edition | None, today: date) -> list[Edition]:
    """The starts of a training to which somebody can go, the first one first."""
    rows: QuerySet[Edition] = training.editions.filter(starts_on__gte=today, seats__gt=0)
    used = courses.taken_of(rows)
    return [
        edition
        for edition in rows
        if used[edition.pk] < edition.seats and (present is None or edition.pk != present.pk)
    ]
