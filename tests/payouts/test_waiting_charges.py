"""Costs that wait for the second person are explained: they are shown as waiting, nowhere else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from allocation.payouts import queue
from allocation.payouts.lines import finding, saying, standing, suggesting
from budgetpool.fund import ledger
from employers.deposits import charges
from tests.cast import signed_in
from tests.payouts.conftest import statement
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


def stuck(fund):
    return {row.code: row.count for row in queue.of(fund)}


@pytest.fixture
def line(main_iban):
    """EUR 12.50 that the bank took."""
    (entry,) = statement(main_iban, (-12_50, "", {"name": "Bank"}))
    return entry


def test_a_line_that_waits_for_approval_is_no_line_to_explain(
    line, main_iban, treasurer, second_treasurer
):
    fund = main_iban.fund
    assert stuck(fund) == {"payments": 1}
    charge = charges.ask(entry=line, reason="November", by=treasurer)
    assert stuck(fund) == {"charges": 1}
    assert (list(finding.waiting(fund)), saying.left_cents(line)) == ([], 0)
    assert finding.open_of(main_iban) == (0, 0, 12_50)
    assert [(part.cents, part.waits) for part in standing.of(line)] == [(12_50, True)]
    assert suggesting.of(line) == []
    charges.withdraw(charge=charge, by=treasurer)
    assert stuck(fund) == {"payments": 1}
    charges.approve(
        charge=charges.ask(entry=line, reason="November", by=treasurer), by=second_treasurer
    )
    assert (stuck(fund), finding.open_of(main_iban)) == ({}, (0, 0, 0))


def test_the_rest_of_a_line_is_still_to_explain(line, main_iban, treasurer):
    charges.ask(entry=line, reason="November", by=treasurer, amount_cents=10_00)
    assert stuck(main_iban.fund) == {"payments": 1, "charges": 1}
    assert saying.left_cents(line) == 2_50
    assert finding.open_of(main_iban) == (0, 2_50, 10_00)
    with refuses("more_than_left"):
        charges.ask(entry=line, kind="tax", reason="x", by=treasurer, amount_cents=2_51)


def test_interest_that_waits_is_no_deposit_in_suspense(main_iban, treasurer):
    (entry,) = statement(main_iban, (7_30, "", {"name": "Bank"}))
    assert stuck(main_iban.fund) == {"deposits": 1}
    charges.ask(entry=entry, reason="Interest", by=treasurer)
    assert stuck(main_iban.fund) == {"charges": 1}
    assert ledger.balance_cents(main_iban.fund.accounts.get(code="suspense")) == 7_30


def test_the_pages_and_the_month_say_what_waits(line, main_iban, treasurer):
    fund, today = main_iban.fund, timezone.localdate()
    assert list(charges.not_approved(fund, today)) == []
    charges.ask(entry=line, reason="November", by=treasurer)
    (words,) = charges.not_approved(fund, today)
    assert "12,50" in words
    desk = signed_in(treasurer)
    bank = desk.get(reverse("treasurer-bank", args=["twente"])).content.decode()
    assert "Verklaard, wacht op goedkeuring" in bank
    lines = desk.get(reverse("treasurer-lines", args=["twente"]), {"show": "all"})
    assert "Wacht op goedkeuring" in lines.content.decode()


def test_the_answer_says_that_it_waits_and_not_that_it_is_booked(line, treasurer):
    address = reverse("treasurer-line", args=[line.fund.region.slug, line.pk])
    sent = {"verb": "say", "part-part": "costs", "part-amount": "", "part-reason": "November"}
    page = signed_in(treasurer).post(address, sent, follow=True).content.decode()
    assert "pas geboekt als een tweede" in page
    assert "Het is geboekt" not in page
