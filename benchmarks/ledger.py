"""How fast the ledger books 10,000 transfers, beside bare INSERTs of the same rows.

A single `ledger.post` stands beside a bare INSERT with its locks, in turn, each a transaction of
its own: two accounts locked in the order of their keys, one row, committed; no totals, no checks.

    python benchmarks/ledger.py [--transfers 10000] [--runs 3]

Uses the database of DATABASE_URL (a fresh SQLite file if there is none); creates a fund of its own
in it; the single postings stay, everything else is rolled back. Prints a table; each figure is the
best of the runs, those of single postings the median.
"""

# ruff: noqa: E402 (Django's settings come before its imports)

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgetpool.settings")
os.environ.setdefault("DEBUG", "1")
os.environ.setdefault(
    "DATABASE_URL", f"sqlite:///{Path(tempfile.mkdtemp(prefix='ledger-')) / 'books.sqlite3'}"
)

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Fund, Region

BARE_TABLE = """
    CREATE TEMPORARY TABLE bare_transfer (
        id {key}, fund_id bigint NOT NULL, debit_id bigint NOT NULL, credit_id bigint NOT NULL,
        amount_cents bigint NOT NULL, reference varchar(100) NOT NULL UNIQUE,
        memo varchar(40) NOT NULL, note varchar(200) NOT NULL, booked_at {moment} NOT NULL,
        value_date date NOT NULL, posted_by_id bigint NULL, corrects_id bigint NULL
    )
"""
BARE_INSERT = """
    INSERT INTO bare_transfer (fund_id, debit_id, credit_id, amount_cents, reference, memo, note,
                               booked_at, value_date)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def open_books(count: int, name: str = "bench") -> tuple[Account, list[Account]]:
    """A round with the money of `count` awards of EUR 8, and the awards' accounts."""
    region = Region.objects.create(code=name, name=name, slug=name, valid_from=2015)
    fund = Fund.objects.create(region=region, name="Bench")
    bank = ledger.open_account(fund=fund, kind=Account.Kind.BANK, code="bank")
    source = ledger.open_account(fund=fund, kind=Account.Kind.ROUND, code="round-1")
    codes = [f"award-{number}" for number in range(count)]
    awards = ledger.open_accounts(fund=fund, kind=Account.Kind.AWARD, codes=codes)
    ledger.post(debit=bank, credit=source, amount=800 * count, reference=f"{name}:fill", memo="x")
    return source, list(awards.values())


def seconds_of(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def create_bare(cursor: CursorWrapper) -> None:
    postgres = connection.vendor == "postgresql"
    cursor.execute(
        BARE_TABLE.format(
            key="bigserial PRIMARY KEY" if postgres else "integer PRIMARY KEY",
            moment="timestamptz" if postgres else "datetime",
        )
    )


def bare(source: Account, awards: list[Account]) -> float:
    """The same rows with the same columns and one unique index, and nothing else."""
    now, today = timezone.now(), timezone.localdate()
    rows = [
        (source.fund_id, source.pk, award.pk, 800, f"bench:{award.pk}", "reserved", "", now, today)
        for award in awards
    ]
    with connection.cursor() as cursor:
        create_bare(cursor)
        seconds = seconds_of(lambda: cursor.executemany(BARE_INSERT, rows))
        cursor.execute("DROP TABLE bare_transfer")
    return seconds


def bulk(source: Account, awards: list[Account]) -> float:
    return seconds_of(
        lambda: ledger.post_many(
            ledger.Entry(
                debit=source,
                credit=award,
                amount=800,
                reference=f"bench:{award.pk}",
                memo="reserved",
            )
            for award in awards
        )
    )


def in_turn(source: Account, awards: list[Account]) -> tuple[float, float]:
    """The median seconds of a bare INSERT with its locks, and of `ledger.post`."""
    with connection.cursor() as cursor:
        create_bare(cursor)
    both = [
        (seconds_of(partial(with_locks, source, award)), seconds_of(partial(post, source, award)))
        for award in awards
    ][10:]  # the first ones warm up
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare_transfer")
    return median(pair[0] for pair in both), median(pair[1] for pair in both)


def with_locks(source: Account, award: Account) -> None:
    keys = sorted((source.pk, award.pk))
    lock = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    reference, now, today = f"bare:{award.pk}", timezone.now(), timezone.localdate()
    row = (source.fund_id, source.pk, award.pk, 800, reference, "reserved", "", now, today)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM fund_account WHERE id IN (%s, %s) ORDER BY id{lock}", keys)
        cursor.fetchall()
        cursor.execute(BARE_INSERT, row)


def post(source: Account, award: Account) -> None:
    ledger.post(
        debit=source, credit=award, amount=800, reference=f"bench:{award.pk}", memo="reserved"
    )


def past_balance(source: Account, repeats: int = 200) -> float:
    moment = timezone.now()
    return seconds_of(lambda: [ledger.balance_cents(source, moment) for _ in range(repeats)]) / (
        repeats
    )


def measure(count: int) -> dict[str, float]:
    """Seconds per kind of work, in one transaction that is rolled back."""
    with transaction.atomic():
        source, awards = open_books(count)
        figures = {"bare": bare(source, awards)}
        with transaction.atomic():
            figures["bulk"] = bulk(source, awards)
            figures["past"] = past_balance(source)
            transaction.set_rollback(True)
        transaction.set_rollback(True)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transfers", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    call_command("migrate", verbosity=0, skip_checks=True)
    runs = [measure(options.transfers) for _ in range(options.runs)]
    source, awards = open_books(max(options.transfers // 20, 50), f"b{int(time.time()):x}")
    locked, posted = in_turn(source, awards)
    best = {name: min(run[name] for run in runs) for name in runs[0]}
    table = Table(title=f"{options.transfers:,} transfers on {connection.vendor}")
    for heading in ("work", "seconds", "per second", "ratio to bare"):
        table.add_column(heading, justify="left" if heading == "work" else "right")
    for name, label in (("bare", "bare INSERTs, one by one"), ("bulk", "ledger.post_many")):
        rate = options.transfers / best[name]
        ratio = best[name] / best["bare"]
        table.add_row(label, f"{best[name]:.2f}", f"{rate:,.0f}", f"{ratio:.2f}")
    for label, each in (("bare INSERT with its locks", locked), ("ledger.post", posted)):
        ratio = each / locked
        table.add_row(label, f"{each:.5f} each", f"{1 / each:,.0f}", f"{ratio:.2f} (with locks)")
    table.add_row("a past balance of the round", f"{best['past']:.5f} each", "", "")
    Console().print(table)


if __name__ == "__main__":
    main()
