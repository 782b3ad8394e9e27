"""A partner reads the award of somebody whom it introduced, and says yes or no for them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allocation.models import Award
from tests.sharing import shared
from tests.trail import trail_of
from workers.models import TrainingRequest, Worker

pytestmark = pytest.mark.django_db


@shared
def address(program, published):
    found = published.awards.order_by("pk").first()
    TrainingRequest.objects.filter(pk=found.request_id).update(
        filed_for_organisation=program.partner.name
    )
    Worker.objects.filter(pk=found.request.worker_id).update(introduced_by=program.partner.name)
    return f"/training-requests/{found.request_id}/award"


def test_an_award_shows_what_was_given_and_every_look_is_written_down(program, address):
    award = program.get(address).json()
    # EUR 600 for the course.
    assert (award["status"], award["amountCents"], award["choiceRank"]) == ("granted", 60_000, 1)
    assert award["acceptBy"] > timezone.localdate().isoformat()
    assert award["completedAt"] is None
    worker = TrainingRequest.objects.get(pk=award["requestId"]).worker
    assert trail_of(worker).filter(action="worker.seen")


def test_a_partner_says_yes_once(program, address):
    said = program.post(f"{address}/acceptance", {}, key="y-1")
    assert (said.status_code, said.json()["status"]) == (201, "accepted")
    assert said.headers["Location"] == f"http://testserver/v1{address}"
    assert program.post(f"{address}/acceptance", {}, key="y-1").json() == said.json()
    twice = program.post(f"{address}/acceptance", {}, key="y-2")
    assert (twice.status_code, twice.json()["code"]) == (409, "wrong_step")


def test_a_partner_says_no_and_the_place_is_free(program, address):
    said = program.post(f"{address}/decline", {"reason": "Ander werk"})
    assert (said.status_code, said.json()["status"]) == (201, "declined")
    assert said.json()["endedAt"]


def test_after_the_last_day_it_is_too_late(program, address):
    Award.objects.update(accept_by=timezone.localdate() - timedelta(days=1))
    late = program.post(f"{address}/acceptance", {})
    assert (late.status_code, late.json()["code"]) == (409, "accept_by_passed")
    assert late.json()["detail"].startswith("You are too late.")


@pytest.mark.parametrize("body", [{"isShared": "perhaps"}, {"colour": "red"}, []])
def test_a_wrong_body_says_nothing(program, address, body):
    assert program.post(f"{address}/acceptance", body).status_code == 400
    assert program.get(address).json()["status"] == "granted"


def test_another_partner_neither_reads_nor_answers(program, other_program, address):
    assert other_program.get(address).status_code == 404
    assert other_program.post(f"{address}/acceptance", {}).status_code == 404
    assert other_program.post(f"{address}/decline", {}).status_code == 404
    assert program.get(address).json()["status"] == "granted"


def test_without_an_award_there_is_nothing_to_answer(program, body):
    key = program.file(body).json()["id"]
    assert program.get(f"/training-requests/{key}/award").status_code == 404
    refused = program.post(f"/training-requests/{key}/award/acceptance", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_award")
