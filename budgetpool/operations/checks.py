"""What an installation needs, each with the way to mend it."""

import os
import smtplib
import sqlite3
import stat
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import mailers
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet

from budgetpool.bank import name_check as name_check_
from budgetpool.environment import SECRET_LENGTH
from budgetpool.jobs import keeper
from budgetpool.jobs.models import Job
from budgetpool.limits import counters
from budgetpool.limits.counters import Limit
from budgetpool.mail import paper as paper_
from budgetpool.mail import sms
from budgetpool.mail.models import Message

BACKUP_HOURS = 26  # one a night, with two hours to make it
# What a bank says of a name is of that day: after two months accounts and names have changed.
NAME_CHECK_DAYS = 60
CLOCK_SECONDS = 5
QUEUE_MINUTES = 10
MESSAGES_MINUTES = 60
OLDEST_SQLITE = (3, 37)
WRITTEN = Limit("written", most=1, seconds=3600)
# More than what a full disk may still have room for in a corner.
FILE_BYTES = 64 * 1024


@dataclass(frozen=True)
class Finding:
    """The outcome of one check; `remedy` is one sentence, empty when all is well."""

    name: str
    remedy: str = ""

    @property
    def well(self) -> bool:
        return not self.remedy


def database() -> Finding:
    """The database answers, and keeps what the ledger relies on."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA foreign_keys")
                if cursor.fetchone() != (1,):
                    return Finding(
                        "database", "Foreign keys are off; use the settings as they are."
                    )
    except DatabaseError as error:
        return Finding(
            "database", f"It does not answer ({_line(error)}). Start it, or mend DATABASE_URL."
        )
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return Finding("database", f"SQLite {sqlite3.sqlite_version} is too old; update Python.")
    return Finding("database")


def writing() -> Finding:
    """The database takes what is written: it is not full, and not for reading only."""
    try:
        with _in_a_hurry():
            counters.hit(WRITTEN.of("one row"))
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            return Finding("writing")  # somebody else writes just now
        return Finding(
            "writing", f"The database cannot be written ({_line(error)}). Make room, or mend it."
        )
    return Finding("writing")


@contextmanager
def _in_a_hurry() -> Iterator[None]:
    """Wait a second for somebody else who writes to SQLite, and not half a minute."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (before,) = cursor.fetchone()
        cursor.execute("PRAGMA busy_timeout = 1000")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(before)}")


def migrations() -> Finding:
    """Every migration was applied."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return Finding("migrations", "The database does not answer; see there.")
    if plan:
        return Finding("migrations", f"{len(plan)} wait: run manage.py migrate.")
    return Finding("migrations")


def mail() -> Finding:
    """Mail can leave: the server lets us in, or the folder for development can be written."""
    try:
        sender = mailers.default
        sender.open()
        sender.close()
    except (OSError, smtplib.SMTPException) as error:
        return Finding(
            "mail", f"The mail server refuses ({_line(error)}). Mend EMAIL_HOST and its settings."
        )
    return Finding("mail")


def text_messages() -> Finding:
    """Text messages can leave: a code by text is the only way in for who has no e-mail."""
    try:
        sender = sms.backend()
    except (ImproperlyConfigured, ImportError) as error:
        return Finding(
            "text messages", f"{_line(error)} Mend BUDGETPOOL_SMS_BACKEND, _URL, _NAMES."
        )
    if not settings.DEBUG and isinstance(sender, sms.ConsoleBackend | sms.FileBackend):
        return Finding(
            "text messages",
            "They leave this machine by no provider: set BUDGETPOOL_SMS_URL and its key.",
        )
    return Finding("text messages")


def storage() -> Finding:
    """Files can be written, read back and removed."""
    name, content = f"doctor/{uuid.uuid4().hex}", os.urandom(FILE_BYTES)
    try:
        saved = default_storage.save(name, ContentFile(content))
        with default_storage.open(saved) as file:
            same = file.read() == content
        default_storage.delete(saved)
    except OSError as error:
        with suppress(OSError):
            default_storage.delete(name)  # what was written of it before the disk was full
        setting = "BUDGETPOOL_FILES" if settings.FILES else "BUDGETPOOL_VAR"
        return Finding("storage", f"Files cannot be kept ({_line(error)}). Mend {setting}.")
    return Finding("storage", "" if same else "A file came back changed. Check the disk.")


def clock() -> Finding:
    """The clock agrees with the database's, and stands after this program was made."""
    now = datetime.now(UTC)
    if now.year < 2026:
        return Finding("clock", "The clock stands before 2026. Switch on time synchronisation.")
    try:
        with connection.cursor() as cursor:
            # PostgreSQL's CURRENT_TIMESTAMP is the moment at which the transaction began.
            is_postgres = connection.vendor == "postgresql"
            word = "clock_timestamp()" if is_postgres else "CURRENT_TIMESTAMP"
            cursor.execute("SELECT " + word)
            (there,) = cursor.fetchone()
    except DatabaseError:
        return Finding("clock", "The database does not answer; see there.")
    if isinstance(there, str):
        there = datetime.fromisoformat(there).replace(tzinfo=UTC)
    apart = abs((there - now).total_seconds())
    if apart > CLOCK_SECONDS:
        return Finding(
            "clock",
            f"The database's clock is {apart:.0f} s away. Synchronise both: windows close by them.",
        )
    return Finding("clock")


def secret_key() -> Finding:
    """The secret key is long, and its file is the owner's alone."""
    file: Path = settings.VAR_DIR / "secret_key"
    if len(settings.SECRET_KEY) < SECRET_LENGTH:
        return Finding(
            "secret key", f"Set SECRET_KEY to {SECRET_LENGTH} random characters or more."
        )
    if os.environ.get("SECRET_KEY", "").strip():
        return Finding("secret key")
    if not file.exists():
        return Finding(
            "secret key", f"{file} cannot be written: everybody is signed out on restart."
        )
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Finding("secret key", f"Others can read it: run chmod 600 {file}.")
    return Finding("secret key")


def backups() -> Finding:
    """There is a backup of last night."""
    folder: Path = settings.BACKUPS_DIR
    made = [file.stat().st_mtime for file in folder.glob("budgetpool-*.zip*")]
    if not made:
        return Finding("backups", f"There is none: run manage.py backup {folder} every night.")
    age = datetime.now(UTC) - datetime.fromtimestamp(max(made), UTC)
    if age > timedelta(hours=BACKUP_HOURS):
        hours = age.total_seconds() / 3600
        return Finding(
            "backups", f"The last is {hours:.0f} hours old: run manage.py backup {folder} nightly."
        )
    return Finding("backups")


def name_check() -> Finding:
    """The bank's answers on names and IBANs can be read, and are not of long ago."""
    if settings.NAME_CHECK != name_check_.FROM_FILE:
        return Finding("name check")
    file = Path(settings.NAME_CHECK_FILE)
    try:
        name_check_.look_at(file)
    except (OSError, ValueError) as error:
        return Finding(
            "name check",
            f"{file} cannot be read ({_line(error)}): no name is checked. "
            "Mend BUDGETPOOL_NAME_CHECK_FILE.",
        )
    days = (datetime.now(UTC) - datetime.fromtimestamp(file.stat().st_mtime, UTC)).days
    if days > NAME_CHECK_DAYS:
        return Finding(
            "name check", f"{file} is {days} days old: ask the bank for new answers, or unset it."
        )
    return Finding("name check")


def static_files() -> Finding:
    """Styles and scripts were collected, so that pages can name them."""
    try:
        staticfiles_storage.url("budgetpool/budgetpool.css")
    except ValueError:
        return Finding("static files", "They are not there: run manage.py collectstatic.")
    return Finding("static files")


def queue() -> Finding:
    """Long work is taken up."""
    return _waits(
        "queue",
        Job.objects.filter(state=Job.State.QUEUED).values_list("queued_at", flat=True),
        QUEUE_MINUTES,
        "start manage.py work",
    )


def watch() -> Finding:
    """Some worker looks for lost work and for what is due at night."""
    try:
        seconds = keeper.seconds_since_watch()
        if seconds is None and not Job.objects.exists():
            return Finding("watch")  # nothing was ever asked here
    except DatabaseError:
        return Finding("watch", "The database does not answer, or migrations wait; see there.")
    if seconds is None or seconds > keeper.ASLEEP.total_seconds():
        return Finding("watch", "No worker keeps watch: start manage.py work.")
    return Finding("watch")


def messages() -> Finding:
    """Letters, e-mails and text messages leave."""
    return _waits(
        "messages",
        Message.objects.filter(state=Message.State.QUEUED).values_list("due_at", flat=True),
        MESSAGES_MINUTES,
        "run manage.py send_messages --loop 60",
    )


def _waits(name: str, since: QuerySet[Any, datetime], minutes: int, remedy: str) -> Finding:
    late = datetime.now(UTC) - timedelta(minutes=minutes)
    try:
        waiting = sum(moment < late for moment in since)
    except DatabaseError:
        return Finding(name, "The database does not answer, or migrations wait; see there.")
    if waiting:
        return Finding(name, f"{waiting} wait for more than {minutes} minutes: {remedy}.")
    return Finding(name)


def paper() -> Finding:
    """Letters can be drawn as PDF."""
    try:
        paper_.pdf("<html lang=en><title>A page</title><p>One line</p></html>")
    except paper_.NoPango as error:
        return Finding("paper", str(error))
    return Finding("paper")


ALL: tuple[Callable[[], Finding], ...] = (
    database,
    writing,
    migrations,
    mail,
    text_messages,
    storage,
    clock,
    secret_key,
    backups,
    name_check,
    static_files,
    queue,
    watch,
    messages,
    paper,
)


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
