"""Who has which seat, on a given day; and the row of a seat, for those who give or end one."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from budgetpool.fund.models import Region, Seat
from budgetpool.users import accounts
from budgetpool.users.models import User


def held_by(user: User, *, day: date | None = None) -> list[Seat]:
    """The seats that a person holds on `day` (today when not given), by region name."""
    on = day or timezone.localdate()
    return list(
        Seat.objects.filter(Q(until__isnull=True) | Q(until__gte=on), user=user, since__lte=on)
        .select_related("region")
        .order_by("region__name", "role")
    )


def holds(user: User, *, region: Region, roles: set[str], day: date | None = None) -> bool:
    """Whether a person holds one of `roles` in a region on `day` (today when not given)."""
    return any(
        seat.region_id == region.pk and seat.role in roles for seat in held_by(user, day=day)
    )


def of_region(region: Region) -> QuerySet[Seat]:
    """All seats that were ever given in a region, with their people."""
    return Seat.objects.filter(region=region).select_related("user")


def now_of(region: Region, *, day: date | None = None) -> QuerySet[Seat]:
    """The seats of a region on `day` (today when not given) whose people can sign in."""
    on = day or timezone.localdate()
    return of_region(region).filter(
        Q(until__isnull=True) | Q(until__gte=on), since__lte=on, user__is_active=True
    )


def keep(*, user: User, region: Region, role: str, until: date | None) -> Seat:
    """The row of a seat, from today on where it had ended; in the caller's transaction.

    Raises:
        NotReady: `account_closed`. ValidationError: a role that there is not.
    """
    accounts.require_open(user)
    seat = Seat.objects.filter(user=user, region=region, role=role).first()
    if seat is None:
        seat = Seat(user=user, region=region, role=role)
    elif seat.until is not None and seat.until < timezone.localdate():
        seat.since = timezone.localdate()
    seat.until = until
    seat.full_clean()
    seat.save()
    if role == Seat.Role.ADMINISTRATOR and not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    return seat


def end(seat: Seat) -> None:
    """Nobody sits here from today on; in the caller's transaction.

    Who has no seat of an administrator left does not enter the back office any more.
    """
    seat.until = timezone.localdate() - timedelta(days=1)
    seat.since = min(seat.since, seat.until)
    seat.full_clean()
    seat.save()
    user = seat.user
    left = any(one.role == Seat.Role.ADMINISTRATOR for one in held_by(user))
    if seat.role == Seat.Role.ADMINISTRATOR and not left and not user.is_superuser:
        user.is_staff = False
        user.save(update_fields=["is_staff"])
