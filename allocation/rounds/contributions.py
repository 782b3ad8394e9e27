"""What came in per sector, for rules that give a part of it back to the sector's workers."""

from django.db.models import Sum

from budgetpool.fund.models import Fund
from employers.models import DepositMatch


def paid_in_by_sector(fund: Fund) -> dict[str, int]:
    """Cents that recognised employers of each sector (SBI section) paid into the fund so far."""
    rows = (
        DepositMatch.objects.filter(
            deposit__fund=fund, undone_at__isnull=True, employer__isnull=False
        )
        .exclude(employer__sector="")
        .order_by("employer__sector")
        .values_list("employer__sector")
        .annotate(Sum("amount_cents"))
    )
    return dict(rows)
