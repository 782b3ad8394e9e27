"""A partner files a request on behalf of a worker who agreed, and follows it."""

import pytest

from api.models import Consent, StoredAnswer
from budgetpool.money import to_cents
from tests.cast import make_window
from tests.trail import trail_of
from workers.models import TrainingRequest, Window, Worker

pytestmark = pytest.mark.django_db


def test_a_partner_files_a_request_that_waits_in_the_same_queue(program, body):
    filed = program.file(body)
    assert filed.status_code == 201, filed.json()
    request = TrainingRequest.objects.get()
    assert filed.headers["Location"] == f"http://testserver/v1/training-requests/{request.pk}"
    assert filed.json() == {
        "id": request.pk,
        "requestNumber": request.reference,
        "regionCode": "BIJ3-09",
        "window": "2027-1",
        "reference": "case-17",
        "status": "submitted",
        "reason": "",
        "repairUntil": None,
        "submittedAt": filed.json()["submittedAt"],
        "changedAt": filed.json()["changedAt"],
        "hasDecision": False,
    }
    assert filed.json()["submittedAt"].endswith("Z")
    assert request.channel == "partner"
    assert request.filed_by == program.partner.account
    # EUR 450 by the register: EUR 405 for the course and EUR 45 for the exam.
    assert request.choices.get().amount_cents == 45_000
    assert request.goal == "Chauffeur worden"


def test_the_workers_word_is_kept_with_who_told_it(program, body):
    program.file(body)
    consent = Consent.objects.get()
    assert (consent.way, consent.text_version) == ("spoken", "2026-1")
    assert f"{consent.agreed_at:%Y-%m-%d %H:%M %Z}" == "2026-11-20 09:00 UTC"
    assert consent.client.partner == program.partner
    actions = [event.action for event in trail_of(consent.request)]
    assert "request.filed_by_partner" in actions
    assert "request.submitted" in actions


def test_cost_lines_may_be_lower_than_the_register_and_have_travel_beside(program, body):
    body["choices"][0]["costs"] = [
        {"kind": "training", "amountCents": 40_000},
        {"kind": "travel", "amountCents": 2_500},
    ]
    assert program.file(body).status_code == 201
    lines = TrainingRequest.objects.get().choices.get().cost_lines.all()
    assert {line.kind: to_cents(line.amount) for line in lines} == {
        "training": 40_000,
        "exam": 4_500,
        "travel": 2_500,
    }


def test_all_errors_of_a_body_come_together_each_with_its_place(program, body):
    body["worker"] |= {"birthDate": "4 March", "contract": "freelance", "bsn": "111222333"}
    body["consent"]["agreedAt"] = "2999-01-01T00:00:00Z"
    body["regionCode"] = "XX"
    del body["reference"]
    refused = program.file(body)
    assert refused.status_code == 400
    assert refused.headers["Content-Type"] == "application/problem+json"
    problem = refused.json()
    assert (problem["status"], problem["code"]) == (400, "invalid")
    places = {error["location"]["pointer"] for error in problem["errors"]}
    assert places == {
        "#/worker/birthDate",
        "#/worker/contract",
        "#/worker/bsn",
        "#/consent/agreedAt",
        "#/regionCode",
        "#/reference",
    }
    assert not Worker.objects.exists()


def test_a_bsn_in_free_text_is_refused(program, body):
    body["goal"] = "mijn nummer is 111222333"
    refused = program.file(body)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["location"] == {"pointer": "#/goal"}


def test_everything_that_the_register_refuses_comes_together(program, body, dutch, forklift):
    dutch.is_open = False
    dutch.save()
    body["choices"] = [
        {"trainingId": dutch.pk},
        {"trainingId": forklift.pk, "costs": [{"kind": "exam", "amountCents": 9_900}]},
    ]
    refused = program.file(body)
    assert refused.status_code == 400
    assert [(e["location"]["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("#/choices/0", "not_on_offer"),
        ("#/choices/1/costs/0", "above_catalogue_price"),
    ]
    assert not TrainingRequest.objects.exists()
    assert not Worker.objects.exists()


def test_a_training_or_an_edition_that_does_not_exist_is_named(program, body, dutch):
    edition = body["choices"][0]["editionId"]
    body["choices"] = [{"trainingId": 999}, {"trainingId": dutch.pk, "editionId": edition}]
    errors = program.file(body).json()["errors"]
    assert [error["location"]["pointer"] for error in errors] == [
        "#/choices/0/trainingId",
        "#/choices/1/editionId",
    ]


def test_a_worker_who_cannot_be_reached_is_refused(program, body):
    del body["worker"]["email"]
    [error] = program.file(body).json()["errors"]
    assert (error["location"]["pointer"], error["code"]) == ("#/worker/email", "unreachable")


def test_somebody_whom_the_rules_exclude_gets_the_reason_and_a_term(program, body):
    body["worker"]["hasStudyFinance"] = True
    filed = program.file(body)
    assert filed.status_code == 201
    assert filed.json()["status"] == "ineligible"
    assert filed.json()["reason"] == "study_finance"
    assert filed.json()["repairUntil"]


def test_outside_the_window_nothing_is_filed(program, body, window):
    Window.objects.all().delete()
    assert program.file(body).json()["code"] == "no_window"
    make_window(window.fund, opens=2, closes=9)
    refused = program.file(body)
    assert (refused.status_code, refused.json()["code"]) == (409, "window_not_open")
    assert not Worker.objects.exists()


def test_a_partner_files_in_its_own_regions_only(program, body, drenthe):
    make_window(drenthe)
    body["regionCode"] = drenthe.region.code
    refused = program.file(body)
    assert (refused.status_code, refused.json()["code"]) == (403, "other_region")


def test_a_second_request_of_a_person_in_a_window_is_refused(program, body):
    program.file(body)
    body["reference"] = "case-18"
    refused = program.file(body)
    assert (refused.status_code, refused.json()["code"]) == (409, "one_request_per_window")


def test_a_person_whom_others_introduced_is_not_taken_over(program, other_program, body):
    program.file(body)
    body["reference"] = "case-99"
    body["worker"]["email"] = "thief@example.nl"
    refused = other_program.file(body)
    assert (refused.status_code, refused.json()["code"]) == (409, "known_already")
    assert Worker.objects.get().email == "ewa@example.nl"


def test_a_reference_of_ones_own_is_used_once_in_a_window(program, body):
    program.file(body)
    body["worker"] |= {"name": "Ana Silva", "email": "ana@example.nl"}
    refused = program.file(body)
    assert refused.status_code == 409
    assert Worker.objects.count() == 1


# Idempotency-Key


def test_the_same_key_with_the_same_body_gets_the_same_answer_and_files_once(program, body):
    first = program.file(body, key="k-1")
    again = program.file(body, key="k-1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Location"] == first.headers["Location"]
    assert TrainingRequest.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(program, body):
    program.file(body, key="k-1")
    body["goal"] = "Iets anders"
    refused = program.file(body, key="k-1")
    assert (refused.status_code, refused.json()["code"]) == (422, "key_reused")
    assert TrainingRequest.objects.get().goal == "Chauffeur worden"


def test_a_refused_body_can_be_mended_under_the_same_key(program, body):
    wrong = body | {"reference": ""}
    assert program.file(wrong, key="k-1").status_code == 400
    assert program.file(body, key="k-1").status_code == 201
    assert StoredAnswer.objects.count() == 1


def test_a_key_belongs_to_one_partner(program, other_program, body):
    program.file(body, key="k-1")
    body["worker"] |= {"name": "Ana Silva", "email": "ana@example.nl"}
    assert other_program.file(body, key="k-1").status_code == 201


def test_a_request_without_a_key_is_refused(program, body):
    refused = program.client.post(
        "/v1/training-requests", data=body, content_type="application/json"
    )
    assert refused.status_code == 400
    [error] = refused.json()["errors"]
    assert (error["in"], error["location"]) == ("header", {"name": "Idempotency-Key"})


# Following


def test_a_partner_reads_its_own_requests_and_nobody_elses(program, other_program, body, visitor):
    key = program.file(body).json()["id"]
    own = program.get(f"/training-requests/{key}")
    assert own.json()["status"] == "submitted"
    assert program.get("/training-requests").json()["total"] == 1
    other = other_program.get(f"/training-requests/{key}")
    none = other_program.get("/training-requests/999999")
    assert other.status_code == none.status_code == 404
    assert other.json() == none.json()
    assert other_program.get(f"/training-requests/{key}/decision").status_code == 404
    assert other_program.get("/training-requests").json()["total"] == 0
    assert visitor.get(f"/training-requests/{key}").status_code == 401


def test_every_look_at_a_request_is_written_down(program, body):
    filed = program.file(body).json()["id"]
    program.get(f"/training-requests/{filed}")
    [look] = trail_of(Worker.objects.get()).filter(action="worker.seen")
    assert look.actor == program.partner.account


def test_there_is_no_decision_before_the_round_is_published(program, body):
    key = program.file(body).json()["id"]
    answer = program.get(f"/training-requests/{key}/decision")
    assert answer.status_code == 404
    assert "when the round is published" in answer.json()["detail"]


def test_a_published_decision_comes_with_its_reason_in_plain_words(
    program, other_program, requests, published
):
    for request in requests:
        TrainingRequest.objects.filter(pk=request.pk).update(
            filed_for_organisation=program.partner.name
        )
        Worker.objects.filter(pk=request.worker_id).update(introduced_by=program.partner.name)
    answers = [program.get(f"/training-requests/{r.pk}/decision").json() for r in requests]
    awarded = [answer for answer in answers if answer["awarded"]]
    assert len(awarded) == 3
    assert {answer["amountCents"] for answer in awarded} == {60_000}
    assert {answer["choiceRank"] for answer in awarded} == {1}
    refused = next(answer for answer in answers if not answer["awarded"])
    assert refused["reason"]
    assert refused["sentences"]
    assert refused["objectionUntil"]
    other = other_program.get(f"/training-requests/{requests[0].pk}/decision")
    assert other.status_code == 404


def test_what_is_not_json_is_refused_as_a_problem(program):
    refused = program.file("{not json")
    assert refused.status_code == 400
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_a_value_of_another_type_is_refused_and_not_guessed(program, body):
    body["reference"] = 17
    body["worker"] |= {"trainingHoursTwoYears": "3", "hasStudyFinance": "false", "name": 5}
    answer = program.file(body)
    assert answer.status_code == 400
    places = {error["location"]["pointer"] for error in answer.json()["errors"]}
    assert places == {
        "#/reference",
        "#/worker/name",
        "#/worker/trainingHoursTwoYears",
        "#/worker/hasStudyFinance",
    }
