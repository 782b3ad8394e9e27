"""Payment batches: made by one, approved by another, and written for the bank exactly once."""

import hashlib
from datetime import date

from django.db import transaction
from django.utils import timezone

from allocation import lives
from allocation.models import Payee, PaymentBatch, Payout
from allocation.payouts import pain, payees
from allocation.rules import payer_access
from budgetpool.audit import trail
from budgetpool.fund import second_person
from budgetpool.fund.models import Fund, FundIban
from budgetpool.refusals import NotAllowed, NotReady, Refusal
from budgetpool.users.models import User

Status = PaymentBatch.Status


def ready(fund: Fund, *, by: User) -> tuple[list[Payout], list[tuple[Payout, Refusal]]]:
    """The planned payments that can go into a batch now, and those that cannot with the reason.

    Args:
        by: who would make the batch; somebody else pays to this person, and to their school.
    """
    planned = (
        Payout.objects.filter(status=Payout.Status.PLANNED, payee__fund=fund)
        .select_related(
            "payee__fund__region",
            "payee__provider",
            "payee__worker__user",
            "award__request",
            "invoice",
        )
        .order_by("pk")
    )
    can: list[Payout] = []
    cannot: list[tuple[Payout, Refusal]] = []
    own: dict[int, NotAllowed | None] = {}
    for payout in planned:
        payee = payout.payee
        if payee.pk not in own:
            own[payee.pk] = _interest(by, payee)
        try:
            payees.require_usable(payee)
            if (refused := own[payee.pk]) is not None:
                raise refused
        except Refusal as error:
            cannot.append((payout, error))
        else:
            can.append(payout)
    return can, cannot


def prepare(*, fund: Fund, execution_on: date, actor: User) -> PaymentBatch:
    """Put all payments that can go into one file; its bytes and message id are stored now.

    Raises:
        NotAllowed: no treasurer of the fund.
        NotReady: `nothing_to_pay`, `no_bank_account`, or `date_passed`.
    """
    second_person.require_first("batch", by=actor, fund=fund)
    if execution_on < timezone.localdate():
        raise NotReady("date_passed", date=execution_on.isoformat())
    with transaction.atomic():
        Fund.objects.select_for_update().get(pk=fund.pk)
        payouts, _ = ready(fund, by=actor)
        if not payouts:
            raise NotReady("nothing_to_pay", fund=fund.pk)
        paid_from = FundIban.objects.filter(fund=fund, is_main=True).first()
        if paid_from is None:
            raise NotReady("no_bank_account", fund=fund.pk)
        file = pain.write(
            payer_name=paid_from.holder_name,
            payer_iban=paid_from.iban,
            execution_on=execution_on,
            payments=[_payment(payout) for payout in payouts],
        )
        batch = PaymentBatch(
            fund=fund,
            paid_from=paid_from,
            message_id=file.message_id,
            payment_information_id=file.payment_information_id,
            execution_on=execution_on,
            payments_count=len(payouts),
            total_cents=sum(payout.amount_cents for payout in payouts),
            xml=file.xml,
            xml_sha256=hashlib.sha256(file.xml).hexdigest(),
            made_by=actor,
        )
        batch.full_clean()
        batch.save()
        Payout.objects.filter(pk__in=[payout.pk for payout in payouts]).update(
            status=Payout.Status.BATCHED, batch=batch
        )
        _record(actor, "batch.prepared", batch)
    return batch


def approve(*, batch: PaymentBatch, sha256: str, actor: User) -> PaymentBatch:
    """A second person approves the file that they saw; only then can it be fetched.

    Args:
        sha256: the digest on the page that the approver read.

    Raises:
        NotAllowed: no treasurer or board member, or `same_person` as made it; `own_interest` of
            who is paid by it. No role, also not a superuser's, takes the place of the second
            person.
        WrongStep: it is not waiting for approval.
        NotReady: `other_file`; or a payee was changed since: `payee_ended`.
    """
    with transaction.atomic():
        fresh = _locked(batch)
        second_person.require_second("batch", by=actor, fund=fresh.fund, first=fresh.made_by_id)
        to = lives.BATCH.after("approve", fresh.status)
        if fresh.xml_sha256 != sha256:
            raise NotReady("other_file", batch=fresh.pk)
        for payee in Payee.objects.filter(payouts__batch=fresh).distinct():
            payees.require_usable(payee)
            payees.require_no_interest(actor, payee)
        fresh.status = to
        fresh.approved_by, fresh.approved_at = actor, timezone.now()
        fresh.full_clean()
        fresh.save()
        _record(actor, "batch.approved", fresh)
    return fresh


def withdraw(*, batch: PaymentBatch, reason: str, actor: User) -> PaymentBatch:
    """Take back a batch that was not approved; its payments wait for another one.

    Raises:
        NotAllowed: no treasurer or board member of the fund.
        WrongStep: it was approved: then only the bank can stop it.
        NotReady: `reason_missing`.
    """
    second_person.require_second("batch", by=actor, fund=batch.fund, first=None)
    if not reason.strip():
        raise NotReady("reason_missing", batch=batch.pk)
    with transaction.atomic():
        fresh = _locked(batch)
        to = lives.BATCH.after("withdraw", fresh.status)
        fresh.payouts.update(status=Payout.Status.PLANNED, batch=None)
        fresh.status, fresh.withdrawn_by, fresh.withdrawn_reason = to, actor, reason
        fresh.full_clean()
        fresh.save()
        _record(actor, "batch.withdrawn", fresh)
    return fresh


def fetch(*, batch: PaymentBatch, actor: User) -> bytes:
    """The stored bytes of an approved batch, for the bank; each fetch is written down.

    Raises:
        NotAllowed: no treasurer of the fund.
        WrongStep: it is not approved.
        NotReady: `file_gone`: its term is over, and its bytes were destroyed.
    """
    payer_access.require_treasurer(actor, batch.fund)
    lives.BATCH.check("fetch", batch.status)
    if not batch.xml:
        raise NotReady("file_gone", batch=batch.pk)
    _record(actor, "batch.fetched", batch)
    return bytes(batch.xml)


def _interest(actor: User, payee: Payee) -> NotAllowed | None:
    try:
        payees.require_no_interest(actor, payee)
    except NotAllowed as refused:
        return refused
    return None


def _payment(payout: Payout) -> pain.Payment:
    return pain.Payment(
        end_to_end_id=payout.end_to_end_id,
        name=payout.payee.holder_name,
        iban=payout.payee.iban,
        amount_cents=payout.amount_cents,
        description=payout.description,
    )


def _locked(batch: PaymentBatch) -> PaymentBatch:
    return (
        PaymentBatch.objects.select_for_update(of=("self",))
        .select_related("fund__region")
        .get(pk=batch.pk)
    )


def _record(actor: User, action: str, batch: PaymentBatch) -> None:
    trail.record(
        actor=actor,
        action=action,
        subject=batch,
        region_code=batch.fund.region.code,
        payments=batch.payments_count,
        total_cents=batch.total_cents,
        sha256=batch.xml_sha256,
    )
