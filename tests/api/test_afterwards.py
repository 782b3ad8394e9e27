"""After the decision a partner follows what it filed, and its own trail; nobody else's."""

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
