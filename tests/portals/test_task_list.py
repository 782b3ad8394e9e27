"""A list of tasks: on at the next open question, each part met once, and what was sent to read."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.cast import signed_in
from tests.sharing import shared
from workers import people, requests
from workers.models import TrainingRequest, Window, Worker

pytestmark = pytest.mark.django_db


@shared
def browser(worker):
    return signed_in(worker.user)


@shared
def sent(worker, draft_of_worker):
    return requests.submit(actor=worker.user, request=draft_of_worker, consent=True)


def address(name, asked, *more):
    return reverse(f"apply:{name}", args=[asked.pk, *more])


def goes_on_at(browser, asked):
    return browser.get(address("go-on", asked)).url


def test_on_leads_to_the_next_open_question_and_meets_each_part_once(
    browser, worker, window, forklift, forklift_in_march
):
    Worker.objects.filter(pk=worker.pk).update(contract="", education="", birth_date=None)
    asked = requests.draft(actor=worker.user, worker=worker, window=window)
    assert goes_on_at(browser, asked) == address("step", asked, "name")
    person = {"name": "Ewa Nowak", "birth_date": "02-05-1994", "municipality": "Enschede"}
    after = browser.post(address("step", asked, "name"), person).url
    assert after == goes_on_at(browser, asked) == address("step", asked, "work"), "reach is known"
    after = browser.post(address("step", asked, "work"), {"contract": "on_call", "sector": "H"}).url
    assert after == address("step", asked, "learning")
    learned = {"education": "mbo2", "training_hours_two_years": "0", "has_study_finance": "no"}
    after = browser.post(address("step", asked, "learning"), learned).url
    assert after == address("trainings", asked), "without a choice the search comes at once"
    after = browser.post(
        address("training", asked, forklift.pk), {"edition": forklift_in_march.pk}
    ).url
    assert after == address("choice", asked, 1)
    after = browser.post(after).url
    assert after == address("step", asked, "goal")
    after = browser.post(after, {"goal": ""}).url
    assert after == goes_on_at(browser, asked) == address("summary", asked)
    shown = browser.get(after).content.decode()
    assert "Wat telt mee voor je aanvraag?" in shown
    assert browser.post(after, {"consent": "on"}).url == address("receipt", asked)


def test_who_comes_back_in_the_middle_goes_on_where_they_were(browser, worker, draft_of_worker):
    assert goes_on_at(browser, draft_of_worker) == address("choice", draft_of_worker, 1)
    home = browser.get(reverse("worker:home")).content.decode()
    assert address("go-on", draft_of_worker) in home
    shown = browser.get(address("request", draft_of_worker)).content.decode()
    assert shown.count("Klaar") >= 5
    assert shown.count("Nog doen") == 3, "costs, goal and sending"


def test_changing_one_part_undoes_no_other(browser, worker, draft_of_worker):
    for step in ("costs", "goal"):
        requests.met(actor=worker.user, request=draft_of_worker, step=step)
    work = {"contract": "agency", "sector": "C"}
    after = browser.post(address("step", draft_of_worker, "work"), work).url
    assert after == address("summary", draft_of_worker)
    assert draft_of_worker.choices.count() == 1


def test_what_was_sent_can_be_read_and_downloaded(browser, sent):
    shown = browser.get(address("sent", sent)).content.decode()
    for words in ("Willemijn Worker", "Heftruck rijden", "mbo 2", "Vakschool De Kade"):
        assert words.casefold() in shown.casefold()
    paper = browser.get(address("sent-pdf", sent))
    assert paper.content.startswith(b"%PDF-")
    assert f"{sent.reference}.pdf" in paper.headers["Content-Disposition"]


def test_the_sent_version_counts_until_it_is_sent_again(browser, worker, sent, dutch):
    browser.post(address("reopen", sent))
    choice = sent.choices.get()
    requests.drop(actor=worker.user, choice=choice)
    people.change(actor=worker.user, worker=worker, sector="")
    assert "Heftruck rijden" in browser.get(address("sent", sent)).content.decode()
    assert "telt, tot je het opnieuw" in browser.get(address("request", sent)).content.decode()
    Window.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    (kept,) = requests.finish_window(window=sent.window)
    assert kept.status == TrainingRequest.Status.SUBMITTED
    again = sent.choices.get()
    assert (again.title, again.edition_id) == (choice.title, choice.edition_id)
    assert again.amount_cents == 45_000
    worker.refresh_from_db()
    assert worker.sector == "H"


def test_after_taking_it_back_nothing_that_was_sent_counts(worker, sent):
    requests.withdraw(actor=worker.user, request=sent)
    sent.refresh_from_db()
    assert sent.sent_copy is None


def test_the_day_of_the_decision_is_said_everywhere(browser, sent):
    day = f"{sent.window.decision_by.day} "
    for name in ("receipt", "request"):
        shown = browser.get(address(name, sent)).content.decode()
        assert f"{day.strip()}\xa0" in shown
        assert "Uiterlijk" in shown
