"""What comes back: determination, recovery, exclusion, and a group whose provider drops out."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from allocation.models import Award, Payout, Recovery, Replacement
from allocation.payouts import (
    confirming,
    course,
    ending,
    invoices,
    planning,
    recovering,
    repaying,
    replacing,
)
from budgetpool.fund import checks, ledger
from budgetpool.mail.models import Message
from budgetpool.register.models import Edition, Provider, Training
from employers.deposits import desk
from employers.models import Deposit
from tests.allocation.people import euros
from tests.payouts.conftest import statement
from tests.payouts.test_paying import enter, send
from tests.refusing import refuses
from tests.sharing import shared

pytestmark = pytest.mark.django_db


def books_are_right():
    return [outcome for outcome in checks.check_ledger() if not outcome.ok] == []


@shared
def advanced(award, school, opened, main_iban, treasurer, second_treasurer):
    """EUR 480 of EUR 600 was paid to the school."""
    payout = planning.advance(invoice=enter(award, treasurer), actor=treasurer)
    send(opened.fund, treasurer, second_treasurer)
    statement(main_iban, (-48_000, payout.end_to_end_id, {}))
    confirming.confirm(fund=main_iban.fund, actor=treasurer)
    return Award.objects.get(pk=award.pk)


@shared
def no_show(advanced, treasurer):
    return ending.report(award=advanced, step="no_show", reason="Did not come", actor=treasurer)


@shared
def debt(no_show, pool, treasurer):
    ending.determine(award=no_show, amount=euros(0), reason="No training", actor=treasurer)
    return Recovery.objects.get()


def test_what_was_paid_in_vain_is_owed_by_the_provider_and_the_rest_goes_to_the_pool(
    debt, school, pool
):
    # EUR 10,000 less the round's EUR 2,500, plus EUR 120 never paid and EUR 480 owed.
    assert (debt.from_provider, debt.amount_cents) == (school.provider, 48_000)
    assert ledger.balance_cents(debt.account) == 48_000
    assert ledger.balance_cents(pool) == 750_000 + 12_000 + 48_000
    assert debt.lapses_on.year == timezone.localdate().year + 5
    assert books_are_right()


def test_a_person_owes_only_what_their_own_fault_cost(no_show, treasurer):
    ending.determine(
        award=no_show, amount=euros(0), reason="Told nobody", actor=treasurer, own_fault=True
    )
    debt = Recovery.objects.get()
    assert debt.from_provider is None
    assert debt.account.kind == "person"
    assert books_are_right()


def test_own_costs_are_not_reclaimed_from_somebody_without_blame(
    award, own_account, main_iban, opened, treasurer, second_treasurer
):
    award.choice.cost_lines.create(kind="travel", amount="80.00")
    payout = planning.own_costs(award=award, amount=euros(80), actor=treasurer)
    send(opened.fund, treasurer, second_treasurer)
    statement(main_iban, (-8_000, payout.end_to_end_id, {}))
    confirming.confirm(fund=opened.fund, actor=treasurer)
    ending.report(award=award, step="cancel", reason="Course cancelled", actor=treasurer)
    with refuses("nobody_to_reclaim_from") as error:
        ending.determine(award=award, amount=euros(0), reason="Cancelled", actor=treasurer)
    assert error.value.params["most_cents"] == 0
    ending.determine(award=award, amount=euros(80), reason="Travel was made", actor=treasurer)
    assert not Recovery.objects.exists()
    assert books_are_right()


def test_no_more_is_determined_than_was_paid(no_show, treasurer):
    with refuses("not_paid_yet") as error:
        ending.determine(award=no_show, amount=euros("480.01"), reason="x", actor=treasurer)
    assert error.value.params == {"paid_cents": 48_000}


def test_an_award_is_not_determined_while_a_payment_is_under_way(advanced, treasurer):
    ending.report(award=advanced, step="complete", reason="Certificate", actor=treasurer)
    planning.rest(invoice=advanced.invoices.get(), actor=treasurer)
    with refuses("payments_open"):
        ending.determine(award=advanced, amount=euros(480), reason="x", actor=treasurer)


def test_a_debt_is_paid_in_parts_and_never_too_much(debt, main_iban, treasurer):
    statement(main_iban, (20_000, "", {}), (28_001, "", {}), (28_000, "", {}))
    first, too_much, second = Deposit.objects.order_by("pk")
    repaying.receive(recovery=debt, deposit=first, actor=treasurer)
    assert repaying.open_cents(debt) == 28_000
    with refuses("more_than_owed") as error:
        repaying.receive(recovery=debt, deposit=too_much, actor=treasurer)
    assert error.value.params == {"open_cents": 28_000}
    repaying.receive(recovery=debt, deposit=second, actor=treasurer)
    assert repaying.open_cents(debt) == 0
    assert Award.objects.get().status == Award.Status.RECOVERED
    assert books_are_right()


def test_a_debt_is_written_off_by_somebody_else_than_who_reclaimed_it(
    debt, pool, treasurer, second_treasurer
):
    before = ledger.balance_cents(pool)
    with refuses("same_person"):
        repaying.write_off(recovery=debt, reason="Bankrupt", actor=treasurer)
    gone = repaying.write_off(recovery=debt, reason="Bankrupt", actor=second_treasurer)
    assert gone.written_off_cents == 48_000
    assert ledger.balance_cents(pool) == before - 48_000
    assert repaying.open_cents(gone) == 0
    assert books_are_right()
    gone.written_off_by = gone.decided_by
    with (
        pytest.raises(IntegrityError, match="recovery_write_off_four_eyes"),
        transaction.atomic(),
    ):
        Recovery.objects.filter(pk=gone.pk).update(written_off_by=gone.decided_by)


def test_nothing_is_reclaimed_five_years_after_the_determination(advanced, pool, treasurer):
    advanced.determined_at = timezone.now() - timedelta(days=5 * 366 + 1)
    with refuses("limitation"):
        recovering.reclaim(
            award=advanced,
            cause=Recovery.Cause.LOWER,
            cents=1,
            goes_to=pool,
            reason="Found out late",
            actor=treasurer,
        )


def test_money_that_comes_back_after_the_determination_goes_to_the_pool(
    advanced, pool, main_iban, treasurer
):
    ending.report(award=advanced, step="complete", reason="Certificate", actor=treasurer)
    ending.determine(award=advanced, amount=euros(480), reason="Half", actor=treasurer)
    before = ledger.balance_cents(pool)
    statement(main_iban, (48_000, Payout.objects.get().end_to_end_id, {"is_reversal": True}))
    assert len(confirming.confirm(fund=main_iban.fund, actor=treasurer).returned) == 1
    assert ledger.balance_cents(pool) == before + 48_000
    assert ledger.balance_cents(advanced.account) == 0
    assert books_are_right()


# A provider drops out


@pytest.fixture
def other_edition():
    provider = Provider.objects.create(name="Vakschool", kvk="90000011", vat_status="exempt_law")
    training = Training.objects.create(
        provider=provider, title="Lassen 2", sector="C", outcome="diploma", price="600.00"
    )
    return Edition.objects.create(
        training=training, starts_on=timezone.localdate() + timedelta(days=10), seats=1
    )


@pytest.fixture
def dropout(advanced, make_award, school, treasurer):
    make_award("Wanda Worker")
    return replacing.drop_out(
        fund=school.fund,
        provider=school.provider,
        reason="Bankrupt",
        choose_by=timezone.localdate() + timedelta(days=28),
        actor=treasurer,
    )


def test_a_whole_group_keeps_its_awards_when_a_provider_drops_out(dropout, advanced, school):
    assert dropout.replacements.count() == 2
    debt = Recovery.objects.get()
    assert (debt.from_provider, debt.amount_cents) == (school.provider, 48_000)
    # The award holds its whole amount again: EUR 120 in the bank and EUR 480 that is owed.
    assert ledger.balance_cents(advanced.account) == 60_000
    assert Message.objects.filter(kind="training_replacement").count() == 2
    assert books_are_right()


def test_what_a_provider_was_asked_back_is_not_asked_a_second_time(
    dropout, advanced, pool, treasurer
):
    award = Award.objects.get(pk=advanced.pk)
    with refuses("nobody_to_reclaim_from") as refused:
        recovering.reclaim(
            award=award,
            cause=Recovery.Cause.LOWER,
            cents=1,
            goes_to=pool,
            reason="Once more",
            actor=treasurer,
        )
    assert refused.value.params["most_cents"] == 0
    assert Recovery.objects.count() == 1


@pytest.fixture
def debts_of_a_group(advanced, make_award, school, main_iban, treasurer, second_treasurer):
    """The school dropped out after it got EUR 480 for each of three awards."""
    others = [make_award(f"Other {letter}") for letter in "AB"]
    payouts = [
        planning.advance(invoice=enter(other, treasurer, number=f"L-{place}"), actor=treasurer)
        for place, other in enumerate(others, start=2)
    ]
    send(school.fund, treasurer, second_treasurer)
    statement(main_iban, *((-48_000, payout.end_to_end_id, {}) for payout in payouts))
    confirming.confirm(fund=school.fund, actor=treasurer)
    replacing.drop_out(
        fund=school.fund,
        provider=school.provider,
        reason="Bankrupt",
        choose_by=timezone.localdate() + timedelta(days=28),
        actor=treasurer,
    )
    return Recovery.objects.order_by("pk")


def test_one_deposit_pays_the_debts_of_a_whole_group_and_undoing_it_opens_them_again(
    debts_of_a_group, school, main_iban, treasurer
):
    statement(main_iban, (144_001, "", {}), (100_000, "", {}))
    too_much, deposit = Deposit.objects.order_by("pk")
    with refuses("more_than_owed") as error:
        repaying.receive_all(provider=school.provider, deposit=too_much, actor=treasurer)
    assert error.value.params == {"open_cents": 144_000}
    repaying.receive_all(provider=school.provider, deposit=deposit, actor=treasurer)
    assert [repaying.open_cents(debt) for debt in debts_of_a_group] == [0, 0, 44_000]
    open_now = repaying.still_open(school.fund)
    assert [(debt.pk, debt.owed_cents) for debt in open_now] == [
        (debts_of_a_group[2].pk, 44_000),
    ]
    assert books_are_right()
    desk.undo(deposit=deposit, reason="Another school", by=treasurer)
    assert [repaying.open_cents(debt) for debt in debts_of_a_group] == [48_000] * 3
    assert books_are_right()


def test_a_larger_group_costs_no_more_queries(
    advanced, make_award, school, treasurer, django_assert_max_num_queries
):
    for number in range(5):
        make_award(f"Other {number}", cents=20_000)
    with django_assert_max_num_queries(60):
        made = replacing.drop_out(
            fund=school.fund,
            provider=school.provider,
            reason="Bankrupt",
            choose_by=timezone.localdate() + timedelta(days=28),
            actor=treasurer,
        )
    assert made.replacements.count() == 6


def test_asking_twice_changes_nothing(dropout, school, treasurer):
    again = replacing.drop_out(
        fund=school.fund,
        provider=school.provider,
        reason="Bankrupt",
        choose_by=dropout.choose_by,
        actor=treasurer,
    )
    assert again == dropout
    assert Recovery.objects.count() == 1


def test_another_training_is_chosen_once_and_paid_to_its_provider(
    dropout, advanced, other_edition, treasurer, stranger
):
    mine = dropout.replacements.get(award=advanced)
    worker = mine.award.request.worker
    worker.user = stranger
    worker.save()
    replacing.choose(
        replacement=mine,
        training=other_edition.training,
        edition=other_edition,
        actor=stranger,
    )
    assert course.of(advanced).training == other_edition.training
    with refuses("wrong_state"):
        replacing.choose(
            replacement=mine,
            training=other_edition.training,
            edition=None,
            actor=stranger,
        )
    invoice = invoices.enter(
        award=advanced,
        number="V-1",
        dated_on=timezone.localdate(),
        amount=euros(600),
        vat=euros(0),
        actor=treasurer,
    )
    assert invoice.provider == other_edition.training.provider


def test_a_full_course_or_the_same_provider_cannot_be_chosen(
    dropout, advanced, edition, other_edition, stranger
):
    mine = dropout.replacements.get(award=advanced)
    worker = mine.award.request.worker
    worker.user = stranger
    worker.save()
    with refuses("same_provider"):
        replacing.choose(
            replacement=mine, training=edition.training, edition=edition, actor=stranger
        )
    other = dropout.replacements.exclude(award=advanced).get()
    Replacement.objects.filter(pk=other.pk).update(
        training=other_edition.training,
        edition=other_edition,
        chosen_by=stranger,
        chosen_at=timezone.now(),
    )
    with refuses("edition_full"):
        replacing.choose(
            replacement=mine,
            training=other_edition.training,
            edition=other_edition,
            actor=stranger,
        )
