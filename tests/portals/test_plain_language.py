"""Plain Dutch: on pages that people read before they ask, after it, and at board and counter."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from allocation.decisions import awards, objections, starting
from allocation.models import Award, Proof
from tests import plain_dutch
from tests.cast import signed_in
from workers import follow_ups

pytestmark = pytest.mark.django_db
BOARDS_LEAST = 50
NO_LIMIT = 999


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return plain_dutch.of_page(answer.content.decode(), without=("table",))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/how-we-divide",
        "/privacy",
        "/accessibility",
        "/regions/twente",
        "/sign-in",
        "/sign-up",
        "/sign-in/password",
        "/password/forgotten",
    ],
)
def test_a_public_page_is_plain_and_its_sentences_are_short(client, opened, path):
    assert plain_dutch.faults(text(client, path)) == []


def test_the_page_of_a_published_round_is_plain(client, published):
    shown = text(client, "/regions/twente/rounds/2027-1")
    # The record for the register follows a standard of its own.
    before, record, _ = shown.partition("hele beschrijving")
    assert record
    assert plain_dutch.faults(before, least=60, most=NO_LIMIT) == []


@pytest.mark.parametrize("path", ["", "/rounds/2027-1", "/rounds/new", "/policies/new"])
def test_a_board_page_is_plain_enough(chair, scenario, path):
    shown = text(signed_in(chair), f"/board/twente{path}")
    assert plain_dutch.faults(shown, least=BOARDS_LEAST, most=NO_LIMIT) == []


@pytest.mark.parametrize(
    "path",
    ["", "/people/new", "/people/mandate", "/checks", "/starts", "/proofs", "/outreach",
     "/stories", "/companions", "/interests"],
)  # fmt: skip
def test_a_page_of_the_counter_is_plain_enough(adviser, opened, path):
    shown = text(signed_in(adviser), f"/counter/twente{path}")
    assert plain_dutch.faults(shown, least=BOARDS_LEAST) == []


def standing_pages(request, names):
    """The pages of one request as its worker reads them, by name."""
    browser = signed_in(request.worker.user)
    faults = {}
    for name, *more in names:
        answer = browser.get(reverse(f"apply:{name}", args=[request.pk, *more]))
        assert answer.status_code == 200, name
        found = plain_dutch.faults(plain_dutch.of_page(answer.content.decode()))
        if found:
            faults[f"{name} {more}"] = found
    return faults


@pytest.mark.parametrize("state", Award.Status.values)
def test_each_state_of_an_award_is_told_in_plain_dutch(published, state):
    award = published.awards.first()
    moments = dict.fromkeys(
        ("answered_at", "advanced_at", "completed_at", "determined_at", "ended_at"), timezone.now()
    )
    Award.objects.filter(pk=award.pk).update(status=state, determined_amount=0, **moments)
    assert standing_pages(award.request, [("request",), ("proof",)]) == {}


def test_what_an_awarded_person_is_asked_is_plain(published):
    award = published.awards.first()
    assert standing_pages(award.request, [("answer",)]) == {}
    awards.accept(award=award, actor=award.request.worker.user)
    kinds = [("proof-of", kind) for kind in Proof.Kind.values]
    assert standing_pages(award.request, [*kinds, ("stop",), ("start",)]) == {}
    starting.start(award=award, actor=award.request.worker.user, started_on=timezone.localdate())
    assert standing_pages(award.request, [("request",)]) == {}


@pytest.mark.parametrize("late", [False, True])
def test_a_refusal_and_the_way_to_object_are_plain(published, late, monkeypatch):
    refused = published.decisions.filter(awarded=False).first()
    if late:
        day = timezone.localdate() - timedelta(days=1)
        monkeypatch.setattr(objections, "deadline", lambda decision: day)
    assert standing_pages(refused.request, [("request",), ("objection",)]) == {}


def test_an_objection_and_its_answer_are_plain(published):
    refused = published.decisions.filter(awarded=False).first()
    objections.file(
        decision=refused,
        actor=refused.request.worker.user,
        cause="facts",
        grounds="Ik had geen scholing.",
    )
    assert standing_pages(refused.request, [("request",)]) == {}


def test_the_questions_some_months_later_are_plain(published):
    award = published.awards.first()
    planned = follow_ups.plan(request=award.request, finished_on=date(2026, 1, 1))
    browser = signed_in(award.request.worker.user)
    assert plain_dutch.faults(text(browser, f"/my/follow-up/{planned[0].pk}")) == []


@pytest.mark.parametrize("path", ["/account", "/account/number", "/account/security", "/home"])
def test_a_page_of_ones_own_account_is_plain(worker, path):
    browser = signed_in(worker.user)
    answer = browser.get(path, follow=True)
    assert plain_dutch.faults(plain_dutch.of_page(answer.content.decode())) == []
