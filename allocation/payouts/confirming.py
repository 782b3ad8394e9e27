"""What the bank did with our payments, read from its statements by their end-to-end ids.

A payment moves an award's money when a statement shows it, not when it was asked for. Money that
a bank sends back goes to the award's account again, and the payment to the desk.
"""

from dataclasses import dataclass, field

from django.db import transaction

from allocation.decisions import awards
from allocation.errors import NotReady, WrongStep
from allocation.models import Award, PaymentBatch, Payout
from allocation.payouts import doors, ending
from allocation.payouts.planning import record
from budgetpool.bank import payments
from budgetpool.bank.models import BankEntry
from budgetpool.fund.models import Fund
from budgetpool.users.models import User
from employers.deposits import desk
from employers.models import Deposit

Status = Payout.Status
PREFIX = "BP-"


@dataclass(slots=True)
class Confirmed:
    """What became clear: payments that were paid, that came back, and entries that fit nothing."""

    paid: list[Payout] = field(default_factory=list)
    returned: list[Payout] = field(default_factory=list)
    unclear: list[BankEntry] = field(default_factory=list)


def confirm(*, fund: Fund, actor: User) -> Confirmed:
    """Look for our payments in the fund's statements; asking twice is harmless.

    An entry counts when its end-to-end id and its amount are a payment's, or when it names a
    batch's message id and is the batch's total. Anything else with an id of ours is unclear and
    stays with the treasurer.

    Raises:
        NotAllowed: no treasurer of the fund.
    """
    doors.require_treasurer(actor, fund)
    found = Confirmed()
    batches = list(
        PaymentBatch.objects.filter(
            fund=fund,
            status=PaymentBatch.Status.APPROVED,
            payouts__status=Status.BATCHED,
        ).distinct()
    )
    for entry in payments.unexplained(fund):
        payout = _payout(entry, fund, Status.BATCHED)
        batch = next((batch for batch in batches if _names(entry, batch)), None)
        if payout is not None and payout.amount_cents == -entry.amount_cents:
            found.paid += _paid([payout], entry, actor)
        elif batch is not None and batch.total_cents == -entry.amount_cents:
            found.paid += confirm_batch(batch=batch, entry=entry, actor=actor)
        elif payout is not None or batch is not None:
            found.unclear.append(entry)
    _find_returned(fund, actor, found)
    return found


def confirm_batch(*, batch: PaymentBatch, entry: BankEntry, actor: User) -> list[Payout]:
    """Say that one entry of a statement is a whole batch, booked by the bank as one amount.

    Raises:
        NotAllowed: no treasurer of the fund.
        NotReady: `other_amount`; the entry is not the total of the batch's open payments.
    """
    doors.require_treasurer(actor, batch.fund)
    open_payouts = list(
        batch.payouts.filter(status=Status.BATCHED).select_related(
            "award__account", "payee__fund__region"
        )
    )
    total = sum(payout.amount_cents for payout in open_payouts)
    if entry.fund_id != batch.fund_id or not open_payouts or total != -entry.amount_cents:
        raise NotReady("other_amount", total_cents=total, entry_cents=-entry.amount_cents)
    return _paid(open_payouts, entry, actor)


def reject(*, payout: Payout, reason: str, actor: User) -> Payout:
    """Write down that the bank did not carry a payment out; no money moved.

    Raises:
        NotAllowed: no treasurer of the fund.
        WrongStep: it is not at the bank.
        NotReady: `reason_missing`, or `batch_not_approved`: then withdraw the batch.
    """
    doors.require_treasurer(actor, payout.payee.fund)
    if not reason.strip():
        raise NotReady("reason_missing", payout=payout.pk)
    with transaction.atomic():
        fresh = _locked(payout.pk)
        if fresh.status != Status.BATCHED:
            raise WrongStep(step="reject", status=fresh.status, allowed_from=[Status.BATCHED.value])
        if fresh.batch is None or fresh.batch.status != PaymentBatch.Status.APPROVED:
            raise NotReady("batch_not_approved", payout=fresh.pk)
        fresh.status, fresh.reason = Status.REJECTED, reason
        fresh.full_clean()
        fresh.save()
        record(actor, "payout.rejected", fresh)
    return fresh


def returned(*, payout: Payout, deposit: Deposit, actor: User) -> Payout:
    """Say that a deposit is a payment of ours that came back: the award has its money again.

    Raises:
        NotAllowed: no treasurer of the fund.
        WrongStep: the payment is not known as paid.
        NotReady: `other_amount`.
        AlreadyMatched: somebody said otherwise about the deposit before.
    """
    doors.require_treasurer(actor, payout.payee.fund)
    with transaction.atomic():
        fresh = _locked(payout.pk)
        if fresh.status != Status.PAID:
            raise WrongStep(step="returned", status=fresh.status, allowed_from=[Status.PAID.value])
        if deposit.amount_cents != fresh.amount_cents:
            raise NotReady(
                "other_amount",
                total_cents=fresh.amount_cents,
                entry_cents=deposit.amount_cents,
            )
        # After the determination the award's account is closed: the money goes on to the pool.
        closed = fresh.award.status in (Award.Status.DETERMINED, Award.Status.RECOVERED)
        target = ending.pool_of(fresh.award) if closed else fresh.award.account
        desk.assign(deposit=deposit, account=target, memo="payment_returned", by=actor)
        fresh.status, fresh.returned_by = Status.REJECTED, deposit.entry
        fresh.reason = "returned by the bank"
        fresh.full_clean()
        fresh.save()
        record(actor, "payout.returned", fresh)
    return fresh


def _find_returned(fund: Fund, actor: User, found: Confirmed) -> None:
    deposits = (
        Deposit.objects.filter(fund=fund, entry__end_to_end_id__startswith=PREFIX)
        .exclude(matches__undone_at__isnull=True, matches__isnull=False)
        .select_related("entry", "fund__region")
        .order_by("pk")
    )
    for deposit in deposits:
        payout = _payout(deposit.entry, fund, Status.PAID)
        if payout is not None and payout.amount_cents == deposit.amount_cents:
            found.returned.append(returned(payout=payout, deposit=deposit, actor=actor))
        else:
            found.unclear.append(deposit.entry)


def _paid(payouts: list[Payout], entry: BankEntry, actor: User) -> list[Payout]:
    with transaction.atomic():
        fresh = [_locked(payout.pk) for payout in payouts]
        if any(payout.status != Status.BATCHED for payout in fresh):
            return []
        payments.explain(
            entry=entry,
            parts=[
                payments.Part(
                    debit=payout.award.account,
                    amount_cents=payout.amount_cents,
                    reference=reference(payout),
                    memo="paid",
                )
                for payout in fresh
            ],
            by=actor,
        )
        for payout in fresh:
            payout.status, payout.entry, payout.paid_on = Status.PAID, entry, entry.date
            payout.full_clean()
            payout.save()
            record(actor, "payout.paid", payout)
            is_first = payout.kind == Payout.Kind.ADVANCE
            if is_first and payout.award.status == Award.Status.ACCEPTED:
                awards.take(award=payout.award, step="advance", actor=actor)
    return fresh


def reference(payout: Payout) -> str:
    """The reference of the transfer that takes a payment from its award."""
    return f"payout:{payout.pk}:paid"


def _payout(entry: BankEntry, fund: Fund, status: Payout.Status) -> Payout | None:
    number = entry.end_to_end_id.removeprefix(PREFIX)
    if number == entry.end_to_end_id or not (number.isascii() and number.isdigit()):
        return None
    return Payout.objects.filter(
        pk=int(number),
        payee__fund=fund,
        status=status,
        batch__status=PaymentBatch.Status.APPROVED,
    ).first()


def _names(entry: BankEntry, batch: PaymentBatch) -> bool:
    texts = (entry.bank_reference, entry.reference, entry.end_to_end_id, entry.remittance)
    return any(batch.message_id in text for text in texts)


def _locked(key: int) -> Payout:
    return (
        Payout.objects.select_for_update(of=("self",))
        .select_related("award__account", "batch", "payee__fund__region")
        .get(pk=key)
    )
