"""What is stuck at the treasurer's desk, by kind, with the oldest first."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from allocation.models import (
    Award,
    Invoice,
    Payee,
    PaymentBatch,
    Payout,
    Replacement,
)
from allocation.payouts import repaying
from allocation.payouts.lines import finding
from budgetpool.bank import holding, opening, opening_shares
from budgetpool.bank.models import BankEntry, UnprovenAcceptance
from budgetpool.fund.models import Fund
from employers.deposits import charges
from employers.models import Refund

# A payment that the statements do not show after so many days is worth a call to the bank.
BANK_DAYS: Final = 5
LAPSES_SOON: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Stuck:
    """One kind of work: a code, how much there is, and since when the oldest waits."""

    code: str
    count: int
    since: date | None


def of(fund: Fund) -> list[Stuck]:
    """The work that waits, in the order of the money's path; kinds without work are left out."""
    today = timezone.localdate()
    owed = repaying.still_open(fund)
    kinds = [
        ("unproven_statements", _dates(_unproven(fund), "asked_at")),
        ("held_files", _dates(holding.waiting(fund), "held_at")),
        ("openings", _dates(opening.to_approve(fund), "asked_at")),
        ("openings_to_place", _dates(opening_shares.to_place(fund), "starts_on")),
        ("opening_shares", _dates(opening_shares.to_approve(fund), "asked_at")),
        ("deposits", _dates(deposits_to_explain(fund), "date")),
        ("refunds", _dates(refunds_to_approve(fund), "asked_at")),
        ("payments", _dates(finding.waiting(fund).filter(amount_cents__lt=0), "date")),
        ("charges", _dates(charges.to_approve(fund), "asked_at")),
        ("payees", _dates(payees_to_verify(fund), "entered_at")),
        ("invoices", _dates(invoices_without_payment(fund), "entered_at")),
        ("batches", _dates(batches_to_approve(fund), "made_at")),
        ("not_confirmed", _dates(not_confirmed(fund, today), "batch__approved_at")),
        ("rejected", _dates(rejected(fund), "made_at")),
        ("to_determine", _dates(to_determine(fund), "granted_at")),
        ("recoveries", _dates(owed.filter(due_on__lt=today), "due_on")),
        ("lapsing", _dates(owed.filter(lapses_on__lte=today + LAPSES_SOON), "lapses_on")),
        ("replacements", _dates(late_replacements(fund, today), "late_since")),
    ]
    return [Stuck(code, len(days), min(days)) for code, days in kinds if days]


def deposits_to_explain(fund: Fund) -> QuerySet[BankEntry]:
    """Lines of the bank, in, of which a part is nobody's yet."""
    return finding.waiting(fund).filter(amount_cents__gt=0)


def refunds_to_approve(fund: Fund) -> QuerySet[Refund]:
    """Refunds that wait for a second person."""
    return Refund.objects.filter(
        deposit__fund=fund, approved_at__isnull=True, withdrawn_at__isnull=True
    ).order_by("pk")


def payees_to_verify(fund: Fund) -> QuerySet[Payee]:
    """Bank accounts that nobody has verified yet."""
    return Payee.objects.filter(fund=fund, verified_at__isnull=True, ended_at__isnull=True)


def invoices_without_payment(fund: Fund) -> QuerySet[Invoice]:
    """Invoices of which no part is planned or paid."""
    live = [Payout.Status.PLANNED, Payout.Status.BATCHED, Payout.Status.PAID]
    begun = Payout.objects.filter(status__in=live, invoice__isnull=False).values("invoice")
    return Invoice.objects.filter(award__round__fund=fund, withdrawn_at__isnull=True).exclude(
        pk__in=begun
    )


def batches_to_approve(fund: Fund) -> QuerySet[PaymentBatch]:
    """Batches that wait for the second person."""
    return PaymentBatch.objects.filter(fund=fund, status=PaymentBatch.Status.PREPARED)


def not_confirmed(fund: Fund, today: date) -> QuerySet[Payout]:
    """Payments that the bank has had for days, and no statement shows."""
    before = timezone.now() - timedelta(days=BANK_DAYS)
    return Payout.objects.filter(
        payee__fund=fund, status=Payout.Status.BATCHED, batch__approved_at__lt=before
    ).select_related("batch")


def rejected(fund: Fund) -> QuerySet[Payout]:
    """Payments that came back and were not made again."""
    return Payout.objects.filter(
        payee__fund=fund, status=Payout.Status.REJECTED, retried_by__isnull=True
    ).exclude(award__status__in=[Award.Status.DETERMINED, Award.Status.RECOVERED])


def to_determine(fund: Fund) -> QuerySet[Award]:
    """Awards that ended and whose costs are not fixed yet."""
    ended = [Award.Status.COMPLETED, Award.Status.CANCELLED, Award.Status.NO_SHOW]
    return Award.objects.filter(round__fund=fund, status__in=ended)


def late_replacements(fund: Fund, today: date) -> QuerySet[Any]:
    """People who have not chosen another training in time."""
    return (
        Replacement.objects.annotate(
            late_since=Coalesce("dropout__choose_by", "cancellation__choose_by")
        )
        .filter(award__round__fund=fund, late_since__lt=today, training__isnull=True)
        .exclude(award__status__in=[Award.Status.DECLINED, Award.Status.CANCELLED])
    )


def _unproven(fund: Fund) -> QuerySet[UnprovenAcceptance]:
    held = holding.waiting(fund).values("file_sha256")
    return UnprovenAcceptance.objects.filter(fund=fund, confirmed_at__isnull=True).exclude(
        file_sha256__in=held
    )


def _dates(rows: QuerySet[Any], name: str) -> list[date]:
    found = rows.values_list(name, flat=True)
    return [timezone.localdate(day) if hasattr(day, "hour") else day for day in found]
