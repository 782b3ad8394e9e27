# ruff: noqa: F811 (fixtures of the other files)
"""What the way to the bank refuses although the state allows it: each guard with its case."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allocation.models import Award, Invoice, Payee, PaymentBatch, Payout, Recovery, Replacement
from allocation.payouts import (
    batches,
    confirming,
    ending,
    invoices,
    payees,
    planning,
    recovering,
    repaying,
    replacing,
    reporting,
)
from budgetpool.demo import answer
from budgetpool.fund import ledger
from budgetpool.fund.models import FundIban
from budgetpool.register.models import Edition, Provider, Training
from employers.models import Deposit
from tests.allocation.people import euros
from tests.payouts.conftest import seen, statement
from tests.payouts.test_coming_back import advanced, debt, no_show  # noqa: F401
from tests.payouts.test_paying import enter, invoice, send  # noqa: F401
from tests.refusing import refuses
from tests.sharing import shared
from workers.models import CostLine

pytestmark = pytest.mark.django_db


def in_days(count):
    return timezone.localdate() + timedelta(days=count)


class TestPlanning:
    @pytest.mark.parametrize("days", [22, 23, 400])
    def test_before_the_21st_day_nothing_is_paid(self, invoice, edition, treasurer, days):
        edition.starts_on = in_days(days)
        edition.save()
        with refuses("too_early") as refused:
            planning.advance(invoice=invoice, actor=treasurer)
        assert refused.value.params == {"from_on": in_days(days - 21).isoformat()}

    def test_on_the_21st_day_it_is(self, invoice, edition, treasurer):
        edition.starts_on = in_days(21)
        edition.save()
        assert planning.advance(invoice=invoice, actor=treasurer).amount_cents == 48_000

    def test_an_invoice_that_was_taken_back_is_not_paid(self, invoice, treasurer):
        withdrawn = invoices.withdraw(invoice=invoice, reason="Sent twice", actor=treasurer)
        with refuses("invoice_withdrawn"):
            planning.advance(invoice=withdrawn, actor=treasurer)
        assert not Payout.objects.exists()

    def test_no_more_than_an_invoice_is_paid_however_much_the_award_holds(
        self, make_award, school, treasurer
    ):
        rich = enter(make_award("Rika Rijk", cents=200_000), treasurer)
        planning.advance(invoice=rich, actor=treasurer)
        with refuses("nothing_left"):
            planning.advance(invoice=rich, actor=treasurer)
        assert sum(payout.amount_cents for payout in rich.payouts.all()) == 48_000

    def test_the_rest_is_planned_once(self, make_award, school, treasurer):
        award = make_award("Rika Rijk", cents=200_000)
        rich = enter(award, treasurer)
        Award.objects.filter(pk=award.pk).update(
            status=Award.Status.COMPLETED, completed_at=timezone.now()
        )
        assert planning.rest(invoice=rich, actor=treasurer).amount_cents == 60_000
        with refuses("nothing_left"):
            planning.rest(invoice=rich, actor=treasurer)

    def test_own_costs_have_a_ceiling_that_counts_what_was_planned(
        self, award, own_account, treasurer
    ):
        award.choice.cost_lines.create(kind="travel", amount="80.00")
        planning.own_costs(award=award, amount=euros("79.99"), actor=treasurer)
        with refuses("above_own_costs") as refused:
            planning.own_costs(award=award, amount=euros("0.02"), actor=treasurer)
        assert refused.value.params == {"most_cents": 1}
        planning.own_costs(award=award, amount=euros("0.01"), actor=treasurer)

    def test_an_award_never_pays_more_than_it_holds(self, award, school, own_account, treasurer):
        CostLine.objects.create(choice=award.choice, kind="travel", amount="80.00")
        planning.advance(invoice=enter(award, treasurer, "520.00"), actor=treasurer)
        ledger.post(
            debit=award.account,
            credit=award.round.account,
            amount=12_000,
            reference="award:taken:back",
            memo="released",
        )
        with refuses("award_is_spent") as refused:
            planning.own_costs(award=award, amount=euros("80.00"), actor=treasurer)
        assert refused.value.params == {"left_cents": 60_000 - 12_000 - 41_600}

    def test_nobody_is_paid_without_a_bank_account(self, award, treasurer):
        with refuses("no_payee"):
            planning.advance(invoice=enter(award, treasurer), actor=treasurer)

    @pytest.mark.parametrize("reason", ["", " "])
    def test_who_takes_a_payment_back_says_why(self, invoice, treasurer, reason):
        payout = planning.advance(invoice=invoice, actor=treasurer)
        with refuses("reason_missing"):
            planning.withdraw(payout=payout, reason=reason, actor=treasurer)


class TestPayees:
    def test_a_new_account_waits_for_a_second_person_and_a_day(
        self, opened, welding, treasurer, second_treasurer
    ):
        payee = payees.enter(
            fund=opened.fund,
            provider=welding.provider,
            iban="NL02ABNA0123456789",
            holder_name="Lasschool B.V.",
            actor=treasurer,
        )
        with refuses("payee_not_verified"):
            payees.require_usable(payee)
        with refuses("how_missing"):
            payees.verify(payee=payee, actor=second_treasurer, **seen(how=" "))
        verified = payees.verify(payee=payee, actor=second_treasurer, **seen())
        with refuses("payee_waits"):
            payees.require_usable(verified)
        # The day begins when it is verified, however long ago it was entered.
        verified.entered_at -= timedelta(days=9)
        with refuses("payee_waits"):
            payees.require_usable(verified)

    def test_an_account_that_ended_is_not_verified_any_more(
        self, opened, welding, treasurer, second_treasurer
    ):
        payee = payees.enter(
            fund=opened.fund,
            provider=welding.provider,
            iban="NL02ABNA0123456789",
            holder_name="Lasschool B.V.",
            actor=treasurer,
        )
        Payee.objects.update(ended_at=timezone.now())
        with refuses("payee_ended"):
            payees.verify(payee=payee, actor=second_treasurer, **seen())


class TestBatches:
    def test_a_day_that_has_passed_is_refused(self, invoice, opened, treasurer):
        planning.advance(invoice=invoice, actor=treasurer)
        with refuses("date_passed"):
            batches.prepare(fund=opened.fund, execution_on=in_days(-1), actor=treasurer)
        assert not PaymentBatch.objects.exists()

    def test_a_fund_without_a_bank_account_pays_nothing(self, invoice, opened, treasurer):
        planning.advance(invoice=invoice, actor=treasurer)
        FundIban.objects.update(is_main=False)
        with refuses("no_bank_account"):
            batches.prepare(fund=opened.fund, execution_on=in_days(0), actor=treasurer)

    def test_a_payment_is_rejected_only_after_its_batch_was_approved(
        self,
        invoice,
        opened,
        main_iban,
        treasurer,
    ):
        payout = planning.advance(invoice=invoice, actor=treasurer)
        batch = batches.prepare(fund=opened.fund, execution_on=in_days(0), actor=treasurer)
        line = statement(main_iban, (-48_000, "", {}))[0]
        with refuses("batch_not_approved"):
            confirming.confirm_payouts(payouts=[payout], entry=line, actor=treasurer)
        with refuses("report_of_no_file"):
            reporting.take(
                content=answer.pain002(batch, whole="AC04"),
                name="a",
                fund=opened.fund,
                actor=treasurer,
            )

    @pytest.mark.parametrize("cents", [-47_999, -48_001])
    def test_an_entry_of_another_amount_confirms_no_batch(
        self,
        invoice,
        opened,
        main_iban,
        treasurer,
        second_treasurer,
        cents,
    ):
        planning.advance(invoice=invoice, actor=treasurer)
        batch = send(opened.fund, treasurer, second_treasurer)
        (entry,) = statement(main_iban, (cents, "", {"message_id": batch.message_id}))
        found = confirming.confirm(fund=opened.fund, actor=treasurer)
        assert (found.paid, found.unclear) == ([], [entry])
        assert Payout.objects.get().status == Payout.Status.BATCHED

    def test_a_deposit_of_another_amount_is_no_payment_that_came_back(
        self,
        advanced,
        main_iban,
        treasurer,
    ):
        statement(main_iban, (48_001, "", {}))
        with refuses("other_amount"):
            confirming.returned(
                payout=advanced.payouts.get(),
                deposit=Deposit.objects.latest("pk"),
                actor=treasurer,
            )
        assert ledger.balance_cents(advanced.account) == 12_000


class TestReasons:
    """Who takes something back, or gives something up, says why; nothing happens before."""

    def test_an_invoice_is_taken_back_for_a_reason(self, invoice, treasurer):
        with refuses("reason_missing"):
            invoices.withdraw(invoice=invoice, reason=" ", actor=treasurer)
        assert Invoice.objects.get().withdrawn_at is None

    def test_a_batch_is_taken_back_for_a_reason(self, invoice, opened, treasurer):
        planning.advance(invoice=invoice, actor=treasurer)
        batch = batches.prepare(fund=opened.fund, execution_on=in_days(0), actor=treasurer)
        with refuses("reason_missing"):
            batches.withdraw(batch=batch, reason="", actor=treasurer)
        assert Payout.objects.get().batch == batch

    def test_a_debt_is_given_up_for_a_reason(self, debt, second_treasurer):
        with refuses("reason_missing"):
            repaying.write_off(recovery=debt, reason=" ", actor=second_treasurer)
        assert Recovery.objects.get().written_off_cents == 0

    def test_a_provider_is_asked_for_money_for_a_reason(self, advanced, school, treasurer):
        with refuses("reason_missing"):
            recovering.reclaim_from(
                provider=school.provider,
                awards=[advanced],
                cause=Recovery.Cause.PROVIDER_ENDED,
                reason="",
                actor=treasurer,
            )
        assert not Recovery.objects.exists()

    def test_an_end_that_nobody_knows_is_a_mistake_of_the_caller(self, advanced, treasurer):
        with pytest.raises(ValueError, match="not one of"):
            ending.report(award=advanced, step="pay_twice", reason="x", actor=treasurer)


class TestComingBack:
    def test_a_debt_that_was_paid_is_not_written_off(
        self,
        debt,
        main_iban,
        treasurer,
        second_treasurer,
    ):
        statement(main_iban, (48_000, "", {}))
        repaying.receive(recovery=debt, deposit=Deposit.objects.latest("pk"), actor=treasurer)
        with refuses("settled"):
            repaying.write_off(recovery=debt, reason="Bankrupt", actor=second_treasurer)
        assert Recovery.objects.get().written_off_cents == 0

    def test_reclaiming_has_a_reason(self, no_show, pool, treasurer):
        with refuses("reason_missing"):
            recovering.reclaim(
                award=no_show,
                cause=Recovery.Cause.NO_SHOW,
                cents=1,
                goes_to=pool,
                reason=" ",
                actor=treasurer,
            )

    def test_an_end_has_a_reason(self, advanced, treasurer):
        with refuses("reason_missing"):
            ending.report(award=advanced, step="no_show", reason="", actor=treasurer)


@pytest.fixture
def other_school():
    provider = Provider.objects.create(
        name="Andere school", kvk="90000017", vat_status="exempt_crkbo", status="admitted"
    )
    training = Training.objects.create(
        provider=provider, title="Lassen", sector="C", outcome="diploma", price="600.00"
    )
    Edition.objects.create(training=training, starts_on=in_days(20), seats=1)
    return training


@shared
def replacement(advanced, school, opened, chair):
    replacing.drop_out(
        fund=opened.fund,
        provider=school.provider,
        reason="Bankrupt",
        choose_by=in_days(28),
        actor=chair,
    )
    return Replacement.objects.get()


class TestReplacing:
    def test_an_award_whose_training_is_being_replaced_gets_no_invoice(
        self, replacement, treasurer
    ):
        with refuses("no_training"):
            enter(replacement.award, treasurer, number="2")

    def choose(self, replacement, training, edition=None):
        return replacing.choose(
            replacement=replacement,
            training=training,
            edition=edition,
            actor=replacement.award.request.worker.user,
        )

    @pytest.mark.parametrize("how", ["training", "provider"])
    def test_a_training_that_is_not_on_offer_is_not_chosen(self, replacement, other_school, how):
        if how == "training":
            other_school.is_open = False
            other_school.save()
        else:
            Provider.objects.filter(pk=other_school.provider_id).update(status="suspended")
        with refuses("training_closed"):
            self.choose(replacement, Training.objects.get(pk=other_school.pk))

    def test_a_start_of_another_training_is_not_chosen(self, replacement, other_school, edition):
        with refuses("other_training"):
            self.choose(replacement, other_school, edition)
        assert Replacement.objects.get().training is None

    def test_a_provider_does_not_stop_while_money_is_on_its_way(
        self,
        invoice,
        school,
        opened,
        treasurer,
        second_treasurer,
        chair,
    ):
        planning.advance(invoice=invoice, actor=treasurer)
        send(opened.fund, treasurer, second_treasurer)
        facts = {"fund": opened.fund, "provider": school.provider, "reason": "x", "actor": chair}
        with refuses("payments_at_bank"):
            replacing.drop_out(choose_by=in_days(28), **facts)
        with refuses("choose_by"):
            replacing.drop_out(choose_by=in_days(0), **facts)
