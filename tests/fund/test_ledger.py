from datetime import date, timedelta

import pytest
from django.utils import timezone
from djmoney.money import Money

from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Transfer
from budgetpool.money import NotEuros, from_cents
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


def deposit(bank, employer, cents, reference="deposit:1:received"):
    return ledger.post(
        debit=bank, credit=employer, amount=cents, reference=reference, memo="deposit"
    )


def test_a_deposit_is_in_the_bank_and_belongs_to_the_employer(bank, employer):
    deposit(bank, employer, 500_000)
    assert ledger.balance(bank) == Money("5000.00", "EUR")
    assert ledger.balance(employer) == Money("5000.00", "EUR")


def test_money_that_joins_the_pool_is_the_employers_no_longer(bank, employer, pool):
    deposit(bank, employer, 500_000)
    ledger.post(
        debit=employer,
        credit=pool,
        amount=from_cents(500_000),
        reference="deposit:1:joined",
        memo="joined_pool",
    )
    assert ledger.balance_cents(employer) == 0
    assert ledger.balance_cents(pool) == 500_000
    assert ledger.balance_cents(bank) == 500_000


def test_asking_twice_posts_once(bank, employer):
    first = deposit(bank, employer, 100)
    assert deposit(bank, employer, 100) == first
    assert Transfer.objects.count() == 1
    assert ledger.balance_cents(employer) == 100


@pytest.mark.parametrize("change", [{"amount": 101}, {"memo": "refunded"}, {"swap": True}])
def test_the_same_reference_with_other_facts_is_refused(bank, employer, change):
    deposit(bank, employer, 100)
    facts = {"debit": bank, "credit": employer, "amount": 100, "memo": "deposit"}
    if change.pop("swap", False):
        facts |= {"debit": employer, "credit": bank}
    with refuses("reference_taken") as refused:
        ledger.post(reference="deposit:1:received", **(facts | change))
    assert refused.value.params == {"reference": "deposit:1:received"}


def test_a_claim_cannot_be_spent_twice(bank, employer, pool):
    deposit(bank, employer, 100)
    with refuses("not_enough_money") as refused:
        ledger.post_many(
            ledger.Entry(debit=employer, credit=pool, amount=60, reference=f"r{n}", memo="x")
            for n in range(2)
        )
    assert refused.value.code == "not_enough_money"
    assert refused.value.params == {
        "holder": "werkgever",
        "account": "employer-12",
        "available_cents": 40,
        "amount_cents": 60,
        "reference": "r1",
    }
    assert Transfer.objects.count() == 1
    assert ledger.balance_cents(employer) == 100


@pytest.mark.parametrize("cents", [0, -1])
def test_an_amount_is_more_than_zero(bank, employer, cents):
    with refuses("not_positive"):
        deposit(bank, employer, cents)


def test_parts_of_a_cent_and_other_currencies_are_refused(bank, employer):
    for amount in (Money("0.205", "EUR"), Money("5", "USD")):
        with pytest.raises(NotEuros):
            deposit(bank, employer, amount)


def test_an_account_cannot_pay_itself(bank):
    with refuses("same_account"):
        deposit(bank, bank, 1)


def test_money_stays_within_its_fund(bank, drenthe):
    other = ledger.open_account(fund=drenthe, kind=Account.Kind.EMPLOYER, code="employer-12")
    with refuses("other_fund"):
        deposit(bank, other, 1)


def test_an_account_is_opened_once(twente, pool):
    assert ledger.open_account(fund=twente, kind=Account.Kind.POOL, code="pool") == pool
    with refuses("account_taken"):
        ledger.open_account(fund=twente, kind=Account.Kind.EMPLOYER, code="pool")


def test_many_accounts_are_opened_at_once(twente):
    codes = [f"award-{n}" for n in range(1200)]
    opened = ledger.open_accounts(fund=twente, kind=Account.Kind.AWARD, codes=codes)
    again = ledger.open_accounts(fund=twente, kind=Account.Kind.AWARD, codes=codes)
    assert list(opened) == codes
    assert opened == again


def test_a_mistake_gets_a_correcting_transfer(bank, employer):
    wrong = deposit(bank, employer, 100)
    back = ledger.correct(transfer=wrong, note="Wrong employer")
    assert (back.debit, back.credit, back.amount_cents) == (employer, bank, 100)
    assert back.corrects == wrong
    assert ledger.correct(transfer=wrong, note="Wrong employer") == back
    with refuses("already_corrected"):
        ledger.correct(transfer=wrong, note="Another reason")
    assert ledger.balance_cents(employer) == 0


def test_a_balance_is_right_at_any_past_moment(bank, employer):
    before = timezone.now() - timedelta(days=1)
    moments = []
    for n in range(1, 6):
        deposit(bank, employer, n, reference=f"deposit:{n}")
        moments.append(Transfer.objects.get(reference=f"deposit:{n}").booked_at)
    assert ledger.balance_cents(employer, before) == 0
    assert [ledger.balance_cents(employer, at) for at in moments] == [1, 3, 6, 10, 15]
    assert ledger.balance_cents(bank, moments[-1]) == 15


def test_the_value_date_is_today_unless_it_is_given(bank, employer):
    given = ledger.post(
        debit=bank,
        credit=employer,
        amount=1,
        reference="r",
        memo="deposit",
        value_date=date(2027, 1, 4),
    )
    assert given.value_date == date(2027, 1, 4)
    assert deposit(bank, employer, 1).value_date == timezone.localdate()
