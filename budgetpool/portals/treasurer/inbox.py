"""What waits for one treasurer."""

from collections.abc import Iterator

from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.components import fund_work
from budgetpool.portals.components.waits import Item
from budgetpool.users.models import User


def of(fund: Fund, member: User) -> Iterator[Item]:
    """All that is stuck, in the order of the money's path, less what needs somebody else."""
    return fund_work.items(fund, member, Seat.Role.TREASURER)
