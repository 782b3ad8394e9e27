"""How long `check_ledger` takes on the books of a large fund: a million transfers by default.

    python benchmarks/check_ledger.py [--transfers 1000000] [--runs 2]

Uses the database of DATABASE_URL (a fresh SQLite file if there is none). It must be empty: the
books that it fills it with stay. Four fifths of the transfers are recognised deposits of a hundred
employers that joined the pool, the rest left the bank; the triggers of the ledger book them all.
Prints the seconds of each run, how many times those of a bare sum of the same table by account (the
yardstick of a machine that is slow or busy), those of the processor in this process (on a machine
with other work the run itself waits; the server of PostgreSQL is not in it), and the most memory it
held.
"""

# ruff: noqa: E402 (Django's settings come before its imports)

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgetpool.settings")
os.environ.setdefault("DEBUG", "0")
os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-" * 3)
os.environ.setdefault(
    "DATABASE_URL", f"sqlite:///{Path(tempfile.mkdtemp(prefix='check-')) / 'books.sqlite3'}"
)

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from rich.console import Console
from rich.table import Table

from budgetpool.fund import checks, funds, ledger
from budgetpool.fund.models import Account, Region, Transfer
from employers.models import Employer

EMPLOYERS, DAYS = 100, 250
NUMBERS = {
    "sqlite": (
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
    ),
    "postgresql": "WITH n (i) AS (SELECT generate_series(1, {count})) ",
}
DAY = {
    "sqlite": "date('2026-01-01', '+' || (i % {days}) || ' days')",
    "postgresql": "DATE '2026-01-01' + CAST(i %% {days} AS integer)",
}
ENTRIES = """
    INSERT INTO bank_bankentry (fund_id, statement_id, date, amount_cents, name, iban, remittance,
        structured_reference, end_to_end_id, reference, bank_reference, is_reversal, is_unsplit,
        key)
    {numbers}
    SELECT {fund}, {statement}, {day},
           CASE WHEN i <= {deposits} THEN 1000 + i %% 700 ELSE -100 - i %% 70 END,
           '', '', '', '', '', '', '', {false}, {false}, CAST(i AS varchar(20)) FROM n
"""
DEPOSITS = """
    INSERT INTO employers_deposit (fund_id, entry_id, amount_cents, received_on)
    SELECT fund_id, id, amount_cents, date FROM bank_bankentry WHERE amount_cents > 0 ORDER BY id
"""
MATCHES = """
    INSERT INTO employers_depositmatch (deposit_id, number, employer_id, account_id, amount_cents,
                                        how, matched_at, undone_reason, kept_cents, memo)
    SELECT id, 1, {employer} + id %% {employers}, {pool}, amount_cents, 'reference', {now}, '', 0,
           ''
    FROM employers_deposit
"""
POSTED = "INSERT INTO fund_transfer (fund_id, debit_id, credit_id, amount_cents, reference, memo, "
RECEIVED = (
    POSTED
    + """note, booked_at, value_date)
    SELECT {fund}, {bank}, own.id, match.amount_cents, 'deposit:' || deposit.id || ':received',
           'deposit', '', {now}, deposit.received_on
    FROM employers_depositmatch match JOIN employers_deposit deposit ON deposit.id = deposit_id
    JOIN fund_account own ON own.code = 'employer-' || match.employer_id ORDER BY deposit.id
"""
)
JOINED = (
    POSTED
    + """note, booked_at, value_date)
    SELECT {fund}, own.id, {pool}, match.amount_cents, 'deposit:' || deposit.id || ':joined:1',
           'joined_pool', '', {now}, deposit.received_on
    FROM employers_depositmatch match JOIN employers_deposit deposit ON deposit.id = deposit_id
    JOIN fund_account own ON own.code = 'employer-' || match.employer_id ORDER BY deposit.id
"""
)
LEFT = (
    POSTED
    + """note, booked_at, value_date)
    SELECT {fund}, {unexplained}, {bank}, -amount_cents, 'bank-entry:' || id || ':left',
           'unexplained_payment', '', {now}, date
    FROM bank_bankentry WHERE amount_cents < 0 ORDER BY id
"""
)


def fill(count: int) -> None:
    """The books of one fund with so many transfers."""
    vendor = connection.vendor
    region = Region.objects.create(code="BENCH", name="Bench", slug="bench", valid_from=2015)
    fund = funds.open_fund(region=region, name="Bench")
    iban = funds.add_iban(fund=fund, iban="NL91ABNA0417164300", holder_name="Bench")
    payers = Employer.objects.bulk_create(
        [Employer(name=f"Employer {n}", kvk=f"{90000000 + n}") for n in range(EMPLOYERS)]
    )
    ledger.open_accounts(
        fund=fund, kind=Account.Kind.EMPLOYER, codes=[f"employer-{payer.pk}" for payer in payers]
    )
    deposits = count * 4 // 10
    entries = deposits + count * 2 // 10
    statement = (
        "INSERT INTO bank_bankstatement (fund_id, fund_iban_id, statement_id, file_name, "
        "file_sha256, known_count, imported_at, key) "
        f"VALUES ({fund.pk}, {iban.pk}, '1', 'bench', '', 0, CURRENT_TIMESTAMP, '1') RETURNING id"
    )
    words = {
        "numbers": NUMBERS[vendor].format(count=entries),
        "day": DAY[vendor].format(days=DAYS),
        "fund": fund.pk,
        "bank": iban.account_id,
        "pool": Account.objects.get(fund=fund, code="pool").pk,
        "unexplained": Account.objects.get(fund=fund, code="unexplained").pk,
        "employer": payers[0].pk,
        "employers": EMPLOYERS,
        "deposits": deposits,
        "false": "0" if vendor == "sqlite" else "false",
        "now": "'2026-11-01 12:00:00'" + ("" if vendor == "sqlite" else "::timestamptz"),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        words["statement"] = cursor.fetchone()[0]
        for query in (ENTRIES, DEPOSITS, MATCHES, RECEIVED, JOINED, LEFT):
            cursor.execute(query.format(**words).replace("%%", "%"))


def seconds_of_sums() -> float:
    """Seconds of the least that any proof of the totals asks: each account's two sums."""
    started = time.perf_counter()
    with connection.cursor() as cursor:
        for side in ("debit_id", "credit_id"):
            cursor.execute(f"SELECT {side}, SUM(amount_cents) FROM fund_transfer GROUP BY {side}")
            cursor.fetchall()
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transfers", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=2)
    options = parser.parse_args()
    call_command("migrate", verbosity=0, skip_checks=True)
    started = time.perf_counter()
    fill(options.transfers)
    filled = time.perf_counter() - started
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    seconds, busy, sums = [], [], []
    for _ in range(options.runs):
        sums.append(seconds_of_sums())
        started, used = time.perf_counter(), time.process_time()
        outcomes = checks.check_ledger()
        seconds.append(time.perf_counter() - started)
        busy.append(time.process_time() - used)
    table = Table(title=f"check_ledger on {Transfer.objects.count():,} transfers")
    for heading in (
        "database",
        "filled in",
        "each run",
        "bare sums",
        "ratio",
        "processor",
        "findings",
        "memory",
    ):
        table.add_column(heading, justify="right")
    table.add_row(
        connection.vendor,
        f"{filled:.0f} s",
        ", ".join(f"{one:.1f} s" for one in seconds),
        ", ".join(f"{one:.2f} s" for one in sums),
        f"{min(seconds) / min(sums):.1f}",
        ", ".join(f"{one:.1f} s" for one in busy),
        str(sum(len(outcome.findings) for outcome in outcomes)),
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB",
    )
    Console().print(table)


if __name__ == "__main__":
    main()
