"""Triggers of this app's tables: a frozen policy stays as it was published."""

from typing import Any

from django.db.migrations.operations.base import Operation


class KeepFrozenPolicies(Operation):
    """A migration operation: a policy with `frozen_at` is never changed or removed any more."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing changes in the models' state."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
        for statement in statements:
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute("DROP TRIGGER allocation_policy_frozen_update")
            schema_editor.execute("DROP TRIGGER allocation_policy_frozen_delete")
        else:
            schema_editor.execute("DROP TRIGGER allocation_policy_frozen ON allocation_policy")
            schema_editor.execute("DROP FUNCTION allocation_policy_frozen()")

    def describe(self) -> str:
        return "Keep frozen policies as they were published"


MESSAGE = "a frozen policy is never changed or removed"
SQLITE = [
    f"CREATE TRIGGER allocation_policy_frozen_{verb.lower()} BEFORE {verb} ON allocation_policy "
    f"WHEN OLD.frozen_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for verb in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    "CREATE FUNCTION allocation_policy_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; "
    "END $$",
    "CREATE TRIGGER allocation_policy_frozen BEFORE UPDATE OR DELETE ON allocation_policy "
    "FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION allocation_policy_frozen()",
]
