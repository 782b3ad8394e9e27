"""Money that left the bank and that nothing explains, told to others than who keeps the books.

Whoever can pay at the bank itself needs no step of the desk. The line of the statement stays
unexplained then, and the desk belongs to those who may have paid it: so the others hear of it.
"""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from budgetpool.bank import payments
from budgetpool.fund import third_person
from budgetpool.fund.models import Fund
from budgetpool.refusals import NotReady

WAIT_DAYS: Final = 3


def tell_all() -> int:
    """Tell of each fund's payments that nothing explains after some days; each once.

    A fund of which nobody can be told is passed over: the operator gives no overseer.

    Returns:
        How many funds were told about.
    """
    return sum(_tell(fund) for fund in Fund.objects.select_related("region").order_by("pk"))


def _tell(fund: Fund) -> bool:
    last_day = timezone.localdate() - timedelta(days=WAIT_DAYS)
    old = list(payments.unexplained(fund).filter(date__lte=last_day))
    if not old:
        return False
    newest = max(entry.pk for entry in old)
    try:
        third_person.tell(
            fund=fund,
            what="unasked",
            key=f"fund:{fund.pk}:unasked:{newest}",
            by=[],
            amount_cents=sum(entry.left_cents for entry in old),
            path=f"/treasurer/{fund.region.slug}/lines",
        )
    except NotReady:
        return False
    return True
