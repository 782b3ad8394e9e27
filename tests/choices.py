"""Values that stand in a row of the database and in no list of what may stand there."""

from collections.abc import Callable, Iterator

from django.apps import apps
from django.db import models

OURS = ("budgetpool.", "allocation", "employers", "workers", "api")


def columns() -> Iterator[tuple[str, str, set[str]]]:
    """Every column of ours whose values have a list: table, column, and what may stand there."""
    for model in apps.get_models():
        if not model.__module__.startswith(OURS):
            continue
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.CharField) and field.choices:
                known = {str(key) for key, _label in field.flatchoices}
                yield model._meta.db_table, field.column, known | ({""} if field.blank else set())


def strangers(rows: Callable[[str], list[tuple[str | None]]]) -> list[str]:
    """`table.column: value` of each that is in no list, as `rows` of a statement of SQL tells."""
    return [
        f"{table}.{column}: {value}"
        for table, column, known in columns()
        for (value,) in rows(f'SELECT DISTINCT "{column}" FROM "{table}"')
        if value is not None and value not in known
    ]
