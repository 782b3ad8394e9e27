"""After the decision a partner follows what it filed, and its own trail; nobody else's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allocation.decisions import objections
from allocation.models import Decision
from tests.api.conftest import Program, access_token
from tests.trail import trail_of
from workers.models import TrainingRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(award_address):
    return award_address.removesuffix("/award")


def test_what_was_paid_is_told_to_who_filed_and_every_look_is_kept(program, path):
    assert program.get(f"{path}/payments").json() == {"items": []}
    worker = TrainingRequest.objects.get(pk=path.split("/")[2]).worker
    assert trail_of(worker).filter(action__endswith=".seen").exists()


def test_an_objection_is_followed_and_its_grounds_stay_inside(program, path, chair):
    assert program.get(f"{path}/objection").status_code == 404
    key = int(path.split("/")[2])
    decision = Decision.objects.get(request=key)
    made = objections.Objection(
        decision=decision,
        filed_by=chair,
        filed_at=timezone.now(),
        cause="facts",
        grounds="A private matter",
        decide_by=timezone.localdate(),
    )
    made.save()
    shown = program.get(f"{path}/objection")
    assert (shown.json()["status"], shown.json()["requestId"]) == ("filed", key)
    assert "private" not in shown.content.decode()


WORDS = {"cause": "facts", "grounds": "My diploma is MBO 2.", "isAuthorised": True}


def test_a_partner_objects_for_a_worker_who_asked_and_takes_it_back(program, path):
    filed = program.post(f"{path}/objection", WORDS, key="o-1")
    assert (filed.status_code, filed.json()["status"]) == (201, "filed")
    assert "diploma" not in filed.content.decode()
    assert program.post(f"{path}/objection", WORDS, key="o-1").json() == filed.json()
    twice = program.post(f"{path}/objection", WORDS, key="o-2")
    assert (twice.status_code, twice.json()["code"]) == (409, "objected_before")
    back = program.post(f"{path}/objection/withdrawal", {})
    assert (back.status_code, back.json()["status"]) == (200, "withdrawn")
    again = program.post(f"{path}/objection/withdrawal", {})
    assert (again.status_code, again.json()["code"]) == (409, "wrong_step")


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        ({"isAuthorised": False}, "isAuthorised", "not_authorised"),
        ({"grounds": " "}, "grounds", "blank"),
        ({"grounds": "My number is 123456782"}, "grounds", "bsn"),
        ({"cause": "anger"}, "cause", "invalid_choice"),
    ],
)
def test_an_objection_that_nobody_asked_for_or_that_says_nothing_is_refused(
    program, path, change, place, code
):
    refused = program.post(f"{path}/objection", WORDS | change)
    [error] = refused.json()["errors"]
    assert (error["location"]["pointer"], error["code"]) == (f"#/{place}", code)
    assert program.get(f"{path}/objection").status_code == 404


def test_after_six_weeks_an_objection_needs_its_reason(program, path, monkeypatch):
    yesterday = timezone.localdate() - timedelta(days=1)
    monkeypatch.setattr(objections, "deadline", lambda decision: yesterday)
    late = program.post(f"{path}/objection", WORDS)
    assert (late.status_code, late.json()["code"]) == (409, "late_reason_missing")
    excused = program.post(f"{path}/objection", WORDS | {"lateReason": "In hospital"})
    assert (excused.status_code, excused.json()["isLate"]) == (201, True)


def test_nobody_objects_for_the_worker_of_another(other_program, path):
    assert other_program.post(f"{path}/objection", WORDS).status_code == 404
    assert other_program.post(f"{path}/objection/withdrawal", {}).status_code == 404


def test_nobody_objects_before_the_decision(program, body):
    early = f"/training-requests/{program.file(body).json()['id']}/objection"
    refused = program.post(early, WORDS)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_decision")


@pytest.mark.parametrize("sub", ["objection", "payments", "award", "decision", "start", "proofs"])
def test_nothing_of_the_request_of_another_is_found(other_program, path, sub):
    assert other_program.get(f"{path}/{sub}").status_code == 404


def test_a_program_sees_its_own_trail_only(program, other_program, body):
    filed = program.file(body, x_request_id="0198d5c6-7b1e-7c3a-9d2f-1a2b3c4d5e6f").json()
    items = program.get("/client/trail").json()["items"]
    acts = {item["action"] for item in items}
    assert {"request.filed_by_partner"} <= acts
    [mine] = [item for item in items if item["action"] == "request.filed_by_partner"]
    assert mine["subjectId"] == str(filed["id"])
    assert mine["requestId"]
    assert "request.filed_by_partner" not in str(other_program.get("/client/trail").json())


def test_the_balances_of_a_fund_are_public(visitor, opened):
    # EUR 2,000 for the round and EUR 500 for objections are set apart.
    fund = visitor.get("/regions/BIJ3-09/fund").json()
    assert fund["inRoundsCents"] == 250_000
    assert visitor.get("/regions/NONE/fund").status_code == 404


def test_a_round_names_the_files_to_check_it_once_published(visitor, published):
    named = visitor.get(f"/rounds/{published.pk}").json()["checkFiles"]
    assert named.endswith(f"/regions/twente/rounds/{published.code}/check.zip")


def test_a_reader_of_requests_reads_no_trail(program):
    client = program.partner.client
    reader = Program(None, access_token(client, program.client_secret, scope="requests:read"))
    assert reader.get("/client/trail").status_code == 403
