"""The last lines of a training's course: what was paid, what is on its way, what it waits for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allocation.decisions import awards
from allocation.models import Award
from allocation.payouts import confirming, ending, planning, replacing
from budgetpool.portals.application.course import course_of
from budgetpool.portals.components.numbers import day
from tests.allocation.people import euros
from tests.payouts.conftest import *  # noqa: F403
from tests.payouts.conftest import statement
from tests.payouts.test_paying import enter, send
from workers.models import CostLine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dutch")]


@pytest.fixture
def pay(opened, main_iban, treasurer, second_treasurer):
    """What is planned goes to the bank, and the statement shows it."""

    def pay(payout):
        send(opened.fund, treasurer, second_treasurer)
        statement(main_iban, (-payout.amount_cents, payout.end_to_end_id, {}))
        confirming.confirm(fund=main_iban.fund, actor=treasurer)

    return pay


def lines(award):
    return {str(f.name): f.value for f in course_of(Award.objects.get(pk=award.pk))}


def test_the_course_ends_with_the_day_and_the_amount_that_the_school_was_paid(
    award, school, treasurer, pay
):
    today = day(timezone.localdate())
    assert lines(award)["De rest voor de school"] == "betalen we als je bewijs klopt"
    invoice = enter(award, treasurer)
    first = planning.advance(invoice=invoice, actor=treasurer)
    assert lines(award)["Eerste deel voor de school"] == "komt eraan: €\xa0480,00"
    pay(first)
    assert lines(award)["Eerste deel voor de school"] == f"betaald op {today}: €\xa0480,00"
    ending.report(award=award, step="complete", reason="Diploma", actor=treasurer)
    assert lines(award)["De rest voor de school"] == "betalen we na de rekening van de school"
    pay(planning.rest(invoice=invoice, actor=treasurer))
    assert lines(award)["De rest voor de school"] == f"betaald op {today}: €\xa0120,00"


def test_without_a_first_part_the_course_of_somebody_who_is_ready_does_not_promise_one(award):
    awards.take(award=award, step="complete", actor=None, reason="Diploma")
    assert "Eerste deel voor de school" not in lines(award)


def test_own_costs_have_a_line_of_their_own_where_there_are_any(award, own_account, treasurer, pay):
    assert "Je eigen kosten" not in lines(award)
    CostLine.objects.create(choice=award.choice, kind="travel", amount=euros(40))
    assert lines(award)["Je eigen kosten"] == "komt nog"
    pay(planning.own_costs(award=award, amount=euros(40), actor=treasurer))
    today = day(timezone.localdate())
    assert lines(award)["Je eigen kosten"] == f"betaald op {today}: €\xa040,00"


def test_what_a_school_got_that_dropped_out_is_not_shown_as_paid(award, school, treasurer, pay):
    pay(planning.advance(invoice=enter(award, treasurer), actor=treasurer))
    replacing.drop_out(
        fund=school.fund,
        provider=school.provider,
        reason="Bankrupt",
        choose_by=timezone.localdate() + timedelta(days=21),
        actor=treasurer,
    )
    assert lines(award)["Eerste deel voor de school"] == "komt nog"
