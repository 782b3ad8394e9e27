"""What was said about a line and stands, part by part; and each part undone."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from allocation.payouts import unsaying
from allocation.rules import payer_access
from budgetpool.bank import payments
from budgetpool.bank.models import BankEntry, PaymentPart
from budgetpool.fund.memos import memo_text
from budgetpool.fund.models import Account
from budgetpool.refusals import NotReady
from budgetpool.users.models import User
from employers.deposits import charges, desk, refunds
from employers.models import Charge, Deposit, DepositMatch, Refund


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a line.

    Args:
        key: names it for `undo`, such as `match-12`.
        what: what it is, in words; `whom`: of whom, or which.
        waits: a second person has to approve it, or the bank to pay it.
        is_bound: it cannot be undone here.
    """

    key: str
    what: str
    whom: str
    cents: int
    waits: bool = False
    is_bound: bool = False


def of(entry: BankEntry) -> list[Part]:
    """The parts of a line, in the order in which they were said."""
    return list(_of_credit(entry) if entry.is_credit else _of_debit(entry))


@transaction.atomic
def undo(*, entry: BankEntry, part: str, reason: str, actor: User) -> None:
    """Take a part back by correcting transfers: it is to be explained again.

    Raises:
        NotAllowed: no treasurer of the fund.
        NotReady: `no_such_part`, or why this kind cannot be undone any more.
        ValidationError: no reason.
    """
    payer_access.require_treasurer(actor, entry.fund)
    if part not in {one.key for one in of(entry) if not one.is_bound}:
        raise NotReady("no_such_part")
    kind, _dash, key = part.partition("-")
    if kind == "match":
        _undo_match(DepositMatch.objects.get(pk=key), reason, actor)
    elif kind == "refund":
        refunds.withdraw(refund=Refund.objects.get(pk=key), by=actor)
    elif kind == "charge":
        charges.withdraw(charge=Charge.objects.get(pk=key), by=actor)
    else:
        _undo_payment(PaymentPart.objects.get(pk=key), reason, actor)


def _undo_match(match: DepositMatch, reason: str, actor: User) -> None:
    if match.memo == desk.RETURNED:
        unsaying.unsay_returned(match=match, reason=reason, actor=actor)
    else:
        desk.undo_match(match=match, reason=reason, by=actor)


def _undo_payment(part: PaymentPart, reason: str, actor: User) -> None:
    """By what the part was for, which has to know that it is not paid."""
    if hasattr(part, "payout"):
        unsaying.unsay_paid(payout=part.payout, reason=reason, actor=actor)
    elif hasattr(part, "refund"):
        refunds.undo_paid(refund=part.refund, reason=reason, by=actor)
    elif hasattr(part, "charge"):
        charges.undo(charge=part.charge, reason=reason, by=actor)
    else:
        desk.undo_match(match=_match_of(part), reason=reason, by=actor)


def _match_of(part: PaymentPart) -> DepositMatch:
    """The other side of two lines that are one event."""
    _prefix, deposit, _verb, number = part.transfer.reference.split(":")
    return DepositMatch.objects.select_related("deposit__entry").get(
        deposit=int(deposit), number=int(number)
    )


def _of_credit(entry: BankEntry) -> Iterator[Part]:
    deposit = Deposit.objects.get(entry=entry)
    for match in desk.standing(deposit):
        what = memo_text(match.memo or ("matched" if match.contribution else "gift"))
        whom = str(match.contribution or match.employer or match.account)
        if match.contribution:
            whom = f"{match.employer}, {match.contribution}"
        yield Part(f"match-{match.pk}", what, whom, match.amount_cents)
    for refund in deposit.refunds.filter(withdrawn_at=None):
        yield Part(
            f"refund-{refund.pk}",
            memo_text("refunded"),
            refund.reason,
            refund.amount_cents,
            waits=refund.payment_id is None,
            is_bound=refund.payment_id is not None,
        )
    yield from _waiting_charges(entry)


def _of_debit(entry: BankEntry) -> Iterator[Part]:
    rows = payments.parts_of(entry).select_related(
        "transfer__debit", "payout__payee", "refund__deposit__entry", "charge"
    )
    for part in rows.order_by("pk"):
        yield Part(f"part-{part.pk}", memo_text(part.transfer.memo), _whom(part), part.amount_cents)
    yield from _waiting_charges(entry)


def _waiting_charges(entry: BankEntry) -> Iterator[Part]:
    for charge in entry.charges.filter(approved_at=None, withdrawn_at=None):
        yield Part(
            f"charge-{charge.pk}", memo_text(charge.kind), charge.reason, charge.amount_cents, True
        )


def _whom(part: PaymentPart) -> str:
    if hasattr(part, "payout"):
        return f"{part.payout}, {part.payout.payee}"
    if hasattr(part, "refund"):
        return part.refund.name
    if hasattr(part, "charge"):
        return part.charge.reason
    if part.transfer.debit.kind == Account.Kind.SUSPENSE:
        return str(_match_of(part).deposit.entry.statement.fund_iban)
    return str(part.transfer.debit)
