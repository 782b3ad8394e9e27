"""How far the payments for an award are, for the worker who asks."""

from dataclasses import dataclass
from datetime import date

from allocation.models import Award, Payout
from allocation.payouts.invoices import LIVE


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of payment for an award: what the bank paid and when last, and what is coming."""

    paid_cents: int = 0
    paid_on: date | None = None
    coming_cents: int = 0


def part(award: Award, kind: Payout.Kind) -> Part:
    """What was paid of one kind, rejected and withdrawn payments left out.

    After a provider dropped out, what went to it does not count: it is reclaimed.
    """
    rows = award.payouts.filter(kind=kind, status__in=LIVE).order_by("paid_on", "pk")
    dropped = award.replacements.filter(dropout__isnull=False).values("dropout__provider")
    rows = rows.exclude(invoice__isnull=False, invoice__provider__in=dropped)
    paid = [row for row in rows if row.status == Payout.Status.PAID]
    return Part(
        paid_cents=sum(row.amount_cents for row in paid),
        paid_on=paid[-1].paid_on if paid else None,
        coming_cents=sum(row.amount_cents for row in rows if row.status != Payout.Status.PAID),
    )
