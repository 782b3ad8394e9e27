"""Bank costs and interest: booked by two people, to the pool, once."""

import pytest
from django.db import IntegrityError, transaction

from budgetpool.bank import payments
from budgetpool.fund import checks, ledger
from budgetpool.fund.models import Account
from employers.deposits import charges, desk
from employers.models import Charge, Deposit
from tests.payouts.conftest import statement
from tests.refusing import refuses
from tests.sharing import shared

pytestmark = pytest.mark.django_db


def cents(fund, code):
    return ledger.balance_cents(Account.objects.get(fund=fund, code=code))


def books_are_right():
    return [outcome for outcome in checks.check_ledger() if not outcome.ok] == []


@shared
def pool(twente, fund_iban):
    """EUR 1,000 in the pool."""
    pool = ledger.open_account(fund=twente, kind=Account.Kind.POOL, code="pool")
    ledger.post(
        debit=fund_iban.account, credit=pool, amount=100_000, reference="fill", memo="deposit"
    )
    return pool


@shared
def costs(pool, fund_iban):
    (entry,) = statement(fund_iban, (-1_250, "", {"name": "Bank", "remittance": "Kosten Q4"}))
    return entry


@shared
def interest(pool, fund_iban):
    (entry,) = statement(fund_iban, (730, "", {"name": "Bank", "remittance": "Rente"}))
    return entry


def test_the_pool_bears_bank_costs_once_two_people_said_so(
    costs, twente, treasurer, second_treasurer
):
    charge = charges.ask(entry=costs, reason="Kosten betaalrekening", by=treasurer)
    assert charge.kind == Charge.Kind.COSTS
    assert cents(twente, "pool") == 100_000
    charges.approve(charge=charge, by=second_treasurer)
    assert cents(twente, "pool") == 98_750
    assert cents(twente, "costs") == 0
    assert cents(twente, "unexplained") == 0
    assert Account.objects.get(fund=twente, code="costs").debits_cents == 1_250
    assert not payments.unexplained(twente).exists()
    assert books_are_right()
    with refuses("wrong_state"):
        charges.approve(charge=charge, by=second_treasurer)


def test_interest_goes_from_suspense_to_the_pool(interest, twente, treasurer, chair):
    charge = charges.ask(entry=interest, reason="Rente 2026", by=treasurer)
    assert charge.kind == Charge.Kind.INTEREST
    charges.approve(charge=charge, by=chair)
    assert cents(twente, "pool") == 100_730
    assert cents(twente, "suspense") == 0
    assert books_are_right()


def test_nobody_passes_the_four_eyes_through_any_door(costs, treasurer, superuser, stranger):
    with refuses("not_treasurer"):
        charges.ask(entry=costs, reason="Costs", by=superuser)
    charge = charges.ask(entry=costs, reason="Costs", by=treasurer)
    with refuses("same_person"):
        charges.approve(charge=charge, by=treasurer)
    for somebody in (superuser, stranger):
        with refuses("not_second"):
            charges.approve(charge=charge, by=somebody)
    with pytest.raises(IntegrityError, match="charge_two_persons"), transaction.atomic():
        Charge.objects.filter(pk=charge.pk).update(
            approved_by=treasurer, approved_at=charge.asked_at
        )


def test_a_line_is_asked_once_and_a_withdrawn_one_can_be_asked_again(costs, treasurer):
    first = charges.ask(entry=costs, reason="Costs", by=treasurer)
    with refuses("wrong_state"):
        charges.ask(entry=costs, reason="Costs again", by=treasurer)
    charges.withdraw(charge=first, by=treasurer)
    second = charges.ask(entry=costs, reason="Costs of the card", by=treasurer)
    assert list(charges.to_approve(costs.fund)) == [second]


def test_a_deposit_that_has_an_owner_is_no_interest(interest, employer, treasurer):
    desk.match_by_hand(deposit=Deposit.objects.get(), employer=employer, by=treasurer)
    with refuses("already_matched"):
        charges.ask(entry=interest, reason="Rente", by=treasurer)


def test_interest_that_was_undone_can_be_booked_again(
    interest, twente, treasurer, second_treasurer
):
    charge = charges.ask(entry=interest, reason="Rente", by=treasurer)
    charges.approve(charge=charge, by=second_treasurer)
    desk.undo(deposit=Deposit.objects.get(), reason="It was a gift", by=treasurer)
    assert cents(twente, "pool") == 100_000
    again = charges.ask(entry=interest, reason="Interest after all", by=treasurer)
    charges.approve(charge=again, by=second_treasurer)
    assert cents(twente, "pool") == 100_730
    assert books_are_right()


def test_costs_above_the_pool_are_refused_and_nothing_moves(
    pool, fund_iban, twente, treasurer, second_treasurer
):
    (entry,) = statement(fund_iban, (-100_001, "", {"name": "Bank"}))
    charge = charges.ask(entry=entry, reason="Costs", by=treasurer)
    with refuses("not_enough_money"):
        charges.approve(charge=charge, by=second_treasurer)
    charge.refresh_from_db()
    assert charge.approved_at is None
    assert cents(twente, "pool") == 100_000
    assert cents(twente, "unexplained") == 100_001


def test_a_part_of_a_line_is_tax_and_the_rest_costs(costs, twente, treasurer, second_treasurer):
    """EUR 12.50: EUR 2.50 tax and EUR 10.00 costs; a cent more is refused."""
    tax = charges.ask(entry=costs, kind="tax", amount_cents=250, reason="VAT", by=treasurer)
    with refuses("more_than_left"):
        charges.ask(entry=costs, amount_cents=1_001, reason="Costs", by=treasurer)
    rest = charges.ask(entry=costs, reason="Costs", by=treasurer)
    assert rest.amount_cents == 1_000
    for charge in (tax, rest):
        charges.approve(charge=charge, by=second_treasurer)
    assert (cents(twente, "unexplained"), cents(twente, "pool")) == (0, 98_750)
    assert books_are_right()


def test_costs_are_undone_by_correcting_transfers_and_said_again(
    costs, twente, treasurer, second_treasurer
):
    charge = charges.ask(entry=costs, reason="Costs", by=treasurer)
    with refuses("wrong_state"):
        charges.undo(charge=charge, reason="No", by=treasurer)
    charges.approve(charge=charge, by=second_treasurer)
    charges.undo(charge=charge, reason="It was tax", by=treasurer)
    assert (cents(twente, "unexplained"), cents(twente, "pool")) == (1_250, 100_000)
    with refuses("wrong_state"):
        charges.undo(charge=charge, reason="Twice", by=treasurer)
    assert books_are_right()
    again = charges.ask(entry=costs, kind="tax", reason="Tax", by=treasurer)
    charges.approve(charge=again, by=second_treasurer)
    assert (cents(twente, "unexplained"), cents(twente, "pool")) == (0, 98_750)
    assert books_are_right()
