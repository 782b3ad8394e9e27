"""The copied database is never an old one."""

import uuid
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests import database
from tests.conftest import POSTGRES_URL


def test_the_name_of_the_migrated_database_follows_from_all_that_makes_its_tables():
    ours = {
        str(file.relative_to(database.ROOT))
        for file in database.files_of_migrations()
        if file.is_relative_to(database.ROOT)
    }
    assert {
        "budgetpool/fund/migrations/0001_initial.py",
        "budgetpool/fund/guards.py",
        "budgetpool/immutability.py",
        "allocation/guards.py",
    } <= ours


@pytest.mark.postgres
def test_only_a_template_that_nobody_used_for_a_week_is_dropped(monkeypatch):
    """Another checkout has other migrations, and uses its own template on the same server."""
    mine, theirs, old, unknown = (
        f"migrated_{name}_{uuid.uuid4().hex[:8]}" for name in ("mine", "theirs", "old", "unknown")
    )
    today = datetime.now(tz=UTC).date()
    monkeypatch.setattr(database, "digest_of_migrations", lambda: mine.removeprefix("migrated_"))
    monkeypatch.setattr(database, "_migrate", lambda url: None)
    with psycopg.connect(make_conninfo(POSTGRES_URL), autocommit=True) as connection:
        for name, day in {theirs: 6, old: 8, unknown: None}.items():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            if day is not None:
                database.stamp(connection, name, today - timedelta(days=day))
        try:
            assert database.migrated_template(POSTGRES_URL) == mine
            left = database.templates(connection)
            assert old not in left
            assert left[theirs] == (today - timedelta(days=6)).isoformat()
            assert left[mine] == left[unknown] == today.isoformat()
            database.stamp(connection, mine, today - timedelta(days=30))
            assert database.migrated_template(POSTGRES_URL) == mine
            assert database.templates(connection)[mine] == today.isoformat()
        finally:
            for name in (mine, theirs, old, unknown):
                drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
                connection.execute(drop)
