"""Tables whose rows are written once: the database itself refuses UPDATE, DELETE and TRUNCATE.

A model can refuse a change, but `QuerySet.update()`, a shell and a careless script pass the
model. The triggers made here stand in the database, on SQLite and on PostgreSQL.
"""

from typing import Any

from django.db.migrations.operations.base import Operation


class ForbidChanges(Operation):
    """A migration operation: from now on rows of this table can only be added."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model: str) -> None:
        self.model = model

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing changes in the models' state."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        options = to_state.apps.get_model(app_label, self.model)._meta
        for statement in _create(schema_editor.connection.vendor, options):
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model)._meta.db_table
        for statement in _drop(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)

    @staticmethod
    def trigger_names(vendor: str, table: str) -> list[str]:
        """The triggers that guard this table."""
        verbs = ("update", "delete", "replace") if vendor == "sqlite" else ("change", "truncate")
        return [f"{table}_no_{verb}" for verb in verbs]

    def describe(self) -> str:
        return f"Forbid changes to rows of {self.model}"


def _create(vendor: str, options: Any) -> list[str]:
    table = options.db_table
    message = f"rows of {table} are never changed or removed"
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            for verb in ("UPDATE", "DELETE")
        ] + [
            # INSERT OR REPLACE removes the old row without asking the DELETE trigger.
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {_same_key(options)}) "
            f"BEGIN SELECT RAISE(ABORT, '{message}: UNIQUE constraint failed'); END"
        ]
    return [
        f"CREATE FUNCTION {table}_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{message}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_unchanged()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_unchanged()",
    ]


def _same_key(options: Any) -> str:
    columns = [field.column for field in options.local_concrete_fields if field.unique]
    return " OR ".join(f"{column} = NEW.{column}" for column in columns)


def _drop(vendor: str, table: str) -> list[str]:
    names = ForbidChanges.trigger_names(vendor, table)
    if vendor == "sqlite":
        return [f"DROP TRIGGER {name}" for name in names]
    return [
        *(f"DROP TRIGGER {name} ON {table}" for name in names),
        f"DROP FUNCTION {table}_unchanged()",
    ]
