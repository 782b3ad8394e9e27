"""A monitor reads counts, with a token; nobody reads a name."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tests.cast import make_worker
from workers import requests
from workers.models import TrainingRequest

pytestmark = pytest.mark.django_db
TOKEN = "a-long-secret-of-the-monitor"


@pytest.fixture
def figures(client, settings):
    settings.METRICS_TOKEN = TOKEN

    def read():
        answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        return {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(answer.content.decode())
            for sample in family.samples
        }

    return read


def test_the_address_does_not_exist_without_a_token_or_with_a_wrong_one(client, settings):
    bearer = {"authorization": "Bearer "}
    assert client.get("/metrics", headers=bearer).status_code == 404
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 404
    wrong = {"authorization": f"Bearer {TOKEN}x"}
    assert client.get("/metrics", headers=wrong).status_code == 404


def test_requests_are_counted_by_state_channel_and_help(figures, draft_of_worker):
    labels = (("channel", "web"), ("helped", "no"), ("status", "draft"))
    assert figures()[("budgetpool_requests", *labels)] == 1


def test_a_draft_is_left_at_its_first_question_without_an_answer(figures, draft_of_worker):
    left = ("budgetpool_drafts_left",)
    assert not [name for name in figures() if name[0] == left[0]]
    old = timezone.now() - timedelta(days=3)
    TrainingRequest.objects.filter(pk=draft_of_worker.pk).update(saved_at=old)
    assert figures()[(*left, ("question", "summary"))] == 1
    draft_of_worker.worker.education = ""
    draft_of_worker.worker.save()
    assert figures()[(*left, ("question", "learning"))] == 1


def test_the_minutes_to_sending_are_a_histogram(figures, draft_of_worker):
    worker = draft_of_worker.worker
    requests.submit(actor=worker.user, request=draft_of_worker, consent=True)
    sent = TrainingRequest.objects.get(pk=draft_of_worker.pk)
    begun = sent.submitted_at - timedelta(minutes=12)
    TrainingRequest.objects.filter(pk=sent.pk).update(created_at=begun)
    found = figures()
    assert found[("budgetpool_minutes_to_submit_bucket", ("le", "10.0"))] == 0
    assert found[("budgetpool_minutes_to_submit_bucket", ("le", "15.0"))] == 1
    assert found[("budgetpool_minutes_to_submit_count",)] == 1
    assert found[("budgetpool_minutes_to_submit_sum",)] == pytest.approx(12)


def test_messages_that_wait_are_counted_without_an_address(figures, client, draft_of_worker):
    worker = draft_of_worker.worker
    requests.submit(actor=worker.user, request=draft_of_worker, consent=True)
    queued = (("channel", "email"), ("state", "queued"))
    assert figures()[("budgetpool_messages", *queued)] == 1
    page = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content.decode()
    assert worker.name not in page
    assert worker.email not in page


def test_the_figures_cost_as_much_with_forty_requests_as_with_one(figures, draft_of_worker):
    """No row comes here: a scrape reads counts, whatever the number of people."""
    figures()
    seen = []

    def count(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        seen.append(sql)
        return result

    with connection.execute_wrapper(count):
        figures()
    with_one = len(seen)
    draft = TrainingRequest.objects.get(pk=draft_of_worker.pk)
    old = timezone.now() - timedelta(days=3)
    TrainingRequest.objects.bulk_create(
        TrainingRequest(
            worker=make_worker(f"Person {number}", draft.window.fund, education=""),
            window=draft.window,
        )
        for number in range(40)
    )
    TrainingRequest.objects.update(saved_at=old)
    seen.clear()
    with connection.execute_wrapper(count):
        found = figures()
    assert found[("budgetpool_drafts_left", ("question", "learning"))] == 40
    assert len(seen) == with_one
    rows = [sql for sql in seen if "workers_trainingrequest" in sql and "COUNT(" not in sql]
    assert rows == [], "a statement that brings requests one by one"
