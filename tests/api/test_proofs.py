"""A partner confirms that a training was completed; the counter looks, as at every other proof."""

import pytest
from django.utils import timezone

from allocation.decisions import awards, proofs
from allocation.models import Award, Proof
from tests.sharing import shared
from workers.models import TrainingRequest, Worker

pytestmark = pytest.mark.django_db
PRACTICE = {
    "kind": "practice",
    "workProcesses": "Ontvangt goederen\nSlaat goederen op",
    "crebo": "25778",
    "signatures": [
        {"role": role, "name": f"N. {role}", "signedOn": "2026-03-01"}
        for role in ("learner", "trainer", "assessor")
    ],
}


@shared
def award(program, published):
    """An accepted award of somebody whom the partner introduced."""
    found = published.awards.order_by("pk").first()
    TrainingRequest.objects.filter(pk=found.request_id).update(
        filed_for_organisation=program.partner.name
    )
    Worker.objects.filter(pk=found.request.worker_id).update(introduced_by=program.partner.name)
    return awards.accept(award=found, actor=found.request.worker.user)


def send(program, award, body, key="a-key"):
    return program.post(f"/training-requests/{award.request_id}/proofs", body, key=key)


def test_a_partner_confirms_attendance_and_the_counter_completes_it(program, award, adviser):
    answer = send(program, award, {"kind": "attendance", "attendancePercent": 85})
    assert answer.status_code == 201
    assert answer.json()["status"] == "sent"
    proof = Proof.objects.get()
    assert (proof.organisation, proof.attendance_percent) == (program.partner.name, 85)
    proofs.accept(proof=proof, actor=adviser)
    listed = program.get(f"/training-requests/{award.request_id}/proofs").json()
    assert [one["status"] for one in listed["items"]] == ["accepted"]
    award.refresh_from_db()
    assert award.status == Award.Status.COMPLETED


def test_a_practice_declaration_comes_with_its_three_signatures(program, award):
    assert send(program, award, PRACTICE).status_code == 201
    assert Proof.objects.get().signatures.count() == 3


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"kind": "attendance", "attendancePercent": 79}, 409, "attendance_too_low"),
        (PRACTICE | {"signatures": PRACTICE["signatures"][:2]}, 409, "signatures_missing"),
        ({"kind": "practice"}, 400, "invalid"),
        (PRACTICE | {"crebo": "12"}, 400, "invalid"),
        ({"kind": "selfie"}, 400, "invalid"),
    ],
)
def test_what_proves_nothing_is_refused_by_its_reason(program, award, body, status, code):
    answer = send(program, award, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Proof.objects.exists()


def test_another_partner_neither_sends_nor_reads(program, other_program, award):
    assert send(other_program, award, {"kind": "diploma"}).status_code == 404
    assert other_program.get(f"/training-requests/{award.request_id}/proofs").status_code == 404


def test_one_proof_waits_at_a_time_and_a_repeat_is_harmless(program, award):
    first = send(program, award, {"kind": "diploma"})
    assert send(program, award, {"kind": "diploma"}).json() == first.json()
    again = send(program, award, {"kind": "diploma"}, key="another-key")
    assert (again.status_code, again.json()["code"]) == (409, "proof_waits")
    assert Proof.objects.count() == 1


def start(program, award, body, key="a-start"):
    return program.post(f"/training-requests/{award.request_id}/start", body, key=key)


def test_a_partner_says_on_which_day_the_training_began(program, award):
    today = timezone.localdate().isoformat()
    address = f"/training-requests/{award.request_id}/start"
    assert program.get(address).status_code == 404
    answer = start(program, award, {"startedOn": today})
    assert (answer.status_code, answer.headers["Location"]) == (
        201,
        f"http://testserver/v1{address}",
    )
    assert program.get(address).json() == {"requestId": award.request_id, "startedOn": today}
    assert start(program, award, {"startedOn": today}).json() == answer.json()
    again = start(program, award, {"startedOn": today}, key="another")
    assert (again.status_code, again.json()["code"]) == (409, "started_before")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"startedOn": "2999-01-01"}, 409, "day_to_come"),
        ({"startedOn": "2000-01-01"}, 409, "before_award"),
        ({"startedOn": "morgen"}, 400, "invalid"),
        ({}, 400, "invalid"),
    ],
)
def test_a_start_that_cannot_be_is_refused_by_its_reason(program, award, body, status, code):
    answer = start(program, award, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_another_partner_neither_says_nor_reads_a_start(program, other_program, award):
    assert start(other_program, award, {"startedOn": "2026-01-01"}).status_code == 404
    assert other_program.get(f"/training-requests/{award.request_id}/start").status_code == 404
