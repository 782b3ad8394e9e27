"""The treasurer's hand: match, undo, assign, pay back; each step to the cent."""

import pytest
from django.core.exceptions import ValidationError

from budgetpool.bank import payments
from budgetpool.bank.models import BankEntry
from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Transfer
from employers.deposits import desk, refunds
from employers.models import Deposit, Refund
from tests.bank.samples import entry_xml
from tests.employers.test_importing import balances
from tests.refusing import refuses
from tests.sharing import shared

pytestmark = pytest.mark.django_db


@shared
def deposit(receive):
    """EUR 2,500 that nobody recognised, from an account that can be paid back to."""
    receive(entry_xml("2500.00", name="Bakker", iban="NL44RABO0123456789"))
    return Deposit.objects.get()


def test_a_deposit_matched_by_hand_joins_the_pool(deposit, contribution, twente, treasurer):
    desk.match_by_hand(deposit=deposit, contribution=contribution, by=treasurer)
    assert balances(twente)["suspense"] == 0
    assert balances(twente)["pool"] == 2500_00


def test_a_gift_needs_no_request(deposit, employer, twente, treasurer):
    desk.match_by_hand(deposit=deposit, employer=employer, by=treasurer)
    assert balances(twente)["pool"] == 2500_00


def test_a_deposit_is_matched_once(deposit, contribution, twente, treasurer, other_employer):
    desk.match_by_hand(deposit=deposit, contribution=contribution, by=treasurer)
    with refuses("already_matched"):
        desk.match_by_hand(deposit=deposit, employer=other_employer, by=treasurer)
    assert balances(twente)["pool"] == 2500_00


def test_a_wrong_match_is_undone_by_correcting_transfers(
    deposit, employer, other_employer, twente, treasurer
):
    desk.match_by_hand(deposit=deposit, employer=employer, by=treasurer)
    desk.undo(deposit=deposit, reason="wrong company", by=treasurer)
    assert balances(twente)["suspense"] == 2500_00
    assert balances(twente)["pool"] == 0
    again = desk.match_by_hand(deposit=deposit, employer=other_employer, by=treasurer)
    assert (again.number, balances(twente)["pool"]) == (2, 2500_00)
    assert balances(twente)[f"employer-{employer.pk}"] == 0


def test_a_match_made_by_the_import_can_be_undone_too(receive, contribution, twente, treasurer):
    receive(entry_xml("2500.00", structured=contribution.reference))
    desk.undo(deposit=Deposit.objects.get(), reason="for Drenthe", by=treasurer)
    assert balances(twente)["suspense"] == 2500_00


def test_what_the_pool_has_spent_cannot_be_undone(deposit, employer, twente, treasurer):
    desk.match_by_hand(deposit=deposit, employer=employer, by=treasurer)
    pool = Account.objects.get(fund=twente, code="pool")
    spent = ledger.open_account(fund=twente, kind=Account.Kind.ROUND, code="round-1")
    ledger.post(debit=pool, credit=spent, amount=1, reference="x", memo="ceiling")
    with refuses("already_spent"):
        desk.undo(deposit=deposit, reason="wrong company", by=treasurer)
    assert desk.current_match(deposit) is not None
    assert balances(twente)["pool"] == 2499_99


def test_undoing_needs_a_reason_and_a_match(deposit, employer, treasurer):
    with refuses("not_matched"):
        desk.undo(deposit=deposit, reason="x", by=treasurer)
    desk.match_by_hand(deposit=deposit, employer=employer, by=treasurer)
    with pytest.raises(ValidationError):
        desk.undo(deposit=deposit, reason="", by=treasurer)
    assert desk.current_match(deposit) is not None


def test_a_rejected_payout_goes_back_where_it_came_from(deposit, twente, treasurer):
    award = ledger.open_account(fund=twente, kind=Account.Kind.AWARD, code="award-17")
    desk.assign(deposit=deposit, account=award, memo="recovered", by=treasurer)
    assert balances(twente)["award-17"] == 2500_00
    desk.undo(deposit=deposit, reason="other award", by=treasurer)
    assert (balances(twente)["award-17"], balances(twente)["suspense"]) == (0, 2500_00)


@pytest.mark.parametrize("who", ["treasurer_of_drenthe", "chair", "manager", "stranger"])
def test_only_a_treasurer_of_the_region_touches_a_deposit(request, who, deposit, employer):
    person = request.getfixturevalue(who)
    for step in (
        lambda: desk.match_by_hand(deposit=deposit, employer=employer, by=person),
        lambda: desk.undo(deposit=deposit, reason="x", by=person),
        lambda: refunds.ask(deposit=deposit, reason="x", by=person),
    ):
        with refuses("not_treasurer"):
            step()


class TestRefunds:
    def test_a_double_payment_goes_back_after_two_persons_and_the_bank_say_so(
        self, receive, deposit, twente, treasurer, second_treasurer
    ):
        refund = refunds.ask(deposit=deposit, reason="paid twice", by=treasurer)
        assert list(refunds.awaiting_payment(twente)) == []
        refunds.approve(refund=refund, by=second_treasurer)
        assert list(refunds.awaiting_payment(twente)) == [refund]
        receive(
            entry_xml("2500.00", "DBIT", iban="NL44RABO0123456789", date="2027-01-08"), id="S-2"
        )
        refund.refresh_from_db()
        assert refund.payment is not None
        assert {code: cents for code, cents in balances(twente).items() if cents} == {}

    def test_the_person_who_asked_cannot_approve(self, deposit, treasurer):
        refund = refunds.ask(deposit=deposit, reason="paid twice", by=treasurer)
        with refuses("same_person"):
            refunds.approve(refund=refund, by=treasurer)
        with pytest.raises(Exception, match="refund_two_persons"):
            Refund.objects.filter(pk=refund.pk).update(approved_by=treasurer)

    def test_a_matched_deposit_leaves_the_pool_first(self, deposit, employer, twente, treasurer):
        desk.match_by_hand(deposit=deposit, employer=employer, by=treasurer)
        refunds.ask(deposit=deposit, reason="wrong year", by=treasurer)
        assert balances(twente)["pool"] == 0
        assert balances(twente)["suspense"] == 2500_00

    def test_what_is_committed_is_not_paid_back(self, deposit, employer, twente, treasurer):
        desk.match_by_hand(deposit=deposit, employer=employer, by=treasurer)
        pool = Account.objects.get(fund=twente, code="pool")
        spent = ledger.open_account(fund=twente, kind=Account.Kind.ROUND, code="round-1")
        ledger.post(debit=pool, credit=spent, amount=2500_00, reference="x", memo="ceiling")
        with refuses("already_spent"):
            refunds.ask(deposit=deposit, reason="regret", by=treasurer)
        assert not Refund.objects.exists()

    def test_a_part_goes_back_and_the_rest_can_be_matched(
        self, deposit, employer, twente, treasurer
    ):
        refunds.ask(deposit=deposit, reason="a zero too many", by=treasurer, amount_cents=2250_00)
        match = desk.match_by_hand(deposit=deposit, employer=employer, by=treasurer)
        assert match.amount_cents == 250_00
        assert balances(twente)["pool"] == 250_00
        assert balances(twente)["suspense"] == 2250_00

    def test_a_whole_refund_leaves_nothing_to_match(self, deposit, employer, treasurer):
        refund = refunds.ask(deposit=deposit, reason="paid twice", by=treasurer)
        with refuses("deposit_returned"):
            desk.match_by_hand(deposit=deposit, employer=employer, by=treasurer)
        refunds.withdraw(refund=refund, by=treasurer)
        assert desk.match_by_hand(deposit=deposit, employer=employer, by=treasurer)

    @pytest.mark.parametrize("amount", [0, -1, 2500_01])
    def test_no_more_than_the_deposit_goes_back(self, deposit, treasurer, amount):
        with refuses("refund_too_large"):
            refunds.ask(deposit=deposit, reason="x", by=treasurer, amount_cents=amount)

    def test_where_the_bank_names_no_account_one_must_be_given(self, receive, treasurer):
        receive(entry_xml("5.00"))
        deposit = Deposit.objects.get()
        with refuses("no_iban"):
            refunds.ask(deposit=deposit, reason="x", by=treasurer)
        with pytest.raises(ValidationError):
            refunds.ask(deposit=deposit, reason="x", by=treasurer, iban="NL00BANK0123456789")


class TestPayments:
    @pytest.fixture
    def payment(self, receive):
        """EUR 300 that left the bank, after EUR 300 had come in."""
        receive(entry_xml("300.00"), entry_xml("300.00", "DBIT"))
        return BankEntry.objects.get(amount_cents__lt=0)

    def test_a_payment_is_explained_by_the_claims_that_paid_it(self, payment, twente):
        suspense = Account.objects.get(fund=twente, code="suspense")
        parts = [
            payments.Part(debit=suspense, amount_cents=cents, reference=f"p:{cents}", memo="paid")
            for cents in (100_00, 200_00)
        ]
        payments.explain(entry=payment, parts=parts)
        assert balances(twente)["unexplained"] == 0
        assert list(payments.unexplained(twente)) == []
        payments.explain(entry=payment, parts=parts)
        assert Transfer.objects.filter(memo="paid").count() == 2

    def test_no_more_is_explained_than_was_paid(self, payment, twente):
        suspense = Account.objects.get(fund=twente, code="suspense")
        part = payments.Part(debit=suspense, amount_cents=300_01, reference="p", memo="paid")
        with refuses("more_than_paid"):
            payments.explain(entry=payment, parts=[part])
        (open_payment,) = payments.unexplained(twente)
        assert open_payment.left_cents == 300_00

    def test_money_that_came_in_is_no_payment(self, payment):
        credit = BankEntry.objects.get(amount_cents__gt=0)
        with refuses("not_a_payment"):
            payments.explain(entry=credit, parts=[])
