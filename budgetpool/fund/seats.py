"""Who has which seat, on a given day."""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from budgetpool.fund.models import Region, Seat
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
