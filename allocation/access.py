"""Who may do what with a round: a seat in its region, and no interest of their own."""

from django.db.models import QuerySet

from allocation.errors import NotAllowed
from allocation.models import Interest, Round
from budgetpool.fund import seats
from budgetpool.fund.models import Region, Seat
from budgetpool.users.models import User

BOARD = {Seat.Role.BOARD.value}
BOARD_AND_TREASURER = {Seat.Role.BOARD.value, Seat.Role.TREASURER.value}
HANDLERS = {Seat.Role.BOARD.value, Seat.Role.ADMINISTRATOR.value}


def require_seat(user: User, *, region: Region, roles: set[str]) -> None:
    """Refuse who holds none of the roles in this region today.

    Raises:
        NotAllowed: `no_seat`.
    """
    if not user.is_active or not seats.holds(user, region=region, roles=roles):
        raise NotAllowed("no_seat", region=region.code, roles=sorted(roles))


def require_board(user: User, round: Round) -> None:
    """Refuse who has no seat in the board of the round's region.

    Raises:
        NotAllowed: `no_seat`.
    """
    require_seat(user, region=round.fund.region, roles=BOARD)


def require_vote(user: User, round: Round) -> None:
    """Refuse who has no seat, or declared an interest in a request of the round.

    Raises:
        NotAllowed: `no_seat` or `own_interest`.
    """
    require_board(user, round)
    if interests(user, round).exists():
        raise NotAllowed("own_interest", round=round.code)


def interests(user: User, round: Round) -> QuerySet[Interest]:
    """The interests that this person declared in the round."""
    return Interest.objects.filter(round=round, member=user)
