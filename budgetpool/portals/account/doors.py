"""Which portals a person may enter; the first page after signing in leads there."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from api import administrators
from budgetpool.fund import seats
from budgetpool.fund.models import Seat
from budgetpool.register import seats as provider_seats
from budgetpool.users.models import User
from employers.access import places_of
from workers.around import own_helpers
from workers.models import Worker

# The portal of each seat, by the name of its first page; every one takes the region's slug.
SEATS = {
    Seat.Role.BOARD: ("board-home", _("Board of %(region)s")),
    Seat.Role.TREASURER: ("treasurer-home", _("Treasurer of %(region)s")),
    Seat.Role.ADVISER: ("adviser:home", _("Adviser of %(region)s")),
    Seat.Role.ADMINISTRATOR: ("admin:index", _("Back office")),
}


@dataclass(frozen=True)
class Door:
    """One portal that a person may enter."""

    label: Any
    url: str


def doors_of(user: User) -> list[Door]:
    """Every portal that this person may enter, in a fixed order."""
    doors = [*seat_doors(user, tuple(SEATS)), *_objection_doors(user)]
    if Worker.objects.filter(user=user, erased_at=None).exists():
        doors.append(Door(_("My requests for training"), reverse("worker:home")))
    if own_helpers.helped_by(user):
        doors.append(Door(_("Whom I help"), reverse("worker:helping")))
    for place in places_of(user):
        url = reverse("employer:home", args=[place.employer_id])
        doors.append(Door(place.employer.name, url))
    for seat in provider_seats.held_by(user):
        doors.append(Door(seat.provider.name, reverse("school:home", args=[seat.provider_id])))
    for partner in administrators.partners_of(user):
        doors.append(Door(partner.name, reverse("partner:home", args=[partner.pk])))
    if user.is_staff:
        doors.append(Door(_("Back office"), reverse("admin:index")))
    return list({door.url: door for door in doors}.values())


def has_desk(user: User) -> bool:
    """Whether the person works somewhere, so that something can wait for them each day."""
    return bool(
        seats.held_by(user)
        or places_of(user)
        or provider_seats.held_by(user)
        or administrators.partners_of(user)
        or user.is_staff
    )


def _objection_doors(user: User) -> list[Door]:
    """An administrator handles objections, which are not in the back office."""
    regions = [one.region for one in seats.held_by(user) if one.role == Seat.Role.ADMINISTRATOR]
    return [
        Door(
            _("Objections in %(region)s") % {"region": region.name},
            reverse("board-objections", args=[region.slug]),
        )
        for region in regions
    ]


def seat_doors(user: User, roles: tuple[str, ...]) -> list[Door]:
    """The portals of the person's seats in these roles."""
    doors = []
    for seat in seats.held_by(user):
        if seat.role not in roles:
            continue
        name, label = SEATS[Seat.Role(seat.role)]
        url = _address(name, seat.region.slug)
        if url:
            doors.append(Door(label % {"region": seat.region.name}, url))
    return doors


def _address(name: str, region: str) -> str:
    for args in ([region], []):
        with suppress(NoReverseMatch):
            return reverse(name, args=args)
    return ""
