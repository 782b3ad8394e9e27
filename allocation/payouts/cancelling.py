"""A school cancels one of its editions: everybody it touches keeps the award and hears what next.

Either all go to another start of the same training, or each chooses another training. Who asked
for this edition in a round that is not decided yet is told to choose again.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from allocation import letters
from allocation.decisions import moving, telling
from allocation.models import Award, EditionCancellation, Payout, Replacement
from allocation.rules import courses
from budgetpool.audit import trail
from budgetpool.mail import outbox
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.register import seats
from budgetpool.register.models import Edition
from budgetpool.users.models import User
from workers import letters as workers_letters
from workers.models import TrainingRequest

Status = Award.Status
CONCERNED: Final = (Status.GRANTED, Status.ACCEPTED, Status.ADVANCED)
CHOOSE_DAYS: Final = 21
WISHES: Final = (TrainingRequest.Status.DRAFT, TrainingRequest.Status.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom a cancellation would touch: people with an award, and requests not decided yet."""

    awards_count: int
    wishes_count: int


def look(edition: Edition) -> Touched:
    """What `cancel` would touch now; nothing changes."""
    return Touched(_awards(edition).count(), _wishes(edition).count())


def cancel(
    *, edition: Edition, cause: str, actor: User, moved_to: Edition | None = None
) -> EditionCancellation:
    """Cancel a start that has not begun; its seats are gone for good.

    Args:
        cause: a code of `EditionCancellation.Cause`.
        moved_to: another start of the same training, with a place for everybody.

    Raises:
        NotAllowed: `not_at_school`: the actor does not sit at the edition's school.
        NotReady: `cancelled_before`; `begun_already`; `other_training`; `same_edition`;
            `begins_before`; `edition_full` with `seats`, for `moved_to`.
    """
    if not seats.holds(actor, edition.training.provider):
        raise NotAllowed("not_at_school", training=edition.training_id)
    today = timezone.localdate()
    with transaction.atomic():
        wanted = [edition.pk, *([moved_to.pk] if moved_to else [])]
        rows = {
            row.pk: row
            for row in Edition.objects.select_for_update(of=("self",))
            .select_related("training__provider")
            .filter(pk__in=wanted)
            .order_by("pk")
        }
        fresh, target = rows[edition.pk], rows.get(moved_to.pk) if moved_to else None
        if EditionCancellation.objects.filter(edition=fresh).exists():
            raise NotReady("cancelled_before", edition=fresh.pk)
        awards = list(_awards(fresh).select_for_update(of=("self",)))
        if any(award.started_on for award in awards) or fresh.starts_on < today:
            raise NotReady("begun_already", edition=fresh.pk)
        if target is not None:
            _check_room(fresh, target, len(awards), today)
        wishes = list(_wishes(fresh))
        cancellation = EditionCancellation(
            edition=fresh,
            cause=cause,
            moved_to=target,
            choose_by=today + timedelta(days=CHOOSE_DAYS),
            cancelled_by=actor,
        )
        cancellation.full_clean()
        cancellation.save()
        fresh.seats = 0
        fresh.save(update_fields=["seats"])
        for award in awards:
            if target is not None:
                moving.write(award, target, "cancelled", actor)
            else:
                _let_choose(award, cancellation)
        for wish in wishes:
            _tell_wish(wish, cancellation)
        trail.record(
            actor=actor,
            action="edition.cancelled",
            subject=fresh,
            awards=len(awards),
            wishes=len(wishes),
            moved_to=target.pk if target else None,
        )
    return cancellation


def catch_up() -> int:
    """Move or let choose who got an award for a cancelled start afterwards; run every night.

    A round that was closed by then, or an objection, can still give such a start.

    Returns:
        How many people were helped on.
    """
    helped = 0
    for cancellation in EditionCancellation.objects.select_related("edition", "moved_to"):
        with transaction.atomic():
            target = cancellation.moved_to
            if target is not None:
                target = Edition.objects.select_for_update().get(pk=target.pk)
            for award in _awards(cancellation.edition).select_for_update(of=("self",)):
                if target is not None and _can_take(target):
                    moving.write(award, target, "cancelled", cancellation.cancelled_by)
                else:
                    _let_choose(award, cancellation)
                helped += 1
    return helped


def _can_take(target: Edition) -> bool:
    return target.starts_on >= timezone.localdate() and courses.taken(target) < target.seats


def _awards(edition: Edition) -> QuerySet[Any]:
    return (
        courses.on(edition)
        .filter(status__in=CONCERNED)
        .select_related(
            "request__worker", "round__fund__region", "round__policy", "choice__training__provider"
        )
        .order_by("pk")
    )


def _wishes(edition: Edition) -> QuerySet[TrainingRequest]:
    """Requests with this edition among their choices, which no round has decided yet."""
    return (
        TrainingRequest.objects.with_choices()
        .filter(
            choices__edition=edition,
            status__in=WISHES,
            decision__isnull=True,
            award__isnull=True,
            worker__erased_at__isnull=True,
        )
        .distinct()
        .order_by("pk")
    )


def _check_room(edition: Edition, target: Edition, people: int, today: date) -> None:
    if target.pk == edition.pk:
        raise NotReady("same_edition", edition=target.pk)
    if target.training_id != edition.training_id:
        raise NotReady("other_training", edition=target.pk)
    if target.starts_on < today:
        raise NotReady("begins_before", edition=target.pk)
    if courses.taken(target) + people > target.seats:
        raise NotReady("edition_full", edition=target.pk, seats=target.seats)


def _let_choose(award: Award, cancellation: EditionCancellation) -> None:
    """Open the choice of another training, and stop payments that are only planned."""
    award.payouts.filter(
        status=Payout.Status.PLANNED, invoice__provider=cancellation.edition.training.provider
    ).update(status=Payout.Status.WITHDRAWN, reason="De school heeft de start afgezegd.")
    telling.tell_person(
        award,
        kind="edition_cancelled",
        key=str(cancellation.pk),
        cause=cancellation.cause,
        choose_by=cancellation.choose_by.isoformat(),
        amount_cents=letters.amount_cents(award),
    )
    Replacement.objects.create(cancellation=cancellation, award=award)


def _tell_wish(request: TrainingRequest, cancellation: EditionCancellation) -> None:
    edition = cancellation.edition
    outbox.queue(
        key=f"edition:{edition.pk}:cancelled:{request.pk}",
        kind="wish_cancelled",
        to=workers_letters.address(request.worker),
        params={
            **workers_letters.params(request),
            "training": edition.training.title,
            "starts_on": edition.starts_on.isoformat(),
            "is_open": request.window.is_open(),
            "is_draft": request.status == TrainingRequest.Status.DRAFT,
        },
    )
