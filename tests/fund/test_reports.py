"""The books of a year: what each account held, what moved, and what is left."""

from datetime import date

import pytest
from django.utils import timezone

from budgetpool.fund import ledger, reports
from budgetpool.fund.models import Transfer

pytestmark = pytest.mark.django_db


def test_a_row_ends_with_what_it_began_with_and_what_moved(bank, employer, pool):
    ledger.post(debit=bank, credit=employer, amount=500_005, reference="deposit:1:received",
                memo="deposit")  # fmt: skip
    ledger.post(debit=employer, credit=pool, amount=120_000, reference="deposit:1:joined",
                memo="joined_pool")  # fmt: skip
    year = timezone.localdate().year
    closing = {r.account: r.closing_cents for r in reports.trial_balance(bank.fund, year=year)}
    assert closing == {bank: 500_005, employer: 380_005, pool: 120_000}
    after = reports.trial_balance(bank.fund, year=year + 1)
    assert {r.account: (r.opening_cents, r.debits_cents, r.credits_cents) for r in after} == {
        account: (cents, 0, 0) for account, cents in closing.items()
    }
    assert [r.closing_cents for r in after] == [r.opening_cents for r in after]
    assert reports.sides_cents(after) == (500_005, 500_005)
    assert reports.trial_balance(bank.fund, year=date.min.year) == []


def test_a_transfer_is_called_by_its_euros_and_two_places(bank, employer):
    for number, cents in enumerate((500_005, 99, 120)):
        ledger.post(debit=bank, credit=employer, amount=cents,
                    reference=f"deposit:{number}:received", memo="deposit")  # fmt: skip
    assert [str(one).split(" EUR ")[1].split()[0] for one in Transfer.objects.order_by("pk")] == [
        "5000.05",
        "0.99",
        "1.20",
    ]
