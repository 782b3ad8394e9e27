"""What a migration may do while programs of the release before still run beside it.

During an upgrade without a stop, old and new programs use the same tables for a while. So a
migration may add what the old ones do not know, and nothing that they need may go or change under
them. What is no longer used goes one release later; the migration then says which release was the
first without it: `unused_since = "0.2.0"` in its class.
"""

from collections.abc import Iterator

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from budgetpool.first_tables import CreateModels

# Names that the old program writes down in its statements.
GONE = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def faults(migration: migrations.Migration) -> Iterator[str]:
    """Each operation that would disturb a program of the release before, with the remedy."""
    if getattr(migration, "unused_since", ""):
        return
    made = {
        operation.name.lower()
        for operation in _all(migration.operations)
        if isinstance(operation, migrations.CreateModel)
    }
    for operation in _all(migration.operations):
        if getattr(operation, "model_name", "").lower() in made:
            continue  # nobody has used it yet
        if fault := _fault(operation):
            yield f"{migration.app_label}.{migration.name}: {operation.describe()}: {fault}"


def _all(operations: list[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _all(operation.database_operations)
        elif isinstance(operation, CreateModels):
            yield from operation.operations
        else:
            yield operation


def _fault(operation: Operation) -> str:
    if isinstance(operation, GONE):
        return "the release before still uses it; take it away one release later"
    if isinstance(operation, migrations.AddField) and _is_needed(operation.field):
        return "the release before does not fill it; give it db_default, or null"
    if isinstance(operation, migrations.AlterField) and operation.preserve_default is False:
        return "it was empty before; the release before may still leave it so"
    if isinstance(operation, migrations.RunPython) and operation.reverse_code is None:
        return "there is no way back; give reverse_code"
    return ""


def _is_needed(field: models.Field) -> bool:
    return (
        not field.many_to_many
        and not field.null
        and not field.has_db_default()
        and not getattr(field, "generated", False)
    )
