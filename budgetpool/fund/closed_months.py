"""Up to which day the books of a fund are closed."""

from datetime import date

from django.db.models import Exists, Max, OuterRef, QuerySet

from budgetpool.fund.models import PeriodStep

Kind = PeriodStep.Kind


def closed_until(fund_id: int) -> date | None:
    """The last day of the closed months of a fund; None where none is closed."""
    last: date | None = in_force(fund_id).aggregate(last=Max("until"))["last"]
    return last


def in_force(fund_id: int) -> QuerySet[PeriodStep]:
    """The closings of a fund that were not opened again."""
    opened = PeriodStep.objects.filter(
        fund=OuterRef("fund"),
        until=OuterRef("until"),
        kind=Kind.REOPEN,
        approved_at__isnull=False,
        pk__gt=OuterRef("pk"),
    )
    return PeriodStep.objects.filter(
        ~Exists(opened), fund=fund_id, kind=Kind.CLOSE, approved_at__isnull=False
    )
