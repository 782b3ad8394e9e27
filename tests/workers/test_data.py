"""One's own data: seen, taken, erased, destroyed in time."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from budgetpool.mail import delivery, outbox
from budgetpool.mail.models import Message
from tests.refusing import refuses
from tests.sharing import shared
from tests.workers.test_files import picture
from workers import files, letters, requests
from workers.counter import desk, mandates
from workers.data import erasing, looks, retention, taking
from workers.data.destroying import keys_sha256
from workers.models import Destruction, Document, TrainingRequest, Window

NONE = TrainingRequest.objects.none().values("pk")


@shared
def draft(worker, window, forklift):
    request = requests.draft(actor=worker.user, worker=worker, window=window)
    requests.choose(actor=worker.user, request=request, training=forklift)
    files.add(actor=worker.user, request=request, purpose="offer", name="offer.jpg", data=picture())
    return request


def test_a_person_sees_who_looked_at_their_file(worker, adviser, draft):
    mandates.give(actor=worker.user, worker=worker, adviser=adviser, scope="read", given="web")
    requests.seen(actor=adviser, request=draft)
    requests.seen(actor=worker.user, request=draft)
    seen = looks.looks(worker)
    assert [(one.who, one.action) for one in seen] == [(adviser.name, "worker.seen")]


def test_everything_comes_in_one_archive(worker, draft):
    archive = zipfile.ZipFile(io.BytesIO(taking.archive(actor=worker.user, worker=worker)))
    data = json.loads(archive.read("data.json"))
    assert data["worker"]["name"] == worker.name
    assert data["requests"][0]["choices"][0]["title"] == "Heftruck rijden"
    assert any(name.startswith(f"{draft.reference}/offer-") for name in archive.namelist())


def test_nobody_else_takes_it(worker, worker_of_drenthe, chair):
    for somebody in (worker_of_drenthe.user, chair):
        with refuses("not_yours"):
            taking.archive(actor=somebody, worker=worker)


def test_erasing_leaves_no_personal_data_and_proves_it(
    worker, adviser, draft, django_capture_on_commit_callbacks
):
    mandate = mandates.give(
        actor=worker.user, worker=worker, adviser=adviser, scope="apply", given="web"
    )
    desk.note(adviser=adviser, worker=worker, text="Belt graag na vijven")
    account, document = worker.user, Document.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(actor=account, worker=worker, keep_requests=set(), keep_until=None)
    worker.refresh_from_db()
    account.refresh_from_db()
    mandate.refresh_from_db()
    assert (worker.name, worker.email, worker.phone, worker.birth_date) == ("", "", "", None)
    assert worker.identity_hash == ""
    assert not account.is_active
    assert "willemijn" not in f"{account.email}{account.name}".lower()
    assert mandate.revoked_at is not None
    assert not worker.requests.exists()
    assert not worker.notes.exists()
    assert not document.file.storage.exists(document.file.name)
    log = {row.category: row.count for row in Destruction.objects.all()}
    assert log == {"documents": 1, "messages": 1, "notes": 1, "requests": 1}
    proof = Destruction.objects.get(category="requests")
    assert proof.keys_sha256 == keys_sha256("requests", [draft.pk])
    assert Message.objects.filter(kind="data_erased").count() == 1


def test_nobody_erases_somebody_else_nor_a_request_that_runs(worker, adviser, draft):
    with refuses("not_yours"):
        erasing.erase(actor=adviser, worker=worker, keep_requests=set(), keep_until=None)
    requests.submit(actor=worker.user, request=draft, consent=True)
    with refuses("wrong_state"):
        erasing.erase(actor=worker.user, worker=worker, keep_requests=set(), keep_until=None)


def test_erasing_takes_letters_back_and_stops_what_was_still_to_be_sent(
    worker, draft, django_capture_on_commit_callbacks
):
    """By post and without an account of its own, as the counter wrote them."""
    worker.address = "Dorpsstraat 1, Enschede"
    worker.save()
    by_post = outbox.queue(
        key="by-post",
        kind="request_withdrawn",
        to=outbox.Address(name=worker.name, post=worker.address),
        params={},
    )
    delivery.send_due()
    by_post.refresh_from_db()
    storage, name = by_post.letter.storage, by_post.letter.name
    assert storage.exists(name)
    waiting = outbox.queue(
        key="waits", kind="request_withdrawn", to=letters.address(worker), params={}
    )
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(actor=worker.user, worker=worker, keep_requests=set(), keep_until=None)
    assert not storage.exists(name)
    by_post.refresh_from_db()
    assert (by_post.to, by_post.to_name, by_post.letter.name) == ("", "", "")
    assert not Message.objects.filter(pk=waiting.pk).exists()
    log = dict(Destruction.objects.values_list("category", "keys_sha256"))
    assert log["letters"] == keys_sha256("letters", [by_post.pk])
    assert log["messages"] == keys_sha256("messages", [waiting.pk])


def test_a_decided_request_stays_without_a_name(worker, draft):
    requests.submit(actor=worker.user, request=draft, consent=True)
    erasing.erase(
        actor=worker.user,
        worker=worker,
        keep_requests={draft.pk},
        keep_until=timezone.localdate() + timedelta(days=5 * 365),
    )
    assert TrainingRequest.objects.get().worker.name == ""
    assert Message.objects.get(kind="data_erased").params["kept_until"]


def test_a_draft_of_an_old_window_is_destroyed_and_a_young_one_is_kept(draft, window):
    assert retention.run(decided=NONE)["drafts"] == 0
    long_ago = timezone.now() - timedelta(days=200)
    Window.objects.filter(pk=window.pk).update(
        announced_at=long_ago - timedelta(days=30),
        opens_at=long_ago - timedelta(days=14),
        closes_at=long_ago,
    )
    assert retention.run(decided=NONE, dry=True)["drafts"] == 1
    assert TrainingRequest.objects.exists()
    assert retention.run(decided=NONE)["drafts"] == 1
    assert not TrainingRequest.objects.exists()
    assert retention.run(decided=NONE)["drafts"] == 0


def test_every_category_says_for_what_on_what_ground_and_how_long():
    codes = [one.code for one in retention.categories(NONE)]
    assert len(codes) == len(set(codes))
    for category in retention.categories(NONE):
        assert category.purpose
        assert category.ground
        assert category.days >= 0


def test_the_nightly_command_counts_without_destroying(draft, capsys):
    call_command("destroy_old_data", "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out)["drafts"] == 0


def test_the_log_of_destruction_is_never_changed(db):
    row = Destruction.objects.create(category="notes", rule="r", count=1, keys_sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        Destruction.objects.filter(pk=row.pk).update(count=2)
    with pytest.raises(DatabaseError), transaction.atomic():
        Destruction.objects.all().delete()
