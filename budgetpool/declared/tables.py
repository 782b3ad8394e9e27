"""The columns and constraints that the models declare, beside those that stand in the database.

SQLite keeps the text of a table, so its clauses are compared as texts. PostgreSQL keeps it in its
own words, so each table is made once more, empty and temporary, and read back in those words. A
restored dump was made from those words and tells some rules in others (casts, brackets), so each
condition is made a second time from what was told first: a rule may stand in either telling.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from budgetpool.declared.difference import Difference, without_schema

COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
CHECK = re.compile(r'^CONSTRAINT "(\w+)" (CHECK \(.*\))$', re.DOTALL)

# What is told of a rule in each way that it may stand in the database.
Tellings = frozenset[str]

POSTGRES_RULES = """
    SELECT class.relname, kept.name, kept.text FROM pg_class class JOIN (
        SELECT conrelid AS relid, 'constraint ' || conname AS name,
               conname || ' ' || pg_get_constraintdef(oid) AS text
        FROM pg_constraint WHERE contype IN ('c', 'u', 'p'{foreign})
        UNION ALL
        SELECT indrelid, 'index ' || indexrelid::regclass::text, pg_get_indexdef(indexrelid)
        FROM pg_index
        WHERE indisunique AND indisvalid AND NOT EXISTS (
            SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('u', 'p')
        )
        UNION ALL
        SELECT attrelid, 'column ' || attname,
               attname || ' ' || format_type(atttypid, atttypmod)
               || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
        FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped
    ) kept ON kept.relid = class.oid
    WHERE class.relkind = 'r' AND class.relnamespace = {schema}
"""
# Everything with a condition, as the statements that make it anew.
POSTGRES_CONDITIONS = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,
                  pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'c' AND connamespace = pg_my_temp_schema()
    UNION ALL
    SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class class ON class.oid = indexrelid
    WHERE indpred IS NOT NULL AND class.relnamespace = pg_my_temp_schema()
"""
OWN, TEMPORARY = "current_schema()::regnamespace", "pg_my_temp_schema()"


def differing() -> Iterator[Difference]:
    """Rules of our tables that are missing, that nobody declared, or that rows do not keep."""
    if connection.vendor == "sqlite":
        wanted, present = _sqlite_wanted(), _sqlite()
    else:
        wanted, present = _postgres_wanted(), _postgres()
    for table, rules in sorted(wanted.items()):
        has = present.get(table, set())
        for rule in sorted(min(tellings) for tellings in rules if has.isdisjoint(tellings)):
            yield Difference("rule_missing", {"table": table, "rule": rule})
        for rule in sorted(has.difference(*rules)):
            yield Difference("rule_unknown", {"table": table, "rule": rule})
    if connection.vendor == "sqlite":
        # PostgreSQL looks at all rows before it lets a constraint stand.
        yield from _broken(wanted)


def _models() -> list[type[models.Model]]:
    """The models of our own packages, wherever those of others are installed."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if apps.get_app_config(model._meta.app_label).name.partition(".")[0]
        in settings.OUR_PACKAGES
        and model._meta.managed
    ]


def _statements(model: type[models.Model]) -> tuple[str, list[str]]:
    """CREATE TABLE, and what follows it: unique indexes and foreign keys."""
    editor: Any = connection.SchemaEditorClass(connection, collect_sql=True)
    editor.deferred_sql = []
    text, params = editor.table_sql(model)
    if params:  # what the database fills in by itself
        text %= tuple(editor.quote_value(value) for value in params)
    return text, [str(statement) for statement in editor.deferred_sql]


@cache
def _sqlite_wanted() -> dict[str, set[Tellings]]:
    wanted = {}
    for model in _models():
        text, after = _statements(model)
        indexes = {_words(line) for line in after if line.startswith("CREATE UNIQUE INDEX")}
        wanted[model._meta.db_table] = {frozenset([rule]) for rule in _clauses(text) | indexes}
    return wanted


def _sqlite() -> dict[str, set[str]]:
    present: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, type, sql FROM sqlite_master WHERE sql IS NOT NULL")
        for table, kind, text in cursor.fetchall():
            if kind == "table":
                present.setdefault(table, set()).update(_clauses(text))
            elif kind == "index" and text.startswith("CREATE UNIQUE INDEX"):
                present.setdefault(table, set()).add(_words(text))
    return present


def _clauses(text: str) -> set[str]:
    """The parts of CREATE TABLE between its outermost brackets: columns and constraints."""
    body = COMMENT.sub(" ", text)
    body = body[body.index("(") + 1 : body.rindex(")")]
    clauses, depth, quote, start = [], 0, "", 0
    for place, sign in enumerate(body):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "," and depth == 0:
            clauses.append(body[start:place])
            start = place + 1
    return {_words(clause) for clause in [*clauses, body[start:]]}


def _words(text: str) -> str:
    return " ".join(text.replace(";", " ").split())


def _broken(wanted: dict[str, set[Tellings]]) -> Iterator[Difference]:
    """Named constraints that a row does not keep, written while they were away."""
    with connection.cursor() as cursor:
        for table, rules in sorted(wanted.items()):
            for rule in sorted(min(tellings) for tellings in rules):
                check = CHECK.match(rule)
                if check is None:
                    continue
                condition = check.group(2).removeprefix("CHECK ")
                query = f'SELECT 1 FROM "{table}" WHERE NOT {condition} LIMIT 1'  # noqa: S608
                cursor.execute(query)
                if cursor.fetchone():
                    yield Difference("rule_broken", {"table": table, "rule": check.group(1)})


@cache
def _postgres_wanted() -> dict[str, set[Tellings]]:
    with transaction.atomic(), connection.cursor() as cursor:
        point = transaction.savepoint_create()
        foreign = {}
        for model in _models():
            text, after = _statements(model)
            cursor.execute(text.replace("CREATE TABLE", "CREATE TEMPORARY TABLE", 1))
            for line in after:
                if " UNIQUE " in line:
                    cursor.execute(line)
            foreign[model._meta.db_table] = _foreign_keys(model)
        first = _read(cursor, foreign="", schema=TEMPORARY)
        _make_conditions_anew(cursor)
        second = _read(cursor, foreign="", schema=TEMPORARY)
        transaction.savepoint_rollback(point)
    return {
        table: {frozenset({rule, second[table][name]}) for name, rule in first[table].items()}
        | {frozenset([key]) for key in keys}
        for table, keys in foreign.items()
    }


def _make_conditions_anew(cursor: Any) -> None:
    """As the restore of a dump does: from what the database tells of them."""
    cursor.execute(POSTGRES_CONDITIONS)
    for drop, make in cursor.fetchall():
        cursor.execute(drop)
        cursor.execute(make)


def _postgres() -> dict[str, set[str]]:
    with connection.cursor() as cursor:
        found = _read(cursor, foreign=", 'f'", schema=OWN)
    # The name of a foreign key says nothing, so only what it holds counts.
    return {
        table: {re.sub(r"^\w+ (FOREIGN)", r"\1", rule) for rule in rules.values()}
        for table, rules in found.items()
    }


def _read(cursor: Any, *, foreign: str, schema: str) -> dict[str, dict[str, str]]:
    """The rules of each table by kind and name."""
    cursor.execute(POSTGRES_RULES.format(foreign=foreign, schema=schema))
    found: dict[str, dict[str, str]] = {}
    for table, name, rule in cursor.fetchall():
        found.setdefault(table, {})[without_schema(name)] = without_schema(rule)
    return found


def _foreign_keys(model: type[models.Model]) -> set[str]:
    return {
        f"FOREIGN KEY ({field.column}) REFERENCES {field.related_model._meta.db_table}"
        f"({field.target_field.column}) DEFERRABLE INITIALLY DEFERRED"
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.ForeignKey) and getattr(field, "db_constraint", True)
    }
