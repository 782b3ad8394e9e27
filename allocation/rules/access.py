"""Who may do what with a round: a seat in its region, and no interest of their own."""

from allocation.lives import ROUND
from allocation.models import Interest, Round
from budgetpool.fund import seats
from budgetpool.fund.models import Region, Seat
from budgetpool.refusals import NotAllowed
from budgetpool.users.models import User
from workers.models import TrainingRequest

BOARD = {Seat.Role.BOARD.value}
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


def require_step(user: User, round: Round, step: str) -> None:
    """Refuse whom the table of a round's life bars from a step: no seat, or an own interest.

    Raises:
        NotAllowed: `no_seat` or `own_interest`.
    """
    require_board(user, round)
    if is_barred(user, round, step):
        raise NotAllowed("own_interest", round=round.code)


def may_take(user: User, round: Round, step: str) -> bool:
    """Whether this person holds a seat in the round's board and no interest keeps them back."""
    seated = user.is_active and seats.holds(user, region=round.fund.region, roles=BOARD)
    return seated and not is_barred(user, round, step)


def is_barred(user: User, round: Round, step: str) -> bool:
    """Whether an interest of their own keeps a board member from a step."""
    return "own_interest" in ROUND.steps[step].barred and bool(own_requests(user, round))


def own_requests(user: User, round: Round) -> set[int]:
    """The requests that this person may not judge: those declared as an interest, and their own."""
    declared = Interest.objects.filter(round=round, member=user).order_by()
    # Each by an index of its own: one condition for both would read the whole window.
    sent = TrainingRequest.objects.filter(window=round.window_id).order_by().values_list("pk")
    found = declared.values_list("request_id").union(
        sent.filter(worker__user=user), sent.filter(filed_by=user), all=True
    )
    return {key for (key,) in found}
