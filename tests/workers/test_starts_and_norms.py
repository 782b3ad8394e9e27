"""Only what begins after the last day to say yes can be asked for, and at a bound price."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from allocation.rounds import publishing
from budgetpool.money import to_cents
from budgetpool.register.models import Edition
from tests.cast import signed_in
from tests.refusing import refuses
from tests.sharing import shared
from workers import requests
from workers.models import CostLine, TrainingRequest, Window
from workers.requests.norms import norms

pytestmark = pytest.mark.django_db


@shared
def draft(worker, window):
    return requests.draft(actor=worker.user, worker=worker, window=window)


def edition_on(training, day):
    return Edition.objects.create(training=training, starts_on=day, place="Almelo", seats=9)


def test_the_first_start_is_the_day_after_the_last_day_to_say_yes(window):
    last_day = publishing.accept_by(window.decision_by)
    assert window.first_start == last_day + timedelta(days=1)
    window.decided_on = timezone.localdate(window.closes_at) + timedelta(days=30)
    assert window.first_start == publishing.accept_by(window.decided_on) + timedelta(days=1)


@pytest.mark.parametrize("days", [-60, -1])
def test_a_start_before_everybody_answered_cannot_be_chosen(draft, worker, forklift, days):
    early = edition_on(forklift, draft.window.first_start + timedelta(days=days))
    with refuses("starts_too_early"):
        requests.choose(actor=worker.user, request=draft, training=forklift, edition=early)
    on_time = edition_on(forklift, draft.window.first_start)
    requests.choose(actor=worker.user, request=draft, training=forklift, edition=on_time)


def test_a_start_that_came_too_near_keeps_a_draft_from_being_sent(
    draft, worker, forklift, forklift_in_march
):
    requests.choose(actor=worker.user, request=draft, training=forklift, edition=forklift_in_march)
    Window.objects.update(decided_on=forklift_in_march.starts_on - timedelta(days=3))
    fresh = TrainingRequest.objects.with_choices().get(pk=draft.pk)
    assert [gap.code for gap in requests.gaps(fresh)] == ["starts_too_early"]


def test_an_own_proposal_starts_in_time_and_costs_a_bound_amount(draft, worker):
    wish = {"title": "Glas in lood", "provider": "De Smidse"}
    first = draft.window.first_start
    with refuses("starts_too_early"):
        requests.propose(
            actor=worker.user,
            request=draft,
            start=first - timedelta(days=1),
            price=Money(400, "EUR"),
            **wish,
        )
    with refuses("above_norm"):
        requests.propose(
            actor=worker.user, request=draft, start=first, price=Money(999_999, "EUR"), **wish
        )
    assert not draft.choices.exists()


@pytest.mark.parametrize(
    ("other", "choices"),
    [({}, 1), ({"title": "Brandschilderen"}, 2), ({"price": Money(401, "EUR")}, 2)],
)
def test_the_same_proposal_sent_again_is_no_second_choice(draft, worker, other, choices):
    wish = {
        "title": "Glas in lood",
        "provider": "De Smidse",
        "start": draft.window.first_start,
        "price": Money(400, "EUR"),
    }
    first = requests.propose(actor=worker.user, request=draft, **wish)
    again = requests.propose(actor=worker.user, request=draft, **{**wish, **other})
    assert (draft.choices.count(), again.pk == first.pk) == (choices, choices == 1)
    assert again.amount_cents == to_cents(other.get("price", wish["price"]))


@pytest.mark.parametrize("kind", ["travel", "wage_loss", "childcare", "coach", "buddy"])
def test_each_other_cost_has_a_most(draft, worker, forklift, kind):
    choice = requests.choose(actor=worker.user, request=draft, training=forklift)
    most = norms()[kind].most
    with refuses("above_norm"):
        requests.set_cost(
            actor=worker.user, choice=choice, kind=kind, amount=Money((most + 1) / 100, "EUR")
        )
    requests.set_cost(actor=worker.user, choice=choice, kind=kind, amount=Money(most / 100, "EUR"))


def test_every_kind_that_the_school_does_not_ask_has_a_norm_with_its_source():
    asked_by_school = {"exam", "books"}
    per_month_of_a_gap_year = {"gap_training", "gap_wage_loss"}
    of_a_kind = set(CostLine.Kind.values) - asked_by_school
    assert set(norms()) == of_a_kind | per_month_of_a_gap_year
    assert all(norm.source and norm.ordinary < norm.most for norm in norms().values())


def test_an_amount_out_of_the_ordinary_is_asked_twice(draft, worker):
    browser, address = signed_in(worker.user), reverse("apply:propose", args=[draft.pk])
    sent = {
        "title": "Glas in lood",
        "provider": "De Smidse",
        "start": f"{draft.window.first_start:%d-%m-%Y}",
        "price": "4.500",
    }
    shown = browser.post(address, sent).content.decode()
    assert "meer dan gewoon. Klopt het?" in shown
    assert not draft.choices.exists()
    assert browser.post(address, sent | {"sure": "on"}).status_code == 302
    assert draft.choices.get().amount_cents == 450_000


@pytest.mark.parametrize(
    ("start", "price", "said"),
    [
        ("01-03-2020", "450", "Dat is te vroeg."),
        ("", "450", "Vul in wanneer de opleiding begint."),
        ("01-03-2150", "450", "Kijk naar het jaar."),
        (None, "999999", "hoogstens €\xa010.000"),
        (None, "0", "Vul in hoeveel de opleiding kost."),
    ],
)
def test_the_form_says_what_cannot_be_asked(draft, worker, start, price, said):
    browser, address = signed_in(worker.user), reverse("apply:propose", args=[draft.pk])
    start = f"{draft.window.first_start:%d-%m-%Y}" if start is None else start
    sent = {"title": "Glas", "provider": "De Smidse", "start": start, "price": price, "sure": "on"}
    assert said in browser.post(address, sent).content.decode()
    assert not draft.choices.exists()


@pytest.mark.parametrize(("typed", "hours"), [("16 uur", 16), ("7,5", 8), ("0", 0), ("8.0", 8)])
def test_hours_are_read_as_people_write_them(draft, worker, typed, hours):
    address = reverse("apply:save", args=[draft.pk, "learning"])
    answer = signed_in(worker.user).post(address, {"training_hours_two_years": typed})
    assert answer.json()["kept"] == ["training_hours_two_years"]
    worker.refresh_from_db()
    assert worker.training_hours_two_years == hours
