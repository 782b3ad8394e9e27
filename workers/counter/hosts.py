"""The list of places to learn at work that the counter of a region keeps."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from budgetpool.audit import trail
from budgetpool.fund import seats
from budgetpool.fund.models import Region, Seat
from budgetpool.refusals import NotAllowed
from budgetpool.users.models import User
from workers.models import Host


@transaction.atomic
def add(*, adviser: User, region: Region, **facts: Any) -> Host:
    """Enter a place; its contact agreed to be called.

    Raises:
        NotYours: no adviser of the region.
        ValidationError: a value that its field refuses, no way to reach the contact, no offer.
    """
    _require_seat(adviser, region)
    host = Host(region=region, **facts)
    host.full_clean()
    host.save()
    trail.record(actor=adviser, action="host.added", subject=host, region_code=region.code)
    return host


@transaction.atomic
def close(*, adviser: User, host: Host) -> None:
    """Nobody can ask this place any more; what was agreed stays.

    Raises:
        NotYours: no adviser of the region.
    """
    _require_seat(adviser, host.region)
    host.is_active = False
    host.save(update_fields=["is_active"])
    trail.record(actor=adviser, action="host.closed", subject=host, region_code=host.region.code)


def open_in(region: Region) -> QuerySet[Host]:
    """The places of a region that can be asked."""
    return Host.objects.filter(region=region, is_active=True)


def _require_seat(adviser: User, region: Region) -> None:
    if not seats.holds(adviser, region=region, roles={Seat.Role.ADVISER}):
        raise NotAllowed("not_yours", act="keep the list of places")
