"""Money that left the bank: booked as unexplained, then explained part by part.

A statement's debit first moves from the bank to the account `unexplained`. Whoever knows what it
was for (a payout, a refund, costs) explains it, and the claim that paid takes its place. A part
that was wrong is undone by a correcting transfer, and what it explained is open again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.bank.models import BankEntry, PaymentPart, UndonePart
from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Fund, Transfer
from budgetpool.refusals import NotReady, WrongStep
from budgetpool.users.models import User

STANDS = Q(payment_parts__undone__isnull=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a part of a payment was for.

    Args:
        debit: the account that the money is taken from: an award, suspense, costs.
        amount_cents: how much of the payment, in cents.
        reference: of the transfer, such as `payout:17:paid`.
        memo: a code of `budgetpool.fund.memos`.
    """

    debit: Account
    amount_cents: int
    reference: str
    memo: str


def unexplained_account(fund: Fund) -> Account:
    """The account for what left the bank and is not explained yet."""
    return ledger.open_account(fund=fund, kind=Account.Kind.UNEXPLAINED, code="unexplained")


def left_the_bank(entry: BankEntry, *, bank: Account, unexplained: Account) -> ledger.Entry:
    """The posting of a debit of a statement."""
    return ledger.Entry(
        debit=unexplained,
        credit=bank,
        amount=-entry.amount_cents,
        reference=f"bank-entry:{entry.pk}:left",
        memo="unexplained_payment",
        value_date=entry.date,
    )


@transaction.atomic
def explain(
    *, entry: BankEntry, parts: Sequence[Part], by: User | None = None
) -> list[PaymentPart]:
    """Say what a payment was for, wholly or in part; asking twice is harmless.

    Raises:
        NotAPayment: the entry is money that came in.
        MoreThanPaid: the parts are more than what is still unexplained.
        NotEnoughMoney: an account holds less than its part.
    """
    locked = _lock(entry)
    standing = _standing(locked)
    known = {part.transfer.reference: part for part in standing}
    fresh = [part for part in parts if part.reference not in known]
    _require_left(locked, sum(part.amount_cents for part in fresh))
    unexplained = unexplained_account(locked.fund)
    # What is explained anew counts today: the line's month may be closed.
    is_late = UndonePart.objects.filter(part__entry=locked).exists()
    transfers = ledger.post_many(
        ledger.Entry(
            debit=part.debit,
            credit=unexplained,
            amount=part.amount_cents,
            reference=part.reference,
            memo=part.memo,
            value_date=None if is_late else locked.date,
            posted_by=by,
        )
        for part in fresh
    )
    for part, transfer in zip(fresh, transfers, strict=True):
        known[part.reference] = PaymentPart.objects.create(
            entry=locked,
            amount_cents=part.amount_cents,
            transfer=transfer,
            explained_by=by,
            is_late=is_late,
        )
    if fresh:
        _record(by, "payment.explained", locked, [part.reference for part in fresh])
    return [known[part.reference] for part in parts]


@transaction.atomic
def explain_by(*, entry: BankEntry, transfer: Transfer, by: User) -> PaymentPart:
    """Say that a transfer to `unexplained`, booked just now, was a part of this payment.

    Raises: as `explain`.
    """
    locked = _lock(entry)
    _require_left(locked, transfer.amount_cents)
    part = PaymentPart.objects.create(
        entry=locked,
        amount_cents=transfer.amount_cents,
        transfer=transfer,
        explained_by=by,
        is_late=True,
    )
    _record(by, "payment.explained", locked, [transfer.reference])
    return part


@transaction.atomic
def undo(*, part: PaymentPart, reason: str, by: User) -> UndonePart:
    """Take a wrong part back by a correcting transfer; its money is unexplained again.

    Raises:
        WrongState: it was undone before.
        ValidationError: no reason, or a long one.
    """
    if not reason.strip():
        raise ValidationError(_("Say why this part is wrong."), code="reason")
    locked = _lock(part.entry)
    standing = next((row for row in _standing(locked) if row.pk == part.pk), None)
    if standing is None:
        raise WrongStep("wrong_state")
    undone = UndonePart(
        part=standing,
        reference=standing.transfer.reference,
        account=standing.transfer.debit,
        reason=reason,
        undone_by=by,
        undone_at=timezone.now(),
    )
    undone.full_clean()
    ledger.correct(transfer=standing.transfer, note=reason, posted_by=by)
    undone.save()
    _record(by, "payment.undone", locked, [undone.reference])
    return undone


def parts_of(entry: BankEntry) -> QuerySet[PaymentPart]:
    """The parts of a payment that stand."""
    return entry.payment_parts.filter(undone=None).select_related("transfer__debit")


def left_cents(entry: BankEntry) -> int:
    """How much of a payment is not explained, in cents."""
    return -entry.amount_cents - sum(part.amount_cents for part in parts_of(entry))


def unexplained(fund: Fund) -> QuerySet[Any]:
    """Payments of a fund that are not wholly explained; `left_cents` says how much is not."""
    return (
        BankEntry.objects.filter(fund=fund, amount_cents__lt=0)
        .annotate(
            left_cents=-F("amount_cents")
            - Coalesce(Sum("payment_parts__amount_cents", filter=STANDS), 0)
        )
        .filter(left_cents__gt=0)
        .order_by("date", "pk")
    )


def _lock(entry: BankEntry) -> BankEntry:
    if entry.amount_cents >= 0:
        raise NotReady("not_a_payment", entry=entry.pk)
    rows = BankEntry.objects.filter(pk=entry.pk).select_related("fund__region")
    if connection.features.has_select_for_no_key_update:
        rows = rows.select_for_update(no_key=True, of=("self",))
    return rows.get()


def _standing(entry: BankEntry) -> list[PaymentPart]:
    return list(parts_of(entry))


def _require_left(entry: BankEntry, asked_cents: int) -> None:
    left = left_cents(entry)
    if asked_cents > left:
        raise NotReady("more_than_paid", entry=entry.pk, left_cents=left, asked_cents=asked_cents)


def _record(by: User | None, action: str, entry: BankEntry, references: list[str]) -> None:
    trail.record(
        actor=by,
        action=action,
        subject=entry,
        region_code=entry.fund.region.code,
        parts=references,
    )
