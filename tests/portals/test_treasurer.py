"""The treasurer's desk, page by page, with the awards and payments of a real round."""

import csv
import io
import os
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from allocation.models import Award, Payout, Recovery, RecoveryReceipt
from allocation.payouts import repaying, replacing
from budgetpool.fund import auditfile, checks, funds, ledger
from employers.models import Deposit
from tests.cast import signed_in
from tests.payouts.conftest import *  # noqa: F403
from tests.payouts.conftest import statement
from tests.payouts.test_coming_back import advanced, debts_of_a_group, other_edition  # noqa: F401
from tests.sharing import shared

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(treasurer):
    return signed_in(treasurer)


@pytest.fixture
def second_desk(second_treasurer):
    return signed_in(second_treasurer)


def url(name, *args):
    return reverse(f"treasurer-{name}", args=["twente", *args])


def do(browser, address, verb, status=302, prefix="", **data):
    named = {f"{prefix}-{name}" if prefix else name: value for name, value in data.items()}
    answer = browser.post(address, {"verb": verb, **named})
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


def says(answer):
    return [str(message) for message in answer.wsgi_request._messages]


def today():
    return timezone.localdate().strftime("%d-%m-%Y")


def books_are_right():
    return [outcome for outcome in checks.check_ledger() if not outcome.ok] == []


def test_an_award_is_invoiced_paid_and_determined_at_the_desk(
    award, school, main_iban, desk, second_desk
):
    page = url("award", award.pk)
    do(
        desk,
        page,
        "invoice",
        prefix="invoice",
        number="2027-31",
        dated_on=today(),
        amount="600,00",
        vat="0",
    )
    invoice = award.invoices.get()
    do(desk, page, f"advance-{invoice.pk}")
    do(desk, url("payouts"), "", execution_on=today())
    batch = school.fund.payment_batches.get()

    do(desk, url("batch", batch.pk), f"approve-{batch.xml_sha256}")
    batch.refresh_from_db()
    assert batch.status == "prepared"
    do(second_desk, url("batch", batch.pk), f"approve-{batch.xml_sha256}")
    batch.refresh_from_db()
    assert batch.status == "approved"
    file = desk.get(url("batch-file", batch.pk))
    assert file.content == bytes(batch.xml)

    statement(main_iban, (-48_000, f"BP-{Payout.objects.get().pk}", {}))
    do(desk, url("statements"), "confirm")
    award.refresh_from_db()
    assert award.status == Award.Status.ADVANCED

    do(desk, page, "cancel", prefix="report", reason="The school stopped")
    do(desk, page, "determine", prefix="determine", amount="0", reason="Never begun")
    recovery = Recovery.objects.get()
    assert (recovery.amount_cents, recovery.from_provider) == (48_000, school.provider)
    assert "480,00" in desk.get(url("recoveries")).content.decode()

    statement(main_iban, (48_000, "", {"name": "Lasschool"}))
    deposit = Deposit.objects.get()
    part = f"recovery-{recovery.pk}"
    do(desk, url("line", deposit.entry_id), "say", prefix="part", part=part)
    award.refresh_from_db()
    assert award.status == Award.Status.RECOVERED
    assert ledger.balance_cents(recovery.account) == 0
    assert books_are_right()


def test_every_page_opens_and_names_no_worker(award, school, main_iban, desk):
    statement(main_iban, (5_000, "", {"name": "Somebody B.V."}), (-700, "", {"name": "Bank"}))
    deposit = Deposit.objects.get()
    year = timezone.localdate().year
    for address in (
        url("home"),
        url("statements"),
        url("lines"),
        url("line", deposit.entry_id),
        f"{url('lines')}?show=all&words=somebody",
        url("payouts"),
        url("payees"),
        url("payee", school.pk),
        url("award", award.pk),
        url("recoveries"),
        url("books", year),
    ):
        answer = desk.get(address)
        assert answer.status_code == 200, address
        assert award.request.worker.name not in answer.content.decode()


def test_what_is_stuck_stands_on_the_first_page(main_iban, desk):
    assert "Er wacht niets op jou" in desk.get(url("home")).content.decode()
    statement(main_iban, (5_000, "", {"name": "Somebody B.V."}))
    assert url("lines") in desk.get(url("home")).content.decode().split("<main")[1]


def test_a_refusal_says_what_to_do(award, school, desk):
    answer = do(
        desk,
        url("award", award.pk),
        "invoice",
        status=200,
        prefix="invoice",
        number="1",
        dated_on=today(),
        amount="600,01",
        vat="0",
    )
    assert "€\u00a0600,00" in answer.content.decode()


def test_an_empty_form_says_so_above_and_in_the_title(award, desk):
    answer = do(desk, url("award", award.pk), "invoice", status=422)
    assert "<title>Fout:" in answer.content.decode()


def test_a_board_member_may_approve_a_file_but_not_make_one(chair, award, school, desk):
    board = signed_in(chair)
    assert board.get(url("payouts")).status_code == 403
    assert board.get(url("batch", 999_999)).status_code == 404


def test_the_journal_and_the_audit_file_hold_every_transfer(award, school, main_iban, desk):
    year = timezone.localdate().year
    text = desk.get(url("journal", year)).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
    total = sum(int(row[4].replace(",", "")) for row in rows)
    assert len(rows) == school.fund.transfers.count()

    root = etree.fromstring(desk.get(url("auditfile", year)).content)
    space = {"x": auditfile.NAMESPACE}

    def texts(path):
        return root.xpath(f"//x:{path}/text()", namespaces=space)

    amounts = {
        side: sum(
            int(line.findtext("x:amnt", namespaces=space).replace(".", ""))
            for line in root.iterfind(".//x:trLine", space)
            if line.findtext("x:amntTp", namespaces=space) == side
        )
        for side in "DC"
    }
    assert amounts == {"D": total, "C": total}
    assert texts("transactions/x:linesCount") == [str(2 * len(rows))]
    assert int(texts("transactions/x:totalDebit")[0].replace(".", "")) == total


def test_the_year_after_opens_with_what_was_left(award, school, desk):
    year = timezone.localdate().year
    root = etree.fromstring(desk.get(url("auditfile", year + 1)).content)
    space = {"x": auditfile.NAMESPACE}
    opening = root.find(".//x:openingBalance", space)
    debit, credit = (
        opening.findtext(f"x:{name}", namespaces=space) for name in ("totalDebit", "totalCredit")
    )
    assert debit == credit == "10000.00"


def test_a_formula_in_a_note_stays_text(employer_account_with_formula, desk):
    year = timezone.localdate().year
    assert "'=HYPERLINK" in desk.get(url("journal", year)).content.decode()


@shared
def employer_account_with_formula(rich_fund, pool):
    bank = ledger.open_account(fund=rich_fund, kind="bank", code="bank")
    ledger.post(
        debit=bank,
        credit=pool,
        amount=1,
        reference="f",
        memo="deposit",
        note="=HYPERLINK(1)",
        value_date=timezone.localdate() - timedelta(days=0),
    )


def test_the_audit_file_is_valid_against_the_schema_of_the_tax_office(
    award, school, main_iban, desk
):
    """The schema is theirs and is not kept here: name a copy to hold the file against it."""
    path = os.environ.get("BUDGETPOOL_XAF_SCHEMA")
    if not path:
        pytest.skip("no XmlAuditfileFinancieel4.0.xsd: set BUDGETPOOL_XAF_SCHEMA to its path")
    schema = etree.XMLSchema(etree.parse(path))
    year = timezone.localdate().year
    for one in (year, year + 1):
        schema.assertValid(etree.fromstring(desk.get(url("auditfile", one)).content))


@pytest.mark.usefixtures("debts_of_a_group")
def test_a_deposit_pays_several_debts_of_one_school_with_one_button(school, main_iban, desk):
    statement(main_iban, (144_000, "", {"name": "Lasschool"}))
    page = url("line", Deposit.objects.get().entry_id)
    assert f"provider-{school.provider_id}" in desk.get(page).content.decode()
    for nobody in ("0", "999999", "١", "x"):
        for kind in ("provider", "recovery"):
            do(desk, page, "say", prefix="part", status=422, part=f"{kind}-{nobody}")
    assert Deposit.objects.get().matches.count() == 0
    do(desk, page, "say", prefix="part", part=f"provider-{school.provider_id}")
    assert "0,00" not in desk.get(url("recoveries")).content.decode()
    assert not repaying.still_open(school.fund).exists()
    assert books_are_right()


@pytest.mark.usefixtures("debts_of_a_group")
def test_no_address_or_button_reaches_a_thing_of_another_region(
    school, main_iban, treasurer_of_drenthe, drenthe
):
    """The desk of Drenthe with Twente's keys, in addresses and in what is sent."""
    statement(main_iban, (48_000, "", {"name": "Lasschool"}))
    browser = signed_in(treasurer_of_drenthe)
    deposit, recovery = Deposit.objects.get(), Recovery.objects.first()
    payout = Payout.objects.first()
    keys = {
        "line": deposit.entry_id,
        "dropout": school.fund.dropouts.get().pk,
        "payout": payout.pk,
        "batch": payout.batch_id,
        "batch-file": payout.batch_id,
        "payee": school.pk,
        "award": payout.award_id,
        "recovery": recovery.pk,
    }
    for name, key in keys.items():
        for region in ("drenthe", "twente"):
            address = reverse(f"treasurer-{name}", args=[region, key])
            assert browser.get(address).status_code == 404, address
            assert browser.post(address, {"verb": "approve"}).status_code in (404, 405), address
    statement(fund_iban_of(drenthe), (48_000, "", {"name": "Somebody"}))
    own = reverse("treasurer-line", args=["drenthe", drenthe.deposits.get().entry_id])
    for part in (f"recovery-{recovery.pk}", f"provider-{school.provider_id}"):
        do(browser, own, "say", prefix="part", status=422, part=part)
        do(browser, own, f"as-{part}:48000")
    assert not RecoveryReceipt.objects.exists()
    assert books_are_right()


def fund_iban_of(fund):
    funds.open_fund(region=fund.region, name=fund.name)
    return funds.add_iban(fund=fund, iban="NL39RABO0300065264", holder_name=fund.name)


def test_a_provider_that_people_were_moved_to_can_drop_out_too(
    request, award, school, desk, stranger, treasurer
):
    edition = request.getfixturevalue("other_edition")
    replacing.drop_out(
        fund=school.fund,
        provider=school.provider,
        reason="Bankrupt",
        choose_by=timezone.localdate() + timedelta(days=28),
        actor=treasurer,
    )
    award.request.worker.user = stranger
    award.request.worker.save()
    replacing.choose(
        replacement=award.replacements.get(),
        training=edition.training,
        edition=edition,
        actor=stranger,
    )
    other = edition.training.provider
    data = {"provider": other.pk, "reason": "Closed", "choose_by": today_plus(28)}
    do(desk, url("dropouts"), "open", **data)
    assert school.fund.dropouts.get(provider=other).replacements.count() == 1


def today_plus(days):
    return (timezone.localdate() + timedelta(days=days)).strftime("%d-%m-%Y")


def test_an_account_is_entered_warned_of_and_verified_at_the_desk(
    welding, opened, main_iban, desk, second_desk, chair
):
    """Another holder's name: asked first, answered by both, and found by the board."""
    given = {"provider": welding.provider.pk, "iban": "NL02ABNA0123456789"}
    given |= {"holder_name": "P. Jansen"}
    answer = do(desk, url("payees"), "", status=422, **given)
    assert "andere naam" in answer.content.decode()
    do(desk, url("payees"), "", **given, answer="They told it on the phone")
    row = opened.fund.payees.get()
    board = signed_in(chair)
    assert url("payee", row.pk) in board.get(url("charges")).content.decode()
    page = url("payee", row.pk)
    assert "They told it on the phone" in board.get(page).content.decode()
    seen = {"evidence": "called", "seen_on": today(), "how": "Called Ms Smit on her old number"}
    do(board, page, "verify", status=422, **seen)
    do(second_desk, page, "verify", status=200, **seen, answer="ok")
    row.refresh_from_db()
    assert row.verified_at is None
    do(board, page, "verify", **seen, answer="Her holding has the account now")
    row.refresh_from_db()
    assert (row.verified_by, row.evidence) == (chair, "called")
    assert "Her holding has the account now" in desk.get(page).content.decode()
