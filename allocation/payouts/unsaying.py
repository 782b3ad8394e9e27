"""What was said wrongly about a payment of ours is taken back, by correcting transfers.

A payment that a wrong line was said to pay is at the bank again; one that a wrong deposit was
said to return is paid again. Both wait for the line that is really theirs.
"""

from django.db import transaction

from allocation import lives
from allocation.models import Award, Payout
from allocation.payouts.planning import record
from allocation.rules import payer_access
from budgetpool.bank import payments
from budgetpool.bank.models import PaymentPart
from budgetpool.refusals import NotReady, WrongStep
from budgetpool.users.models import User
from employers.deposits import desk
from employers.models import DepositMatch


def unsay_paid(*, payout: Payout, reason: str, actor: User) -> Payout:
    """Say that a line of a statement did not pay this payment: it is at the bank again.

    Raises:
        NotAllowed: no treasurer of the fund.
        WrongStep: it is not known as paid.
        NotReady: `award_ended`: the award was determined by what was paid.
        ValidationError: no reason.
    """
    payer_access.require_treasurer(actor, payout.payee.fund)
    with transaction.atomic():
        fresh = _locked(payout)
        to = lives.PAYOUT.after("unsay_paid", fresh.status)
        _require_running(fresh)
        # One that was paid before parts were kept with payments is found by its reference.
        part = fresh.payment or PaymentPart.objects.get(
            entry=fresh.entry, transfer__reference=f"payout:{fresh.pk}:paid"
        )
        payments.undo(part=part, reason=reason, by=actor)
        fresh.status, fresh.entry, fresh.payment, fresh.paid_on = to, None, None, None
        fresh.times_undone += 1
        fresh.full_clean()
        fresh.save()
        record(actor, "payout.paid_undone", fresh)
    return fresh


def unsay_returned(*, match: DepositMatch, reason: str, actor: User) -> Payout:
    """Say that a deposit was not this payment that came back: it is paid again.

    Raises:
        NotAllowed: no treasurer of the fund.
        WrongStep: no payment came back by it.
        NotReady: `retried_before`: it was made again since; `award_ended`.
        AlreadySpent: the award has spent the money since.
        ValidationError: no reason.
    """
    fund = match.deposit.fund
    payer_access.require_treasurer(actor, fund)
    with transaction.atomic():
        desk.lock(match.deposit)
        payout = _returned_by(match)
        if payout is None:
            raise WrongStep("wrong_state")
        fresh = _locked(payout)
        to = lives.PAYOUT.after("unsay_returned", fresh.status)
        _require_running(fresh)
        if Payout.objects.filter(retries=fresh).exists():
            raise NotReady("retried_before", payout=fresh.pk)
        desk.take_back(match=match, reason=reason, by=actor)
        fresh.status, fresh.returned_by, fresh.reason = to, None, ""
        fresh.full_clean()
        fresh.save()
        record(actor, "payout.return_undone", fresh)
    return fresh


def _returned_by(match: DepositMatch) -> Payout | None:
    """The payment that came back by a part of a deposit: its award has the money."""
    if match.memo != desk.RETURNED:
        return None
    came_back = Payout.objects.filter(
        returned_by=match.deposit.entry,
        award__account=match.account_id,
        amount_cents=match.amount_cents + match.kept_cents,
    )
    return came_back.order_by("pk").first()


def _require_running(payout: Payout) -> None:
    if payout.award.status in (Award.Status.DETERMINED, Award.Status.RECOVERED):
        raise NotReady("award_ended", award=payout.award_id)


def _locked(payout: Payout) -> Payout:
    rows = Payout.objects.select_for_update(of=("self",))
    return rows.select_related("award__account", "payee__fund__region").get(pk=payout.pk)
