"""One migrated database, from which every test's own is copied.

Migrating takes some fifteen seconds of a processor, a copy none. It is kept in pytest's cache
folder, or beside the tests' databases on PostgreSQL, under a name that follows from every
migration, so that a new migration makes a new one.
"""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
from django.apps import apps
from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parent.parent
UNUSED = timedelta(days=7)
OURS = re.compile(
    r"^(?:from|import) ((?:budgetpool|allocation|workers|employers|api)\b[\w.]*)(?: import (.*))?",
    re.MULTILINE,
)


def files_of_migrations() -> set[Path]:
    """Every migration of every app, what of ours they use, however far off, and this file."""
    files = {Path(__file__)} | {
        file
        for app in apps.get_app_configs()
        for file in (Path(app.path) / "migrations").glob("*.py")
    }
    waiting = list(files)
    while waiting:
        new = set(_imported_by(waiting.pop())) - files
        files |= new
        waiting += new
    return files


def digest_of_migrations() -> str:
    """A name for the tables as they are: another migration, another name."""
    digest = hashlib.sha256()
    for file in sorted(files_of_migrations()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def copy_migrated(folder: Path, target: Path) -> None:
    """Put a migrated SQLite database at `target`."""
    file = folder / f"migrated-{digest_of_migrations()}.sqlite3"
    with _alone(folder):
        if not file.exists():
            for older in folder.glob("migrated-*"):
                older.unlink()
            draft = folder / "draft.sqlite3"
            draft.unlink(missing_ok=True)
            _migrate(f"sqlite:///{draft}")
            with closing(sqlite3.connect(draft)) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")
            os.replace(draft, file)
        shutil.copyfile(file, target)


def migrated_template(server: str) -> str:
    """The name of a migrated PostgreSQL database, for `CREATE DATABASE … TEMPLATE`.

    Other checkouts may use this server too, each with its own migrations. So each template says on
    which day it was used last, and only what nobody used for a week is dropped.
    """
    name = f"migrated_{digest_of_migrations()}"
    with psycopg.connect(make_conninfo(server), autocommit=True) as connection:
        # Until the connection ends; of this name only: another one may be made beside it.
        connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
        if name not in templates(connection):
            _drop_unused(connection)
            draft = f"draft_{name}"
            _drop(connection, draft)
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
            _migrate(f"{server.rpartition('/')[0]}/{draft}")
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(draft), sql.Identifier(name)
                )
            )
        stamp(connection, name, datetime.now(tz=UTC).date())
    return name


def templates(connection: psycopg.Connection) -> dict[str, str | None]:
    """What was migrated on this server, and the day on which each was used last, as `2026-11-30`;
    None where nobody wrote it down."""
    found = connection.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database "
        "WHERE datname LIKE 'migrated\\_%'"
    )
    return dict(found)


def stamp(connection: psycopg.Connection, name: str, day: date) -> None:
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
    connection.execute(comment.format(sql.Identifier(name), sql.Literal(day.isoformat())))


def fill(memory: str, file: Path) -> sqlite3.Connection:
    """Copy the migrated file into a database in memory, which lives while the answer is open."""
    connection = sqlite3.connect(memory, uri=True)
    with closing(sqlite3.connect(file)) as source:
        source.backup(connection)
    return connection


def _imported_by(file: Path) -> Iterator[Path]:
    for module, names in OURS.findall(file.read_text()):
        for name in (module, *(f"{module}.{word}" for word in re.findall(r"\w+", names))):
            try:
                found = importlib.util.find_spec(name)
            except ModuleNotFoundError:  # a class of that module, not a module
                continue
            if found and found.origin:
                yield Path(found.origin)


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--skip-checks", "-v0"],
        cwd=ROOT,
        # The settings of an installation: their cache has a table, which the tests' has not.
        env=os.environ
        | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "budgetpool.settings",
            "SECRET_KEY": "only-for-tests-" * 5,
        },
        check=True,
    )


def _drop_unused(connection: psycopg.Connection) -> None:
    today = datetime.now(tz=UTC).date()
    for name, day in templates(connection).items():
        if day is None:
            stamp(connection, name, today)
        elif day < (today - UNUSED).isoformat():
            _drop(connection, name)


def _drop(connection: psycopg.Connection, name: str) -> None:
    # Another test run may copy it just now; then the next new migration drops it.
    with suppress(errors.ObjectInUse):
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time, of all that run tests in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
