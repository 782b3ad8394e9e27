"""A hand that goes round the database's guards, to prove that the checks see it."""

from contextlib import contextmanager

from django.db import connection

from budgetpool.fund import guards

POSTGRES_TABLES = ("fund_transfer", "fund_account", "fund_accountday")


@contextmanager
def without_guards():
    """Within it the ledger's triggers are gone; afterwards they stand again."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            names = set(guards.names("sqlite"))
            triggers = [(name, sql) for name, sql in cursor.fetchall() if name in names]
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        yield
        with connection.cursor() as cursor:
            for _, sql in triggers:
                cursor.execute(sql)
        return
    _switch("DISABLE")
    yield
    _switch("ENABLE")


def _switch(verb):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in POSTGRES_TABLES:
            cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER USER")
