"""Payments that wait for a batch: a first part, the rest after proof, the worker's own costs."""

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from djmoney.money import Money

from allocation import lives
from allocation.models import Award, Invoice, Payee, Payout
from allocation.payouts import course, payees
from allocation.payouts.invoices import LIVE
from allocation.rules import payer_access
from budgetpool.audit import trail
from budgetpool.bank import holding, links
from budgetpool.bank.models import BankStatement
from budgetpool.fund.models import FundIban
from budgetpool.money import to_cents
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

Kind, Status = Payout.Kind, Payout.Status

# Paying in parts limits what has to be reclaimed when a training goes wrong.
ADVANCE_PERCENT: Final = 80
ADVANCE_DAYS_BEFORE_START: Final = 21


def advance(*, invoice: Invoice, actor: User) -> Payout:
    """Plan the first part of an invoice: 80%, rounded down to the cent.

    A provider that is only suspended is paid what was agreed: an investigation alone is no ground
    to withhold payment.

    Raises:
        NotAllowed: no treasurer of the fund.
        WrongStep: the award is not accepted, or paid already.
        NotReady: `too_early` with `from_on`; `not_started`: the training has no fixed day, and
            nobody said yet that it began; `invoice_withdrawn`; `nothing_left`: it was planned
            before; `no_payee`.

    Of EUR 950.00 the first part is EUR 760.00, the rest EUR 190.00.
    """
    with transaction.atomic():
        award = _locked(invoice.award, actor)
        lives.AWARD.check("plan_advance", award.status)
        begins_on = award.started_on or course.of(award).starts_on
        if begins_on is None:
            raise NotReady("not_started", award=award.pk)
        from_on = begins_on - timedelta(days=ADVANCE_DAYS_BEFORE_START)
        if timezone.localdate() < from_on:
            raise NotReady("too_early", from_on=from_on.isoformat())
        cents = invoice.amount_cents * ADVANCE_PERCENT // 100
        return _plan(award, Kind.ADVANCE, cents, actor, invoice=invoice)


def rest(*, invoice: Invoice, actor: User) -> Payout:
    """Plan what is left of an invoice, after proof that the training was completed.

    Raises:
        NotAllowed: no treasurer of the fund.
        WrongStep: the award is not completed.
        NotReady: `nothing_left`; `invoice_withdrawn`; `no_payee`.
    """
    with transaction.atomic():
        award = _locked(invoice.award, actor)
        lives.AWARD.check("plan_rest", award.status)
        cents = invoice.amount_cents - _sum(invoice.payouts.filter(status__in=LIVE))
        return _plan(award, Kind.REST, cents, actor, invoice=invoice)


def own_costs(*, award: Award, amount: Money, actor: User) -> Payout:
    """Plan the payment of travel, wage loss or childcare to the worker's own account.

    Raises:
        NotAllowed: no treasurer of the fund.
        WrongStep: the award is not accepted, or has ended.
        NotReady: `above_own_costs` with `most_cents`; `no_payee`.
    """
    with transaction.atomic():
        fresh = _locked(award, actor)
        lives.AWARD.check("plan_own_costs", fresh.status)
        cents = to_cents(amount)
        planned = _sum(fresh.payouts.filter(kind=Kind.OWN_COSTS, status__in=LIVE))
        most = course.of(fresh).own_cents - planned
        if cents > most:
            raise NotReady("above_own_costs", most_cents=max(most, 0))
        return _plan(fresh, Kind.OWN_COSTS, cents, actor)


def retry(*, payout: Payout, actor: User) -> Payout:
    """Plan a rejected payment again, to the payee's account of today.

    Raises:
        NotAllowed: no treasurer of the fund.
        WrongStep: it was not rejected.
        NotReady: `retried_before`, or `no_payee`; `no_proof_of_failure`: neither an answer of the
            bank nor a statement says that it failed; `statement_to_come`: no statement of its day
            shows yet that the bank did not pay it after all.
    """
    with transaction.atomic():
        award = _locked(payout.award, actor)
        old = Payout.objects.select_related("batch__paid_from__fund").get(pk=payout.pk)
        lives.PAYOUT.check("retry", old.status)
        if Payout.objects.filter(retries=old).exists():
            raise NotReady("retried_before", payout=old.pk)
        _require_proof(old)
        return _plan(
            award,
            Kind(old.kind),
            old.amount_cents,
            actor,
            invoice=old.invoice,
            retries=old,
        )


def _require_proof(payout: Payout) -> None:
    """That the first payment did not go: on nobody's word."""
    if payout.returned_by_id is not None:
        return
    batch = payout.batch
    if payout.rejected_by_id is None or batch is None:
        raise NotReady("no_proof_of_failure", payout=payout.pk)
    if not _shows(batch.paid_from, batch.execution_on):
        raise NotReady("statement_to_come", execution_on=batch.execution_on.isoformat())


def _shows(account: FundIban, day: date) -> bool:
    """Whether the statements tell all that the bank did up to and including a day.

    Where a statement is missing before the last one, or a file is held, the payment may stand
    there.
    """
    if holding.waiting(account.fund).filter(fund_iban=account).exists():
        return False
    chain = links.of(account)
    if chain.links:
        is_open = any(after.ends_on >= day for _before, after in chain.gaps())
        return chain.links[-1].ends_on >= day and not is_open
    shown = BankStatement.objects.filter(fund_iban=account, date__gte=day)
    return shown.exclude(balance_proven=False).exists()


def withdraw(*, payout: Payout, reason: str, actor: User) -> Payout:
    """Take back a payment that is in no batch yet.

    Raises:
        NotAllowed: no treasurer of the fund.
        WrongStep: it is in a batch, or ended.
        NotReady: `reason_missing`.
    """
    if not reason.strip():
        raise NotReady("reason_missing", payout=payout.pk)
    with transaction.atomic():
        _locked(payout.award, actor)
        fresh = Payout.objects.select_for_update(of=("self",)).get(pk=payout.pk)
        fresh.status = lives.PAYOUT.after("withdraw", fresh.status)
        fresh.reason = reason
        fresh.full_clean()
        fresh.save()
        record(actor, "payout.withdrawn", fresh)
    return fresh


def record(actor: User | None, action: str, payout: Payout) -> None:
    """Write the audit event of something that happened to a payment."""
    trail.record(
        actor=actor,
        action=action,
        subject=payout,
        region_code=payout.payee.fund.region.code,
        award=payout.award_id,
        amount_cents=payout.amount_cents,
    )


def _locked(award: Award, actor: User) -> Award:
    payer_access.require_treasurer(actor, payer_access.fund_of(award))
    return (
        Award.objects.select_for_update(of=("self",))
        .select_related("choice", "request__worker", "account")
        .get(pk=award.pk)
    )


def _plan(
    award: Award,
    kind: Payout.Kind,
    cents: int,
    actor: User,
    *,
    invoice: Invoice | None = None,
    retries: Payout | None = None,
) -> Payout:
    if invoice is not None and invoice.withdrawn_at is not None:
        raise NotReady("invoice_withdrawn", invoice=invoice.pk)
    if invoice is not None:
        asked = _sum(invoice.payouts.filter(status__in=LIVE))
        if cents <= 0 or asked + cents > invoice.amount_cents:
            raise NotReady("nothing_left", invoice=invoice.pk)
    waiting = _sum(award.payouts.filter(status__in=(Status.PLANNED, Status.BATCHED)))
    if waiting + cents > award.account.balance_cents:
        raise NotReady("award_is_spent", left_cents=award.account.balance_cents - waiting)
    payout = Payout(
        award=award,
        kind=kind,
        invoice=invoice,
        payee=_payee(award, invoice),
        amount_cents=cents,
        description=_description(award, invoice),
        made_by=actor,
        retries=retries,
    )
    payout.full_clean()
    payout.save()
    record(actor, "payout.planned", payout)
    return payout


def _payee(award: Award, invoice: Invoice | None) -> Payee:
    fund = payer_access.fund_of(award)
    if invoice is None:
        payee = payees.current(fund=fund, worker=award.request.worker)
    else:
        payee = payees.current(fund=fund, provider=invoice.provider)
    if payee is None:
        raise NotReady("no_payee", award=award.pk)
    return payee


def _description(award: Award, invoice: Invoice | None) -> str:
    """What the payee reads; a request's number, never a worker's name."""
    number = f"factuur {invoice.number}" if invoice else "eigen kosten"
    return f"{award.request.reference} {number}"[:140]


def _sum(payouts: QuerySet[Payout]) -> int:
    return payouts.aggregate(sum=Sum("amount_cents"))["sum"] or 0
