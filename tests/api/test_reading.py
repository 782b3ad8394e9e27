"""Own requests, each in one statement, with tokens that a process remembers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oauth2_provider.models import AccessToken

from api import reading
from api.models import Client, Partner
from api.serializers.requests import FiledSerializer, filed_of
from budgetpool.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(program, body):
    return f"/training-requests/{program.file(body).json()['id']}"


def withdraw_program():
    Client.objects.update(withdrawn_at=timezone.now())


def shut_out_partner():
    Partner.objects.update(is_active=False)


def end_token():
    AccessToken.objects.update(expires=timezone.now())


@pytest.mark.parametrize(
    "done",
    [withdraw_program, shut_out_partner, end_token, lambda: AccessToken.objects.all().delete()],
)
def test_what_another_process_withdrew_opens_nothing_any_more(program, address, done):
    assert program.get(address).status_code == 200
    done()
    for path in (address, "/training-requests", "/training-requests?reference=x", address + "9"):
        answer = program.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed"), path


def test_a_scope_that_was_taken_away_is_gone_at_once(program, address):
    program.get(address)
    Client.objects.update(scopes=["requests:write"])
    assert program.get(address).status_code == 403


def test_a_read_takes_one_statement_and_its_line_in_the_trail(program, address):
    program.get(address), program.get("/training-requests")
    looks = AuditEvent.objects.filter(action="worker.seen").count()
    with CaptureQueriesContext(connection) as asked:
        assert program.get(address).status_code == 200
    assert len(asked) == 2
    assert AuditEvent.objects.filter(action="worker.seen").count() == looks + 1
    with CaptureQueriesContext(connection) as asked:
        assert program.get("/training-requests?sort=changedAt").json()["total"] == 1
    assert len(asked) == 1


def test_both_ways_say_the_same(program, other_program, body, address):
    [row] = reading.own(program.partner.name)
    assert program.get(address).json() == FiledSerializer(row).data == filed_of(row)
    assert program.get("/training-requests").json()["items"] == [filed_of(row)]
    assert other_program.get(address).status_code == 404
    assert other_program.get("/training-requests").json()["items"] == []


def test_each_filter_of_the_first_page_finds_what_later_pages_would(program, body, address):
    for query, count in (
        ("regionCode=BIJ3-09&window=2027-1&status=submitted&reference=case-17", 1),
        ("hasDecision=false&changedSince=2026-01-01T00:00:00Z", 1),
        ("hasDecision=true", 0),
        ("changedSince=2999-01-01T00:00:00Z", 0),
        ("status=withdrawn", 0),
        ("regionCode=BIJ3-10", 0),
    ):
        assert program.get(f"/training-requests?{query}&pageSize=3").json()["total"] == count, query
        found = program.get(f"/training-requests?{query}&cursor=*").json()["items"]
        assert len(found) == count, query
