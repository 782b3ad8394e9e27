"""How much a page asks of the database: queries, and the rows and characters that come back."""

from types import TracebackType
from typing import Any, Self

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper


class Reading:
    """Counts within a `with` block what a connection reads."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.queries = self.rows = self.characters = 0

    def __enter__(self) -> Self:
        self.before = self.connection.make_cursor
        reading = self

        class Counting(CursorWrapper):
            def execute(self, sql: str, params: Any = None) -> Any:
                reading.queries += 1
                return super().execute(sql, params)

            def fetchone(self) -> Any:
                row = self.cursor.fetchone()
                reading._count([] if row is None else [row])
                return row

            def fetchmany(self, *args: Any) -> Any:
                return reading._count(self.cursor.fetchmany(*args))

            def fetchall(self) -> Any:
                return reading._count(self.cursor.fetchall())

        self.connection.make_cursor = lambda cursor: Counting(cursor, self.connection)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.make_cursor = self.before

    def _count(self, rows: Any) -> Any:
        self.rows += len(rows)
        self.characters += sum(len(str(value)) for row in rows for value in row)
        return rows
