"""How fast the ledger books 10,000 transfers, beside bare INSERTs of the same rows.

    python benchmarks/ledger.py [--transfers 10000] [--runs 3]

Uses the database of DATABASE_URL (a fresh SQLite file if there is none); creates a fund of its own
in it and rolls everything back. Prints a table; each figure is the best of the runs.
"""

# ruff: noqa: E402 (Django's settings come before its imports)

import argparse
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgetpool.settings")
os.environ.setdefault("DEBUG", "1")
os.environ.setdefault(
    "DATABASE_URL", f"sqlite:///{Path(tempfile.mkdtemp(prefix='ledger-')) / 'books.sqlite3'}"
)

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
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


def open_books(count: int) -> tuple[Account, list[Account]]:
    """A round with the money of `count` awards of EUR 8, and the awards' accounts."""
    region = Region.objects.create(code="BENCH", name="Bench", slug="bench", valid_from=2015)
    fund = Fund.objects.create(region=region, name="Bench")
    bank = ledger.open_account(fund=fund, kind=Account.Kind.BANK, code="bank")
    source = ledger.open_account(fund=fund, kind=Account.Kind.ROUND, code="round-1")
    codes = [f"award-{number}" for number in range(count)]
    awards = ledger.open_accounts(fund=fund, kind=Account.Kind.AWARD, codes=codes)
    ledger.post(debit=bank, credit=source, amount=800 * count, reference="bench:fill", memo="x")
    return source, list(awards.values())


def seconds_of(work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def bare(source: Account, awards: list[Account]) -> float:
    """The same rows with the same columns and one unique index, and nothing else."""
    postgres = connection.vendor == "postgresql"
    now, today = timezone.now(), timezone.localdate()
    rows = [
        (source.fund_id, source.pk, award.pk, 800, f"bench:{award.pk}", "reserved", "", now, today)
        for award in awards
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            BARE_TABLE.format(
                key="bigserial PRIMARY KEY" if postgres else "integer PRIMARY KEY",
                moment="timestamptz" if postgres else "datetime",
            )
        )
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


def single(source: Account, awards: list[Account]) -> float:
    def post_each():
        for award in awards:
            ledger.post(
                debit=source,
                credit=award,
                amount=800,
                reference=f"bench:{award.pk}",
                memo="reserved",
            )

    return seconds_of(post_each)


def past_balance(source: Account, repeats: int = 200) -> float:
    moment = timezone.now()
    return seconds_of(lambda: [ledger.balance_cents(source, moment) for _ in range(repeats)]) / (
        repeats
    )


def measure(count: int) -> dict[str, float]:
    """Seconds per kind of work, in one transaction that is rolled back."""
    with transaction.atomic():
        source, awards = open_books(count)
        singles = awards[: count // 20]
        figures = {"bare": bare(source, awards)}
        with transaction.atomic():
            figures["bulk"] = bulk(source, awards)
            figures["past"] = past_balance(source)
            transaction.set_rollback(True)
        with transaction.atomic():
            figures["single"] = single(source, singles) / len(singles)
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
    best = {name: min(run[name] for run in runs) for name in runs[0]}
    table = Table(title=f"{options.transfers:,} transfers on {connection.vendor}")
    for heading in ("work", "seconds", "per second", "ratio to bare"):
        table.add_column(heading, justify="left" if heading == "work" else "right")
    for name, label in (("bare", "bare INSERTs, one by one"), ("bulk", "ledger.post_many")):
        rate = options.transfers / best[name]
        ratio = best[name] / best["bare"]
        table.add_row(label, f"{best[name]:.2f}", f"{rate:,.0f}", f"{ratio:.2f}")
    table.add_row(
        "ledger.post, one by one",
        f"{best['single']:.5f} each",
        f"{1 / best['single']:,.0f}",
        f"{best['single'] * options.transfers / best['bare']:.2f}",
    )
    table.add_row("a past balance of the round", f"{best['past']:.5f} each", "", "")
    Console().print(table)


if __name__ == "__main__":
    main()
