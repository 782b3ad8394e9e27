"""Several programs at one moment, with real threads on PostgreSQL: filed once."""

import pytest

from tests.fund.test_races import at_once
from workers.models import TrainingRequest, Worker

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_one_key_sent_five_times_at_once_files_once_and_answers_alike(program, body):
    answers = at_once(*[lambda: program.file(body, key="k-1")] * 5)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert TrainingRequest.objects.count() == 1


def test_five_keys_for_one_person_at_once_file_once(program, body):
    answers = at_once(
        *[
            lambda number=number: program.file(body | {"reference": f"case-{number}"})
            for number in range(5)
        ]
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 201
    assert set(statuses[1:]) <= {409}
    told = {answer.json().get("code") for answer in answers if answer.status_code == 409}
    assert told == {"one_request_per_window"}
    assert Worker.objects.count() == TrainingRequest.objects.count() == 1
