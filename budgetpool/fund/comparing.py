"""Facts and transfers compared, both ways, by the database itself.

What the sources tell goes into one temporary table; a transfer is a fact's own when the reference
is, and then accounts, amount, day and memo have to be the fact's too.
"""

from collections.abc import Iterator
from dataclasses import astuple
from itertools import batched
from typing import Any

from django.db import connection
from django.utils import timezone

from budgetpool.fund.facts import Expected, FactSource
from budgetpool.fund.findings import MOST_FINDINGS, Finding, Outcome, outcome
from budgetpool.money import NotEuros

BATCH = 1_000
TABLE = """
    CREATE TEMPORARY TABLE ledger_told (
        source integer NOT NULL, reference varchar(200), amount_cents bigint, debit_id bigint,
        credit_id bigint, value_date date, memo varchar(40)
    )
"""
COLUMNS = "(source, reference, amount_cents, debit_id, credit_id, value_date, memo)"
# PostgreSQL takes a column of nothing but NULL for text.
FROM_FACTS = {
    "sqlite": "SELECT {source}, told.* FROM ({query}) told",
    "postgresql": (
        "SELECT {source}, reference, amount_cents, debit_id, credit_id, value_date::date, memo "
        "FROM ({query}) told (reference, amount_cents, debit_id, credit_id, value_date, memo)"
    ),
}
# SQLite has no time zones; the day in UTC is asked first, for the other takes a call to Python.
BOOKING_DAY = {
    "sqlite": (
        "t.value_date <> date(t.booked_at) AND "
        "t.value_date <> django_datetime_cast_date(t.booked_at, %s, 'UTC')"
    ),
    "postgresql": "t.value_date <> (t.booked_at AT TIME ZONE %s)::date",
}
# What differs, as words in the order in which they are looked at.
DIFFERENCES = {
    "amount": "t.amount_cents IS DISTINCT FROM e.amount_cents",
    "debit": "e.debit_id IS NOT NULL AND t.debit_id <> e.debit_id",
    "credit": "e.credit_id IS NOT NULL AND t.credit_id <> e.credit_id",
    "memo": "e.memo IS NOT NULL AND t.memo <> e.memo",
    "value_date": (
        "CASE WHEN e.value_date IS NOT NULL THEN t.value_date <> e.value_date ELSE {day} END"
    ),
}
WRONG = """
    SELECT e.source, e.reference, CASE WHEN t.id IS NULL THEN NULL {cases} END AS differs
    FROM ledger_told e LEFT JOIN fund_transfer t ON t.reference = e.reference
    WHERE t.id IS NULL OR {any}
    ORDER BY e.source, e.reference LIMIT {most}
"""
# All of it in one pass: in right books nothing more needs to be asked.
COUNTS = """
    SELECT COUNT(t.id), COUNT(DISTINCT t.id),
           SUM(CASE WHEN t.id IS NULL OR {any} THEN 1 ELSE 0 END)
    FROM ledger_told e LEFT JOIN fund_transfer t ON t.reference = e.reference
"""
TWICE = """
    SELECT MIN(source), reference FROM ledger_told
    GROUP BY reference HAVING COUNT(*) > 1 ORDER BY reference LIMIT {most}
"""
UNTOLD = """
    SELECT t.reference FROM fund_transfer t
    LEFT JOIN ledger_told e ON e.reference = t.reference
    WHERE e.reference IS NULL ORDER BY t.id LIMIT {most}
"""


def compare(sources: list[FactSource]) -> list[Outcome]:
    """One outcome per source, and one (`kinds`) of transfers whose kind nobody knows.

    Findings: `not_booked`, `booked_otherwise` (with what differs), `no_such_fact`, `told_twice`
    (two facts ask for one transfer), `facts_disagree`, `facts_unreadable`, and `unknown_kind`.
    """
    found: dict[int, list[Finding]] = {number: [] for number in range(-1, len(sources))}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS ledger_told")
        cursor.execute(TABLE)
        try:
            told = [0] * len(sources)
            for number, source in enumerate(sources):
                try:
                    told[number] = _tell(cursor, number, source)
                except NotEuros as error:
                    params = {"source": source.name, "why": str(error)}
                    found[number].append(Finding("facts_unreadable", params))
            for number, finding in _findings(cursor, sources):
                found[number].append(finding)
            cursor.execute("SELECT COUNT(*) FROM fund_transfer")
            transfers = cursor.fetchone()[0]
        finally:
            cursor.execute("DROP TABLE IF EXISTS ledger_told")
    for number, source in enumerate(sources):
        found[number] += _contradictions(source)
    outcomes = [
        outcome(f"facts:{source.name}", told[number], found[number])
        for number, source in enumerate(sources)
    ]
    return [*outcomes, outcome("kinds", transfers, found[-1])]


def _contradictions(source: FactSource) -> list[Finding]:
    try:
        return [Finding("facts_disagree", {"fact": fact}) for fact in source.contradictions()]
    except NotEuros as error:
        return [Finding("facts_unreadable", {"source": source.name, "why": str(error)})]


def _tell(cursor: Any, number: int, source: FactSource) -> int:
    """Write down what one source expects; gives how many transfers that are."""
    count = 0
    for rows in source.rows():
        query, params = rows.query.sql_with_params()
        told = FROM_FACTS[connection.vendor].format(source=number, query=query)
        cursor.execute(f"INSERT INTO ledger_told {COLUMNS} {told}", params)
        count += cursor.rowcount
    marks = ", ".join(["%s"] * 7)
    insert = f"INSERT INTO ledger_told {COLUMNS} VALUES ({marks})"  # noqa: S608
    for part in batched(source.expected(), BATCH, strict=False):
        cursor.executemany(insert, [(number, *_row(expected)) for expected in part])
        count += len(part)
    return count


def _row(expected: Expected) -> tuple[Any, ...]:
    values = astuple(expected)
    day = expected.day
    return (*values[:4], day.isoformat() if day else None, expected.memo)


def _findings(cursor: Any, sources: list[FactSource]) -> Iterator[tuple[int, Finding]]:
    day, zone = BOOKING_DAY[connection.vendor], timezone.get_default_timezone_name()
    differences = {word: sql.format(day=day) for word, sql in DIFFERENCES.items()}
    parts = {
        "cases": " ".join(f"WHEN {sql} THEN '{word}'" for word, sql in differences.items()),
        "any": " OR ".join(f"({sql})" for sql in differences.values()),
        "most": MOST_FINDINGS,
    }
    cursor.execute("SELECT COUNT(*) FROM fund_transfer")
    transfers = cursor.fetchone()[0]
    cursor.execute(COUNTS.format(**parts), [zone])
    known, distinct, wrong = cursor.fetchone()
    if wrong:
        cursor.execute(WRONG.format(**parts), [zone, zone])
        for number, reference, differs in cursor.fetchall():
            if differs is None:
                yield number, Finding("not_booked", {"reference": reference})
            else:
                params = {"reference": reference, "what": differs}
                yield number, Finding("booked_otherwise", params)
    if known != distinct:
        cursor.execute(TWICE.format(most=MOST_FINDINGS))
        for number, reference in cursor.fetchall():
            yield number, Finding("told_twice", {"reference": reference})
    if distinct != transfers:
        cursor.execute(UNTOLD.format(most=MOST_FINDINGS))
        for (reference,) in cursor.fetchall():
            number = _source(reference, sources)
            code = "unknown_kind" if number == -1 else "no_such_fact"
            yield number, Finding(code, {"reference": reference})


def _source(reference: str, sources: list[FactSource]) -> int:
    """The source whose prefix the reference has; -1 where none has."""
    fitting = (n for n, source in enumerate(sources) if reference.startswith(source.prefix))
    return next(fitting, -1)
