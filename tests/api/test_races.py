"""Several programs at one moment, with real threads on PostgreSQL: filed once."""

import http.client
import json
import os
import subprocess
import sys
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from budgetpool.bank.models import BankEntry
from budgetpool.fund import checks
from tests.api.conftest import program_of
from tests.api.test_statements import ADDRESS, admit, coded, day
from tests.cast import make_partner
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


# A server whose process ends right after it stored what was filed, before it answers.
DIES_ONCE_STORED = """
import os, sys
from wsgiref.simple_server import make_server
from budgetpool.wsgi import application as inner

def application(environ, start):
    if "HTTP_X_DIE" in environ:
        b"".join(inner(environ, lambda *told: None))
        os._exit(9)
    return inner(environ, start)

server = make_server("127.0.0.1", 0, application)
print(server.server_port, flush=True)
server.serve_forever()
"""


@contextmanager
def served():
    """Budgetpool on the database of this test, in a process of its own; gives its port."""
    at = connection.settings_dict
    address = f"postgres://{at['USER']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    environ = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "budgetpool.settings",
        "DEBUG": "1",
        "SECRET_KEY": settings.SECRET_KEY,
    }
    with subprocess.Popen(
        [sys.executable, "-c", DIES_ONCE_STORED],
        cwd=settings.BASE_DIR,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def send(port, program, body, **more):
    called = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {program.secret}", "Idempotency-Key": "k-1"}
    called.request(
        "POST",
        "/v1/training-requests",
        json.dumps(body),
        headers | {"Content-Type": "application/json"} | more,
    )
    answer = called.getresponse()
    return answer.status, json.loads(answer.read()), answer.headers


@pytest.mark.slow
def test_a_process_that_ends_between_storing_and_answering_has_filed_once(program, body):
    with served() as port, pytest.raises(http.client.RemoteDisconnected):
        send(port, program, body, **{"X-Die": "1"})
    filed = TrainingRequest.objects.get()
    with served() as port:
        status, answer, headers = send(port, program, body)
    assert (status, answer["id"]) == (201, filed.pk)
    assert headers["Idempotency-Replayed"] == "true"
    assert TrainingRequest.objects.count() == 1


@pytest.mark.slow
def test_one_key_sent_fifty_times_at_once_files_once(program, body):
    answers = at_once(*[lambda: program.file(body, key="k-1")] * 50)
    assert {(answer.status_code, answer.json().get("id")) for answer in answers} == {
        (201, TrainingRequest.objects.get().pk)
    }


def test_one_bank_file_sent_at_once_under_two_keys_is_booked_once(fund_iban, treasurer, chair):
    made = program_of(make_partner("Boekhouder Oost", "55556666", []))
    admit(fund_iban.fund, made, treasurer, chair)
    answers = at_once(*[lambda: made.post(ADDRESS, coded(day(4, 0, 100, -30)))] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert BankEntry.objects.count() == 2
    assert all(outcome.ok for outcome in checks.check_ledger())
