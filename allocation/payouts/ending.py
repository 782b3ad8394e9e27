"""How an award ends: completed, cancelled or not come, and then determined (Awb 4:46)."""

from typing import Final

from django.db import transaction
from django.db.models import Sum
from djmoney.money import Money

from allocation.decisions import awards, telling
from allocation.models import Award, Payout, Recovery, RoundPool
from allocation.payouts import recovering
from allocation.rules import access, payer_access
from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Seat
from budgetpool.money import from_cents, to_cents
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

DESK: Final = {Seat.Role.TREASURER.value, Seat.Role.ADVISER.value}
STEPS: Final = ("complete", "cancel", "no_show")


def report(*, award: Award, step: str, reason: str, actor: User) -> Award:
    """Write down how the training went, on the provider's or the worker's proof.

    Args:
        step: `complete`, `cancel` or `no_show`.
        reason: what proves it, or why it went wrong; never empty.

    Raises:
        NotAllowed: neither a treasurer nor an adviser of the region.
        WrongStep: not possible from the award's state.
        NotReady: `reason_missing`.
    """
    if step not in STEPS:
        raise ValueError(f"{step} is not one of {', '.join(STEPS)}.")
    access.require_seat(actor, region=payer_access.fund_of(award).region, roles=DESK)
    if not reason.strip():
        raise NotReady("reason_missing", award=award.pk)
    with transaction.atomic():
        ended = awards.take(award=award, step=step, actor=actor, reason=reason)
        if step != "complete":
            telling.tell_school_about(ended, kind="school_person_left")
    return ended


def determine(
    *, award: Award, amount: Money, reason: str, actor: User, own_fault: bool = False
) -> Award:
    """Fix what the training cost in the end; the rest goes back, and too much is reclaimed.

    What was paid above `amount` is reclaimed from the provider. From the person it is reclaimed
    only where the excess is their own fault. What was never paid goes to the pool.

    Args:
        amount: what the fund bears, at most what was awarded (Awb 4:46, second paragraph).
        reason: why it is lower than what was awarded, for the worker and the provider.
        own_fault: the worker is to blame, for instance did not come without telling anybody.

    Raises:
        NotAllowed: no treasurer of the fund.
        WrongStep: the award was not completed, cancelled or reported as a no-show.
        NotReady: `payments_open`; `not_paid_yet` with `paid_cents`; `nobody_to_reclaim_from`.

    Awarded EUR 1,000, paid EUR 760, determined at EUR 0: the provider owes EUR 760, and
    EUR 240 goes back to the pool.
    """
    fund = payer_access.fund_of(award)
    payer_access.require_treasurer(actor, fund)
    with transaction.atomic():
        fresh = (
            Award.objects.select_for_update(of=("self",))
            .select_related("account", "round", "request")
            .get(pk=award.pk)
        )
        in_flight = (Payout.Status.PLANNED, Payout.Status.BATCHED)
        if fresh.payouts.filter(status__in=in_flight).exists():
            raise NotReady("payments_open", award=fresh.pk)
        cents, paid = to_cents(amount), paid_cents(fresh)
        if cents > paid:
            raise NotReady("not_paid_yet", paid_cents=paid)
        determined = awards.take(
            award=fresh, step="determine", actor=actor, determined_amount=from_cents(cents)
        )
        pool = pool_of(fresh)
        left = ledger.balance_cents(fresh.account)
        if left:
            ledger.post(
                debit=fresh.account,
                credit=pool,
                amount=left,
                reference=f"determination:{fresh.pk}:released",
                memo="released",
                posted_by=actor,
            )
        if paid > cents:
            recovering.reclaim(
                award=determined,
                cause=_cause(fresh),
                cents=paid - cents,
                goes_to=pool,
                reason=reason,
                own_fault=own_fault,
                actor=actor,
            )
    return determined


def paid_cents(award: Award) -> int:
    """What the bank paid for an award and has not been reclaimed, in cents."""
    paid = Payout.objects.filter(award=award, status=Payout.Status.PAID)
    reclaimed = award.recoveries.aggregate(sum=Sum("amount_cents"))["sum"] or 0
    return (paid.aggregate(sum=Sum("amount_cents"))["sum"] or 0) - reclaimed


def pool_of(award: Award) -> Account:
    """Where an award's money goes back to: its round's pool, or the general one of several."""
    pools = RoundPool.objects.filter(round=award.round_id).select_related("account")
    if len(pools) == 1:
        return pools[0].account
    return Account.objects.get(
        fund=payer_access.fund_of(award), kind=Account.Kind.POOL, earmark_column=""
    )


def _cause(award: Award) -> Recovery.Cause:
    causes = {
        Award.Status.CANCELLED.value: Recovery.Cause.CANCELLED,
        Award.Status.NO_SHOW.value: Recovery.Cause.NO_SHOW,
    }
    return causes.get(award.status, Recovery.Cause.LOWER)
