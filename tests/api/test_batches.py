"""Hundreds of requests in one call: each by itself, each once, in few statements."""

import copy
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api import codes
from workers.models import TrainingRequest, Worker

pytestmark = pytest.mark.django_db


def item(body, number, **worker):
    made = copy.deepcopy(body)
    made["reference"] = f"case-{number}"
    day = date(1960, 1, 1) + timedelta(days=number)
    named = {"name": f"{chr(65 + number % 26)}na Silva{number}", "birthDate": day.isoformat()}
    made["worker"] |= named | worker
    return made


def batch(program, items, key="b-1"):
    return program.post("/training-request-batches", {"items": items}, key=key)


def test_each_is_filed_or_refused_by_itself(program, body):
    items = [
        item(body, 1),
        item(body, 2, birthDate="1890-01-01"),
        "no object",
        item(body, 1),
        item(body, 3) | {"regionCode": "XX"},
        item(body, 4),
    ]
    answer = batch(program, items)
    assert answer.status_code == 200
    assert (answer.json()["filed"], answer.json()["refused"]) == (2, 4)
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [201, 400, 400, 409, 400, 201]
    assert results[1]["problem"]["errors"][0]["location"] == {"pointer": "#/worker/birthDate"}
    assert results[3]["problem"]["code"] == "reference_used"
    assert {result["problem"]["code"] for result in results if result["problem"]} <= set(
        codes.PROBLEMS
    )
    shown = program.get(f"/training-requests/{results[0]['request']['id']}").json()
    assert shown == results[0]["request"]


def test_sent_again_it_files_what_was_refused_and_nothing_twice(program, body):
    items = [item(body, 1), item(body, 2, birthDate="1890-01-01"), item(body, 3)]
    first = batch(program, items).json()["results"]
    items[1] = item(body, 2)
    again = batch(program, items).json()["results"]
    assert [result["isReplayed"] for result in again] == [True, False, True]
    assert [result["status"] for result in again] == [201, 201, 201]
    assert again[0]["request"] == first[0]["request"]
    assert TrainingRequest.objects.count() == Worker.objects.count() == 3
    other = batch(program, [item(body, 1, municipality="Almelo")]).json()["results"]
    assert (other[0]["status"], other[0]["problem"]["code"]) == (422, "key_reused")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, "required"),
        ({"items": []}, "empty"),
        ({"items": [1] * 501}, "max_length"),
        ({"items": [1], "other": 1}, "unknown"),
        ([], "required"),
    ],
)
def test_a_call_without_a_decent_list_is_refused_as_a_whole(program, sent, code):
    refused = program.post("/training-request-batches", sent)
    assert refused.status_code == 400
    assert [error["code"] for error in refused.json()["errors"]] == [code]


def test_a_batch_of_another_region_is_refused_item_by_item(program, body, drenthe):
    items = [item(body, 1), item(body, 2) | {"regionCode": drenthe.region.code}]
    results = batch(program, items).json()["results"]
    assert [result["status"] for result in results] == [201, 403]


def statements(call):
    with CaptureQueriesContext(connection) as taken:
        answer = call()
    assert answer.status_code in (200, 201), answer.json()
    return len(taken)


def test_one_request_takes_few_statements_and_five_hundred_no_more(program, body):
    """It was 126 for one."""
    program.file(item(body, 0))
    alone = statements(lambda: program.file(item(body, 1)))
    few = statements(lambda: batch(program, [item(body, n) for n in range(2, 5)], "b-1"))
    many = statements(lambda: batch(program, [item(body, n) for n in range(5, 125)], "b-2"))
    assert alone <= 45, alone
    assert few == many <= 45, (few, many)


@pytest.mark.slow
def test_five_thousand_requests_are_filed_in_ten_calls(program, body):
    for number in range(10):
        items = [item(body, at) for at in range(number * 500, (number + 1) * 500)]
        answer = batch(program, items, key=f"b-{number}")
        assert answer.json()["filed"] == 500, answer.json()["results"][0]
    assert TrainingRequest.objects.count() == 5_000
