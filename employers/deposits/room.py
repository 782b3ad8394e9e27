"""How much of a line is still to be said, when what waits for a second person counts as said.

Costs of EUR 5 that wait for approval on a line of EUR 480 leave EUR 475: were a payment of EUR 480
said too, the parts would be more than the line, and the costs could never be approved.
"""

from django.db.models import Sum

from budgetpool.bank import payments
from budgetpool.bank.models import BankEntry
from budgetpool.refusals import NotReady
from employers.models import Charge


def waiting_cents(entry: BankEntry) -> int:
    """How much of a line waits for the approval of a second person, in cents."""
    rows = Charge.objects.filter(entry=entry, approved_at=None, withdrawn_at=None)
    return rows.aggregate(sum=Sum("amount_cents"))["sum"] or 0


def of_payment(entry: BankEntry) -> int:
    """How much of a payment nobody has said anything about, in cents."""
    return payments.left_cents(entry) - waiting_cents(entry)


def require(entry: BankEntry, asked_cents: int) -> None:
    """Refuse more parts of a payment than are left of it.

    Raises:
        NotReady: `more_than_paid`.
    """
    left = of_payment(entry)
    if asked_cents > left:
        raise NotReady("more_than_paid", entry=entry.pk, left_cents=left, asked_cents=asked_cents)
