"""Lets Django empty the test database after a test with real transactions.

Rows of the ledger and the audit trail can only be added; the guards are lifted for the flush.
"""

from contextlib import contextmanager

import pytest
from django.db import connection


@contextmanager
def lifted_guards():
    """Within it no trigger of ours stands in the way; afterwards all stand again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            yield
            for _, sql in triggers:
                cursor.execute(sql)
            return
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        )
        tables = [table for (table,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture(autouse=True, scope="session")
def flush_lifts_guards():
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_without_guards(self, sql_list):
        with lifted_guards():
            flush(self, sql_list)

    operations.execute_sql_flush = flush_without_guards
    yield
    operations.execute_sql_flush = flush
