"""What must be in the ledger because of payments and recoveries; `check_ledger` compares."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, When

from allocation.models import Award, Payout, Recovery
from allocation.payouts import ending
from budgetpool.bank import undone
from budgetpool.fund.facts import Expected, FactSource, account, tell
from budgetpool.money import to_cents
from employers.deposits import desk
from employers.models import DepositMatch
from employers.payment_facts import number_of


def _payouts() -> Sequence[QuerySet[Any, Any]]:
    """Per payment that a statement shows: award → unexplained, which the entry had filled."""
    shown = tell(
        Payout.objects.exclude(entry=None),
        reference=["payout:", F("pk"), ":paid", number_of("times_undone")],
        amount="amount_cents",
        debit=F("award__account"),
        credit=account(fund="award__round__fund", code=["unexplained"]),
        memo="paid",
        day=Case(When(payment__is_late=True, then=None), default=F("entry__date")),
    )
    return [shown, *undone.told("payout:")]


def _payout_contradictions() -> Iterator[str]:
    """Payments that are called paid without a line of a statement, or by another fund's."""
    unseen = Payout.objects.filter(status=Payout.Status.PAID, entry=None)
    strange = Payout.objects.exclude(entry=None).exclude(entry__fund=F("award__round__fund"))
    otherwise = Payout.objects.filter(payment__isnull=False).exclude(
        entry=F("payment__entry"), payment__undone=None
    )
    came_back = DepositMatch.objects.filter(
        deposit__entry=OuterRef("returned_by"), undone_at=None, memo=desk.RETURNED
    )
    kept = Payout.objects.filter(returned_by__isnull=False).exclude(Exists(came_back))
    for payouts in (unseen, strange, otherwise, kept):
        yield from (f"payout {pk}" for pk in payouts.values_list("pk", flat=True)[:50])


def _recoveries() -> Sequence[QuerySet[Any, Any]]:
    """Per recovery: the debtor owes, and the pool bears what was written off."""
    return [
        tell(
            Recovery.objects.all(),
            reference=["recovery:", F("pk"), ":reclaimed"],
            amount="amount_cents",
            debit=F("account"),
            credit=F("goes_to"),
            memo="reclaimed",
        ),
        tell(
            Recovery.objects.filter(written_off_cents__gt=0),
            reference=["recovery:", F("pk"), ":written-off"],
            amount="written_off_cents",
            debit=account(fund="award__round__fund", code=["pool"]),
            credit=F("account"),
            memo="written_off",
        ),
    ]


def _recovery_contradictions() -> Iterator[str]:
    """Recoveries on an account that is not the debtor's."""
    from_provider = Recovery.objects.filter(from_provider__isnull=False).exclude(
        account=account(fund="award__round__fund", code=["provider-", "from_provider_id"])
    )
    from_person = Recovery.objects.filter(from_provider=None).exclude(
        account=account(fund="award__round__fund", code=["worker-", "award__request__worker_id"])
    )
    for recoveries in (from_provider, from_person):
        yield from (f"recovery {pk}" for pk in recoveries.values_list("pk", flat=True)[:50])


def _determinations() -> Iterator[Expected]:
    """Per determined award: what it never spent went back to the pool."""
    determined = (
        Award.objects.filter(determined_at__isnull=False)
        .select_related("round")
        .prefetch_related("payouts__returned_by__deposit__matches", "recoveries")
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
            yield Expected(
                f"determination:{award.pk}:released",
                left,
                award.account_id,
                ending.pool_of(award).pk,
                memo="released",
            )


def _stayed_spent(payout: Payout, award: Award) -> bool:
    """Paid, and not sent back into the award's own account before it was determined."""
    if payout.entry_id is None:
        return False
    if payout.returned_by is None:
        return True
    matches = payout.returned_by.deposit.matches.all()
    return not any(m.undone_at is None and m.account_id == award.account_id for m in matches)


payouts = FactSource(
    name="payouts", prefix="payout:", rows=_payouts, contradictions=_payout_contradictions
)
recoveries = FactSource(
    name="recoveries",
    prefix="recovery:",
    rows=_recoveries,
    contradictions=_recovery_contradictions,
)
determinations = FactSource(
    name="determinations", prefix="determination:", expected=_determinations
)
