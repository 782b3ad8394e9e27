"""SQL that is written once in the life of a process, and run again with other values.

Django writes the text of a statement anew each time, which costs more than running it. Where one
statement is most of a call, its text is kept:

    OWN = Reading(lambda key: Request.objects.filter(pk=key).values_list("pk", "status"), key=int)
    ...
    OWN.rows(key=412)   # [(412, "submitted")]

What is asked is still said in Django's words, and the database still checks what it always checks.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.sql import InsertQuery

type _Stand = Any
# Values that no caller gives; the text is written with them, and each place is then known.
STANDS: Final[dict[type, Callable[[int], _Stand]]] = {
    str: lambda number: f"\ufffd{number}\ufffd",
    int: lambda number: 2_000_000_000 + number,
    datetime: lambda number: datetime(1901, 1, 1, microsecond=number, tzinfo=UTC),
    list: lambda number: [f"\ufffd{number}\ufffd"],
}


class _Prepared(psycopg.Cursor[Any]):
    """A cursor whose statements the server parses and plans once for each connection."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Prepared":
        return super().execute(query, params, **(options | {"prepare": True}))


@contextmanager
def prepared() -> Iterator[Any]:
    """A cursor for statements of which there are few and that run often.

    PostgreSQL plans each of them once: a plan over ten tables takes it a hundred times as long as
    finding one row.
    """
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    assert isinstance(connection.connection, psycopg.Connection)
    with connection._prepare_cursor(_Prepared(connection.connection)) as cursor:  # type: ignore[attr-defined]
        yield cursor


class Reading:
    """A query of `values_list`, with a place for each named value.

    Args:
        build: the queryset for values; it may not look at them, only put them in place.
        kinds: of each value: `str`, `int`, `datetime`, or `list` for a JSON field.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **kinds: type) -> None:
        self.build, self.kinds = build, kinds
        self.written: dict[str, tuple[str, list[tuple[str, Any]], Any]] = {}

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """What the database holds for these values.

        >>> OWN.rows(key=412)
        [(412, 'submitted')]
        """
        sql, places, compiler = self._text()
        adapted = {name: _adapted(value) for name, value in values.items()}
        with prepared() as cursor:
            cursor.execute(sql, [adapted[name] if name else own for name, own in places])
            found = cursor.fetchall()
        return list(compiler.results_iter(results=[found], tuple_expected=True))

    def _text(self) -> tuple[str, list[tuple[str, Any]], Any]:
        known = self.written.get(connection.vendor)
        if known is not None:
            return known
        stands = {
            name: STANDS[kind](number) for number, (name, kind) in enumerate(self.kinds.items())
        }
        compiler = self.build(**stands).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        names = {repr(_plain(_adapted(stand))): name for name, stand in stands.items()}
        places = [(names.get(repr(_plain(param)), ""), param) for param in params]
        missing = set(self.kinds) - {name for name, _ in places}
        if missing:
            raise ValueError(f"{', '.join(sorted(missing))} has no place in: {sql}")
        self.written[connection.vendor] = sql, places, compiler
        return self.written[connection.vendor]


class Adding:
    """The insertion of one row of a model, which gets its key; no signals are sent."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.fields = [
            field for field in model._meta.local_concrete_fields if not field.primary_key
        ]
        self.written: dict[str, str] = {}

    def add(self, row: Model) -> None:
        """Store a row that is not stored yet; its constraints are the database's to check."""
        values = [
            field.get_db_prep_save(field.pre_save(row, True), connection) for field in self.fields
        ]
        with prepared() as cursor:
            cursor.execute(self._text(row), values)
            row.pk = cursor.fetchone()[0]
        row._state.adding, row._state.db = False, connection.alias

    def _text(self, row: Model) -> str:
        if connection.vendor not in self.written:
            query = InsertQuery(self.model)
            query.insert_values(self.fields, [row])
            compiler = query.get_compiler(connection=connection)
            compiler.returning_fields = [self.model._meta.pk]
            [(sql, _params)] = compiler.as_sql()
            self.written[connection.vendor] = sql
        return self.written[connection.vendor]


def _adapted(value: Any) -> Any:
    """A value as the database takes it."""
    match value:
        case datetime():
            return connection.ops.adapt_datetimefield_value(value)
        case list():
            return connection.ops.adapt_json_value(value, None)
    return value


def _plain(param: Any) -> Any:
    """What a parameter holds, without the type that the driver gives it."""
    inner = getattr(param, "obj", param)
    return int(inner) if isinstance(inner, int) and not isinstance(inner, bool) else inner
