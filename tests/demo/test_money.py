"""The demo's accounts equal their last statements, and the first page of the desk says so."""

import base64
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from lxml import etree

from api.models import Admission
from budgetpool.bank.models import HeldFile
from budgetpool.demo import accountant, cast, money
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


@pytest.mark.django_db
def test_the_accountants_program_brings_in_the_next_statement(client, settings, tmp_path):
    """Let in by two people; today's statement of EUR 250 follows the last one, and the next too."""
    settings.VAR_DIR = tmp_path
    fund = money.open_fund()
    today = timezone.localdate()
    payments = money.promise(fund, today=today)
    money.import_statements(fund, payments, day=today - timedelta(days=25))
    account = fund.ibans.get(iban=money.MAIN_IBAN).account
    before = ledger.balance_cents(account)

    for times in (1, 2):
        made = accountant.let_in(fund, site="http://demo")
        basic = base64.b64encode(f"{made.client_id}:{made.client_secret}".encode()).decode()
        token = client.post(
            "/v1/oauth/token",
            "grant_type=client_credentials&scope=statements:write",
            content_type="application/x-www-form-urlencoded",
            headers={"Authorization": f"Basic {basic}"},
        ).json()["access_token"]
        answer = client.post(
            f"/v1/funds/{fund.region.code}/statements",
            (tmp_path / accountant.FILE).read_text(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": f"demo-{times}"},
        )
        assert answer.status_code == 201, answer.content
        assert ledger.balance_cents(account) == before + times * accountant.PAID_CENTS
    assert Admission.objects.get().confirmed_by == cast.account(cast.SECOND)
    desk = signed_in(cast.account(cast.TREASURER))
    assert accountant.NAME in desk.get("/treasurer/twente/programs").content.decode()
    assert str(tmp_path / accountant.FILE) in made.curl[1]


def closings():
    """The closing balances in euros of the demo's files, read without our reader."""
    for name in money.FILES:
        for statement in etree.parse(money.DATA / name).iterfind(".//{*}Stmt"):
            iban = statement.findtext(".//{*}Acct/{*}Id/{*}IBAN")
            if iban in money.BORROWED_IBANS:
                (balance,) = statement.xpath(f".{CLOSING}")
                cents = int(Decimal(balance.findtext("{*}Amt")) * 100)
                yield iban, cents if balance.findtext("{*}CdtDbtInd") == "CRDT" else -cents
