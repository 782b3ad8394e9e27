"""Money that left the bank: booked as unexplained, then explained part by part.

A statement's debit first moves from the bank to the account `unexplained`. Whoever knows what it
was for (a payout, a refund, costs) explains it, and the claim that paid takes its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.db.models.query import QuerySet

from budgetpool.audit import trail
from budgetpool.bank.errors import MoreThanPaid, NotAPayment
from budgetpool.bank.models import BankEntry, PaymentPart
from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Fund
from budgetpool.users.models import User


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
    if entry.amount_cents >= 0:
        raise NotAPayment(entry=entry.pk)
    rows = BankEntry.objects.filter(pk=entry.pk).select_related("fund__region")
    if connection.features.has_select_for_no_key_update:
        rows = rows.select_for_update(no_key=True, of=("self",))
    locked = rows.get()
    known = {
        part.transfer.reference: part for part in locked.payment_parts.select_related("transfer")
    }
    fresh = [part for part in parts if part.reference not in known]
    left = -locked.amount_cents - sum(part.amount_cents for part in known.values())
    asked = sum(part.amount_cents for part in fresh)
    if asked > left:
        raise MoreThanPaid(entry=entry.pk, left_cents=left, asked_cents=asked)
    unexplained = unexplained_account(locked.fund)
    transfers = ledger.post_many(
        ledger.Entry(
            debit=part.debit,
            credit=unexplained,
            amount=part.amount_cents,
            reference=part.reference,
            memo=part.memo,
            value_date=locked.date,
            posted_by=by,
        )
        for part in fresh
    )
    for part, transfer in zip(fresh, transfers, strict=True):
        known[part.reference] = PaymentPart.objects.create(
            entry=locked, amount_cents=part.amount_cents, transfer=transfer, explained_by=by
        )
    if fresh:
        trail.record(
            actor=by,
            action="payment.explained",
            subject=locked,
            region_code=locked.fund.region.code,
            parts=[part.reference for part in fresh],
        )
    return [known[part.reference] for part in parts]


def unexplained(fund: Fund) -> QuerySet[BankEntry]:
    """Payments of a fund that are not wholly explained; `left_cents` says how much is not."""
    return (
        BankEntry.objects.filter(fund=fund, amount_cents__lt=0)
        .annotate(left_cents=-F("amount_cents") - Coalesce(Sum("payment_parts__amount_cents"), 0))
        .filter(left_cents__gt=0)
        .order_by("date", "pk")
    )
