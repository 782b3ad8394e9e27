"""Tables whose rows are written once: the database itself refuses UPDATE, DELETE and TRUNCATE.

A model can refuse a change, but `QuerySet.update()`, a shell and a careless script pass the
model. The triggers made here stand in the database, on SQLite and on PostgreSQL.
"""

from typing import Any

from django.db.migrations.operations.base import Operation


class Guard(Operation):
    """A migration operation that only makes triggers: `budgetpool.declared` reads them again."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing changes in the models' state."""


class ForbidChanges(Guard):
    """A migration operation: from now on rows of this table can only be added."""

    def __init__(self, model: str) -> None:
        self.model = model

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


class LetOldRowsGo(Guard):
    """A migration operation after `ForbidChanges`: rows for which a condition holds may go.

    Args:
        unless: the condition on `OLD`, in the SQL of each vendor. Updates stay forbidden, and so
            is the removal of every other row.
    """

    def __init__(self, model: str, unless: dict[str, str]) -> None:
        self.model = model
        self.unless = unless

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        vendor = schema_editor.connection.vendor
        options = to_state.apps.get_model(app_label, self.model)._meta
        table, message = options.db_table, _refusal(options.db_table)
        when = f"WHEN (NOT ({self.unless[vendor]}))"
        if vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {table}_no_delete")
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {when} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
            return
        run = f"EXECUTE FUNCTION {table}_unchanged()"
        schema_editor.execute(f"DROP TRIGGER {table}_no_change ON {table}")
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table} FOR EACH ROW {run}"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {when} {run}"
        )

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        options = from_state.apps.get_model(app_label, self.model)._meta
        table = options.db_table
        names = ["no_delete"] if schema_editor.connection.vendor == "sqlite" else ["no_change"]
        if schema_editor.connection.vendor != "sqlite":
            schema_editor.execute(f"DROP TRIGGER {table}_no_delete ON {table}")
            schema_editor.execute(f"DROP TRIGGER {table}_no_change ON {table}")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_no_delete")
        for statement in _create(schema_editor.connection.vendor, options):
            if any(f"TRIGGER {table}_{name} " in statement for name in names):
                schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Let old rows of {self.model} go"


class KeepColumns(Guard):
    """A migration operation: these columns keep what was once written in them; rows stay.

    An empty (null) column can be filled, once.
    """

    def __init__(self, model: str, fields: list[str]) -> None:
        self.model = model
        self.fields = fields

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        options = to_state.apps.get_model(app_label, self.model)._meta
        columns = [options.get_field(name).column for name in self.fields]
        for statement in _keep(schema_editor.connection.vendor, options.db_table, columns):
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model)._meta.db_table
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {table}_keeps")
            schema_editor.execute(f"DROP TRIGGER {table}_stays")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_keeps ON {table}")
            schema_editor.execute(f"DROP TRIGGER {table}_stays ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_kept()")

    def describe(self) -> str:
        return f"Keep {', '.join(self.fields)} of {self.model} as first written"


class LetOldValuesGo(Guard):
    """A migration operation after `KeepColumns`: an old row may lose the values of some columns.

    Args:
        kept: all columns of `KeepColumns`.
        emptied: those of them that may become empty, and nothing else.
        when: from when on, as a condition on `OLD` in the SQL of each vendor.
    """

    def __init__(
        self, model: str, *, kept: list[str], emptied: list[str], when: dict[str, str]
    ) -> None:
        self.model = model
        self.kept, self.emptied, self.when = kept, emptied, when

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        vendor = schema_editor.connection.vendor
        self._guard(app_label, schema_editor, to_state, self.when[vendor])

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._guard(app_label, schema_editor, from_state, "")

    def describe(self) -> str:
        return f"Let old rows of {self.model} lose {', '.join(self.emptied)}"

    def _guard(self, app_label: str, schema_editor: Any, state: Any, when: str) -> None:
        """Put another guard in the place of the one that `KeepColumns` made."""
        vendor = schema_editor.connection.vendor
        options = state.apps.get_model(app_label, self.model)._meta
        columns = {
            options.get_field(name).column: when if name in self.emptied else ""
            for name in self.kept
        }
        table = options.db_table
        on = "" if vendor == "sqlite" else f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER {table}_keeps{on}")
        schema_editor.execute(_keeps(vendor, table, columns))


def _keeps(vendor: str, table: str, columns: dict[str, str]) -> str:
    """The guard of the columns; one with a condition may become empty where that holds."""
    differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(
        f"(OLD.{column} IS NOT NULL AND NEW.{column} {differs} OLD.{column}"
        + (f" AND NOT (length(NEW.{column}) = 0 AND {when}))" if when else ")")
        for column, when in columns.items()
    )
    if vendor == "sqlite":
        return (
            f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} "
            f"WHEN {changed} BEGIN SELECT RAISE(ABORT, '{_kept(table)}'); END"
        )
    return (
        f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} "
        f"FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION {table}_kept()"
    )


def _kept(table: str) -> str:
    return f"this column of {table} keeps what was written, and its rows are never removed"


def _keep(vendor: str, table: str, columns: list[str]) -> list[str]:
    message = _kept(table)
    keeps = _keeps(vendor, table, dict.fromkeys(columns, ""))
    if vendor == "sqlite":
        return [
            keeps,
            f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        ]
    return [
        f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{message}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        keeps,
        f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_kept()",
    ]


def _create(vendor: str, options: Any) -> list[str]:
    table = options.db_table
    message = _refusal(table)
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


def _refusal(table: str) -> str:
    return f"rows of {table} are never changed or removed"


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
