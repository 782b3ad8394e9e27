"""A file about a closed month waits; a line with a day of value in it counts in an open month."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from allocation.payouts import arriving
from budgetpool.bank import holding, links
from budgetpool.bank.importing import read_stream
from budgetpool.bank.models import BankEntry
from budgetpool.fund import checks, closed_months, funds, ledger, periods
from budgetpool.fund.models import Transfer
from tests.bank.samples import camt, entry_xml, statement_xml
from tests.cast import seat, signed_in
from tests.refusing import refuses
from tests.sharing import shared

pytestmark = pytest.mark.django_db


@shared
def until(twente):
    """The last day of the newest month that is over."""
    return periods.can_close(twente)


@shared
def second_treasurer(twente):
    return seat("Theo Treasurer", twente, "treasurer")


@pytest.fixture
def bring(fund_iban):
    """Import a statement of a day: its balance before, and amounts in whole euros."""

    def bring(on, opening, *amounts, iban=fund_iban.iban, days=(), id=""):
        entries = [
            entry_xml(
                f"{abs(amount)}.00",
                "CRDT" if amount > 0 else "DBIT",
                date=(days[place] if days else on).isoformat(),
            )
            for place, amount in enumerate(amounts)
        ]
        text = statement_xml(
            *entries,
            id=id or f"D{on}",
            day=on.isoformat(),
            iban=iban,
            opening=f"{opening}.00",
            closing=f"{opening + sum(amounts)}.00",
        )
        return arriving.take(source=read_stream(camt(text), name=f"{on}.xml"), fund=fund_iban.fund)

    return bring


@pytest.fixture
def closed(bring, twente, until, treasurer, second_treasurer):
    """EUR 10 that came in during a month that is closed."""
    bring(until - timedelta(days=5), 0, 10)
    bring(until, 10)
    close(twente, until, treasurer, second_treasurer)
    return until


def close(fund, until, one, other):
    periods.approve(step=periods.ask_to_close(fund=fund, until=until, by=one), by=other)


def reopen(fund, one, other):
    periods.approve(step=periods.ask_to_reopen(fund=fund, reason="A file", by=one), by=other)


def held(fund):
    return [(row.code, row.params) for row in holding.waiting(fund)]


def books_are_right():
    return [outcome for outcome in checks.check_ledger() if not outcome.ok] == []


def test_a_line_with_a_day_of_value_in_a_closed_month_counts_on_the_first_open_day(
    closed, bring, twente, fund_iban
):
    first = closed + timedelta(days=1)
    report = bring(first, 10, 5, 6, -2, days=(closed, first, closed - timedelta(days=40))).report
    assert (report.fresh_count, report.held) == (3, [])
    assert set(BankEntry.objects.filter(statement__date=first).values_list("date")) == {(first,)}
    assert not Transfer.objects.filter(value_date__lte=closed).exclude(amount_cents=10_00).exists()
    assert (ledger.balance_cents(fund_iban.account), books_are_right()) == (19_00, True)
    again = bring(first, 10, 5, 6, -2, days=(closed, first, closed - timedelta(days=40))).report
    copy = bring(first, 10, 5, 6, -2, days=(first, first, first), id="COPY").report
    assert (again.fresh_count, copy.fresh_count, held(twente)) == (0, 0, [])
    bring(first + timedelta(days=1), 19, 1)
    assert links.of(fund_iban).gaps() == []
    assert ledger.balance_cents(fund_iban.account) == 20_00


def test_a_file_of_a_closed_month_waits_until_two_people_open_it(
    closed, bring, twente, treasurer, second_treasurer
):
    savings = funds.add_iban(fund=twente, iban="NL39RABO0300065264", holder_name="Fonds")
    report = bring(closed, 0, 5, iban=savings.iban).report
    assert report.fresh_count == 0
    assert held(twente) == [("month_closed", {"closed_on": closed.isoformat()})]
    page = signed_in(treasurer).get(
        reverse("treasurer-held-file", args=["twente", holding.waiting(twente).get().pk])
    )
    assert "Twee mensen openen de maand" in page.content.decode()
    reopen(twente, treasurer, second_treasurer)
    with refuses("books_not_proven"):
        periods.ask_to_close(fund=twente, until=closed, by=treasurer)
    assert bring(closed, 0, 5, iban=savings.iban).report.fresh_count == 1
    assert (held(twente), ledger.balance_cents(savings.account)) == ([], 5_00)


def test_two_people_who_say_that_it_is_the_banks_do_not_open_the_month(
    closed, bring, twente, treasurer, second_treasurer
):
    savings = funds.add_iban(fund=twente, iban="NL39RABO0300065264", holder_name="Fonds")
    bring(closed, 0, 5, iban=savings.iban)
    (file,) = holding.waiting(twente)
    for person in (treasurer, second_treasurer):
        arriving.decide_held(held=file, reason="It is the bank's", by=person, sets_aside=False)
    assert ledger.balance_cents(savings.account) == 0
    assert [code for code, _params in held(twente)] == ["month_closed"]
    assert closed_months.closed_until(twente.pk) == closed


def test_a_file_that_waits_for_an_open_month_keeps_no_other_file_out(
    closed, bring, twente, fund_iban
):
    before = closed - timedelta(days=20)
    bring(before, 9, -4)
    assert [code for code, _params in held(twente)] == ["gap"]
    assert bring(before + timedelta(days=1), 5, -5).report.fresh_count == 0
    assert [code for code, _params in held(twente)] == ["gap", "month_closed"]
    assert bring(closed + timedelta(days=1), 10, 1).report.fresh_count == 1
    assert ledger.balance_cents(fund_iban.account) == 11_00


def test_a_file_that_comes_between_the_two_signatures_stops_the_closing(
    bring, twente, until, treasurer, second_treasurer
):
    bring(until, 0, 10)
    step = periods.ask_to_close(fund=twente, until=until, by=treasurer)
    bring(until + timedelta(days=1), 99, 1)
    with refuses("books_not_proven"):
        periods.approve(step=step, by=second_treasurer)


def test_months_open_one_by_one_however_often_they_closed(
    bring, twente, until, treasurer, second_treasurer
):
    earlier = until.replace(day=1) - timedelta(days=1)
    bring(earlier, 0, 10)
    bring(until, 10, 1)
    people = (treasurer, second_treasurer)
    seen: list[date | None] = []
    close(twente, earlier, *people)
    for _time in range(2):
        close(twente, until, *people)
        reopen(twente, *people)
        seen.append(closed_months.closed_until(twente.pk))
    reopen(twente, *people)
    seen.append(closed_months.closed_until(twente.pk))
    assert seen == [earlier, earlier, None]
    with refuses("no_month_closed"):
        periods.ask_to_reopen(fund=twente, reason="Once more", by=treasurer)
    assert books_are_right()


def test_a_file_without_balances_of_a_closed_month_waits_too(
    twente, until, fund_iban, treasurer, second_treasurer
):
    close(twente, until, treasurer, second_treasurer)
    text = statement_xml(entry_xml("5.00", date=until.isoformat()), iban=fund_iban.iban, day="")
    source = read_stream(BytesIO(camt(text).getvalue()), name="x.xml")
    assert arriving.take(source=source, fund=twente).report.fresh_count == 0
    assert [code for code, _params in held(twente)] == ["month_closed"]
    assert timezone.localdate() > until
