"""A first safe step and a gap year: asked by the worker, agreed by the counter, never points."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation
from djmoney.money import Money

from budgetpool.mail import words
from budgetpool.mail.models import Message
from tests.cast import signed_in
from tests.refusing import refuses
from workers import requests
from workers.around import first_steps
from workers.counter import hosts
from workers.models import Choice, FirstStep, Host
from workers.requests import copies

pytestmark = pytest.mark.django_db
OFFER = {
    "municipality": "Hengelo",
    "sector": "H",
    "about": "Heftruck rijden en orders klaarzetten.",
    "contact_name": "Bram Bakker",
    "contact_phone": "0612345678",
    "has_trial_day": True,
    "has_gap_year": True,
}


@pytest.fixture
def host(adviser, twente):
    return hosts.add(adviser=adviser, region=twente.region, name="De Werkplaats", **OFFER)


@pytest.fixture
def step(worker, host):
    return first_steps.ask(actor=worker.user, worker=worker, host=host, kind="day")


def test_a_day_is_asked_agreed_told_and_the_message_names_day_and_contact(step, adviser):
    tomorrow = timezone.localdate() + timedelta(days=1)
    first_steps.agree(adviser=adviser, step=step, begins_on=tomorrow)
    with pytest.raises(ValidationError):  # it has not begun
        first_steps.tell(actor=step.worker.user, step=step, feeling="good")
    said = " ".join(words.words(Message.objects.get(kind="first_step_agreed")))
    assert "De Werkplaats" in said
    assert "Bram Bakker" in said
    FirstStep.objects.update(begins_on=timezone.localdate())
    told = first_steps.tell(actor=step.worker.user, step=step, feeling="not_mine")
    assert (told.status, told.feeling) == ("done", "not_mine")


def test_nobody_asks_agrees_or_tells_for_another(
    step, worker, host, adviser_of_drenthe, worker_of_drenthe, sister, adviser
):
    for somebody in (sister, adviser_of_drenthe, worker_of_drenthe.user, adviser):
        with refuses("not_yours"):
            first_steps.ask(actor=somebody, worker=worker, host=host, kind="day")
    with refuses("not_yours"):
        first_steps.ask(
            actor=worker_of_drenthe.user, worker=worker_of_drenthe, host=host, kind="day"
        )
    today = timezone.localdate()
    for somebody in (adviser_of_drenthe, worker.user, sister):
        with refuses("not_yours"):
            first_steps.agree(adviser=somebody, step=step, begins_on=today)
    first_steps.agree(adviser=adviser, step=step, begins_on=today)
    with refuses("not_yours"):
        first_steps.tell(actor=adviser, step=step, feeling="good")
    with refuses("not_yours"):
        first_steps.stop(actor=sister, step=step)
    with refuses("not_yours"):
        hosts.close(adviser=adviser_of_drenthe, host=host)


def test_a_place_is_asked_once_for_what_it_offers_and_three_at_most(worker, host, step, adviser):
    def ask(place, kind="day"):
        return first_steps.ask(actor=worker.user, worker=worker, host=place, kind=kind)

    places = [
        hosts.add(adviser=adviser, region=worker.region, name=f"Plek {number}", **OFFER)
        for number in range(4)
    ]
    for place, kind in ((host, "day"), (places[0], "weeks"), (places[0], "year"), (places[0], "")):
        with pytest.raises(ValidationError):
            ask(place, kind)
    ask(places[0])
    ask(places[1])
    with pytest.raises(ValidationError):
        ask(places[2])
    first_steps.stop(actor=worker.user, step=step)
    hosts.close(adviser=adviser, host=places[2])
    with pytest.raises(ValidationError):
        ask(places[2])
    ask(places[3])


def test_a_place_needs_a_contact_and_an_offer(adviser, twente):
    for missing in ({"contact_phone": ""}, {"has_trial_day": False, "has_gap_year": False}):
        with pytest.raises(ValidationError):
            hosts.add(adviser=adviser, region=twente.region, name="X", **{**OFFER, **missing})
    assert not Host.objects.exists()


def test_the_pages_of_worker_and_counter_do_the_whole_step(host, worker, adviser):
    mine, desk = signed_in(worker.user), signed_in(adviser)
    mine.post(reverse("worker:first-step"), {"host": host.pk, "kind": "day"})
    assert mine.post(reverse("worker:first-step"), {"host": "x" * 30}).status_code == 404
    waiting = desk.get(reverse("adviser:first-steps", args=["twente"])).content.decode()
    assert worker.name in waiting
    assert adviser.name in mine.get(reverse("worker:data")).content.decode()
    step = FirstStep.objects.get()
    agree = reverse("adviser:first-step", args=["twente", step.pk])
    desk.post(agree, {"begins_on": f"{timezone.localdate():%d-%m-%Y}"})
    page = mine.get(reverse("worker:first-step")).content.decode()
    assert "Hoe was het?" in page
    mine.post(reverse("worker:end-first-step", args=[step.pk]), {"feeling": "good"})
    step.refresh_from_db()
    assert (step.status, step.feeling) == ("done", "good")


def gap_year(request, **other):
    start = request.window.first_start + timedelta(days=30)
    asked = {
        "host": "De Werkplaats",
        "start": start,
        "months": 9,
        "living": Money(500, "EUR"),
        "guidance": Money(900, "EUR"),
    }
    return requests.propose_gap_year(
        actor=request.worker.user, request=request, **{**asked, **other}
    )


def test_a_gap_year_has_its_own_length_and_costs_and_survives_a_new_order(draft_of_worker):
    made = gap_year(draft_of_worker)
    assert gap_year(draft_of_worker) == made  # the same, sent again
    # 9 months of EUR 500, and EUR 900 for guidance: more than any training may ask of lost wages.
    assert made.amount_cents == 9 * 50_000 + 90_000
    requests.move(actor=draft_of_worker.worker.user, choice=made, rank=1)
    first = Choice.objects.get(request=draft_of_worker, rank=1)
    assert (first.months, first.amount_cents) == (9, 540_000)
    with translation.override("nl"):
        assert first.title == "Tussenjaar als trainee, 9 maanden"
    worker = draft_of_worker.worker
    worker.training_hours_two_years, worker.has_study_finance = 8, False
    worker.save()
    sent = requests.submit(actor=worker.user, request=draft_of_worker, consent=True)
    requests.reopen(actor=worker.user, request=sent)
    Choice.objects.filter(request=sent).delete()
    sent.refresh_from_db()
    copies.restore(sent)
    assert Choice.objects.get(request=sent, rank=1).months == 9


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"living": Money(901, "EUR")}, "above_norm"),
        ({"guidance": Money(3601, "EUR")}, "above_norm"),
        ({"start": timezone.localdate()}, "starts_too_early"),
    ],
)
def test_a_gap_year_asks_no_more_than_its_norms(draft_of_worker, other, code):
    with refuses(code):
        gap_year(draft_of_worker, **other)


@pytest.mark.parametrize("months", [0, 2, 13])
def test_a_gap_year_lasts_three_to_twelve_months(draft_of_worker, months):
    with pytest.raises(ValidationError):
        gap_year(draft_of_worker, months=months)


def test_the_form_of_a_gap_year_asks_twice_and_names_what_is_missing(draft_of_worker, host):
    mine = signed_in(draft_of_worker.worker.user)
    address = reverse("apply:gap-year", args=[draft_of_worker.pk])
    page = mine.post(address, {"sure": ""}).content.decode()
    for word in ("Kies een plek.", "Schrijf een aantal maanden", "Schrijf een bedrag."):
        assert word in page
    start = draft_of_worker.window.first_start + timedelta(days=30)
    form = {"host": host.pk, "start": f"{start:%d-%m-%Y}", "months": "6 maanden", "living": "700"}
    assert "Schrijf een aantal maanden" in mine.post(address, form).content.decode()
    form["months"] = "6"
    assert "is meer dan gewoon" in mine.post(address, form).content.decode()
    mine.post(address, {**form, "sure": "on"})
    made = Choice.objects.get(months=6)
    assert (made.provider_name, made.amount_cents) == ("De Werkplaats", 420_000)
