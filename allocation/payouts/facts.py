"""What must be in the ledger because of payments and recoveries; `check_ledger` compares."""

from collections.abc import Iterator

from allocation.models import Award, Payout, Recovery
from allocation.payouts import confirming
from budgetpool.fund.facts import Expected, FactSource
from budgetpool.money import to_cents


def _payouts() -> Iterator[Expected]:
    """Per payment that a statement shows: award → unexplained, which the entry had filled."""
    shown = Payout.objects.exclude(entry=None).select_related("award")
    for payout in shown:
        yield Expected(
            confirming.reference(payout), payout.amount_cents, payout.award.account_id, None
        )


def _recoveries() -> Iterator[Expected]:
    """Per recovery: the debtor owes, and the pool bears what was written off."""
    for recovery in Recovery.objects.all():
        yield Expected(
            f"recovery:{recovery.pk}:reclaimed",
            recovery.amount_cents,
            recovery.account_id,
            recovery.goes_to_id,
        )
        if recovery.written_off_cents:
            yield Expected(
                f"recovery:{recovery.pk}:written-off",
                recovery.written_off_cents,
                None,
                recovery.account_id,
            )


def _determinations() -> Iterator[Expected]:
    """Per determined award: what it never spent went back to the pool."""
    determined = Award.objects.filter(determined_at__isnull=False).prefetch_related(
        "payouts__returned_by__deposit__matches", "recoveries"
    )
    for award in determined:
        spent = sum(p.amount_cents for p in award.payouts.all() if _stayed_spent(p, award))
        came_back = sum(
            recovery.amount_cents
            for recovery in award.recoveries.all()
            if recovery.goes_to_id == award.account_id
        )
        left = to_cents(award.amount) - spent + came_back
        if left:
            yield Expected(f"determination:{award.pk}:released", left, award.account_id, None)


def _stayed_spent(payout: Payout, award: Award) -> bool:
    """Paid, and not sent back into the award's own account before it was determined."""
    if payout.entry_id is None:
        return False
    if payout.returned_by is None:
        return True
    matches = payout.returned_by.deposit.matches.all()
    return not any(m.undone_at is None and m.account_id == award.account_id for m in matches)


payouts = FactSource(name="payouts", prefix="payout:", expected=_payouts)
recoveries = FactSource(name="recoveries", prefix="recovery:", expected=_recoveries)
determinations = FactSource(
    name="determinations", prefix="determination:", expected=_determinations
)
