"""The object store is away: people are asked to come back, and nothing of theirs is lost."""

import json
import socket
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from budgetpool.files import erasing
from budgetpool.jobs.models import Job
from budgetpool.mail import delivery, outbox
from budgetpool.mail.models import Message
from budgetpool.operations import health
from tests.cast import signed_in
from tests.workers.test_files import picture
from workers.models import Document

pytestmark = pytest.mark.django_db


def storages(url):
    """Django's setting for files in this bucket."""
    return {
        "default": {
            "BACKEND": "budgetpool.files.storage.ObjectStorage",
            "OPTIONS": {"url": url},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def away(settings):
    """The address of a store that nobody answers at, as the setting."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    url = f"s3+http://key:secret@127.0.0.1:{port}/files"
    settings.STORAGES = storages(url)
    return url


def upload(browser, draft):
    return browser.post(
        reverse("apply:files", args=[draft.pk]),
        {"files": SimpleUploadedFile("<x>.jpg", picture())},
    )


def test_an_upload_is_asked_to_come_again_and_the_draft_stays(away, draft_of_worker):
    browser = signed_in(draft_of_worker.worker.user)
    answer = upload(browser, draft_of_worker)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "secret" not in answer.content.decode()
    assert not Document.objects.exists()
    draft_of_worker.refresh_from_db()
    assert draft_of_worker.status == "draft"
    for page in ("files", "summary"):
        answer = browser.get(reverse(f"apply:{page}", args=[draft_of_worker.pk]))
        assert answer.status_code == 200, "a page that shows no bytes needs no store"


def test_a_file_that_is_there_is_asked_for_again_later(settings, draft_of_worker, away):
    there = settings.STORAGES
    settings.STORAGES = storages(away) | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    browser = signed_in(draft_of_worker.worker.user)
    upload(browser, draft_of_worker)
    settings.STORAGES = there
    answer = browser.get(
        reverse("apply:file", args=[draft_of_worker.pk, Document.objects.get().pk])
    )
    assert answer.status_code == 503


def test_a_letter_waits_for_the_store_and_goes_once(settings, away):
    message = outbox.queue(
        key="k",
        kind="mandate_revoked",
        to=outbox.Address(name="Ewa", post="Dorpsstraat 1, Enschede"),
        params={"adviser": "Ad"},
    )
    assert delivery.send_due() == (0, 1)
    message.refresh_from_db()
    assert (message.state, message.letter.name) == ("queued", "")
    Message.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    settings.STORAGES = storages(away) | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    assert delivery.send_due() == (1, 0)
    assert delivery.send_due() == (0, 0)


def test_bytes_that_cannot_be_removed_now_are_removed_later(
    settings, away, django_capture_on_commit_callbacks
):
    settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase_after_commit(["documents/2027/01/x.pdf", ""])
    job = Job.objects.get()
    assert (job.state, job.arguments) == ("queued", {"name": "documents/2027/01/x.pdf"})
    Job.objects.update(state=Job.State.FAILED)  # it was away for longer than a job is tried
    call_command("forget_traces", verbosity=0)
    assert Job.objects.latest("pk").state == "queued"
    settings.STORAGES = storages(away) | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    erasing.erase.call(Job.objects.latest("pk").pk)
    assert Job.objects.latest("pk").state == "done"


def test_no_machine_leaves_the_service_for_a_store_that_all_share(away, monkeypatch, client):
    monkeypatch.setattr(health, "SHARED", {"storage"})
    assert client.get("/readyz").status_code == 200
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert json.loads(answer.content)["checks"]["storage"] is False


@pytest.mark.tool
def test_an_upload_lies_in_the_store_and_comes_back(settings, store, bucket, draft_of_worker):
    settings.STORAGES = storages(store.url)
    browser = signed_in(draft_of_worker.worker.user)
    upload(browser, draft_of_worker)
    document = Document.objects.get()
    assert [name for name, _ in bucket.names()] == [document.file.name]
    answer = browser.get(reverse("apply:file", args=[draft_of_worker.pk, document.pk]))
    assert b"".join(answer.streaming_content) == bucket.get(document.file.name)
