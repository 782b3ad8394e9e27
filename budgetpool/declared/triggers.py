"""The triggers that the migrations make, beside those that stand in the database.

The migrations are asked again for their statements, in their order, and nothing is carried out.
SQLite keeps a trigger's text as it was given. PostgreSQL keeps it in its own words, so the declared
one is made on an empty temporary table, read back in those words, and made once more from them, as
the restore of a dump does: either telling is right.
"""

import re
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from budgetpool.declared.difference import Difference, without_schema
from budgetpool.immutability import Guard

STATEMENT = re.compile(r"\s*(CREATE|DROP) (TRIGGER|FUNCTION) (\w+)")
ON_TABLE = re.compile(r"\bON (\w+)")

POSTGRES_TRIGGERS = """
    SELECT trigger.tgname, pg_get_triggerdef(trigger.oid), trigger.tgenabled::text
    FROM pg_trigger trigger JOIN pg_class class ON class.oid = trigger.tgrelid
    WHERE NOT trigger.tgisinternal AND {where}
"""
POSTGRES_FUNCTIONS = """
    SELECT proname || '()', pg_get_functiondef(pg_proc.oid), 'O' FROM pg_proc
    JOIN pg_language ON pg_language.oid = prolang
    WHERE prorettype = 'trigger'::regtype AND lanname = 'plpgsql' AND {where}
"""
TRIGGERS_ANEW = """
    SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass), pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN (
        SELECT oid FROM pg_class WHERE relnamespace = pg_my_temp_schema()
    )
"""
OWN = "pronamespace = current_schema()::regnamespace"
TEMPORARY = "pronamespace = pg_my_temp_schema()"
OWN_TABLES = "class.relnamespace = current_schema()::regnamespace"
TEMPORARY_TABLES = "class.relnamespace = pg_my_temp_schema()"
RULES = """
    SELECT rulename, tablename FROM pg_rules WHERE schemaname = current_schema()
    ORDER BY tablename, rulename
"""


class _Listener:
    """Hears the statements of a migration operation, and does nothing with them."""

    def __init__(self) -> None:
        self.connection = connection
        self.statements: list[str] = []

    def execute(self, statement: str) -> None:
        self.statements.append(statement)


@cache
def declared() -> dict[str, str]:
    """What the migrations leave behind: the statement of each trigger and `function()`."""
    listener: Any = _Listener()
    state: Any = SimpleNamespace(apps=apps)
    for app, name in _in_order():
        for operation in _loader().get_migration(app, name).operations:
            if isinstance(operation, Guard):
                operation.database_forwards(app, listener, state, state)
    found: dict[str, str] = {}
    for statement in listener.statements:
        match = STATEMENT.match(statement)
        assert match is not None, f"Not a statement of a guard: {statement}"
        verb, kind, name = match.groups()
        name += "()" if kind == "FUNCTION" else ""
        if verb == "CREATE":
            found[name] = statement
        else:
            found.pop(name, None)
    return found


def differing() -> Iterator[Difference]:
    """Triggers that are missing, say something else, are switched off, or that nobody declared."""
    ours = declared()
    if connection.vendor == "sqlite":
        wanted = {name: {text} for name, text in _words(ours).items()}
        present = _sqlite()
    else:
        wanted, present = _postgres_wanted(), _postgres()
        with connection.cursor() as cursor:
            cursor.execute(RULES)
            for rule, table in cursor.fetchall():
                yield Difference("guard_unknown", {"trigger": rule, "table": table})
    for name in sorted(wanted.keys() | present.keys()):
        if name not in present:
            yield Difference("guard_missing", {"trigger": name})
        elif name not in wanted:
            yield Difference("guard_unknown", {"trigger": name})
        elif present[name] not in wanted[name]:
            yield Difference("guard_differs", {"trigger": name})


def _in_order() -> list[tuple[str, str]]:
    graph = _loader().graph
    plan: dict[tuple[str, str], None] = {}
    for leaf in sorted(graph.leaf_nodes()):
        plan |= dict.fromkeys(graph.forwards_plan(leaf))
    return list(plan)


@cache
def _loader() -> MigrationLoader:
    """The migrations on disk; they do not change while a process runs."""
    return MigrationLoader(None)


def _words(statements: dict[str, str]) -> dict[str, str]:
    return {name: " ".join(text.split()) for name, text in statements.items()}


def _sqlite() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' "
            "UNION ALL SELECT name, sql FROM sqlite_temp_master WHERE type = 'trigger'"
        )
        return _words(dict(cursor.fetchall()))


def _postgres() -> dict[str, str]:
    with connection.cursor() as cursor:
        return _read(cursor, OWN_TABLES, OWN)


@cache
def _postgres_wanted() -> dict[str, set[str]]:
    """The declared triggers in the words of PostgreSQL, before and after a restore."""
    ours = declared()
    functions = {name for name in ours if name.endswith("()")}
    with transaction.atomic(), connection.cursor() as cursor:
        point = transaction.savepoint_create()
        for table in {_table(text) for name, text in ours.items() if name not in functions}:
            cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE {table})")
        for text in ours.values():
            for name in functions:
                text = text.replace(f"FUNCTION {name}", f"FUNCTION pg_temp.{name}")
            cursor.execute(text)
        first = _read(cursor, TEMPORARY_TABLES, TEMPORARY)
        cursor.execute(TRIGGERS_ANEW)
        for drop, make in cursor.fetchall():
            cursor.execute(drop)
            cursor.execute(make)
        second = _read(cursor, TEMPORARY_TABLES, TEMPORARY)
        transaction.savepoint_rollback(point)
    return {name: {text, second[name]} for name, text in first.items()}


def _read(cursor: Any, tables: str, functions: str) -> dict[str, str]:
    """Triggers and functions by name; one that does not fire for everybody says so."""
    found: dict[str, str] = {}
    for query, where in ((POSTGRES_TRIGGERS, tables), (POSTGRES_FUNCTIONS, functions)):
        cursor.execute(query.format(where=where))
        for name, text, enabled in cursor.fetchall():
            off = "" if enabled in {"O", "A"} else " (off)"
            found[name] = without_schema(" ".join(text.split())) + off
    return found


def _table(statement: str) -> str:
    match = ON_TABLE.search(statement)
    assert match is not None
    return match.group(1)
