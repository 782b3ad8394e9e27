"""A typing error locks nobody out: a partner mends and withdraws what it filed, in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from budgetpool.audit.models import AuditEvent
from budgetpool.money import to_cents
from workers.models import TrainingRequest, Window, Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(program, body):
    answer = program.file(body)
    return f"/training-requests/{answer.json()['id']}"


def change(program, address, body, etag=None, **headers):
    etag = etag or program.get(address).headers["ETag"]
    return program.send("patch", address, body, if_match=etag, **headers)


def test_a_typing_error_in_the_municipality_is_mended(program, body, twente):
    twente.region.municipalities = ["Enschede", "Hengelo"]
    twente.region.save()
    body["worker"]["municipality"] = "Enschedde"
    answer = program.file(body)
    address = f"/training-requests/{answer.json()['id']}"
    assert (answer.json()["status"], answer.json()["reason"]) == ("ineligible", "outside_region")
    mended = change(program, address, {"worker": {"municipality": "Enschede"}})
    assert mended.status_code == 200, mended.json()
    assert (mended.json()["status"], mended.json()["repairUntil"]) == ("submitted", None)
    assert mended.headers["ETag"] == program.get(address).headers["ETag"]
    worker = Worker.objects.get()
    assert (worker.municipality, worker.language, worker.email) == (
        "Enschede",
        "nl",
        "ewa@example.nl",
    )
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"request.changed_by_partner", "request.reopened", "worker.changed"} <= actions


def test_choices_are_replaced_as_a_whole_with_their_costs(program, filed, forklift, dutch):
    wanted = [
        {"trainingId": dutch.pk},
        {"trainingId": forklift.pk, "costs": [{"kind": "travel", "amountCents": 1_000}]},
    ]
    assert change(program, filed, {"choices": wanted, "goal": "Anders"}).status_code == 200
    request = TrainingRequest.objects.get()
    assert [choice.training for choice in request.choices.order_by("rank")] == [dutch, forklift]
    assert request.goal == "Anders"
    travel = request.choices.get(rank=2).cost_lines.get(kind="travel")
    assert to_cents(travel.amount) == 1_000


def test_all_that_is_wrong_with_a_change_comes_at_once_and_nothing_is_stored(
    program, filed, forklift
):
    before = program.get(filed).json()
    refused = change(
        program,
        filed,
        {
            "worker": {"phone": "06-12", "colour": "red", "birthDate": "1890-01-01"},
            "reference": "other",
            "choices": [{"trainingId": 999_999}],
        },
    )
    assert {error["location"]["pointer"] for error in refused.json()["errors"]} == {
        "#/worker/phone",
        "#/worker/colour",
        "#/worker/birthDate",
        "#/reference",
        "#/choices/0/trainingId",
    }
    assert program.get(filed).json() == before


def test_a_change_names_the_version_that_it_changes(program, filed):
    body = {"goal": "Anders"}
    etag = program.get(filed).headers["ETag"]
    missing = program.send("patch", filed, body)
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition_required")
    assert change(program, filed, body, etag=etag).status_code == 200
    late = change(program, filed, {"goal": "Nog anders"}, etag=etag)
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert TrainingRequest.objects.get().goal == "Anders"


def test_the_version_of_a_compressed_answer_is_the_same_version(program, filed):
    """Nearly every library asks for gzip, and a compressed answer has the weak form of its tag."""
    weak = "W/" + program.get(filed).headers["ETag"]
    assert change(program, filed, {"goal": "Anders"}, etag=weak).status_code == 200
    assert change(program, filed, {"goal": "Nog anders"}, etag=weak).status_code == 412


def test_what_is_known_already_is_not_sent_again(program, filed):
    etag = program.get(filed).headers["ETag"]
    again = program.get(filed, if_none_match=etag)
    assert (again.status_code, again.content) == (304, b"")
    assert program.get(filed, if_none_match='"other"').status_code == 200


def test_after_the_window_closed_nothing_changes(program, filed):
    etag = program.get(filed).headers["ETag"]
    Window.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    refused = change(program, filed, {"goal": "Te laat"}, etag=etag)
    assert (refused.status_code, refused.json()["code"]) == (409, "window_closed")
    late = program.post(f"{filed}/withdrawal", {})
    assert (late.status_code, late.json()["code"]) == (409, "window_closed")
    assert program.get(filed).json()["status"] == "submitted"


def test_nobody_becomes_somebody_whom_we_know(program, other_program, filed, body):
    body["worker"] |= {"name": "Ana Silva", "email": "ana@example.nl"}
    other_program.file(body)
    refused = change(program, filed, {"worker": {"name": "Silva, Ana"}})
    assert (refused.status_code, refused.json()["code"]) == (409, "known_already")
    assert Worker.objects.filter(name="Ewa Nowak").exists()


def test_another_partner_neither_changes_nor_withdraws(program, other_program, filed):
    etag = program.get(filed).headers["ETag"]
    assert change(other_program, filed, {"goal": "x"}, etag=etag).status_code == 404
    assert other_program.post(f"{filed}/withdrawal", {}).status_code == 404


def test_a_request_that_was_withdrawn_leaves_room_for_another(program, filed, body):
    answer = program.post(f"{filed}/withdrawal", {}, key="w-1")
    assert (answer.status_code, answer.json()["status"]) == (200, "withdrawn")
    again = program.post(f"{filed}/withdrawal", {}, key="w-1")
    assert again.headers["Idempotency-Replayed"] == "true"
    twice = program.post(f"{filed}/withdrawal", {}, key="w-2")
    assert (twice.status_code, twice.json()["code"]) == (409, "wrong_state")
    stays = change(program, filed, {"goal": "Toch"})
    assert (stays.status_code, stays.json()["code"]) == (409, "wrong_state")
    body["reference"] = "case-18"
    assert program.file(body).status_code == 201
