"""An open round of Twente with two accepted awards at one welding school, ready to be paid."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from allocation.models import Award, Payee
from allocation.rounds import publishing
from budgetpool.bank.models import BankEntry, BankStatement
from budgetpool.fund import funds, ledger
from budgetpool.fund.models import Account, Seat
from budgetpool.money import from_cents
from budgetpool.register.models import Edition
from employers.deposits import booking
from tests.allocation.conftest import (  # noqa: F401
    closed_window,
    draft,
    opened,
    policy,
    pool,
    rich_fund,
    welding,
)
from tests.allocation.people import ask
from tests.cast import make_worker, seat
from tests.sharing import harmless, shared

SCHOOL_IBAN = "NL20INGB0001234567"
WORKER_IBAN = "NL39RABO0300065264"
YESTERDAY = timedelta(hours=25)


@shared
def second_treasurer(twente):
    return seat("Theo Treasurer", twente, Seat.Role.TREASURER)


@shared
def edition(welding):  # noqa: F811
    starts_on = timezone.localdate() + timedelta(days=10)
    return Edition.objects.create(training=welding, starts_on=starts_on, seats=10)


@shared
def main_iban(rich_fund):  # noqa: F811
    return funds.add_iban(
        fund=rich_fund, iban="NL91ABNA0417164300", holder_name="Scholingsfonds Twente"
    )


def accepted_award(opened, edition, name, cents=60_000, **fields):  # noqa: F811
    """A worker's accepted award, its money set apart as a publication does."""
    worker = make_worker(name, opened.fund)
    request = ask(worker, opened.window, edition)
    choice = request.choices.get()
    account = ledger.open_account(
        fund=opened.fund, kind=Account.Kind.AWARD, code=publishing.account_code(request.pk)
    )
    ledger.post(
        debit=opened.account,
        credit=account,
        amount=cents,
        reference=publishing.reference(request.pk),
        memo="reserved",
    )
    facts = {
        "round": opened,
        "request": request,
        "choice": choice,
        "amount": from_cents(cents),
        "account": account,
        "origin": Award.Origin.ROUND,
        "status": Award.Status.ACCEPTED,
        "granted_at": timezone.now(),
        "accept_by": timezone.localdate() + timedelta(days=21),
    }
    return Award.objects.create(**(facts | fields))


@pytest.fixture
@harmless
def make_award(opened, edition, main_iban):  # noqa: F811
    """Gives a worker an accepted award."""
    return partial(accepted_award, opened, edition)


@shared
def award(opened, edition, main_iban):  # noqa: F811
    return accepted_award(opened, edition, "Willem Worker")


def usable_payee(fund, enterer, verifier, **facts):
    """A payee that was entered more than a day ago and verified by a second person."""
    return Payee.objects.create(
        fund=fund,
        entered_by=enterer,
        entered_at=timezone.now() - YESTERDAY,
        verified_by=verifier,
        verified_at=timezone.now() - YESTERDAY,
        verified_how="Called the number of the register",
        evidence=Payee.Evidence.CALLED,
        evidence_on=timezone.localdate(timezone.now() - YESTERDAY),
        **facts,
    )


def seen(**facts):
    """What a second person says that they saw."""
    return {
        "evidence": "called",
        "seen_on": timezone.localdate(),
        "how": "Called Ms Smit on the number of the register",
    } | facts


@shared
def school(welding, opened, treasurer, second_treasurer):  # noqa: F811
    """The welding school's bank account."""
    return usable_payee(
        opened.fund,
        treasurer,
        second_treasurer,
        provider=welding.provider,
        iban=SCHOOL_IBAN,
        holder_name="Lasschool B.V.",
    )


@shared
def own_account(award, treasurer, second_treasurer):
    """The worker's own bank account."""
    return usable_payee(
        award.round.fund,
        treasurer,
        second_treasurer,
        worker=award.request.worker,
        iban=WORKER_IBAN,
        holder_name="W. Worker",
    )


def statement(fund_iban, *lines, day=None):
    """A bank statement with these lines, booked as an import does.

    A line is (cents, end-to-end id, other facts of the entry).
    """
    number = BankStatement.objects.count() + 1
    day = day or timezone.localdate()
    row = BankStatement.objects.create(
        fund=fund_iban.fund,
        fund_iban=fund_iban,
        statement_id=str(number),
        date=day,
        file_name="test.xml",
        file_sha256="0" * 64,
        key=f"statement-{number}",
    )
    entries = [
        BankEntry.objects.create(
            fund=fund_iban.fund,
            statement=row,
            date=day,
            amount_cents=cents,
            end_to_end_id=end_to_end_id,
            key=f"{number}-{place}",
            **facts,
        )
        for place, (cents, end_to_end_id, facts) in enumerate(lines)
    ]
    with transaction.atomic():
        booking.book(fund=fund_iban.fund, entries=entries)
    return entries
