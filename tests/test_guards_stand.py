"""What a migration once forbade is still forbidden after all later ones.

SQLite loses a table's triggers when a later migration makes the table anew; that once opened the
receipts of recoveries for changes without a word.
"""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from allocation import guards
from allocation.guards import NeedTwoPeople
from budgetpool.first_tables import CreateModels
from budgetpool.immutability import ForbidChanges, Guard, KeepColumns

pytestmark = pytest.mark.django_db


def guarded() -> list[tuple[str, list[str]]]:
    """Each guarded table with the endings of its triggers' names."""
    found = []
    for (app, _name), migration in MigrationLoader(None).disk_migrations.items():
        for operation in migration.operations:
            if not isinstance(operation, ForbidChanges | KeepColumns):
                continue
            table = apps.get_model(app, operation.model)._meta.db_table
            verbs = ("stays", "keeps")
            if isinstance(operation, ForbidChanges):
                verbs = ("no_update", "no_delete", "no_replace")
                if connection.vendor == "postgresql":
                    verbs = ("no_change", "no_truncate")
            found.append((table, [f"{table}_{verb}" for verb in verbs]))
    return found


def triggers() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
            )
        return {name for (name,) in cursor.fetchall()}


def test_every_table_that_a_migration_guarded_is_guarded_at_the_end():
    tables = guarded()
    assert len(tables) >= 15
    present = triggers()
    for turns in (
        NeedTwoPeople(guards.TURNS),
        NeedTwoPeople(guards.GIFTS, table="allocation_adjustment", verb="INSERT"),
        NeedTwoPeople(guards.GIFTS_UNDONE, table="allocation_adjustment"),
    ):
        tables.append((turns.table, turns.trigger_names(connection.vendor)))
    lost = [name for _table, names in tables for name in names if name not in present]
    assert lost == []


def test_every_other_operation_of_ours_is_a_guard_that_the_check_of_the_books_reads_again():
    others = [
        type(operation).__name__
        for migration in MigrationLoader(None).disk_migrations.values()
        for operation in migration.operations
        if not type(operation).__module__.startswith("django.")
        and not isinstance(operation, CreateModels | Guard)
    ]
    assert others == []
