"""What the bank did with our payments, read from its statements by their end-to-end ids.

A payment moves an award's money when a statement shows it, not when it was asked for. Money that
a bank sends back goes to the award's account again, and the payment to the desk. What was said
wrongly is undone by `allocation.payouts.unsaying`.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.db.models import Q, Sum

from allocation import lives
from allocation.decisions import awards
from allocation.models import Award, PaymentBatch, Payout
from allocation.payouts import by_text, ending
from allocation.payouts.planning import record
from allocation.rules import payer_access
from budgetpool.bank import payments, shown
from budgetpool.bank.models import BankEntry
from budgetpool.fund.models import Fund
from budgetpool.keys import key_of
from budgetpool.refusals import NotReady, WrongStep
from budgetpool.users.models import User
from employers.deposits import desk, room
from employers.models import Deposit

Status = Payout.Status
PREFIX = "BP-"
# At the bank: sent, or refused by an answer of the bank that a statement may still contradict.
AT_BANK: Final = Q(status=Status.BATCHED) | Q(
    status=Status.REJECTED, returned_by=None, retried_by=None, rejected_by__isnull=False
)
# What a bank keeps of a payment that it sends back is a fee, and never more than this.
MOST_KEPT_CENTS: Final = 25_00


@dataclass(slots=True)
class Confirmed:
    """What became clear: payments that were paid, that came back, and entries that fit nothing."""

    paid: list[Payout] = field(default_factory=list)
    returned: list[Payout] = field(default_factory=list)
    unclear: list[BankEntry] = field(default_factory=list)


def confirm(*, fund: Fund, actor: User) -> Confirmed:
    """Look for our payments in the fund's statements once more; asking twice is harmless.

    Raises:
        NotAllowed: no treasurer of the fund.
    """
    payer_access.require_treasurer(actor, fund)
    return find(fund=fund, actor=actor)


def find(*, fund: Fund, actor: User | None) -> Confirmed:
    """The same for a caller who checked that the actor may; each new statement asks it.

    An entry counts when its end-to-end id and its amount are a payment's, when it has none and
    tells one payment otherwise (`by_text`), or when it names a batch (by the message id or by the
    number of the batch in the file) and is what the bank still had to pay of it. Anything else with
    an id of ours is unclear and stays with the treasurer, and so does what cannot be booked, such
    as a line whose money went to another account: it never keeps a statement out of the books.

    Args:
        actor: None for the system itself.
    """
    found = Confirmed()
    batches = list(
        PaymentBatch.objects.filter(
            fund=fund,
            status=PaymentBatch.Status.APPROVED,
            payouts__status=Status.BATCHED,
        ).distinct()
    )
    at_bank = by_text.known(Payout.objects.filter(AT_BANK, payee__fund=fund))
    for entry in payments.unexplained(fund):
        payout = _payout(entry, fund, AT_BANK) or by_text.find(entry, at_bank)
        batch = next((batch for batch in batches if _names(entry, batch)), None)
        if payout is None and batch is None:
            continue
        ours: list[Payout] = []
        if payout is not None and payout.amount_cents == -entry.amount_cents:
            ours = [payout]
        elif batch is not None and _open_cents(batch) == -entry.amount_cents:
            ours = list(batch.payouts.filter(status=Status.BATCHED))
        try:
            paid = _paid(ours, entry, actor) if ours else []
        except NotReady:
            paid = []
        found.paid += paid
        if not paid:
            found.unclear.append(entry)
    _find_returned(fund, actor, found)
    return found


def confirm_payouts(*, payouts: Sequence[Payout], entry: BankEntry, actor: User) -> list[Payout]:
    """Say that payments at the bank are parts of one entry of a statement.

    Nothing comes back, and nothing happened, when one of them is not at the bank any more.

    Raises:
        NotAllowed: no treasurer of the fund.
        NotReady: `more_than_paid`: they are more than is left of the entry; `other_fund`;
            `batch_not_approved`; `other_account`: the entry shows another account than the
            payee's; `nobody_to_tell`: it shows none, and nobody else could be told.
    """
    payer_access.require_treasurer(actor, entry.fund)
    keys = [payout.pk for payout in payouts]
    at_bank = Payout.objects.filter(pk__in=keys, payee__fund=entry.fund_id)
    if len(at_bank) != len(keys):
        raise NotReady("other_fund")
    if at_bank.exclude(batch__status=PaymentBatch.Status.APPROVED).exists():
        raise NotReady("batch_not_approved")
    return _paid(list(at_bank.order_by("pk")), entry, actor)


def returned(
    *, payout: Payout, deposit: Deposit, actor: User, amount_cents: int | None = None
) -> Payout:
    """Say that a deposit, or a part of it, is a payment of ours that came back.

    The award has its money again. What the bank kept of it, at most EUR 25.00, the pool bears.

    Args:
        amount_cents: what came back; all that is left of the deposit if absent.

    Raises:
        NotAllowed: no treasurer of the fund.
        WrongStep: the payment is not known as paid.
        NotReady: `other_amount`; `other_fund`.
        AlreadyMatched: somebody said otherwise about the deposit before.
    """
    payer_access.require_treasurer(actor, payout.payee.fund)
    return _returned(payout, deposit, actor, amount_cents)


def _returned(
    payout: Payout, deposit: Deposit, actor: User | None, amount_cents: int | None = None
) -> Payout:
    with transaction.atomic():
        locked = desk.lock(deposit)
        fresh = _locked(payout.pk)
        to = lives.PAYOUT.after("returned", fresh.status)
        if amount_cents is None:
            amount_cents = desk.free_cents(locked) or locked.amount_cents
        kept = fresh.amount_cents - amount_cents
        if not 0 <= kept <= MOST_KEPT_CENTS:
            raise NotReady("other_amount", total_cents=fresh.amount_cents, entry_cents=amount_cents)
        # After the determination the award's account is closed: the money goes on to the pool.
        closed = fresh.award.status in (Award.Status.DETERMINED, Award.Status.RECOVERED)
        desk.place(
            deposit=locked,
            account=ending.pool_of(fresh.award) if closed else fresh.award.account,
            memo=desk.RETURNED,
            by=actor,
            amount_cents=amount_cents,
            kept_cents=0 if closed else kept,
        )
        fresh.status, fresh.returned_by = to, locked.entry
        fresh.reason = locked.entry.return_reason or ""
        fresh.full_clean()
        fresh.save()
        record(actor, "payout.returned", fresh)
    return fresh


def _find_returned(fund: Fund, actor: User | None, found: Confirmed) -> None:
    deposits = (
        Deposit.objects.filter(fund=fund, entry__end_to_end_id__startswith=PREFIX)
        .exclude(matches__undone_at__isnull=True, matches__isnull=False)
        .select_related("entry", "fund__region")
        .order_by("pk")
    )
    for deposit in deposits:
        payout = _payout(deposit.entry, fund, Q(status=Status.PAID))
        if payout is None or payout.amount_cents != deposit.amount_cents:
            found.unclear.append(deposit.entry)
            continue
        try:
            found.returned.append(_returned(payout, deposit, actor))
        except NotReady:
            found.unclear.append(deposit.entry)
    _find_returned_by_text(fund, actor, found)


def _find_returned_by_text(fund: Fund, actor: User | None, found: Confirmed) -> None:
    """The same where the bank leaves out the number, as long as the award goes on.

    After that money of the same payee is more likely paid back by itself: somebody looks at it.
    """
    goes_on = (Award.Status.ACCEPTED, Award.Status.ADVANCED)
    paid = by_text.known(
        Payout.objects.filter(status=Status.PAID, payee__fund=fund, award__status__in=goes_on)
    )
    deposits = (
        Deposit.objects.filter(
            fund=fund,
            entry__end_to_end_id="",
            entry__iban__in={iban for iban, _cents in paid},
        )
        .exclude(matches__undone_at__isnull=True, matches__isnull=False)
        .select_related("entry", "fund__region")
        .order_by("pk")
    )
    for deposit in deposits:
        payout = by_text.find(deposit.entry, paid)
        if payout is None or payout.amount_cents != desk.free_cents(deposit):
            continue
        with suppress(NotReady, WrongStep):
            found.returned.append(_returned(payout, deposit, actor))


def _paid(payouts: list[Payout], entry: BankEntry, actor: User | None) -> list[Payout]:
    with transaction.atomic():
        fresh = [_locked(payout.pk) for payout in payouts]
        if Payout.objects.filter(AT_BANK, pk__in=[row.pk for row in fresh]).count() < len(fresh):
            return []
        _require_accounts(fresh, entry, actor)
        room.require(entry, sum(payout.amount_cents for payout in fresh))
        parts = payments.explain(
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
        for payout, part in zip(fresh, parts, strict=True):
            payout.status, payout.entry, payout.paid_on = Status.PAID, entry, entry.date
            payout.payment, payout.rejected_by, payout.reason = part, None, ""
            payout.full_clean()
            payout.save()
            record(actor, "payout.paid", payout)
            is_first = payout.kind == Payout.Kind.ADVANCE
            if is_first and payout.award.status == Award.Status.ACCEPTED:
                awards.take(award=payout.award, step="advance", actor=actor)
    return fresh


def _require_accounts(payouts: list[Payout], entry: BankEntry, actor: User | None) -> None:
    """That money went where it was to go, as far as the bank shows it; else others hear of it.

    A file may be altered between its approval and the bank; what a bank books as one amount shows
    no accounts, or only the first.
    """
    ibans = {payout.payee.iban for payout in payouts}
    is_shown = len(ibans) == 1 and shown.require_account(entry, ibans.pop())
    if not is_shown:
        shown.tell_unseen(
            entry,
            what="unseen",
            amount_cents=sum(payout.amount_cents for payout in payouts),
            key=f"payout-{payouts[0].pk}",
            by=actor,
        )


def reference(payout: Payout) -> str:
    """The reference of the transfer that takes a payment from its award."""
    again = f":{payout.times_undone + 1}" if payout.times_undone else ""
    return f"payout:{payout.pk}:paid{again}"


def _payout(entry: BankEntry, fund: Fund, which: Q) -> Payout | None:
    number = key_of(entry.end_to_end_id.removeprefix(PREFIX))
    if number is None or not entry.end_to_end_id.startswith(PREFIX):
        return None
    return Payout.objects.filter(
        which,
        pk=number,
        payee__fund=fund,
        batch__status=PaymentBatch.Status.APPROVED,
    ).first()


def _names(entry: BankEntry, batch: PaymentBatch) -> bool:
    """Whether a line says that it is this batch: in the fields for that, or in its texts."""
    numbers = [batch.message_id, batch.payment_information_id or batch.message_id]
    texts = (
        entry.message_id or "",
        entry.payment_information_id or "",
        entry.bank_reference,
        entry.reference,
        entry.end_to_end_id,
        entry.remittance,
    )
    return any(number in text for number in numbers for text in texts)


def _open_cents(batch: PaymentBatch) -> int:
    """What the bank still has to pay of a batch: without what it rejected or paid by itself."""
    still = batch.payouts.filter(status=Status.BATCHED)
    return still.aggregate(sum=Sum("amount_cents"))["sum"] or 0


def _locked(key: int) -> Payout:
    return (
        Payout.objects.select_for_update(of=("self",))
        .select_related("award__account", "batch", "payee__fund__region")
        .get(pk=key)
    )
