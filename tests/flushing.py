"""How the test database becomes as it was, after a test with real transactions.

Rows of the ledger and the audit trail can only be added: on PostgreSQL the guards are lifted for
the flush. SQLite's memory is filled anew from the migrated file, which is quicker than to empty
each table and to make the rights of every model again.
"""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection
from django.test import TransactionTestCase

from tests.fund.tampering import without_guards


@pytest.fixture(autouse=True, scope="session")
def flush_lifts_guards(request, monkeypatch_session):
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_without_guards(self, sql_list):
        with without_guards():
            flush(self, sql_list)

    empty = TransactionTestCase._fixture_teardown

    def fill_anew(self):
        try:
            with closing(sqlite3.connect(request.getfixturevalue("migrated_file"))) as source:
                source.backup(connection.connection)
        except sqlite3.OperationalError:  # somebody still reads, or nobody may write
            empty(self)

    monkeypatch_session.setattr(operations, "execute_sql_flush", flush_without_guards)
    if connection.vendor == "sqlite":
        monkeypatch_session.setattr(TransactionTestCase, "_fixture_teardown", fill_anew)


@pytest.fixture(scope="session")
def monkeypatch_session():
    with pytest.MonkeyPatch.context() as patch:
        yield patch
