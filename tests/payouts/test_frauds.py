"""Frauds that other schemes met, tried here: what a school can bill, and for whom.

STAP paid what providers asked up to the maximum; SkillsFuture paid for trainees who did not exist.
"""

import pandas as pd
import pytest

from allocation.models import Award, Payout
from allocation.optimiser import Policy, Problem, allocate
from allocation.payouts import confirming, planning
from budgetpool.bank.models import BankEntry
from tests.payouts.conftest import SCHOOL_IBAN, statement
from tests.payouts.test_coming_back import advanced, debt, no_show  # noqa: F401
from tests.payouts.test_paying import enter, send
from tests.refusing import refuses


@pytest.mark.django_db
class TestASchoolThatBills:
    def test_one_training_twice_under_two_numbers(self, award, school, treasurer):
        enter(award, treasurer, "600.00", number="2027-31")
        for cents in ("0.01", "600.00"):
            with refuses("above_register_price"):
                enter(award, treasurer, cents, number="2027-32")

    def test_its_part_twice(self, award, school, treasurer):
        invoice = enter(award, treasurer)
        planning.advance(invoice=invoice, actor=treasurer)
        with refuses("nothing_left"):
            planning.advance(invoice=invoice, actor=treasurer)
        assert Payout.objects.count() == 1

    def test_a_no_show_owes_what_it_got(self, debt, school, treasurer):  # noqa: F811
        assert (debt.from_provider, debt.amount_cents) == (school.provider, 48_000)
        award = debt.award
        with refuses("wrong_step"):
            planning.rest(invoice=award.invoices.get(), actor=treasurer)
        with refuses("wrong_step"):
            enter(award, treasurer, "120.00", number="2027-32")

    def test_somebody_who_never_said_yes(self, make_award, school, treasurer):
        invented = make_award("Phantom Phil", status=Award.Status.GRANTED)
        with refuses("wrong_step"):
            enter(invented, treasurer)


@pytest.mark.django_db
class TestTheBank:
    def test_one_payment_on_two_lines_is_paid_once(
        self, award, school, main_iban, treasurer, second_treasurer
    ):
        planning.advance(invoice=enter(award, treasurer), actor=treasurer)
        send(award.round.fund, treasurer, second_treasurer)
        number = Payout.objects.get().end_to_end_id
        statement(main_iban, *[(-48_000, number, {"iban": SCHOOL_IBAN})] * 2)
        confirming.confirm(fund=main_iban.fund, actor=treasurer)
        assert sum(entry.payment_parts.count() for entry in BankEntry.objects.all()) == 1


def test_a_school_with_most_of_the_requests_gets_no_more_than_its_share():
    """More than half of STAP's money of 2022 went to 20 providers."""
    rows = [
        {
            "request_id": f"r{number}",
            "worker_id": f"w{number}",
            "choice": 1,
            "amount_cents": 1_000_00,
            "points": 90 if number < 40 else 10,
            "provider_id": "big" if number < 40 else f"small-{number}",
        }
        for number in range(60)
    ]
    policy = Policy.from_dict(
        {
            "name": "cap",
            "seed": "s",
            "ceiling_cents": 20_000_00,
            "cap": [{"name": "provider", "column": "provider_id", "share_of_ceiling": 0.2}],
        }
    )
    decisions = allocate(Problem(requests=pd.DataFrame(rows), policy=policy)).decisions
    awarded = set(decisions[decisions["awarded"] == 1]["request_id"])
    big = awarded & {f"r{number}" for number in range(40)}
    assert (len(big), len(awarded)) == (4, 20)
