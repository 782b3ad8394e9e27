"""Bank costs and interest: booked by two people, to the pool, once."""

import pytest
from django.db import IntegrityError, transaction

from budgetpool.bank import payments
from budgetpool.bank.models import BankEntry
from budgetpool.fund import checks, ledger
from budgetpool.fund.ledger import NotEnoughMoney
from budgetpool.fund.models import Account
from employers.deposits import charges, desk
from employers.errors import AlreadyMatched, NotTreasurer, SamePerson, WrongState
from employers.models import Charge, Deposit
from tests.payouts.conftest import statement

pytestmark = pytest.mark.django_db


def cents(fund, code):
    return ledger.balance_cents(Account.objects.get(fund=fund, code=code))


def books_are_right():
    return [outcome for outcome in checks.check_ledger() if not outcome.ok] == []


@pytest.fixture
def pool(twente, fund_iban):
    """EUR 1,000 in the pool."""
    pool = ledger.open_account(fund=twente, kind=Account.Kind.POOL, code="pool")
    ledger.post(
        debit=fund_iban.account, credit=pool, amount=100_000, reference="fill", memo="deposit"
    )
    return pool


@pytest.fixture
def costs(pool, fund_iban):
    (entry,) = statement(fund_iban, (-1_250, "", {"name": "Bank", "remittance": "Kosten Q4"}))
    return entry


@pytest.fixture
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
    with pytest.raises(WrongState):
        charges.approve(charge=charge, by=second_treasurer)


def test_interest_goes_from_suspense_to_the_pool(interest, twente, treasurer, chair):
    charge = charges.ask(entry=interest, reason="Rente 2026", by=treasurer)
    assert charge.kind == Charge.Kind.INTEREST
    charges.approve(charge=charge, by=chair)
    assert cents(twente, "pool") == 100_730
    assert cents(twente, "suspense") == 0
    assert books_are_right()


def test_nobody_passes_the_four_eyes_through_any_door(costs, treasurer, superuser, stranger):
    with pytest.raises(NotTreasurer):
        charges.ask(entry=costs, reason="Costs", by=superuser)
    charge = charges.ask(entry=costs, reason="Costs", by=treasurer)
    with pytest.raises(SamePerson):
        charges.approve(charge=charge, by=treasurer)
    for somebody in (superuser, stranger):
        with pytest.raises(NotTreasurer):
            charges.approve(charge=charge, by=somebody)
    with pytest.raises(IntegrityError, match="charge_two_persons"), transaction.atomic():
        Charge.objects.filter(pk=charge.pk).update(
            approved_by=treasurer, approved_at=charge.asked_at
        )


def test_a_line_is_asked_once_and_a_withdrawn_one_can_be_asked_again(costs, treasurer):
    first = charges.ask(entry=costs, reason="Costs", by=treasurer)
    with pytest.raises(WrongState):
        charges.ask(entry=costs, reason="Costs again", by=treasurer)
    charges.withdraw(charge=first, by=treasurer)
    second = charges.ask(entry=costs, reason="Costs of the card", by=treasurer)
    assert list(charges.to_approve(costs.fund)) == [second]


def test_a_deposit_that_has_an_owner_is_no_interest(interest, employer, treasurer):
    desk.match_by_hand(deposit=Deposit.objects.get(), employer=employer, by=treasurer)
    with pytest.raises(AlreadyMatched):
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
    with pytest.raises(NotEnoughMoney):
        charges.approve(charge=charge, by=second_treasurer)
    charge.refresh_from_db()
    assert charge.approved_at is None
    assert cents(twente, "pool") == 100_000
    assert cents(twente, "unexplained") == 100_001


def test_lines_that_may_be_the_banks_own_are_listed_until_they_are_asked(
    costs, interest, twente, treasurer
):
    suspense = Deposit.objects.filter(fund=twente)
    listed = charges.candidates(twente, suspense)
    assert {entry.pk for entry in listed} == {costs.pk, interest.pk}
    charges.ask(entry=costs, reason="Costs", by=treasurer)
    assert charges.candidates(twente, suspense) == [BankEntry.objects.get(pk=interest.pk)]
