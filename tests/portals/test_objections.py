"""Objections are handled by somebody who did not decide, step by step, through services."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from allocation.decisions import objections
from allocation.models import Award, Objection
from budgetpool.audit.models import AuditEvent
from budgetpool.fund import ledger
from budgetpool.mail import words
from budgetpool.mail.models import Message
from budgetpool.money import from_cents
from tests.cast import signed_in
from tests.sharing import shared

pytestmark = pytest.mark.django_db
LIST = "/board/twente/objections"


@shared
def objection(published):
    """A worker with no award says that a fact was wrong."""
    decision = published.decisions.filter(awarded=False).order_by("pk").last()
    return objections.file(
        decision=decision,
        actor=decision.request.worker.user,
        cause="facts",
        grounds="I had no training at all in these two years.",
    )


@shared
def handler(administrator):
    return signed_in(administrator)


def step(browser, objection, verb, **data):
    return browser.post(f"{LIST}/{objection.pk}/steps/{verb}", data)


def test_an_objection_goes_from_filed_to_an_award_through_the_screens(handler, objection):
    assert objection.decision.request.reference in handler.get(LIST).content.decode()
    assert step(handler, objection, "take").status_code == 302
    tomorrow = timezone.localdate() + timedelta(days=1)
    planned = step(
        handler,
        objection,
        "hearing",
        day=tomorrow.strftime("%d-%m-%Y"),
        time="14.00",
        place="By phone",
    )
    assert planned.status_code == 302
    assert step(handler, objection, "report", report="The payslip shows it.").status_code == 302
    assert (
        step(handler, objection, "correct", education="mbo2", hours_trained="0").status_code == 302
    )
    objection.refresh_from_db()
    assert objection.corrections == {"education": "mbo2", "hours_trained": 0}
    choice = objection.decision.request.choices.get()
    decided = step(
        handler, objection, "decide", outcome="upheld", answer="You are right.", choice=choice.pk
    )
    assert decided.status_code == 302
    objection.refresh_from_db()
    assert objection.status == Objection.Status.UPHELD
    assert Award.objects.get(request=objection.decision.request).origin == "objection"


def shown_in(page):
    return re.findall(r"R-\d+", page.content.decode().split("<tbody")[-1].split("</tbody")[0])


def test_all_objections_are_one_list_that_is_searched_sorted_and_taken_along(
    handler, objection, published, administrator
):
    other = published.decisions.filter(awarded=False).order_by("pk").first()
    done = objections.file(
        decision=other, actor=other.request.worker.user, cause="facts", grounds="It was wrong."
    )
    Objection.objects.filter(pk=done.pk).update(
        status="withdrawn", decide_by=objection.decide_by - timedelta(days=3)
    )
    first, last = objection.decision.request.reference, other.request.reference
    step(handler, objection, "take")
    assert shown_in(handler.get(LIST)) == [first, last], "what waits comes first"
    assert shown_in(handler.get(LIST, {"sort": "4"})) == [last, first], "by the last day"
    assert shown_in(handler.get(LIST, {"state": "waiting"})) == [first]
    assert shown_in(handler.get(LIST, {"state": "over"})) == [last]
    assert shown_in(handler.get(LIST, {"words": last.lower()})) == [last]
    assert shown_in(handler.get(LIST, {"words": administrator.name[:5]})) == [first]
    assert shown_in(handler.get(LIST, {"words": "R-9999"})) == []
    sheet = handler.get(LIST, {"format": "csv", "state": "waiting"}).content.decode("utf-8-sig")
    assert [line.split(";")[0] for line in sheet.splitlines()[1:]] == [first]
    assert "2 regels" in handler.get(LIST).content.decode()


def test_the_handler_sees_what_the_file_says_and_what_was_corrected(handler, objection):
    step(handler, objection, "take")
    worker = objection.decision.request.worker
    shown = handler.get(f"{LIST}/{objection.pk}").content.decode()
    assert f"In het dossier: {worker.get_education_display()}." in shown
    before = objection.decision.points
    step(handler, objection, "correct", education="mbo2", hours_trained="0")
    objection.refresh_from_db()
    shown = handler.get(f"{LIST}/{objection.pk}").content.decode()
    assert "Hoogste diploma: mbo 2" in shown
    assert f"Punten: eerst {before}, nu {objection.replay['points']}." in shown


def test_the_administrator_finds_the_objections_from_the_first_page(handler):
    assert f'href="{LIST}"' in handler.get("/home").content.decode()


def test_who_signed_the_round_cannot_handle_an_objection_to_it(chair, objection):
    answer = step(signed_in(chair), objection, "take")
    assert answer.status_code == 422
    assert "Je besliste zelf over deze ronde" in answer.content.decode()
    objection.refresh_from_db()
    assert objection.handler is None


def test_only_the_handler_decides_and_not_without_reasons(handler, chair, objection):
    step(handler, objection, "take")
    missing = step(handler, objection, "decide", outcome="dismissed", answer="")
    assert missing.status_code == 422
    other = step(signed_in(chair), objection, "decide", outcome="dismissed", answer="No.")
    assert other.status_code == 422
    assert "Iemand anders behandelt dit bezwaar" in other.content.decode()


def test_looking_at_an_objection_is_written_down(handler, administrator, objection):
    assert handler.get(f"{LIST}/{objection.pk}").status_code == 200
    assert AuditEvent.objects.filter(actor=administrator, action="objection.seen").count() == 1


def test_another_region_sees_no_objection(chair_of_drenthe, objection):
    stranger = signed_in(chair_of_drenthe)
    assert stranger.get(f"{LIST}/{objection.pk}").status_code == 404
    assert stranger.get(f"/board/drenthe/objections/{objection.pk}").status_code == 404


def test_the_administrator_is_not_led_to_pages_of_the_board(handler, objection):
    html = handler.get(LIST).content.decode()
    assert 'href="/board/twente"' not in html
    assert 'href="/board/twente/policies"' not in html


def test_a_late_objection_is_excused_replayed_and_paid_by_the_reserve_through_the_screens(
    published, requests, handler, monkeypatch
):
    """Tara's file said HBO and 80 hours; it should have said VMBO and none."""
    decision = published.decisions.get(request=requests[5])
    browser = signed_in(decision.request.worker.user)
    filing = reverse("apply:objection", args=[decision.request_id])
    week_ago = timezone.localdate() - timedelta(days=7)
    monkeypatch.setattr(objections, "deadline", lambda decision: week_ago)
    sent = {"cause": "facts", "grounds": "Ik heb vmbo en geen hbo."}
    assert "Schrijf waarom je later bent." in browser.post(filing, sent).content.decode()
    browser.post(filing, sent | {"late_reason": "Ik lag in het ziekenhuis."})
    objection = Objection.objects.get()
    assert objection.is_late

    step(handler, objection, "take")
    tomorrow = timezone.localdate() + timedelta(days=1)
    step(
        handler, objection, "hearing",
        day=tomorrow.strftime("%d-%m-%Y"), time="14.00", place="Het loket",
    )  # fmt: skip
    invited = Message.objects.get(kind="objection_hearing")
    assert "De plek: Het loket." in words.words(invited)[1]
    assert (
        "Het loket"
        in browser.get(reverse("apply:request", args=[decision.request_id])).content.decode()
    )
    step(handler, objection, "report", report="Ze liet haar diploma zien.")
    step(handler, objection, "correct", education="vmbo", hours_trained="0")
    reserve = published.reserve_account
    before = ledger.balance_cents(reserve)
    decide = {"outcome": "upheld", "answer": "Je hebt gelijk. Het diploma is vmbo."}
    refused = step(handler, objection, "decide", **decide, late_excused="no")
    assert refused.status_code == 422, "a delay without an excuse cannot be upheld"
    assert step(handler, objection, "decide", **decide, late_excused="yes").status_code == 302
    award = Award.objects.get(request=decision.request)
    assert (award.origin, award.from_reserve, award.amount) == (
        "objection",
        from_cents(before - ledger.balance_cents(reserve)),
        from_cents(60_000),
    )
    shown = browser.get(reverse("apply:request", args=[decision.request_id])).content.decode()
    assert "Je maakte bezwaar en je kreeg gelijk." in shown or "Je krijgt je opleiding" in shown
    browser.post(reverse("apply:answer", args=[decision.request_id]), {"answer": "yes"})
    award.refresh_from_db()
    assert award.status == "accepted"


def test_an_objection_is_taken_back_by_who_made_it(objection):
    request = objection.decision.request
    browser = signed_in(request.worker.user)
    address = reverse("apply:withdraw-objection", args=[request.pk])
    assert address in browser.get(reverse("apply:request", args=[request.pk])).content.decode()
    assert browser.get(address).status_code == 200
    browser.post(address)
    objection.refresh_from_db()
    assert objection.status == "withdrawn"
    shown = browser.get(reverse("apply:request", args=[request.pk])).content.decode()
    assert "Je trok het weer in." in shown


def test_an_answer_is_read_with_its_outcome_and_the_way_to_the_court(handler, objection):
    step(handler, objection, "take")
    step(handler, objection, "decide", outcome="dismissed", answer="Je had 80 uur scholing.")
    request = objection.decision.request
    shown = (
        signed_in(request.worker.user)
        .get(reverse("apply:request", args=[request.pk]))
        .content.decode()
    )
    for said in ("Het besluit blijft zo.", "Je had 80 uur scholing.", "naar de rechter"):
        assert said in shown
