"""The made-up treasurer pays what invoices wait for, and the made-up bank shows it.

Every step is a real treasurer's, by the same services; the bank does not exist, and its statement
is written here. Nobody fetches the file of payments.
"""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from allocation.models import Award, Invoice, Payee, Payout
from allocation.models.payee import IBAN_WAIT
from allocation.payouts import batches, confirming, planning
from budgetpool.bank.models import BankEntry, BankStatement
from budgetpool.fund.models import Account, Fund, FundIban
from budgetpool.refusals import Refusal
from budgetpool.register.models import Provider
from budgetpool.users.models import User
from employers.deposits import booking

# Of a bank that does not exist.
FUND_IBAN: Final = "NL69TEST0000000001"
SCHOOL_IBAN: Final = "NL42TEST0000000002"


@transaction.atomic
def pay(fund: Fund, *, treasurer: User, second: User) -> int:
    """Pay each invoice as far as its award allows; gives how many payments went out."""
    _payees(fund, treasurer, second)
    for invoice in Invoice.objects.filter(
        award__round__fund=fund, withdrawn_at=None
    ).select_related("award"):
        plan = planning.rest if invoice.award.status == Award.Status.COMPLETED else planning.advance
        try:
            plan(invoice=invoice, actor=treasurer)
        except Refusal:
            continue
    if not batches.ready(fund, by=treasurer)[0]:
        return 0
    account = _account(fund)
    batch = batches.prepare(fund=fund, execution_on=timezone.localdate(), actor=treasurer)
    batches.approve(batch=batch, sha256=batch.xml_sha256, actor=second)
    _show(account, list(batch.payouts.order_by("pk")))
    return len(confirming.confirm(fund=fund, actor=treasurer).paid)


def _account(fund: Fund) -> FundIban:
    """The account that the play money is on."""
    found = FundIban.objects.filter(fund=fund).first()
    return found or FundIban.objects.create(
        fund=fund,
        iban=FUND_IBAN,
        holder_name=fund.name,
        account=Account.objects.get(fund=fund, code="play-money"),
        is_main=True,
    )


def _payees(fund: Fund, treasurer: User, second: User) -> None:
    """The account of each school with an invoice, looked at by two long ago."""
    before = timezone.now() - IBAN_WAIT - timedelta(hours=1)
    unknown = Provider.objects.filter(invoices__award__round__fund=fund).exclude(
        payees__fund=fund, payees__ended_at=None
    )
    for school in unknown.distinct():
        Payee.objects.create(
            fund=fund,
            provider=school,
            iban=SCHOOL_IBAN,
            holder_name=school.name,
            entered_by=treasurer,
            entered_at=before,
            verified_by=second,
            verified_at=before,
            evidence=Payee.Evidence.CALLED,
            evidence_on=timezone.localdate(before),
            verified_how="The sandbox knows it",
        )


def _show(account: FundIban, payouts: list[Payout]) -> None:
    number, today = BankStatement.objects.count() + 1, timezone.localdate()
    statement = BankStatement.objects.create(
        fund=account.fund,
        fund_iban=account,
        statement_id=str(number),
        date=today,
        file_name="sandbox",
        file_sha256="0" * 64,
        key=f"sandbox-{number}",
    )
    entries = [
        BankEntry.objects.create(
            fund=account.fund,
            statement=statement,
            date=today,
            amount_cents=-payout.amount_cents,
            end_to_end_id=payout.end_to_end_id,
            key=f"sandbox-{payout.end_to_end_id}",
        )
        for payout in payouts
    ]
    booking.book(fund=account.fund, entries=entries)
