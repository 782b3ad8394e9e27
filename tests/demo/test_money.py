"""The demo's accounts equal their last statements, and the first page of the desk says so."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from lxml import etree

from budgetpool.bank.models import HeldFile
from budgetpool.demo import cast, money
from budgetpool.fund import checks, ledger
from tests.cast import signed_in

CLOSING = "//*[local-name()='Bal'][.//*[local-name()='Cd']='CLBD']"


@pytest.mark.django_db
def test_each_account_equals_its_last_statement_and_the_first_page_says_so():
    fund = money.open_fund()
    today = timezone.localdate()
    payments = money.promise(fund, today=today)
    money.import_statements(fund, payments, day=today - timedelta(days=25))
    money.book_openings(fund)
    money.book_openings(fund)

    assert not HeldFile.objects.exists()
    told = dict(closings())
    told[money.MAIN_IBAN] = sum(payment.amount_cents for payment in payments)
    books = {row.iban: ledger.balance_cents(row.account) for row in fund.ibans.all()}
    assert books == told
    assert [outcome for outcome in checks.check_ledger() if not outcome.ok] == []

    desk = signed_in(cast.account(cast.TREASURER))
    page = desk.get("/treasurer/twente").content.decode()
    assert "Elke rekening is gelijk aan het laatste afschrift." in page
    assert "1.660,87" in page
    assert "10.750,25" in page


def closings():
    """The closing balances in euros of the demo's files, read without our reader."""
    for name in money.FILES:
        for statement in etree.parse(money.DATA / name).iterfind(".//{*}Stmt"):
            iban = statement.findtext(".//{*}Acct/{*}Id/{*}IBAN")
            if iban in money.BORROWED_IBANS:
                (balance,) = statement.xpath(f".{CLOSING}")
                cents = int(Decimal(balance.findtext("{*}Amt")) * 100)
                yield iban, cents if balance.findtext("{*}CdtDbtInd") == "CRDT" else -cents
