"""Parts never add up to more than their line, also while one of them waits for a second person."""

import pytest
from django.urls import reverse

from allocation.models import Payout
from allocation.payouts import confirming, planning
from allocation.payouts.lines import saying
from budgetpool.fund import funds
from employers.deposits import charges, refunds
from employers.models import Charge, Refund
from tests.cast import signed_in
from tests.payouts.conftest import SCHOOL_IBAN, WORKER_IBAN, statement
from tests.payouts.test_lines import books_are_right, two_requests  # noqa: F401
from tests.payouts.test_paying import enter, send
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_bank(award, school, main_iban, treasurer, second_treasurer):
    """EUR 480 for the school, in a file that the bank has."""
    planning.advance(invoice=enter(award, treasurer), actor=treasurer)
    send(award.round.fund, treasurer, second_treasurer)
    return Payout.objects.get()


def waits(entry, kind, cents, by):
    saying.say(entry=entry, part=kind, actor=by, amount_cents=cents, reason="November")


class TestADeposit:
    @pytest.fixture
    def entry(self, main_iban, treasurer):
        """EUR 300, of which EUR 100 waits for approval as interest."""
        (entry,) = statement(main_iban, (300_00, "", {"name": "Bakker", "iban": SCHOOL_IBAN}))
        waits(entry, "interest", 100_00, treasurer)
        return entry

    def test_a_request_takes_what_is_left(
        self,
        entry,
        two_requests,  # noqa: F811
        treasurer,
        second_treasurer,
    ):
        part = f"request-{two_requests[0].pk}"
        with refuses("more_than_left"):
            saying.say(entry=entry, part=part, actor=treasurer, amount_cents=200_01)
        saying.say(entry=entry, part=part, actor=treasurer)
        assert saying.left_cents(entry) == 0
        charges.approve(charge=Charge.objects.get(), by=second_treasurer)
        assert (saying.left_cents(entry), books_are_right()) == (0, True)

    def test_what_goes_back_does_too(self, entry, treasurer):
        with refuses("more_than_left"):
            refunds.ask(deposit=entry.deposit, reason="Not ours", by=treasurer)
        saying.say(entry=entry, part="back", actor=treasurer, reason="Not ours")
        assert (Refund.objects.get().amount_cents, saying.left_cents(entry)) == (200_00, 0)

    def test_another_account_of_the_fund_too(self, entry, main_iban, treasurer):
        savings = funds.add_iban(fund=main_iban.fund, iban=WORKER_IBAN, holder_name="Fonds")
        went = {"iban": main_iban.iban}
        (debit,) = statement(savings, (-300_00, "", went))
        waits(debit, "costs", 250_00, treasurer)
        entry.deposit.entry.iban = savings.iban
        with refuses("other_account"):
            saying.say(entry=debit, part=f"own-{entry.pk}", actor=treasurer)
        (credit,) = statement(main_iban, (300_00, "", {"iban": savings.iban}))
        with refuses("more_than_paid"):
            saying.say(entry=debit, part=f"own-{credit.pk}", actor=treasurer, amount_cents=50_01)
        saying.say(entry=debit, part=f"own-{credit.pk}", actor=treasurer)
        assert (saying.left_cents(debit), saying.left_cents(credit)) == (0, 250_00)


class TestAPayment:
    def test_a_payment_of_ours_is_not_said_beside_costs_that_wait(
        self, at_bank, main_iban, treasurer, second_treasurer
    ):
        (entry,) = statement(main_iban, (-480_00, "", {"iban": SCHOOL_IBAN}))
        waits(entry, "costs", 100_00, treasurer)
        with refuses("more_than_paid"):
            saying.say(entry=entry, part=f"payout-{at_bank.pk}", actor=treasurer)
        charges.withdraw(charge=Charge.objects.get(), by=treasurer)
        saying.say(entry=entry, part=f"payout-{at_bank.pk}", actor=treasurer)
        assert (saying.left_cents(entry), books_are_right()) == (0, True)

    def test_it_is_not_found_there_either(self, at_bank, main_iban, treasurer):
        (entry,) = statement(main_iban, (-480_00, at_bank.end_to_end_id, {}))
        waits(entry, "tax", 1, treasurer)
        found = confirming.confirm(fund=main_iban.fund, actor=treasurer)
        assert (found.paid, found.unclear) == ([], [entry])

    def test_nor_a_refund(self, main_iban, treasurer, second_treasurer):
        (credit,) = statement(main_iban, (70_00, "", {"name": "Bakker", "iban": SCHOOL_IBAN}))
        refund = refunds.ask(deposit=credit.deposit, reason="Not ours", by=treasurer)
        refunds.approve(refund=refund, by=second_treasurer)
        (entry,) = statement(main_iban, (-75_00, "", {"iban": SCHOOL_IBAN}))
        waits(entry, "costs", 5_01, treasurer)
        with refuses("more_than_paid"):
            saying.say(entry=entry, part=f"refund-{refund.pk}", actor=treasurer)


class TestSendingBackWhatShowsNoAccount:
    def test_the_page_asks_where_to_and_two_people_approve(
        self, main_iban, treasurer, second_treasurer
    ):
        (entry,) = statement(main_iban, (30_00, "", {"name": "Kas"}))
        address = reverse("treasurer-line", args=["twente", entry.pk])
        desk = signed_in(treasurer)
        assert 'name="part-iban"' in desk.get(address).content.decode()
        sent = {"verb": "say", "part-part": "back", "part-amount": "", "part-reason": "Not ours"}
        page = desk.post(address, sent, follow=True).content.decode()
        assert "Geef een IBAN" in page
        page = desk.post(address, sent | {"part-iban": "NL20 INGB 0001 2345 68"}, follow=True)
        assert Refund.objects.count() == 0
        desk.post(address, sent | {"part-iban": "nl20 ingb 0001 2345 67"})
        refund = Refund.objects.get()
        assert (refund.iban, saying.left_cents(entry)) == (SCHOOL_IBAN, 0)
        refunds.approve(refund=refund, by=second_treasurer)

    def test_a_line_that_shows_one_asks_nothing(self, main_iban, treasurer):
        (entry,) = statement(main_iban, (30_00, "", {"name": "Bakker", "iban": SCHOOL_IBAN}))
        desk = signed_in(treasurer)
        page = desk.get(reverse("treasurer-line", args=["twente", entry.pk])).content.decode()
        assert 'name="part-iban"' not in page
