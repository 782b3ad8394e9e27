"""A hand that goes round the database's guards, to prove that the checks see it."""

import sqlite3
from contextlib import contextmanager

from django.db import connection


@contextmanager
def without_guards():
    """Within it no trigger and no foreign key stands in the way; afterwards all stand again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # A switch of the connection: to drop all triggers and make them anew is dear.
            connection.connection.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            try:
                yield
            finally:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")
                connection.connection.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, True)
            return
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")
