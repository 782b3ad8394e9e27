"""Pays a deposit back before it is committed: asked by one person, approved by another.

The money waits in suspense until a bank statement shows that it left.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models.query import QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.bank import payments
from budgetpool.bank.models import BankEntry
from budgetpool.bank.reasons import euros
from budgetpool.fund.iban import clean_iban
from budgetpool.fund.models import Fund
from budgetpool.users.models import User
from employers import access, accounts
from employers.deposits import desk
from employers.errors import NoIban, TooMuch, WrongState
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
    """Ask to pay a deposit back, wholly or in part; a match is undone first.

    Args:
        amount_cents: all of it if absent.
        iban: where the bank does not say from which account it came.

    Raises:
        NotTreasurer: the actor is no treasurer of the fund.
        TooMuch: more than the deposit.
        NoIban: no account to pay it to.
        AlreadySpent: the pool holds less than the deposit by now.
        ValidationError: no reason, a wrong IBAN, or a refund is under way.
    """
    locked = desk.lock(deposit)
    access.require_treasurer(actor=by, fund=locked.fund)
    amount = locked.amount_cents if amount_cents is None else amount_cents
    if not 0 < amount <= locked.amount_cents:
        raise TooMuch(most=euros(locked.amount_cents))
    target = iban or locked.entry.iban
    if not target:
        raise NoIban
    if desk.current_match(locked) is not None:
        desk.undo(deposit=locked, reason=reason, by=by)
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

    Raises:
        NotTreasurer, SamePerson, WrongState.
    """
    locked = _lock(refund)
    access.require_treasurer(actor=by, fund=locked.deposit.fund)
    locked.approve_as(by)
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
        raise WrongState
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
    """
    locked = _lock(refund)
    if not locked.approved_at or locked.withdrawn_at or locked.payment_id:
        raise WrongState
    part = payments.Part(
        debit=accounts.suspense(locked.deposit.fund),
        amount_cents=locked.amount_cents,
        reference=f"refund:{locked.pk}:paid",
        memo="refunded",
    )
    (locked.payment,) = payments.explain(entry=entry, parts=[part], by=by)
    locked.save()
    _record(by, "refund.paid", locked)
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
