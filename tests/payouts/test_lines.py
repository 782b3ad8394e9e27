"""A line of the bank is explained by its parts, and every part can be undone.

EUR 599.50 comes back of a payment of EUR 600, a batch is one debit, money moves between own
accounts, a deposit is taken back. After each step the books are proven both ways.
"""

import pytest

from allocation.models import Award, Payout
from allocation.payouts import confirming, ending, planning, unsaying
from allocation.payouts.lines import choices, finding, saying, standing, suggesting
from budgetpool.fund import checks, funds, ledger
from budgetpool.fund.models import Account, Transfer
from employers.deposits import charges, desk, pairing, refunds
from employers.models import Charge, Deposit
from employers.pledges import requests
from tests.allocation.people import euros
from tests.cast import make_employer
from tests.payouts.conftest import SCHOOL_IBAN, statement
from tests.payouts.test_paying import enter, send
from tests.refusing import refuses
from tests.sharing import shared

pytestmark = pytest.mark.django_db


SOURCES = ("deposits", "payments", "refunds", "charges", "payouts")


def books_are_right():
    """Every fact of the bank has its transfer and the other way round."""
    checked = {outcome.check.removeprefix("facts:"): outcome for outcome in checks.check_ledger()}
    return [checked[name].findings for name in SOURCES if checked[name].findings] == []


def cents(fund, code):
    account = Account.objects.filter(fund=fund, code=code).first()
    return ledger.balance_cents(account) if account else 0


@pytest.fixture
def savings(main_iban):
    return funds.add_iban(fund=main_iban.fund, iban="NL39RABO0300065264", holder_name="Fonds")


@pytest.fixture
def paid(award, school, main_iban, treasurer, second_treasurer):
    """EUR 480 that a statement shows as paid to the school."""
    planning.advance(invoice=enter(award, treasurer), actor=treasurer)
    send(award.round.fund, treasurer, second_treasurer)
    payout = Payout.objects.get()
    statement(main_iban, (-48_000, payout.end_to_end_id, {}))
    confirming.confirm(fund=award.round.fund, actor=treasurer)
    payout.refresh_from_db()
    return payout


@shared
def two_requests(opened):
    """EUR 300 and EUR 500 of one employer."""
    employer = make_employer("Bakker", "90000021")
    return [
        requests.ask(
            employer=employer,
            fund=opened.fund,
            amount_cents=amount,
            period_start=opened.window.opens_at.date(),
            period_end=opened.window.opens_at.date(),
        )
        for amount in (30_000, 50_000)
    ]


def say(entry, part, by, **more):
    saying.say(entry=entry, part=part, actor=by, **more)


def undo_all(entry, by):
    for part in standing.of(entry):
        standing.undo(entry=entry, part=part.key, reason="Wrong", actor=by)


class TestCredits:
    def test_one_deposit_pays_two_requests_and_the_rest_goes_back(
        self, two_requests, main_iban, treasurer, second_treasurer
    ):
        fund = main_iban.fund
        pool = cents(fund, "pool")
        (entry,) = statement(main_iban, (81_000, "", {"name": "Bakker", "iban": SCHOOL_IBAN}))
        say(entry, f"request-{two_requests[0].pk}", treasurer, amount_cents=30_000)
        say(entry, f"request-{two_requests[1].pk}", treasurer, amount_cents=50_000)
        with refuses("more_than_left"):
            say(entry, f"gift-{two_requests[0].employer_id}", treasurer, amount_cents=1_001)
        say(entry, "back", treasurer, reason="Too much")
        assert saying.left_cents(entry) == 0
        assert (cents(fund, "pool") - pool, cents(fund, "suspense")) == (80_000, 1_000)
        assert [part.cents for part in standing.of(entry)] == [30_000, 50_000, 1_000]
        assert books_are_right()
        undo_all(entry, treasurer)
        assert saying.left_cents(entry) == 81_000
        assert (cents(fund, "pool"), cents(fund, "suspense")) == (pool, 81_000)
        assert books_are_right()

    def test_a_text_with_two_references_suggests_both_at_once(
        self, two_requests, main_iban, treasurer
    ):
        text = " en ".join(row.reference for row in two_requests)
        (entry,) = statement(main_iban, (90_000, "", {"remittance": text}))
        first = suggesting.of(entry)[0]
        assert first.cents == (30_000, 50_000)
        assert [choice.kind for choice in first.choices] == ["request", "request"]

    def test_what_was_done_with_an_account_is_suggested_again(
        self, two_requests, main_iban, treasurer
    ):
        employer = two_requests[0].employer
        known = {"name": "B.V. Zonder Naam", "iban": SCHOOL_IBAN}
        (first,) = statement(main_iban, (1_234, "", known))
        assert suggesting.of(first) == []
        say(first, f"gift-{employer.pk}", treasurer)
        (again,) = statement(main_iban, (4_321, "", known))
        suggested = suggesting.of(again)
        assert suggested[0].key == f"gift-{employer.pk}:4321"
        assert suggested[0].is_as_before
        # The employer's requests are likelier for its account than for any other.
        assert {choice.kind for one in suggested[1:] for choice in one.choices} == {"request"}

    def test_a_payment_that_came_back_less_a_fee_gives_the_award_all_of_it(
        self, paid, main_iban, treasurer
    ):
        fund, award = main_iban.fund, paid.award.account
        pool, before = cents(fund, "pool"), ledger.balance_cents(award)
        (entry,) = statement(main_iban, (47_950, "", {"iban": SCHOOL_IBAN, "name": "Lasschool"}))
        assert f"returned-{paid.pk}:47950" in [one.key for one in suggesting.of(entry)]
        say(entry, f"returned-{paid.pk}", treasurer)
        paid.refresh_from_db()
        assert paid.status == Payout.Status.REJECTED
        assert ledger.balance_cents(award) - before == 48_000
        assert (cents(fund, "pool"), cents(fund, "costs")) == (pool - 50, 0)
        assert books_are_right()
        with refuses("undo_at_payment"):
            desk.undo_match(match=desk.current_match(entry.deposit), reason="x", by=treasurer)
        undo_all(entry, treasurer)
        paid.refresh_from_db()
        assert paid.status == Payout.Status.PAID
        assert (cents(fund, "pool"), ledger.balance_cents(award)) == (pool, before)
        assert books_are_right()

    @pytest.mark.parametrize("amount", [48_001, 48_000 - 2_501])
    def test_a_fee_is_small_and_no_payment_brings_more_back(
        self, paid, main_iban, treasurer, amount
    ):
        (entry,) = statement(main_iban, (amount, "", {"iban": SCHOOL_IBAN}))
        with refuses("other_amount"):
            say(entry, f"returned-{paid.pk}", treasurer)
        assert books_are_right()

    def test_what_was_paid_again_did_come_back(self, paid, main_iban, treasurer):
        (entry,) = statement(main_iban, (48_000, paid.end_to_end_id, {}))
        confirming.confirm(fund=main_iban.fund, actor=treasurer)
        paid.refresh_from_db()
        planning.retry(payout=paid, actor=treasurer)
        with refuses("retried_before"):
            undo_all(entry, treasurer)
        assert books_are_right()


class TestDebits:
    def test_a_payment_said_wrongly_is_at_the_bank_again_and_paid_by_its_own_line(
        self, paid, main_iban, treasurer
    ):
        fund, wrong = main_iban.fund, paid.entry
        undo_all(wrong, treasurer)
        paid.refresh_from_db()
        assert (paid.status, paid.entry, saying.left_cents(wrong)) == ("batched", None, 48_000)
        assert books_are_right()
        (right,) = statement(main_iban, (-48_000, "", {"iban": SCHOOL_IBAN}))
        assert suggesting.of(right)[0].cents == (48_000,)
        say(right, f"payout-{paid.pk}", treasurer)
        paid.refresh_from_db()
        assert paid.entry == right
        assert Transfer.objects.filter(reference=f"payout:{paid.pk}:paid:2").exists()
        assert saying.left_cents(wrong) == 48_000
        assert cents(fund, "unexplained") == 48_000
        assert books_are_right()

    def test_what_was_determined_stays_paid(self, paid, treasurer):
        ending.report(award=paid.award, step="complete", reason="Certificate", actor=treasurer)
        ending.determine(award=paid.award, amount=euros(480), reason="Done", actor=treasurer)
        with refuses("award_ended"):
            unsaying.unsay_paid(payout=paid, reason="Wrong", actor=treasurer)
        assert Award.objects.get(pk=paid.award_id).status == Award.Status.DETERMINED

    @pytest.mark.parametrize("part", ["payout-0", "payout-١", "batch-999", "refund-1", "x", ""])
    def test_what_is_not_there_explains_nothing(self, main_iban, treasurer, part):
        (entry,) = statement(main_iban, (-48_000, "", {}))
        with refuses("no_such_part"):
            say(entry, part, treasurer)

    def test_what_is_paid_pays_no_second_line(self, paid, main_iban, treasurer):
        (entry,) = statement(main_iban, (-48_000, "", {}))
        with refuses("no_such_part"):
            say(entry, f"payout-{paid.pk}", treasurer)
        assert saying.left_cents(entry) == 48_000
        assert books_are_right()

    def test_a_line_may_be_a_payment_and_costs(
        self, paid, make_award, main_iban, school, treasurer, second_treasurer
    ):
        fund = main_iban.fund
        planning.advance(
            invoice=enter(make_award("Bram"), treasurer, number="N-2"), actor=treasurer
        )
        send(fund, treasurer, second_treasurer)
        payout = Payout.objects.get(status=Payout.Status.BATCHED)
        (entry,) = statement(main_iban, (-48_125, "", {"name": "Bank"}))
        say(entry, f"batch-{payout.batch_id}", treasurer)
        say(entry, "costs", treasurer, reason="Costs of the transfer")
        charges.approve(charge=Charge.objects.get(), by=second_treasurer)
        assert [part.cents for part in standing.of(entry)] == [48_000, 125]
        assert cents(fund, "unexplained") == 0
        assert books_are_right()
        undo_all(entry, treasurer)
        assert cents(fund, "unexplained") == 48_125
        assert books_are_right()
        (costs,) = statement(main_iban, (-99, "", {"name": "Bank"}))
        assert suggesting.of(costs) == []
        say(costs, "costs", treasurer, reason="Costs")
        charges.approve(charge=Charge.objects.get(withdrawn_at=None), by=second_treasurer)
        (again,) = statement(main_iban, (-98, "", {"name": "Bank"}))
        assert (suggesting.of(again)[0].key, suggesting.of(again)[0].reason) == (
            "costs:98",
            "Costs",
        )


class TestPairs:
    def test_money_between_own_accounts_stands_in_no_account_in_between(
        self, main_iban, savings, treasurer
    ):
        fund = main_iban.fund
        (out,) = statement(main_iban, (-500_000, "", {"iban": savings.iban}))
        (into,) = statement(savings, (500_000, "", {"iban": main_iban.iban}))
        assert suggesting.of(into)[0].key == f"own-{out.pk}:500000"
        say(out, f"own-{into.pk}", treasurer)
        assert (cents(fund, "unexplained"), cents(fund, "suspense")) == (0, 0)
        assert list(finding.waiting(fund)) == []
        assert books_are_right()
        standing.undo(entry=out, part=standing.of(out)[0].key, reason="No", actor=treasurer)
        assert (cents(fund, "unexplained"), cents(fund, "suspense")) == (500_000, 500_000)
        assert standing.of(into) == []
        assert books_are_right()
        say(into, f"own-{out.pk}", treasurer)
        assert books_are_right()

    def test_an_own_transfer_has_two_accounts_and_a_chargeback_one(
        self, main_iban, savings, treasurer
    ):
        out, into = statement(main_iban, (-5_000, "", {}), (5_000, "", {}))
        (other,) = statement(savings, (5_000, "", {}))
        with refuses("same_bank_account"):
            say(out, f"own-{into.pk}", treasurer)
        with refuses("other_bank_account"):
            say(out, f"chargeback-{other.pk}", treasurer)
        with refuses("no_such_part"):
            say(out, f"own-{out.pk}", treasurer)

    def test_a_deposit_that_is_taken_back_leaves_the_pool(self, two_requests, main_iban, treasurer):
        fund = main_iban.fund
        pool = cents(fund, "pool")
        (came,) = statement(
            main_iban, (30_000, "", {"structured_reference": two_requests[0].reference})
        )
        assert cents(fund, "pool") == pool + 30_000
        (went,) = statement(main_iban, (-30_000, "", {"name": "Bakker", "is_reversal": True}))
        assert suggesting.of(went)[0].key == f"chargeback-{came.pk}:30000"
        say(went, f"chargeback-{came.pk}", treasurer, reason="Taken back by the payer")
        assert (cents(fund, "pool"), cents(fund, "unexplained")) == (pool, 0)
        asked = requests.with_paid(type(two_requests[0]).objects.filter(pk=two_requests[0].pk))
        assert asked.get().paid_cents == 0
        assert books_are_right()

    def test_the_pair_is_told_by_both_sides_or_found(self, main_iban, savings, treasurer):
        (out,) = statement(main_iban, (-5_000, "", {}))
        (into,) = statement(savings, (5_000, "", {}))
        match = pairing.pair(
            debit=out, deposit=Deposit.objects.get(entry=into), kind=pairing.OWN, by=treasurer
        )
        assert pairing.reference(match) == out.payment_parts.get().transfer.reference


class TestAccess:
    @pytest.mark.parametrize("who", ["treasurer_of_drenthe", "chair", "stranger"])
    def test_nobody_else_says_or_undoes_a_part(self, request, who, main_iban, treasurer):
        (entry,) = statement(main_iban, (-5_000, "", {}))
        person = request.getfixturevalue(who)
        with refuses("no_seat"):
            say(entry, "costs", person, reason="x")
        say(entry, "costs", treasurer, reason="x")
        (part,) = standing.of(entry)
        with refuses("no_seat"):
            standing.undo(entry=entry, part=part.key, reason="x", actor=person)

    def test_a_part_of_another_line_is_not_undone_here(self, main_iban, treasurer):
        one, two = statement(main_iban, (-5_000, "", {}), (-6_000, "", {}))
        say(one, "costs", treasurer, reason="x")
        with refuses("no_such_part"):
            standing.undo(entry=two, part=standing.of(one)[0].key, reason="x", actor=treasurer)


def test_lines_are_found_by_name_account_text_and_amount(main_iban):
    statement(
        main_iban,
        (125_050, "", {"name": "Bakker", "iban": "NL20INGB0001234567"}),
        (-125_050, "", {"remittance": "Kosten"}),
    )
    lines = finding.of(main_iban.fund)
    for words, count in (
        ("bakk", 1),
        ("nl20 ingb", 1),
        ("1.250,50", 2),
        ("€ 1250,50", 2),
        ("kosten", 1),
        ("zonder", 0),
    ):
        assert finding.with_words(lines, words).count() == count, words


def test_the_choices_are_few_and_can_be_searched(main_iban, two_requests):
    for number in range(25):
        make_employer(f"Bedrijf {number}", str(90000100 + number)).contributions.create(
            fund=main_iban.fund,
            period_start="2027-01-01",
            period_end="2027-01-31",
            amount_cents=100,
            due_on="2027-01-31",
            reference=f"RF{number:02}X{number}",
        )
    (entry,) = statement(main_iban, (1_000, "", {}))
    shown = [one for one in choices.of(entry) if one.kind == "request"]
    assert len(shown) == choices.MOST
    found = [one for one in choices.of(entry, "Bedrijf 24") if one.kind == "request"]
    assert len(found) == 1


def test_a_refund_that_another_line_paid_is_said_again(
    main_iban, treasurer, second_treasurer, two_requests
):
    (came,) = statement(main_iban, (5_000, "", {"name": "X", "iban": SCHOOL_IBAN}))
    say(came, "back", treasurer, reason="Not ours")
    refund = came.deposit.refunds.get()
    refunds.approve(refund=refund, by=second_treasurer)
    wrong, right = statement(main_iban, (-5_000, "", {}), (-5_000, "", {}))
    say(wrong, f"refund-{refund.pk}", treasurer)
    undo_all(wrong, treasurer)
    say(right, f"refund-{refund.pk}", treasurer)
    assert Transfer.objects.filter(reference=f"refund:{refund.pk}:paid:2").exists()
    with refuses("no_such_part"):
        standing.undo(entry=came, part=f"refund-{refund.pk}", reason="x", actor=treasurer)
    assert books_are_right()
