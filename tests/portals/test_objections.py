"""Objections are handled by somebody who did not decide, step by step, through services."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allocation.decisions import objections
from allocation.models import Award, Objection
from budgetpool.audit.models import AuditEvent
from tests.cast import signed_in

pytestmark = pytest.mark.django_db
LIST = "/board/twente/objections"


@pytest.fixture
def objection(published):
    """A worker with no award says that a fact was wrong."""
    decision = published.decisions.filter(awarded=False).order_by("pk").last()
    return objections.file(
        decision=decision,
        actor=decision.request.worker.user,
        cause="facts",
        grounds="I had no training at all in these two years.",
    )


@pytest.fixture
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
