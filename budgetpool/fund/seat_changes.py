"""A seat in a region is given by two people, and taken away by two; the others hear of it.

Whom it is given to is neither of the two. The others are told before the seat is there, so that
nobody counts as a witness of their own seat. Where nobody else can be told, only the server's
command line (`give_seat`) gives one.
"""

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.fund import seats, second_person, third_person
from budgetpool.fund.models import Fund, Region, Seat, SeatChange
from budgetpool.mail import outbox
from budgetpool.mail.outbox import Address
from budgetpool.refusals import NotAllowed, NotReady, WrongStep
from budgetpool.users import accounts
from budgetpool.users.models import User

STEP: Final = "seat"
# So many people have to stay who can give a seat: with fewer no page could give one any more.
GIVERS_LEFT: Final = 2


@transaction.atomic
def ask_to_give(
    *, fund: Fund, email: str, name: str, role: str, until: date | None, reason: str, by: User
) -> SeatChange:
    """Ask that somebody gets a seat; it opens nothing before a second person approves it.

    Args:
        email: theirs; the account is made when it is new, and has no seat yet.
        name: for a new account.
        role: a value of `Seat.Role`.
        until: the last day, where there is one.

    Raises:
        NotAllowed: `not_giver`; `own_seat`.
        NotReady: `name_missing`, for a new account; `account_closed`; `date_passed`;
            `seat_held`, for as long or longer; `seat_waits`.
        ValidationError: no e-mail address, role or reason.
    """
    second_person.require_first(STEP, by=by, fund=fund)
    if email.strip().lower() == by.email.lower():
        raise NotAllowed("own_seat")
    if until is not None and until < timezone.localdate():
        raise NotReady("date_passed", date_on=until.isoformat())
    user = accounts.of(email, name=name)
    _hold(fund.region)
    held = seats.now_of(fund.region).filter(user=user, role=role).first()
    # Giving a seat never shortens one: that is taking it away.
    if held is not None and not _is_longer(until, held.until):
        raise NotReady("seat_held", name=user.name)
    return _ask(fund, SeatChange.Kind.GIVE, user, role, until, reason, by)


@transaction.atomic
def ask_to_end(*, fund: Fund, seat: Seat, reason: str, by: User) -> SeatChange:
    """Ask that somebody's seat ends, perhaps one's own; a second person approves it.

    Raises:
        NotAllowed: `not_giver`. NotReady: `seat_waits`, `too_few_left`.
        WrongStep: `wrong_state`: it has ended, or is of another region.
        ValidationError: no reason.
    """
    second_person.require_first(STEP, by=by, fund=fund)
    _hold(fund.region)
    live = seats.now_of(fund.region).filter(pk=seat.pk).first()
    if live is None:
        raise WrongStep("wrong_state")
    _require_enough(fund, live)
    return _ask(fund, SeatChange.Kind.END, live.user, live.role, None, reason, by)


@transaction.atomic
def approve(*, change: SeatChange, fund: Fund, by: User) -> SeatChange:
    """Give the seat or take it away, as the second person; the others are told first.

    Raises:
        NotAllowed: `not_second`, `same_person`; `own_seat`.
        NotReady: `nobody_to_tell`, `too_few_left`, `date_passed`, `account_closed`.
        WrongStep: `wrong_state`.
    """
    locked = _lock(change, fund)
    second_person.require_second(STEP, by=by, fund=fund, first=locked.asked_by_id)
    if locked.user_id == by.pk:
        raise NotAllowed("own_seat")
    _require_waiting(locked)
    third_person.tell(
        fund=fund,
        what=f"seat_{locked.kind}",
        key=f"seat_change:{locked.pk}",
        by=[locked.asked_by_id, by.pk],
        person=locked.user.name,
        role=locked.role,
        path=f"/board/{fund.region.slug}/seats",
    )
    seat = _do(locked, fund)
    locked.approved_by, locked.approved_at = by, timezone.now()
    locked.full_clean()
    locked.save(update_fields=["approved_by", "approved_at"])
    action = "seat.given" if locked.kind == SeatChange.Kind.GIVE else "seat.ended"
    trail.record(
        actor=by,
        action=action,
        subject=seat,
        region_code=fund.region.code,
        role=locked.role,
        user=locked.user_id,
        change=locked.pk,
    )
    return locked


@transaction.atomic
def withdraw(*, change: SeatChange, fund: Fund, by: User) -> SeatChange:
    """Drop what was asked; one of those who could approve it suffices.

    Raises:
        NotAllowed: `not_second`. WrongStep: `wrong_state`.
    """
    locked = _lock(change, fund)
    second_person.require_second(STEP, by=by, fund=fund, first=None)
    _require_waiting(locked)
    locked.withdrawn_at = timezone.now()
    locked.save(update_fields=["withdrawn_at"])
    _record(by, "seat_change.withdrawn", locked)
    return locked


def waiting(fund: Fund) -> QuerySet[SeatChange]:
    """What waits for a second person, the oldest first."""
    return (
        SeatChange.objects.filter(
            region=fund.region, approved_at__isnull=True, withdrawn_at__isnull=True
        )
        .select_related("user", "asked_by", "region")
        .order_by("asked_at", "pk")
    )


def _ask(
    fund: Fund, kind: str, user: User, role: str, until: date | None, reason: str, by: User
) -> SeatChange:
    if waiting(fund).filter(user=user, role=role).exists():
        raise NotReady("seat_waits", name=user.name)
    asked = SeatChange(
        kind=kind,
        user=user,
        region=fund.region,
        role=role,
        until=until,
        reason=reason.strip(),
        asked_by=by,
    )
    asked.full_clean()
    asked.save()
    _record(by, "seat_change.asked", asked)
    return asked


def _is_longer(until: date | None, held: date | None) -> bool:
    return held is not None and (until is None or until > held)


def _do(change: SeatChange, fund: Fund) -> Seat:
    if change.kind == SeatChange.Kind.END:
        seat = seats.now_of(fund.region).filter(user=change.user, role=change.role).first()
        if seat is None:
            raise WrongStep("wrong_state")
        _require_enough(fund, seat)
        seats.end(seat)
        return seat
    if change.until is not None and change.until < timezone.localdate():
        raise NotReady("date_passed", date_on=change.until.isoformat())
    seat = seats.keep(user=change.user, region=fund.region, role=change.role, until=change.until)
    outbox.queue(
        key=f"seat:{seat.pk}:{change.pk}",
        kind="seat",
        to=Address(
            name=seat.user.name,
            email=seat.user.email,
            language=seat.user.language,
            user=seat.user,
        ),
        params={
            "role": seat.role,
            "region": fund.region.name,
            "fund": fund.name,
            "fund_phone": fund.contact_phone,
        },
    )
    return seat


def _require_enough(fund: Fund, seat: Seat) -> None:
    """Two people have to stay who can give seats."""
    givers = seats.now_of(fund.region).filter(role__in=second_person.STEPS[STEP].second)
    left = set(givers.exclude(pk=seat.pk).values_list("user", flat=True))
    if seat.role in second_person.STEPS[STEP].second and len(left) < GIVERS_LEFT:
        raise NotReady("too_few_left", region=fund.region.name)


def _require_waiting(change: SeatChange) -> None:
    if change.approved_at is not None or change.withdrawn_at is not None:
        raise WrongStep("wrong_state")


def _hold(region: Region) -> None:
    """One change of a region at a time: two at once cannot both leave the last two."""
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)


def _lock(change: SeatChange, fund: Fund) -> SeatChange:
    _hold(fund.region)
    found: SeatChange = SeatChange.objects.select_related("user", "region").get(
        pk=change.pk, region=fund.region
    )
    return found


def _record(by: User, action: str, change: SeatChange) -> None:
    trail.record(
        actor=by,
        action=action,
        subject=change,
        region_code=change.region.code,
        kind=change.kind,
        role=change.role,
        user=change.user_id,
        reason=change.reason,
    )
