"""Every total recounted from the transfers alone, and the history walked through once.

The database does the work: what it counts per account and day answers most questions, and one
walk through the history the rest. A million transfers stay out of Python.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from budgetpool.fund.findings import MOST_FINDINGS, Finding
from budgetpool.fund.models import Account

DAY = {"sqlite": "substr(booked_at, 1, 10)", "postgresql": "(booked_at AT TIME ZONE 'UTC')::date"}

# One row per account and day: its totals and its last moment.
DAYS_COUNTED = """
    CREATE TEMPORARY TABLE ledger_day AS
    SELECT account_id, day, SUM(debits) AS debits, SUM(credits) AS credits,
           MAX(latest) AS latest
    FROM (
        SELECT debit_id AS account_id, {day} AS day, SUM(amount_cents) AS debits, 0 AS credits,
               MAX(booked_at) AS latest
        FROM fund_transfer{scan} GROUP BY 1, 2
        UNION ALL
        SELECT credit_id, {day}, 0, SUM(amount_cents), MAX(booked_at)
        FROM fund_transfer{scan} GROUP BY 1, 2
    ) sides GROUP BY account_id, day
"""
# The indexes of SQLite lead to the rows one by one; reading them all in a row is quicker.
SCAN = {"sqlite": " NOT INDEXED", "postgresql": ""}
TOTALS = """
    SELECT fund.name, account.code, account.kind,
           account.debits_cents, account.credits_cents, counted.debits, counted.credits
    FROM fund_account account JOIN fund_fund fund ON fund.id = account.fund_id
    LEFT JOIN (
        SELECT account_id, SUM(debits) AS debits, SUM(credits) AS credits
        FROM ledger_day GROUP BY account_id
    ) counted ON counted.account_id = account.id
    WHERE account.debits_cents <> COALESCE(counted.debits, 0)
       OR account.credits_cents <> COALESCE(counted.credits, 0)
    ORDER BY account.id
"""
DAYS = """
    SELECT account.code, day.day, day.debits, day.credits, day.kept_debits, day.kept_credits
    FROM (
        SELECT COALESCE(counted.account_id, kept.account_id) AS account_id,
               COALESCE(counted.day, kept.day) AS day,
               COALESCE(counted.debits, 0) AS debits, COALESCE(counted.credits, 0) AS credits,
               COALESCE(kept.debits_cents, 0) AS kept_debits,
               COALESCE(kept.credits_cents, 0) AS kept_credits
        FROM ledger_day counted
        FULL JOIN fund_accountday kept
            ON kept.account_id = counted.account_id AND kept.day = counted.day
    ) day LEFT JOIN fund_account account ON account.id = day.account_id
    WHERE day.debits <> day.kept_debits OR day.credits <> day.kept_credits
    ORDER BY day.account_id, day.day
"""
# The accounts from which anything was taken: no other can have been below zero. A bank may be.
TAKEN_FROM = """
    CREATE TEMPORARY TABLE ledger_taken AS
    SELECT account.id FROM fund_account account WHERE account.kind <> 'bank' AND (
        CASE WHEN account.kind IN ({assets})
        THEN EXISTS (SELECT 1 FROM fund_transfer WHERE credit_id = account.id)
        ELSE EXISTS (SELECT 1 FROM fund_transfer WHERE debit_id = account.id) END
    )
"""
# The history once, account by account: where debits less credits went to the wrong side of zero.
LOWEST = """
    SELECT fund.name, account.code, below.worst FROM (
        SELECT account_id, -MAX(ABS(net)) AS worst FROM (
            SELECT account_id, SUM(cents) OVER (
                PARTITION BY account_id ORDER BY id ROWS UNBOUNDED PRECEDING
            ) AS net
            FROM (
                SELECT debit_id AS account_id, amount_cents AS cents, id FROM fund_transfer{scan}
                WHERE debit_id IN (SELECT id FROM ledger_taken)
                UNION ALL
                SELECT credit_id, -amount_cents, id FROM fund_transfer{scan}
                WHERE credit_id IN (SELECT id FROM ledger_taken)
            ) sides
        ) walked
        WHERE net > 0 AND account_id NOT IN (SELECT id FROM fund_account WHERE kind IN ({assets}))
           OR net < 0 AND account_id IN (SELECT id FROM fund_account WHERE kind IN ({assets}))
        GROUP BY account_id
    ) below JOIN fund_account account ON account.id = below.account_id
    JOIN fund_fund fund ON fund.id = account.fund_id
    ORDER BY account.id
"""
SIDES = """
    SELECT fund.name,
           SUM(CASE WHEN account.kind IN ({assets}) THEN day.debits - day.credits ELSE 0 END),
           SUM(CASE WHEN account.kind IN ({assets}) THEN 0 ELSE day.credits - day.debits END)
    FROM ledger_day day
    JOIN fund_account account ON account.id = day.account_id
    JOIN fund_fund fund ON fund.id = account.fund_id
    GROUP BY fund.id, fund.name ORDER BY fund.id
"""
# All transfers in the order of writing: right books of one writer have none that turns back.
TURNED = {
    "postgresql": """
        SELECT 1 FROM (
            SELECT booked_at, LAG(booked_at) OVER (ORDER BY id) AS before FROM fund_transfer
        ) walked WHERE booked_at < before LIMIT 1
    """,
    # A look at the row before takes two thirds of the time of a window here.
    "sqlite": """
        SELECT 1 FROM fund_transfer later WHERE booked_at < (
            SELECT earlier.booked_at FROM fund_transfer earlier
            WHERE earlier.id < later.id ORDER BY earlier.id DESC LIMIT 1
        ) LIMIT 1
    """,
}
# Several writers overtake one another, but never on one account.
ORDER = """
    SELECT account.code, MIN(walked.booked_at) FROM (
        SELECT account_id, booked_at,
               LAG(booked_at) OVER (PARTITION BY account_id ORDER BY id) AS before
        FROM (
            SELECT debit_id AS account_id, booked_at, id FROM fund_transfer
            UNION ALL
            SELECT credit_id, booked_at, id FROM fund_transfer
        ) sides
    ) walked JOIN fund_account account ON account.id = walked.account_id
    WHERE walked.booked_at < walked.before
    GROUP BY account.id, account.code ORDER BY account.id
"""
FUTURE = """
    SELECT account.code, day.day
    FROM ledger_day day JOIN fund_account account ON account.id = day.account_id
    WHERE day.latest > {now} ORDER BY account.id, day.day
"""
NOW = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now', '+1 minute')",
    "postgresql": "clock_timestamp() + interval '1 minute'",
}
SHAPES = """
    SELECT transfer.reference,
           CASE WHEN transfer.amount_cents <= 0 THEN 'not_positive'
                WHEN transfer.debit_id = transfer.credit_id THEN 'same_account'
                ELSE 'other_fund' END
    FROM fund_transfer transfer
    LEFT JOIN fund_account debit ON debit.id = transfer.debit_id
    LEFT JOIN fund_account credit ON credit.id = transfer.credit_id
    WHERE transfer.amount_cents <= 0 OR transfer.debit_id = transfer.credit_id
       OR debit.fund_id IS DISTINCT FROM transfer.fund_id
       OR credit.fund_id IS DISTINCT FROM transfer.fund_id
    ORDER BY transfer.id
"""
CORRECTIONS = """
    SELECT transfer.reference,
           CASE WHEN transfer.corrects_id IS NULL THEN 'corrects_nothing'
                ELSE 'correction_differs' END
    FROM fund_transfer transfer
    LEFT JOIN fund_transfer wrong ON wrong.id = transfer.corrects_id
    WHERE (transfer.corrects_id IS NOT NULL OR transfer.reference LIKE '%:corrected')
      AND (wrong.id IS NULL
           OR transfer.reference <> wrong.reference || ':corrected'
           OR transfer.debit_id <> wrong.credit_id OR transfer.credit_id <> wrong.debit_id
           OR transfer.amount_cents <> wrong.amount_cents OR transfer.fund_id <> wrong.fund_id
           OR transfer.id < wrong.id)
    ORDER BY transfer.id
"""


# Transfers that count in a month which was closed when they were booked.
AFTER_CLOSING = """
    SELECT transfer.reference, MIN(closing.until)
    FROM fund_periodstep closing JOIN fund_transfer transfer
        ON transfer.fund_id = closing.fund_id AND transfer.value_date <= closing.until
       AND transfer.booked_at > closing.approved_at
    WHERE closing.kind = 'close' AND closing.approved_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM fund_periodstep opening
        WHERE opening.fund_id = closing.fund_id AND opening.kind = 'reopen'
          AND opening.until = closing.until AND opening.id > closing.id
          AND opening.approved_at < transfer.booked_at
    )
    GROUP BY transfer.id, transfer.reference ORDER BY transfer.id
"""


@contextmanager
def counted() -> Iterator[None]:
    """Within it the days are counted, and the questions below can be asked."""
    vendor = connection.vendor
    with connection.cursor() as cursor:
        _drop(cursor)
        if vendor == "postgresql":
            # For this transaction: sorts of a long history stay in memory.
            cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(DAYS_COUNTED.format(day=DAY[vendor], scan=SCAN[vendor]))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            _drop(cursor)


def _drop(cursor: Any) -> None:
    for table in ("ledger_day", "ledger_taken"):
        cursor.execute(f"DROP TABLE IF EXISTS {table}")


def totals() -> Iterator[Finding]:
    """Accounts whose cached totals are not those of their transfers."""
    for fund, code, kind, debits, credits, counted_debits, counted_credits in _rows(TOTALS):
        account = Account(kind=kind)
        yield Finding(
            "totals_differ",
            {
                "fund": fund,
                "account": code,
                "cached_cents": account.signed(debits, credits),
                "recomputed_cents": account.signed(
                    int(counted_debits or 0), int(counted_credits or 0)
                ),
            },
        )


def days() -> Iterator[Finding]:
    """Days of an account whose totals are not those of the transfers booked on that day."""
    for code, day, debits, credits, kept_debits, kept_credits in _rows(DAYS):
        yield Finding(
            "day_totals_differ",
            {
                "account": code,
                "day": str(day),
                "cached_cents": kept_debits - kept_credits,
                "recomputed_cents": int(debits) - int(credits),
            },
        )


def claims() -> Iterator[Finding]:
    """Accounts that may not be below zero and ever were, in the order of writing."""
    assets = _assets()
    with connection.cursor() as cursor:
        cursor.execute(TAKEN_FROM.format(assets=assets))
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE ledger_taken")
    query = LOWEST.format(assets=assets, scan=SCAN[connection.vendor])
    for fund, code, lowest in _rows(query):
        params = {"fund": fund, "account": code, "lowest_cents": int(lowest)}
        yield Finding("below_zero", params)


def balanced() -> Iterator[Finding]:
    """Funds whose assets are not their claims."""
    for fund, assets, claims in _rows(SIDES.format(assets=_assets()), most=None):
        if assets != claims:
            params = {"fund": fund, "assets_cents": int(assets), "claims_cents": int(claims)}
            yield Finding("out_of_balance", params)


def order() -> Iterator[Finding]:
    """Accounts whose transfers were not booked in the order of being written, or not yet."""
    if _rows(TURNED[connection.vendor], most=None):
        for code, moment in _rows(ORDER):
            yield Finding("out_of_order", {"account": code, "booked_at": str(moment)})
    for code, day in _rows(FUTURE.format(now=NOW[connection.vendor])):
        yield Finding("booked_in_future", {"account": code, "day": str(day)})


def periods() -> Iterator[Finding]:
    """Transfers that were booked into a month after it was closed."""
    for reference, until in _rows(AFTER_CLOSING):
        params = {"reference": reference, "closed_until": str(until)}
        yield Finding("booked_after_closing", params)


def shapes() -> Iterator[Finding]:
    """Transfers that no ledger would write: no amount, one account, or another fund's account."""
    for reference, code in _rows(SHAPES):
        yield Finding(code, {"reference": reference})


def corrections() -> Iterator[Finding]:
    """Corrections that are not the mirror of one transfer, named after it and booked later."""
    for reference, code in _rows(CORRECTIONS):
        yield Finding(code, {"reference": reference})


def _rows(query: str, most: int | None = MOST_FINDINGS) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query if most is None else f"{query} LIMIT {most}")
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _assets() -> str:
    return ", ".join(f"'{kind.value}'" for kind in Account.ASSETS)
