"""Two people cannot move money to an account of theirs without a third being told.

Each road by which money leaves the fund is walked by two treasurers who work together. Either the
road is closed, for the bank shows another account than the one that was approved, or everybody
else of the fund has a message before the step counts.
"""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from allocation.models import Payee, PaymentBatch, Payout
from allocation.payouts import batches, confirming, payees, planning, unasked
from allocation.payouts.lines import saying
from budgetpool.fund import funds, third_person
from budgetpool.fund.models import Seat
from budgetpool.mail import words
from budgetpool.mail.models import Message
from budgetpool.register.models import ProviderSeat
from employers.deposits import charges, refunds
from employers.models import Charge, Deposit
from tests.payouts.conftest import SCHOOL_IBAN, seen, statement
from tests.payouts.test_paying import enter, send
from tests.refusing import refuses
from tests.sharing import harmless, shared

pytestmark = pytest.mark.django_db
THIEF = "NL02ABNA0123456789"
PAYER = "NL39RABO0300065264"


@pytest.fixture(autouse=True)
@harmless
def only_the_chair(opened, chair, second_signer, treasurer, second_treasurer, settings):
    """The two treasurers, and two members of the board who know of nothing."""
    settings.OVERSEER_EMAIL = ""


@shared
def sent(award, school, main_iban, treasurer, second_treasurer):
    """EUR 480 for the school, at the bank."""
    planning.advance(invoice=enter(award, treasurer), actor=treasurer)
    send(award.round.fund, treasurer, second_treasurer)
    return Payout.objects.get()


def hears(person, what):
    """Whether somebody has a message about a step, without an IBAN in it."""
    messages = [
        message
        for message in Message.objects.filter(kind="money_step", to=person.email)
        if message.params["what"] == what
    ]
    for message in messages:
        assert THIEF not in str(message.params) + " ".join(words.words(message))
    return bool(messages)


def say(entry, part, actor, **facts):
    saying.say(entry=entry, part=part, actor=actor, **facts)


def deposit_of(fund_iban, cents=5_000, **facts):
    statement(fund_iban, (cents, "", {"name": "Bakker", **facts}))
    return Deposit.objects.latest("pk")


def by_payout(line, actor):
    say(line, f"payout-{Payout.objects.get().pk}", actor)


def by_batch(line, actor):
    say(line, f"batch-{PaymentBatch.objects.get().pk}", actor)


def by_all_but(line, actor):
    """As a file of which the bank left one payment out, which is still at the bank."""
    other = Payout.objects.get()
    other.pk, other.kind, other.amount_cents = None, Payout.Kind.REST, 1
    other.save()
    say(line, f"allbut-{other.pk}", actor)


@pytest.mark.parametrize("verb", [by_payout, by_batch, by_all_but])
class TestAPayment:
    def test_a_line_to_another_account_is_no_payment_of_ours(
        self, sent, main_iban, treasurer, verb
    ):
        (line,) = statement(main_iban, (-48_000, "", {"iban": THIEF}))
        with refuses("other_account"):
            verb(line, treasurer)
        sent.refresh_from_db()
        assert sent.status == Payout.Status.BATCHED

    def test_a_line_that_shows_no_account_is_told(self, sent, main_iban, treasurer, chair, verb):
        (line,) = statement(main_iban, (-48_000, "", {}))
        verb(line, treasurer)
        assert hears(chair, "unseen")

    def test_a_line_to_the_payee_needs_no_message(self, sent, main_iban, treasurer, chair, verb):
        (line,) = statement(main_iban, (-48_000, "", {"iban": SCHOOL_IBAN}))
        verb(line, treasurer)
        assert not hears(chair, "unseen")


def test_a_file_that_was_altered_on_its_way_to_the_bank_is_not_taken_for_ours(
    sent, main_iban, treasurer
):
    """Our number and our amount, and the account of somebody else."""
    statement(main_iban, (-48_000, sent.end_to_end_id, {"iban": THIEF}))
    found = confirming.confirm(fund=main_iban.fund, actor=treasurer)
    assert (found.paid, len(found.unclear)) == ([], 1)


def test_a_payment_whose_account_nobody_sees_waits_where_nobody_can_be_told(
    sent, main_iban, treasurer, second_treasurer
):
    Seat.objects.exclude(user__in=[treasurer, second_treasurer]).delete()
    statement(main_iban, (-48_000, sent.end_to_end_id, {}))
    found = confirming.confirm(fund=main_iban.fund, actor=treasurer)
    assert (found.paid, len(found.unclear)) == ([], 1)


def test_a_changed_account_is_told_a_day_before_money_can_go(
    opened, welding, school, treasurer, second_treasurer, chair
):
    row = payees.enter(
        fund=opened.fund,
        provider=welding.provider,
        iban=THIEF,
        holder_name=welding.provider.name,
        actor=treasurer,
    )
    payees.verify(payee=row, actor=second_treasurer, **seen())
    assert hears(chair, "payee")
    with refuses("payee_waits"):
        payees.require_usable(Payee.objects.get(pk=row.pk))


def test_a_retry_goes_to_an_account_that_was_told_and_waited(
    sent, main_iban, welding, treasurer, second_treasurer, chair
):
    (line,) = statement(main_iban, (-48_000, "", {"iban": SCHOOL_IBAN}))
    by_payout(line, treasurer)
    statement(main_iban, (48_000, sent.end_to_end_id, {}))
    confirming.confirm(fund=main_iban.fund, actor=treasurer)
    row = payees.enter(
        fund=main_iban.fund,
        provider=welding.provider,
        iban=THIEF,
        holder_name=welding.provider.name,
        actor=treasurer,
    )
    sent.refresh_from_db()
    again = planning.retry(payout=sent, actor=treasurer)
    assert again.payee == row
    with refuses("nothing_to_pay"):
        batches.prepare(fund=main_iban.fund, execution_on=timezone.localdate(), actor=treasurer)
    payees.verify(payee=row, actor=second_treasurer, **seen())
    assert hears(chair, "payee")
    with refuses("nothing_to_pay"):
        batches.prepare(fund=main_iban.fund, execution_on=timezone.localdate(), actor=treasurer)


class TestARefund:
    def test_it_goes_back_to_where_it_came_from_and_nowhere_else(self, main_iban, treasurer):
        with refuses("other_account"):
            refunds.ask(
                deposit=deposit_of(main_iban, iban=PAYER), reason="x", by=treasurer, iban=THIEF
            )

    @pytest.mark.parametrize(("origin", "target"), [(PAYER, ""), ("", THIEF)])
    def test_it_is_told_when_it_is_approved(
        self, main_iban, treasurer, second_treasurer, chair, origin, target
    ):
        deposit = deposit_of(main_iban, iban=origin)
        refund = refunds.ask(deposit=deposit, reason="x", by=treasurer, iban=target)
        refunds.approve(refund=refund, by=second_treasurer)
        assert hears(chair, "refund")

    def test_what_was_paid_elsewhere_is_not_this_refund(
        self, main_iban, treasurer, second_treasurer, chair
    ):
        deposit = deposit_of(main_iban, iban=PAYER)
        refund = refunds.ask(deposit=deposit, reason="x", by=treasurer)
        refunds.approve(refund=refund, by=second_treasurer)
        elsewhere, unseen = statement(
            main_iban, (-5_000, "", {"iban": THIEF}), (-5_000, "", {"name": "?"})
        )
        with refuses("other_account"):
            say(elsewhere, f"refund-{refund.pk}", treasurer)
        say(unseen, f"refund-{refund.pk}", treasurer)
        assert hears(chair, "unseen")

    def test_without_a_third_person_it_is_not_approved(
        self, main_iban, treasurer, second_treasurer
    ):
        Seat.objects.exclude(user__in=[treasurer, second_treasurer]).delete()
        refund = refunds.ask(deposit=deposit_of(main_iban, iban=PAYER), reason="x", by=treasurer)
        with refuses("nobody_to_tell"):
            refunds.approve(refund=refund, by=second_treasurer)


@pytest.mark.parametrize("kind", saying.CHARGES)
def test_what_is_called_costs_is_told_when_it_is_approved(
    kind, main_iban, treasurer, second_treasurer, chair
):
    (line,) = statement(main_iban, (-500, "", {"iban": THIEF}))
    say(line, kind, treasurer, reason="Costs of the account")
    charge = Charge.objects.get()
    charges.approve(charge=charge, by=second_treasurer)
    assert hears(chair, "charge")


class TestAPairOfLines:
    @pytest.fixture
    def savings(self, main_iban):
        return funds.add_iban(fund=main_iban.fund, iban=PAYER, holder_name="Fonds")

    def test_what_went_elsewhere_is_no_own_transfer(self, main_iban, savings, treasurer):
        (out,) = statement(main_iban, (-5_000, "", {"iban": THIEF}))
        (into,) = statement(savings, (5_000, "", {}))
        with refuses("other_account"):
            say(out, f"own-{into.pk}", treasurer)

    def test_an_own_transfer_that_nobody_sees_is_told(self, main_iban, savings, treasurer, chair):
        (out,) = statement(main_iban, (-5_000, "", {}))
        (into,) = statement(savings, (5_000, "", {}))
        say(out, f"own-{into.pk}", treasurer)
        assert hears(chair, "pair")

    def test_an_own_transfer_that_both_lines_show_needs_no_message(
        self, main_iban, savings, treasurer, chair
    ):
        (out,) = statement(main_iban, (-5_000, "", {"iban": savings.iban}))
        (into,) = statement(savings, (5_000, "", {"iban": main_iban.iban}))
        say(out, f"own-{into.pk}", treasurer)
        assert not hears(chair, "pair")

    @pytest.mark.parametrize("kind", ["chargeback", "mended"])
    def test_what_went_to_somebody_else_did_not_go_back(self, kind, main_iban, treasurer):
        came, went = statement(
            main_iban, (5_000, "", {"iban": PAYER}), (-5_000, "", {"iban": THIEF})
        )
        with refuses("other_account"):
            say(went, f"{kind}-{came.pk}", treasurer, reason="x")

    @pytest.mark.parametrize("kind", ["chargeback", "mended"])
    @pytest.mark.parametrize("iban", ["", THIEF])
    def test_what_nobody_sees_going_back_is_told(self, kind, iban, main_iban, treasurer, chair):
        came, went = statement(main_iban, (5_000, "", {}), (-5_000, "", {"iban": iban}))
        say(went, f"{kind}-{came.pk}", treasurer, reason="x")
        assert hears(chair, "pair")


def test_money_that_left_at_the_bank_itself_is_told_after_three_days(
    main_iban, treasurer, chair, second_treasurer
):
    """Nobody explains the line: the desk belongs to those who paid."""
    long_ago = timezone.localdate() - timedelta(days=unasked.WAIT_DAYS)
    statement(main_iban, (-500_00, "", {"iban": THIEF}), day=long_ago)
    statement(main_iban, (-700_00, "", {"iban": THIEF}))
    call_command("send_reminders")
    call_command("send_reminders")
    (message,) = Message.objects.filter(kind="money_step", to=chair.email)
    assert (message.params["what"], message.params["amount_cents"]) == ("unasked", 500_00)
    statement(main_iban, (-1_00, "", {}), day=long_ago)
    call_command("send_reminders")
    assert Message.objects.filter(kind="money_step", to=chair.email).count() == 2


def test_every_kind_of_explanation_of_a_debit_is_among_these():
    """A new road by which money leaves is refused here until somebody walks it above."""
    walked = {"payout", "batch", "allbut", "refund", "own", "chargeback", "mended", *saying.CHARGES}
    assert set(saying.DEBITS) == walked


class TestOwnInterest:
    def test_nobody_sends_money_to_their_own_school(
        self, award, school, main_iban, welding, treasurer, second_treasurer, chair
    ):
        planning.advance(invoice=enter(award, treasurer), actor=treasurer)
        ProviderSeat.objects.create(user=treasurer, provider=welding.provider)
        fund, today = award.round.fund, timezone.localdate()
        with refuses("nothing_to_pay"):
            batches.prepare(fund=fund, execution_on=today, actor=treasurer)
        ((_payout, refused),) = batches.ready(fund, by=treasurer)[1]
        assert refused.code == "own_interest"
        batch = batches.prepare(fund=fund, execution_on=today, actor=second_treasurer)
        with refuses("own_interest"):
            batches.approve(batch=batch, sha256=batch.xml_sha256, actor=treasurer)
        batches.approve(batch=batch, sha256=batch.xml_sha256, actor=chair)


class TestWhoIsTold:
    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_of_every_step_three_people_know(self, count, opened, treasurer, second_treasurer):
        """With one who acts two others are told, with two one other, with none three."""
        did = [treasurer.pk, second_treasurer.pk][:count]
        told = third_person.tell(fund=opened.fund, what="pair", key="x", by=did, amount_cents=1)
        assert told + count >= third_person.KNOW

    def test_one_who_acts_and_one_other_are_too_few(
        self, opened, treasurer, second_treasurer, settings
    ):
        Seat.objects.exclude(user__in=[treasurer, second_treasurer]).delete()
        facts = {"fund": opened.fund, "what": "pair", "key": "x", "amount_cents": 1}
        with refuses("nobody_to_tell"):
            third_person.tell(by=[treasurer.pk], **facts)
        settings.OVERSEER_EMAIL = "accountant@example.nl"
        assert third_person.tell(by=[treasurer.pk], **facts) == 2

    def test_who_signs_in_no_more_counts_for_nobody(
        self, opened, treasurer, second_treasurer, chair, second_signer, administrator
    ):
        for person in (chair, second_signer):
            person.is_active = False
            person.save()
        with_seat = third_person.others(opened.fund, but=[treasurer.pk, second_treasurer.pk])
        assert with_seat == [administrator]
