"""Events reach a partner's program: signed, in order, again after a failure, never inside."""

import base64
import contextlib
import hashlib
import hmac
import json
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from allocation import rounds
from api.models import Attempt, Delivery, Endpoint, Event
from api.webhooks import endpoints, numbering, sending, signing, work
from budgetpool.audit.models import AuditEvent
from tests.api.receiving import *  # noqa: F403
from tests.api.receiving import ALL
from tests.refusing import refuses
from workers.models import TrainingRequest

pytestmark = pytest.mark.django_db


def verified(secret, headers, body):
    """What a receiver's library does (standardwebhooks.com)."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{right}" in headers["webhook-signature"].split(" ")


@pytest.fixture
def clock(monkeypatch):
    """The clock of everything that sends; moved, not waited for."""
    now = {"ahead": timedelta(0)}
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + now["ahead"])

    def ahead(**by):
        now["ahead"] += timedelta(**by)

    return ahead


# What arrives


def test_what_happens_to_a_request_arrives_signed_and_in_order(
    program, body, listening, receiver, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        filed = program.file(body).json()
        program.post(f"/training-requests/{filed['id']}/withdrawal", {})
    [(headers, first), (_, second)] = receiver.came
    assert verified(listening[1], headers, first)
    assert headers["Content-Type"] == "application/json"
    assert not verified(listening[1], headers, first + " ")
    assert not verified(signing.new_secret(), headers, first)
    told = [json.loads(first), json.loads(second)]
    assert [one["type"] for one in told] == ["request.changed"] * 2
    assert [one["data"]["change"] for one in told] == ["submitted", "withdrawn"]
    assert [one["data"]["sequence"] for one in told] == [1, 2]
    assert {one["data"]["requestId"] for one in told} == {filed["id"]}
    assert "Ewa" not in first + second
    log = program.get(f"/webhooks/{listening[0].pk}/deliveries").json()["items"]
    assert [one["state"] for one in log] == ["delivered"] * 2
    assert log[0]["attempts"][0]["status"] == 204
    assert log[0]["event"]["id"] == receiver.ids[1]


def test_nobody_hears_of_the_requests_of_another(
    program, other_program, body, listening, receiver, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assert other_program.file(body).status_code == 201
    assert receiver.came == []
    assert not Event.objects.exists()


def test_what_is_rolled_back_is_told_to_nobody(program, body, listening, receiver):
    with contextlib.suppress(RuntimeError), transaction.atomic():
        program.file(body)
        assert Event.objects.exists()
        raise RuntimeError
    assert not Event.objects.exists()
    assert work.sweep() == (0, 0)
    assert receiver.came == []


def test_an_address_hears_only_what_it_listens_to(program, body, receiver, listening):
    Endpoint.objects.update(kinds=["award.changed"])
    program.file(body)
    assert work.sweep() == (0, 0)


def test_a_published_round_is_told_for_each_request(program, listening, receiver, signed, chair):
    own = TrainingRequest.objects.order_by("pk").first()
    TrainingRequest.objects.filter(pk=own.pk).update(filed_for_organisation=program.partner.name)
    rounds.publish(round=signed, member=chair)
    work.sweep()
    [told] = [event for event in receiver.events if event["type"] == "decision.published"]
    assert told["data"]["requestId"] == own.pk


def test_what_happens_to_an_award_is_told(program, award_address, listening, receiver):
    program.post(f"{award_address}/acceptance", {})
    work.sweep()
    [told] = receiver.events
    assert (told["type"], told["data"]["change"]) == ("award.changed", "accepted")
    request_id = int(award_address.split("/")[2])
    assert told["data"]["requestId"] == request_id


def test_a_receiver_that_fails_for_an_hour_gets_everything_once(
    program, body, listening, receiver, clock
):
    filed = [program.file(body | {"reference": "a"}).json()["id"]]
    receiver.answers = [500] * 100
    program.post(f"/training-requests/{filed[0]}/withdrawal", {})
    work.sweep()
    # The second waits for the first: nothing overtakes.
    assert [event["data"]["sequence"] for event in receiver.events] == [1]
    for seconds in (5, 300, 1800):
        clock(seconds=seconds - 1)
        assert work.sweep() == (0, 0)
        clock(seconds=1)
        assert work.sweep() == (0, 1)
    assert len(receiver.came) == 4
    assert len(set(receiver.ids)) == 1
    receiver.answers = []
    clock(hours=2)
    assert work.sweep() == (2, 0)
    arrived = receiver.events[-2:]
    assert [event["data"]["sequence"] for event in arrived] == [1, 2]
    assert len(set(receiver.ids)) == 2
    clock(days=3)
    assert work.sweep() == (0, 0)


def test_after_the_last_try_it_is_given_up_and_the_next_goes_on(
    program, body, listening, receiver, clock
):
    filed = program.file(body).json()["id"]
    receiver.answers = [503] * 100
    tries = 0
    for _ in range(20):
        tries += work.sweep()[1]
        clock(hours=24)
    assert tries == 1 + len(sending.SCHEDULE) == 10
    assert Delivery.objects.get().state == "failed"
    assert Attempt.objects.count() == 10
    receiver.answers = []
    Event.objects.create(
        partner=program.partner, kind="request.changed", subject=f"request:{filed}"
    )
    assert work.sweep() == (1, 0)
    assert receiver.events[-1]["data"]["sequence"] == 2
    # Asked for, the first comes once more, under its old name.
    old = Delivery.objects.get(state="failed")
    assert endpoints.send_anew(endpoint=listening[0], delivery=old.pk) == 1
    assert work.sweep() == (1, 0)
    assert receiver.ids[-1] == receiver.ids[0]


def test_all_since_a_moment_is_sent_once_more(program, body, listening, receiver):
    program.file(body)
    work.sweep()
    path = f"/webhooks/{listening[0].pk}/replays"
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    sent = program.post(path, {"since": since})
    assert (sent.status_code, sent.json()) == (202, {"deliveries": 1})
    work.sweep()
    assert receiver.ids[0] == receiver.ids[1]
    for wrong in ({}, {"since": since, "deliveryId": 1}):
        assert program.post(path, wrong).status_code == 400


def test_410_ends_an_address_and_what_waits_for_it(program, body, listening, receiver):
    filed = program.file(body).json()["id"]
    program.post(f"/training-requests/{filed}/withdrawal", {})
    receiver.answers = [410]
    work.sweep()
    shown = program.get(f"/webhooks/{listening[0].pk}").json()
    assert shown["endedAt"]
    assert shown["endedBy"] == "gone"
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dropped"}
    assert work.sweep() == (0, 0)
    assert len(receiver.came) == 1
    with refuses("webhook_ended"):
        endpoints.test(endpoint=Endpoint.objects.get())


def test_a_test_event_goes_to_one_address_only(program, listening, receiver):
    endpoints.add(partner=program.partner, url=receiver.url, listens_to=ALL)
    sent = program.post(f"/webhooks/{listening[0].pk}/test", {})
    assert sent.status_code == 202
    assert work.sweep() == (1, 0)
    assert receiver.ids == [sent.json()["id"]]
    assert receiver.events[0]["type"] == "webhook.test"


def test_a_rotated_secret_signs_beside_the_old_one_for_a_while(program, listening, receiver, clock):
    endpoint, old = listening
    path = f"/webhooks/{endpoint.pk}"
    made = program.post(f"{path}/secret", {"overlapHours": 2}, key="s")
    new = made.json()["secret"]
    assert program.post(f"{path}/secret", {"overlapHours": 2}, key="s").json()["secret"] is None
    program.post(f"{path}/test", {})
    work.sweep()
    assert verified(old, *receiver.came[-1])
    assert verified(new, *receiver.came[-1])
    clock(hours=3)
    endpoints.test(endpoint=endpoint)
    work.sweep()
    assert not verified(old, *receiver.came[-1])
    assert verified(new, *receiver.came[-1])


def test_no_secret_is_stored_readable(program, inside):
    made = program.post(
        "/webhooks", {"url": "http://127.0.0.1:9/x", "events": ["award.changed"]}, key="w"
    )
    secret = made.json()["secret"]
    assert secret.startswith("whsec_")
    again = program.post(
        "/webhooks", {"url": "http://127.0.0.1:9/x", "events": ["award.changed"]}, key="w"
    )
    assert (again.json()["secret"], Endpoint.objects.count()) == (None, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM api_endpoint")
        assert secret not in str(cursor.fetchall())
    assert secret not in str(list(AuditEvent.objects.values()))


def test_the_webhooks_of_another_are_not_found(program, other_program, listening):
    path = f"/webhooks/{listening[0].pk}"
    assert other_program.get("/webhooks").json()["items"] == []
    for verb, sub in (
        ("get", ""),
        ("delete", ""),
        ("get", "/deliveries"),
        ("post", "/secret"),
        ("post", "/test"),
        ("post", "/replays"),
    ):
        body = {"since": timezone.now().isoformat()} if sub == "/replays" else {}
        if verb == "get":
            answer = other_program.get(path + sub)
        elif verb == "post":
            answer = other_program.post(path + sub, body)
        else:
            answer = other_program.send(verb, path + sub)
        assert answer.status_code == 404, (verb, sub)
    assert program.send("delete", path).status_code == 204
    assert program.get(path).json()["endedBy"] == "partner"


def test_at_most_ten_addresses(program, inside):
    for _ in range(10):
        endpoints.add(partner=program.partner, url="http://127.0.0.1:9/", listens_to=ALL)
    with refuses("too_many_webhooks"):
        endpoints.add(partner=program.partner, url="http://127.0.0.1:9/", listens_to=ALL)


# At the same moment


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_senders_send_each_event_once(program, listening, receiver):
    for _ in range(6):
        endpoints.test(endpoint=listening[0])
    numbering.number(program.partner.pk)
    Delivery.objects.filter(state="waiting").update(next_at=timezone.now())

    def send():
        try:
            sending.send_due()
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receiver.ids) == len(set(receiver.ids)) == 6


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_numbers_are_given_once_by_two_at_a_time(program, listening):
    for _ in range(5):
        Event.objects.create(partner=program.partner, kind="award.changed", subject="request:1")
    counts = []

    def give():
        try:
            counts.append(numbering.number(program.partner.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=give) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 5
    assert sorted(Event.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]
    assert Delivery.objects.count() == 5


def test_the_command_sends_what_waits(program, listening, receiver, capsys):
    program.post(f"/webhooks/{listening[0].pk}/test", {})
    call_command("send_webhooks", "--dry-run")
    call_command("send_webhooks")
    assert "1 arrived, 0 did not, 0 wait." in capsys.readouterr().out


def test_an_objection_is_told_to_who_filed_the_request(
    program, award_address, receiver, django_capture_on_commit_callbacks
):
    endpoints.add(partner=program.partner, url=receiver.url, listens_to=["objection.changed"])
    address = award_address.removesuffix("/award")
    grounds = {"cause": "facts", "grounds": "My diploma is MBO 2.", "isAuthorised": True}
    with django_capture_on_commit_callbacks(execute=True):
        assert program.post(f"{address}/objection", grounds).status_code == 201
        assert program.post(f"{address}/objection/withdrawal", {}).status_code == 200
    changes = [(one["type"], one["data"]["change"]) for one in receiver.events]
    assert changes == [("objection.changed", "filed"), ("objection.changed", "withdrawn")]
