"""The set of the year's end: it adds up by itself, and says what was so on the last day."""

import csv
import io
import zipfile
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from budgetpool.audit.models import AuditEvent
from budgetpool.bank import opening, reconciling
from budgetpool.fund import reports
from employers import open_items
from employers.deposits import desk, refunds
from employers.models import Deposit
from tests.bank.samples import entry_xml
from tests.cast import signed_in
from tests.employers.conftest import contribution, pledge, receive  # noqa: F401
from tests.employers.test_proven_chain import day  # noqa: F401

pytestmark = pytest.mark.django_db
YEAR_END = date(2026, 12, 31)


def in_books(fund, until):
    """What the ledger says of the accounts of open items, in cents, by kind."""
    kinds = ["suspense", "unexplained", "provider", "person"]
    sums = dict.fromkeys(kinds, 0)
    for row in reports.trial_balance(fund, year=until.year):
        if row.account.kind in sums:
            sums[row.account.kind] += row.closing_cents
    return sums


def told(fund, until):
    sums = dict.fromkeys(["suspense", "unexplained", "provider", "person"], 0)
    for item in open_items.of(fund, until):
        if item.kind != "request":
            sums[item.kind] += item.cents
    return sums


@pytest.fixture
def two_years(fund_iban, receive):  # noqa: F811
    """Lines of December and January; one of each is explained later."""
    receive(
        entry_xml("100.00", date="2026-10-01", name="Old"),
        entry_xml("30.00", "DBIT", date="2026-12-20", name="Bank"),
        opening="0.00",
        closing="70.00",
        id="D",
        day="2026-12-28",
    )
    receive(
        entry_xml("50.00", date="2027-01-04", name="New"),
        entry_xml("5.00", "DBIT", date="2027-01-05", name="Bank"),
        opening="70.00",
        closing="115.00",
        id="J",
        day="2027-01-05",
    )
    return fund_iban.fund


def test_open_items_are_those_of_the_last_day_and_make_the_trial_balance(two_years):
    items = [
        (item.kind, item.what, item.since, item.cents)
        for item in open_items.of(two_years, YEAR_END)
    ]
    assert items == [
        ("suspense", "Old", date(2026, 10, 1), 100_00),
        ("unexplained", "Bank", date(2026, 12, 20), 30_00),
    ]
    assert told(two_years, YEAR_END) == in_books(two_years, YEAR_END)
    sums = open_items.by_age(open_items.of(two_years, YEAR_END), YEAR_END)
    assert (sums["suspense"], sums["unexplained"]) == ([0, 0, 0, 100_00], [30_00, 0, 0, 0])


def test_what_was_said_and_undone_leaves_the_items_equal_to_the_books(
    two_years,
    contribution,  # noqa: F811
    treasurer,
    chair,
):
    old, new = Deposit.objects.order_by("pk")
    desk.match_by_hand(deposit=old, contribution=contribution, amount_cents=40_00, by=treasurer)
    desk.undo(deposit=old, reason="wrong", by=treasurer)
    desk.match_by_hand(deposit=old, contribution=contribution, amount_cents=60_00, by=treasurer)
    refund = refunds.ask(
        deposit=new, reason="Twice", by=treasurer, iban="NL20INGB0001234567", amount_cents=5_00
    )
    refunds.approve(refund=refund, by=chair)
    line = two_years.bank_entries.get(amount_cents=-5_00)
    refunds.confirm_paid(refund=refund, entry=line)
    until = date(timezone.localdate().year + 1, 12, 31)
    assert told(two_years, until) == in_books(two_years, until)
    still = {item.what: item.cents for item in open_items.of(two_years, until)}
    assert (still["Old"], still["New"], still["Bank"]) == (40_00, 45_00, 30_00)


def test_a_request_counts_as_long_as_it_was_not_paid_on_that_day(twente, contribution):  # noqa: F811
    asked = contribution.asked_on
    assert open_items.of(twente, asked - timedelta(days=1)) == []
    (item,) = open_items.of(twente, asked)
    assert (item.kind, item.cents, item.since) == ("request", 2_500_00, contribution.due_on)
    assert item.age(contribution.due_on + timedelta(days=31)) == 1


def test_the_reconciliation_of_a_past_day_does_not_know_what_came_later(
    fund_iban, two_years, treasurer, chair
):
    then = reconciling.of(fund_iban, YEAR_END)
    assert (then.closing_cents, then.closing_on, then.ledger_cents) == (
        70_00,
        date(2026, 12, 28),
        70_00,
    )
    assert then.items == ()
    within = reconciling.of(fund_iban, date(2027, 1, 4))
    assert (within.closing_cents, within.ledger_cents, within.items) == (120_00, 120_00, ())
    before = reconciling.of(fund_iban, date(2026, 9, 1))
    assert (before.closing_cents, before.ledger_cents) == (None, 0)


def test_a_gap_of_next_year_is_no_part_of_this_year(fund_iban, day):  # noqa: F811
    day(5, 100, 10)
    assert [item.code for item in reconciling.of(fund_iban, date(2027, 1, 5)).items] == [
        "opening_not_booked"
    ]
    assert reconciling.of(fund_iban, date(2027, 1, 4)).items == ()


def test_the_whole_set_is_one_file(fund_iban, day, treasurer, chair):  # noqa: F811
    day(5, 1000, 10, -3)
    asked = opening.ask(
        account=fund_iban,
        amount_cents=1_000_00,
        starts_on=date(2027, 1, 5),
        reason="=1+1",
        by=treasurer,
    )
    opening.approve(opening=asked, by=chair)
    answer = signed_in(treasurer).get(reverse("treasurer-year-end", args=["twente", 2027]))
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(files) == [
        "aansluiting-met-de-bank-NL91ABNA0417164300-2027.pdf",
        "auditfile-2027.xaf",
        "dagboek-bank-2027.csv",
        "memoriaal-2027.csv",
        "open-posten-2027.csv",
        "proefbalans-2027.csv",
    ]
    balance = sheet(files["proefbalans-2027.csv"])
    assert [row[6] for row in balance if row[0] == "Totaal"] == ["1010,00", "1010,00"]
    assert [row[4] for row in balance if row[0] == "bank"] == ["1010,00"]
    journal = sheet(files["dagboek-bank-2027.csv"])[1:]
    assert sorted(row[4] for row in journal) == ["10,00", "1000,00", "3,00"]
    assert "'=1+1" in {row[7] for row in journal}
    assert sheet(files["memoriaal-2027.csv"])[1:] == []
    assert etree.fromstring(files["auditfile-2027.xaf"]) is not None
    assert AuditEvent.objects.filter(action="books.exported").count() == 1


def sheet(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_page_of_a_year_shows_the_bank_and_what_was_open(two_years, treasurer):
    page = signed_in(treasurer).get(reverse("treasurer-books", args=["twente", 2026]))
    text = page.content.decode()
    assert "Open posten naar ouderdom" in text
    assert "meer dan 90 dagen" in text
