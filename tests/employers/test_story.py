"""A month of a fund: every balance to the cent, and the books right after each step.

Pledges, three statements that overlap, a typing error in a reference, a double payment, a refund
and a wrong match.
"""

from datetime import date

import pytest

from budgetpool.bank import payments
from budgetpool.fund import checks
from budgetpool.fund.models import Account
from employers.deposits import desk, refunds
from employers.models import Deposit
from employers.pledges import promising, requests
from tests.bank.samples import entry_xml
from tests.employers.test_importing import balances
from tests.sharing import shared

pytestmark = pytest.mark.django_db


def books_are_right():
    return [outcome for outcome in checks.check_ledger() if not outcome.ok] == []


@shared
def month(twente, fund_iban, employer, other_employer, manager, other_manager):
    """Almelo pays EUR 2,500 a quarter, Borne EUR 1,200 a year."""
    for payer, boss, cents, schedule in (
        (employer, manager, 10_000_00, "quarterly"),
        (other_employer, other_manager, 1_200_00, "yearly"),
    ):
        promising.promise(
            employer=payer,
            fund=twente,
            by=boss,
            kind="fixed",
            amount_cents=cents,
            schedule=schedule,
            starts_on=date(2027, 1, 1),
        )
    almelo, borne = requests.ask_due(fund=twente, day=date(2027, 1, 4))
    return almelo, borne


def test_a_month_of_a_fund(month, receive, twente, treasurer, second_treasurer, other_employer):
    almelo, borne = month
    assert (almelo.amount_cents, borne.amount_cents) == (2_500_00, 1_200_00)
    first = [
        entry_xml("2500.00", structured=almelo.reference, date="2027-01-05"),
        # Two digits changed places: the reference fails its check.
        entry_xml(
            "1200.00",
            remittance=borne.reference[:-2] + borne.reference[:-3:-1],
            iban="NL44RABO0123456789",
            name="Borne Bouw",
            date="2027-01-06",
        ),
    ]
    receive(*first, id="WEEK-1", opening="0.00", closing="3700.00")
    assert balances(twente)["pool"] == 2_500_00
    assert balances(twente)["suspense"] == 1_200_00
    assert books_are_right()

    # The second statement begins a day early, and Almelo pays once more by mistake.
    second = [
        first[1],
        entry_xml(
            "2500.00",
            structured=almelo.reference,
            iban="NL20INGB0001234567",
            name="Almelo Logistiek",
            date="2027-01-12",
        ),
    ]
    report = receive(*second, id="WEEK-2", opening="2500.00", closing="6200.00")
    assert (report.fresh_count, report.known_count) == (1, 1)
    assert balances(twente)["suspense"] == 3_700_00
    assert books_are_right()

    # The treasurer first gives Borne's payment to the wrong employer, then mends it.
    mistyped = Deposit.objects.get(amount_cents=1_200_00)
    desk.match_by_hand(deposit=mistyped, employer=almelo.employer, by=treasurer)
    assert books_are_right()
    desk.undo(deposit=mistyped, reason="this is Borne's", by=treasurer)
    assert books_are_right()
    desk.match_by_hand(deposit=mistyped, contribution=borne, by=treasurer)
    assert balances(twente)["pool"] == 3_700_00
    assert balances(twente)["suspense"] == 2_500_00
    assert books_are_right()

    # The double payment goes back: asked by one, approved by another, shown by the bank.
    double = Deposit.objects.get(received_on=date(2027, 1, 12))
    refund = refunds.ask(deposit=double, reason="paid twice", by=treasurer)
    refunds.approve(refund=refund, by=second_treasurer)
    third = [
        second[1],
        entry_xml(
            "2500.00", "DBIT", iban="NL20INGB0001234567", date="2027-01-15", end_to_end="R-1"
        ),
        entry_xml("7.95", "DBIT", remittance="kosten betaalrekening", date="2027-01-31"),
    ]
    report = receive(*third, id="MONTH-1", opening="3700.00", closing="3692.05")
    assert (report.fresh_count, report.known_count) == (2, 1)
    refund.refresh_from_db()
    assert refund.payment is not None
    assert balances(twente)["suspense"] == 0
    assert books_are_right()

    # What the bank costs stays to be explained by the treasurer.
    (costs,) = payments.unexplained(twente)
    assert costs.left_cents == 7_95
    assert balances(twente) == {
        "bank": 3_692_05,
        "unexplained": 7_95,
        "suspense": 0,
        "pool": 3_700_00,
        f"employer-{almelo.employer_id}": 0,
        f"employer-{borne.employer_id}": 0,
    }
    assert Account.objects.get(code="bank").balance_cents == 3_692_05
    assert books_are_right()
