"""Every desk at which something can wait, as one table; the menu and the daily e-mail read it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from api import administrators
from budgetpool.fund import seats
from budgetpool.fund.models import Fund, Region, Seat
from budgetpool.portals.adviser import inbox as adviser
from budgetpool.portals.back_office import inbox as back_office
from budgetpool.portals.board import inbox as board
from budgetpool.portals.components import waits
from budgetpool.portals.components.waits import Inbox, Item
from budgetpool.portals.employer import inbox as employer
from budgetpool.portals.partner import inbox as partner
from budgetpool.portals.school import inbox as school
from budgetpool.portals.treasurer import inbox as treasurer
from budgetpool.register import seats as provider_seats
from budgetpool.users.models import User
from employers.access import places_of

# What waits at a desk of each kind, and its first page; a desk is of one place and one person.
type Source = Callable[[Any, User], Iterable[Item]]
DESKS: Final[dict[str, tuple[Source, str]]] = {
    "board": (board.of, "board-home"),
    "administrator": (board.of_administrator, "board-objections"),
    "treasurer": (treasurer.of, "treasurer-home"),
    "adviser": (adviser.of, "adviser:home"),
    "employer": (employer.of, "employer:home"),
    "school": (school.of, "school:home"),
    "partner": (partner.of, "partner:home"),
}


@dataclass(frozen=True)
class Desk:
    """One place at which a person works, and what waits there for them."""

    name: str
    url: str
    inbox: Inbox


def count(request: HttpRequest, desk: str, place: Any) -> int:
    """How many lines the first page of a desk lists for who asks."""
    person = request.user
    if not isinstance(person, User):
        return 0
    source, _page = DESKS[desk]
    return waits.count(request, waits.desk_key(desk, place), lambda: source(place, person))


def of_person(user: User) -> list[Desk]:
    """All desks of a person today, in a fixed order."""
    found = [*_seats(user)]
    for member in places_of(user):
        found.append(_desk("employer", member.employer, member.employer.name, user))
    for seat in provider_seats.held_by(user):
        found.append(_desk("school", seat.provider, seat.provider.name, user))
    for held in administrators.partners_of(user):
        found.append(_desk("partner", held, held.name, user))
    if user.is_staff:
        shown = waits.inbox(back_office.of(user))
        found.append(Desk(_("Back office"), reverse("admin:index"), shown))
    return found


def _seats(user: User) -> Iterable[Desk]:
    names = {
        Seat.Role.BOARD.value: _("Board of %(region)s"),
        Seat.Role.TREASURER.value: _("Treasurer of %(region)s"),
        Seat.Role.ADVISER.value: _("Adviser of %(region)s"),
        Seat.Role.ADMINISTRATOR.value: _("Objections in %(region)s"),
    }
    held = [seat for seat in seats.held_by(user) if seat.role in names]
    funds = {
        fund.region_id: fund
        for fund in Fund.objects.filter(region__in=[seat.region_id for seat in held])
        .select_related("region")
        .order_by("-pk")
    }
    for seat in held:
        if seat.region_id in funds:
            name = names[seat.role] % {"region": seat.region.name}
            place = seat.region if seat.role == Seat.Role.ADVISER else funds[seat.region_id]
            yield _desk(seat.role, place, name, user)


def _desk(kind: str, place: Any, name: str, user: User) -> Desk:
    source, page = DESKS[kind]
    key = place.pk
    if isinstance(place, Fund | Region):
        key = (place.region if isinstance(place, Fund) else place).slug
    return Desk(name, reverse(page, args=[key]), waits.inbox(source(place, user)))
