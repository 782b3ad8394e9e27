"""Who may touch the fund's payments: a treasurer's seat in its region, for a superuser too."""

from allocation.models import Award
from allocation.rules import access
from budgetpool.fund.models import Fund, Seat
from budgetpool.users.models import User

TREASURER = {Seat.Role.TREASURER.value}
PAYERS = {Seat.Role.TREASURER.value, Seat.Role.BOARD.value}


def require_treasurer(actor: User, fund: Fund) -> None:
    """Raises NotAllowed (`no_seat`) for anybody without a treasurer's seat in the region."""
    access.require_seat(actor, region=fund.region, roles=TREASURER)


def require_payer(actor: User, fund: Fund) -> None:
    """Raises NotAllowed (`no_seat`) for anybody without a treasurer's or board's seat."""
    access.require_seat(actor, region=fund.region, roles=PAYERS)


def fund_of(award: Award) -> Fund:
    """The fund that pays for an award, with its region."""
    return Fund.objects.select_related("region").get(rounds=award.round_id)
