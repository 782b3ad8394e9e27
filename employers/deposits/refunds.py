"""Pays a deposit back before it is committed: asked by one person, approved by another.

The money waits in suspense until a bank statement shows that it left.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models.query import QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.bank import payments, shown
from budgetpool.bank.models import BankEntry
from budgetpool.fund import second_person, third_person
from budgetpool.fund.iban import clean_iban
from budgetpool.fund.models import Fund
from budgetpool.refusals import NotReady, WrongStep
from budgetpool.users.models import User
from employers import access, accounts
from employers.deposits import desk, room
from employers.models import Deposit, Refund


@transaction.atomic
def ask(
    *,
    deposit: Deposit,
    reason: str,
    by: User,
    amount_cents: int | None = None,
    iban: str = "",
) -> Refund:
    """Ask to pay a deposit back, wholly or in part.

    What was said about it is undone first where less is free than what goes back.

    Args:
        amount_cents: all of it if absent.
        iban: where the bank does not say from which account it came; money goes back to where it
            came from, and nowhere else.

    Raises:
        NotTreasurer: the actor is no treasurer of the fund.
        TooMuch: more than the deposit.
        NoIban: no account to pay it to.
        OtherAccount: it came from another account than this one.
        MoreThanLeft: a part of it goes back already, or waits for approval as interest.
        AlreadySpent: the pool holds less than the deposit by now.
        ValidationError: no reason, a wrong IBAN, or a refund is under way.
    """
    locked = desk.lock(deposit)
    second_person.require_first("refund", by=by, fund=locked.fund)
    amount = locked.amount_cents if amount_cents is None else amount_cents
    if not 0 < amount <= locked.amount_cents:
        raise NotReady("refund_too_large", most_cents=locked.amount_cents)
    target = iban or locked.entry.iban
    if not target:
        raise NotReady("no_iban")
    shown.require_account(locked.entry, clean_iban(target))
    if amount > desk.free_cents(locked) and desk.standing(locked):
        desk.undo(deposit=locked, reason=reason, by=by)
    if amount > (free := desk.free_cents(locked)):
        raise NotReady("more_than_left", left_cents=free)
    refund = Refund(
        deposit=locked,
        amount_cents=amount,
        iban=clean_iban(target),
        name=locked.entry.name or "?",
        reason=reason,
        asked_by=by,
    )
    refund.full_clean()
    refund.save()
    _record(by, "refund.asked", refund)
    return refund


@transaction.atomic
def approve(*, refund: Refund, by: User) -> Refund:
    """Approve a refund that somebody else asked for; from then on it may be paid.

    Everybody else of the fund hears of it.

    Raises:
        NotSecond, SamePerson, WrongState, NobodyToTell.
    """
    locked = _lock(refund)
    fund = locked.deposit.fund
    second_person.require_second("refund", by=by, fund=fund, first=locked.asked_by_id)
    locked.approve_as(by)
    third_person.tell(
        fund=fund,
        what="refund",
        key=f"refund:{locked.pk}:approved",
        by=[locked.asked_by_id, by.pk],
        amount_cents=locked.amount_cents,
        last=third_person.last_signs(locked.iban),
        path=f"/treasurer/{fund.region.slug}/charges",
    )
    _record(by, "refund.approved", locked)
    return locked


@transaction.atomic
def withdraw(*, refund: Refund, by: User) -> Refund:
    """Drop a refund that was not paid: the money stays in suspense and can be matched again.

    Raises:
        NotTreasurer, WrongState.
    """
    locked = _lock(refund)
    access.require_treasurer(actor=by, fund=locked.deposit.fund)
    if locked.withdrawn_at or locked.payment_id:
        raise WrongStep("wrong_state")
    locked.withdrawn_at = timezone.now()
    locked.save()
    _record(by, "refund.withdrawn", locked)
    return locked


def awaiting_payment(fund: Fund) -> QuerySet[Refund]:
    """Approved refunds that no bank statement shows yet."""
    return (
        Refund.objects.filter(
            deposit__fund=fund,
            approved_at__isnull=False,
            withdrawn_at__isnull=True,
            payment__isnull=True,
        )
        .select_related("deposit__entry")
        .order_by("approved_at", "pk")
    )


@transaction.atomic
def confirm_paid(*, refund: Refund, entry: BankEntry, by: User | None = None) -> Refund:
    """Tie a refund to the payment on the bank statement: suspense → bank.

    Raises:
        WrongState: not approved, withdrawn, or confirmed before.
        MoreThanPaid, NotAPayment: the entry does not pay it.
        OtherAccount: the money went to another account than was approved.
        NobodyToTell: the entry does not show the account, and nobody else could be told.
    """
    locked = _lock(refund)
    if not locked.approved_at or locked.withdrawn_at or locked.payment_id:
        raise WrongStep("wrong_state")
    if not shown.require_account(entry, locked.iban) and by is not None:
        shown.tell_unseen(
            entry,
            what="unseen",
            amount_cents=locked.amount_cents,
            key=f"refund-{locked.pk}",
            by=by,
        )
    room.require(entry, locked.amount_cents)
    part = payments.Part(
        debit=accounts.suspense(locked.deposit.fund),
        amount_cents=locked.amount_cents,
        reference=reference(locked),
        memo="refunded",
    )
    (locked.payment,) = payments.explain(entry=entry, parts=[part], by=by)
    locked.save()
    _record(by, "refund.paid", locked)
    return locked


def reference(refund: Refund) -> str:
    """The reference of the transfer that pays a refund; one that was undone had another."""
    again = f":{refund.times_undone + 1}" if refund.times_undone else ""
    return f"refund:{refund.pk}:paid{again}"


@transaction.atomic
def undo_paid(*, refund: Refund, reason: str, by: User) -> Refund:
    """Say that a payment on a statement was not this refund: it waits to be paid again.

    Raises:
        NotTreasurer.
        WrongState: no statement shows it.
        ValidationError: no reason.
    """
    locked = _lock(refund)
    access.require_treasurer(actor=by, fund=locked.deposit.fund)
    if locked.payment is None:
        raise WrongStep("wrong_state")
    payments.undo(part=locked.payment, reason=reason, by=by)
    locked.payment = None
    locked.times_undone += 1
    locked.save()
    _record(by, "refund.payment_undone", locked)
    return locked


def confirm_from_statement(*, fund: Fund, entries: Sequence[BankEntry]) -> None:
    """Confirm each refund that one new payment shows by its account and amount, and no other."""
    debits = [entry for entry in entries if entry.amount_cents < 0]
    if not debits:
        return
    for refund in awaiting_payment(fund):
        fitting = [
            entry
            for entry in debits
            if entry.iban == refund.iban and -entry.amount_cents == refund.amount_cents
        ]
        if len(fitting) == 1:
            confirm_paid(refund=refund, entry=fitting[0])
            debits.remove(fitting[0])


def _lock(refund: Refund) -> Refund:
    deposit = desk.lock(refund.deposit)
    locked = Refund.objects.get(pk=refund.pk)
    locked.deposit = deposit
    return locked


def _record(by: User | None, action: str, refund: Refund) -> None:
    trail.record(
        actor=by,
        action=action,
        subject=refund,
        region_code=refund.deposit.fund.region.code,
        amount_cents=refund.amount_cents,
    )
