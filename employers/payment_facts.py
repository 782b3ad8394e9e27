"""What must be in the ledger because of payments on statements, refunds and bank costs."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Concat

from budgetpool.bank import undone
from budgetpool.bank.models import BankEntry, PaymentPart, UndonePart
from budgetpool.fund.facts import FactSource, account, joined, key_of_account, tell
from employers.deposits import pairing
from employers.models import Charge, Refund


def day_of(payment: str) -> Case:
    """The day on which a part counts: its line's, or that of booking where it was explained anew.

    Args:
        payment: the column with the part.
    """
    on_line = When(**{f"{payment}__is_late": False}, then=F(f"{payment}__entry__date"))
    return Case(on_line, default=None)


def number_of(times_undone: str) -> Case:
    """The end of a reference of what was undone before: nothing, `:2`, `:3`."""
    again = Concat(Value(":"), Cast(F(times_undone) + 1, CharField()), output_field=CharField())
    return Case(When(**{times_undone: 0}, then=Value("")), default=again, output_field=CharField())


def _payments() -> Sequence[QuerySet[Any, Any]]:
    """Per payment on a statement that it left the bank."""
    left = tell(
        joined(
            BankEntry.objects.filter(amount_cents__lt=0), fund="fund", unexplained=["unexplained"]
        ),
        reference=["bank-entry:", F("pk"), ":left"],
        amount=-F("amount_cents"),
        debit=key_of_account("unexplained"),
        credit=F("statement__fund_iban__account"),
        memo="unexplained_payment",
        day=F("date"),
    )
    return [left]


def _contradictions() -> Iterator[str]:
    """Parts of payments that differ from their transfers, or explain more than was paid."""
    otherwise = PaymentPart.objects.exclude(
        amount_cents=F("transfer__amount_cents"), entry__fund=F("transfer__fund")
    )
    # A part counts on its line's day, but for what is explained anew and for two lines together.
    before = UndonePart.objects.filter(
        part__entry=OuterRef("entry"), undone_at__lte=OuterRef("explained_at")
    )
    late = PaymentPart.objects.filter(is_late=True).exclude(transfer__memo__in=pairing.KINDS)
    early = PaymentPart.objects.filter(is_late=False)
    for parts in (otherwise, late.exclude(Exists(before)), early.filter(Exists(before))):
        yield from (f"payment part {pk}" for pk in parts.values_list("pk", flat=True)[:50])
    right = Q(reference=F("part__transfer__reference"), account=F("part__transfer__debit"))
    wrong = UndonePart.objects.exclude(right)
    yield from (f"undone part {pk}" for pk in wrong.values_list("pk", flat=True)[:50])
    too_much = (
        BankEntry.objects.filter(payment_parts__isnull=False)
        .annotate(
            explained=Sum(
                "payment_parts__amount_cents", filter=Q(payment_parts__undone__isnull=True)
            )
        )
        .filter(explained__gt=-F("amount_cents"))
    )
    yield from (f"bank entry {pk}" for pk in too_much.values_list("pk", flat=True)[:50])


def _refunds() -> Sequence[QuerySet[Any, Any]]:
    """Per refund that the bank confirmed, and per one of which that was wrong."""
    paid = tell(
        Refund.objects.filter(payment__isnull=False),
        reference=["refund:", F("pk"), ":paid", number_of("times_undone")],
        amount="amount_cents",
        debit=account(fund="deposit__fund", code=["suspense"]),
        credit=account(fund="deposit__fund", code=["unexplained"]),
        memo="refunded",
        day=day_of("payment"),
    )
    return [paid, *undone.told("refund:")]


def _refund_contradictions() -> Iterator[str]:
    """Refunds that are called paid by a part that was undone, or of another amount."""
    paid = Refund.objects.filter(payment__isnull=False)
    wrong = paid.filter(payment__undone__isnull=False) | paid.exclude(
        payment__amount_cents=F("amount_cents")
    )
    yield from (f"refund {pk}" for pk in wrong.order_by("pk").values_list("pk", flat=True)[:50])


def _charges() -> Sequence[QuerySet[Any, Any]]:
    """Per costs or tax that was approved: explained, borne by the pool, and both undone."""
    approved = Charge.objects.filter(approved_at__isnull=False, entry__amount_cents__lt=0).annotate(
        costs=account(fund="fund", code=["costs"]),
        unexplained=account(fund="fund", code=["unexplained"]),
        pool=account(fund="fund", code=["pool"]),
        day=Case(When(payment__is_late=True, then=None), default=F("entry__date")),
    )
    gone = approved.filter(withdrawn_at__isnull=False)
    steps = (("explained", F("costs"), F("unexplained")), ("borne", F("pool"), F("costs")))
    booked = [
        tell(
            approved,
            reference=["charge:", F("pk"), f":{verb}"],
            amount="amount_cents",
            debit=debit,
            credit=credit,
            memo=F("kind"),
            day=F("day"),
        )
        for verb, debit, credit in steps
    ]
    corrected = [
        tell(
            gone,
            reference=["charge:", F("pk"), f":{verb}:corrected"],
            amount="amount_cents",
            debit=credit,
            credit=debit,
            memo="correction",
        )
        for verb, debit, credit in steps
    ]
    return booked + corrected


def _charge_contradictions() -> Iterator[str]:
    """Charges of more than their line, and approved ones of payments without their part."""
    approved = Charge.objects.filter(approved_at__isnull=False)
    debits = approved.filter(entry__amount_cents__lt=0)
    wrong = (
        approved.filter(entry__amount_cents__gt=0, amount_cents__gt=F("entry__amount_cents"))
        | debits.filter(amount_cents__gt=-F("entry__amount_cents"))
        | debits.filter(withdrawn_at=None, payment__undone__isnull=False)
    )
    yield from (f"charge {pk}" for pk in wrong.order_by("pk").values_list("pk", flat=True)[:50])


payments = FactSource(
    name="payments", prefix="bank-entry:", rows=_payments, contradictions=_contradictions
)
refunds = FactSource(
    name="refunds", prefix="refund:", rows=_refunds, contradictions=_refund_contradictions
)
charges = FactSource(
    name="charges", prefix="charge:", rows=_charges, contradictions=_charge_contradictions
)
