"""doctor says OK or the remedy; the machines' addresses say yes or no."""

import json
import os
import socket
import time
from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from budgetpool.jobs.models import Job, Turn
from budgetpool.mail import paper
from budgetpool.mail.models import Message
from budgetpool.operations import checks

pytestmark = pytest.mark.django_db

GATEWAY = {
    "url": "https://sms.example/send",
    "authorization": "Bearer key",
    "sender": "Fonds",
    "names": "to=recipient",
}


@pytest.fixture
def sound(settings, tmp_path):
    """An installation in which nothing is wrong."""
    settings.VAR_DIR = tmp_path
    settings.SMS_BACKEND = "gateway"
    settings.SMS_GATEWAY = GATEWAY
    settings.BACKUPS_DIR = tmp_path / "backups"
    settings.BACKUPS_DIR.mkdir()
    (settings.BACKUPS_DIR / "budgetpool-2027-01-01T03-00-00Z.zip").write_bytes(b"a backup")
    return tmp_path


def doctor():
    out = StringIO()
    with suppress(CommandError):
        call_command("doctor", "--json", stdout=out)
    rows = json.loads(out.getvalue())["checks"]
    return {row["check"]: row["remedy"] for row in rows}


def test_a_sound_installation_is_ok_all_over(sound):
    assert set(doctor().values()) == {""}
    out = StringIO()
    call_command("doctor", stdout=out)
    assert out.getvalue().count("OK") == len(checks.ALL)


def test_a_missing_migration_is_named_with_its_remedy(sound, client):
    MigrationRecorder.Migration.objects.filter(app="api").latest("pk").delete()
    assert doctor()["migrations"] == "1 wait: run manage.py migrate."
    with pytest.raises(CommandError, match=r"To mend: migrations\.") as raised:
        call_command("doctor", stdout=StringIO())
    assert raised.value.returncode == 1
    assert client.get("/readyz").status_code == 503
    assert client.get("/livez").status_code == 200
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ok": False,
        "checks": {
            "database": True,
            "migrations": False,
            "writing": True,
            "storage": True,
        },
    }


def test_no_backup_and_an_old_backup_are_told_apart(sound, settings):
    [file] = settings.BACKUPS_DIR.iterdir()
    before = time.time() - 30 * 3600
    os.utime(file, (before, before))
    assert "30 hours old" in doctor()["backups"]
    file.unlink()
    assert "There is none: run manage.py backup" in doctor()["backups"]


def test_a_secret_that_others_can_read_is_found(sound, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    file = sound / "secret_key"
    assert "signed out on restart" in doctor()["secret key"]
    file.write_text("secret")
    file.chmod(0o644)
    assert doctor()["secret key"] == f"Others can read it: run chmod 600 {file}."
    file.chmod(0o600)
    assert doctor()["secret key"] == ""


def test_a_short_secret_is_found(sound, settings):
    settings.SECRET_KEY = "short"
    assert "50 random characters" in doctor()["secret key"]


def test_a_folder_that_cannot_be_written_is_found(sound, settings):
    (sound / "files").write_text("not a folder")
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": sound / "files"},
        }
    }
    assert "Mend BUDGETPOOL_VAR" in doctor()["storage"]


def test_a_mail_server_that_does_not_answer_is_found(sound, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 2},
        }
    }
    assert "Mend EMAIL_HOST" in doctor()["mail"]


def test_a_database_that_is_gone_is_said_once_and_not_as_a_crash(sound, client, monkeypatch):
    def gone(*args, **kwargs):
        raise DatabaseError("connection refused")

    monkeypatch.setattr(connection, "cursor", gone)
    assert "connection refused" in checks.database().remedy
    assert client.get("/readyz").status_code == 503
    assert client.get("/livez").content == b"ok"


def test_static_files_that_were_not_collected_are_found(sound, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {
            "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    assert doctor()["static files"] == "They are not there: run manage.py collectstatic."


def test_work_that_nobody_takes_up_is_found(sound):
    early = timezone.now() - timedelta(minutes=11)
    Job.objects.create(key="round:1:compute")
    assert doctor()["queue"] == ""
    Job.objects.update(queued_at=early)
    assert doctor()["queue"] == "1 wait for more than 10 minutes: start manage.py work."


def test_workers_of_whom_none_keeps_watch_are_found(sound):
    assert doctor()["watch"] == ""
    Job.objects.create(key="round:1:compute")
    assert doctor()["watch"] == "No worker keeps watch: start manage.py work."
    Turn.objects.create(name="keeper")
    assert doctor()["watch"] == ""
    Turn.objects.update(at=timezone.now() - timedelta(minutes=3))
    assert doctor()["watch"] == "No worker keeps watch: start manage.py work."


def test_messages_that_do_not_leave_are_found(sound):
    now = timezone.now()
    for number, due in enumerate((now, now - timedelta(minutes=61), now + timedelta(days=1))):
        Message.objects.create(key=f"m{number}", kind="round_open", channel="email", due_at=due)
    assert doctor()["messages"].startswith("1 wait for more than 60 minutes: run manage.py send_")


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_long_transaction_is_no_clock_that_runs_apart(monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(2)")
    monkeypatch.setattr(checks, "CLOCK_SECONDS", 1)
    assert checks.clock().well


def test_a_clock_that_runs_apart_is_found(sound, monkeypatch):
    monkeypatch.setattr(checks, "CLOCK_SECONDS", -1)
    assert "Synchronise both" in doctor()["clock"]


@pytest.mark.parametrize(
    ("backend", "change", "said"),
    [
        ("console", {}, "by no provider"),
        ("file", {}, "by no provider"),
        ("gateway", {"url": "http://sms.example/send"}, "https://"),
        ("gateway", {"names": "recipient=to"}, "no parts of a text message"),
        ("elsewhere.Provider", {}, "BUDGETPOOL_SMS_BACKEND"),
    ],
)
def test_text_messages_that_cannot_leave_are_named_with_the_remedy(
    sound, settings, backend, change, said
):
    settings.SMS_BACKEND = backend
    settings.SMS_GATEWAY = GATEWAY | change
    assert said in doctor()["text messages"]


def test_a_machine_that_cannot_draw_letters_is_told_what_to_install(sound, monkeypatch):
    def missing(**_):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(paper.weasyprint, "HTML", missing)
    assert "apt-get install libpango" in doctor()["paper"]


class TestNameCheck:
    @pytest.fixture
    def answers(self, sound, settings):
        file = sound / "answers.csv"
        settings.NAME_CHECK = "budgetpool.bank.name_check.from_file"
        settings.NAME_CHECK_FILE = str(file)
        return file

    def test_answers_of_lately_are_well(self, answers):
        answers.write_text("iban,name,result\nNL20INGB0001234567,School,match\n")
        assert checks.name_check() == checks.Finding("name check")

    def test_an_absent_file_is_named(self, answers):
        assert str(answers) in doctor()["name check"]
        assert "Mend BUDGETPOOL_NAME_CHECK_FILE." in doctor()["name check"]

    @pytest.mark.parametrize(
        "content", [b"", b"one,two\n1,2\n", b"iban,name,result\n", b"iban,name,result\n\xff\xfe"]
    )
    def test_a_file_without_answers_is_no_check(self, answers, content):
        answers.write_bytes(content)
        assert "no name is checked" in checks.name_check().remedy

    def test_a_folder_in_its_place_is_no_check(self, answers):
        answers.mkdir()
        assert "no name is checked" in checks.name_check().remedy

    def test_answers_of_long_ago_are_old(self, answers):
        answers.write_text("iban,name,result\nNL20INGB0001234567,School,match\n")
        for days, is_well in ((59, True), (62, False)):
            at = time.time() - days * 86400
            os.utime(answers, (at, at))
            assert checks.name_check().well == is_well
        assert "62 days old" in checks.name_check().remedy

    def test_another_backend_and_none_need_no_file(self, answers, settings):
        for backend in ("", "somebody.elses.backend"):
            settings.NAME_CHECK = backend
            assert checks.name_check().well
