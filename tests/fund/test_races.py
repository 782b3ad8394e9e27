"""Spenders at the same moment, on PostgreSQL with a connection each."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from budgetpool.fund import checks, ledger, periods
from budgetpool.fund.models import Account, Transfer
from budgetpool.refusals import Refusal
from tests.sharing import shared

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*tasks):
    """Start all tasks at one moment, each with its own connection; their results or errors."""
    barrier = Barrier(len(tasks))

    def run(task):
        barrier.wait(timeout=20)
        try:
            return task()
        except Refusal as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(run, tasks))


@shared
def rounds(twente):
    return [
        ledger.open_account(fund=twente, kind=Account.Kind.ROUND, code=f"round-{n}")
        for n in range(2)
    ]


def fill(bank, account, cents):
    ledger.post(
        debit=bank, credit=account, amount=cents, reference=f"fill:{account.code}", memo="x"
    )


def no_findings():
    return [outcome for outcome in checks.check_ledger() if not outcome.ok] == []


def test_two_rounds_cannot_spend_the_same_euro(bank, pool, rounds):
    fill(bank, pool, 100)

    def ceiling(account):
        return lambda: ledger.post(
            debit=pool, credit=account, amount=100, reference=f"{account.code}:ceiling", memo="x"
        )

    results = at_once(*(ceiling(account) for account in rounds))
    assert sorted(named(result) for result in results) == ["Transfer", "not_enough_money"]
    assert ledger.balance_cents(pool) == 0
    assert sum(ledger.balance_cents(account) for account in rounds) == 100
    assert no_findings()


def test_eight_spenders_spend_exactly_what_there_is(bank, pool, rounds):
    fill(bank, pool, 100)

    def spend(spender):
        def run():
            done = 0
            for n in range(4):
                try:
                    ledger.post(
                        debit=pool,
                        credit=rounds[0],
                        amount=5,
                        memo="x",
                        reference=f"spender:{spender}:{n}",
                    )
                    done += 1
                except Refusal:
                    pass
            return done

        return run

    assert sum(at_once(*(spend(spender) for spender in range(8)))) == 20
    assert ledger.balance_cents(rounds[0]) == 100
    assert no_findings()


def test_a_month_that_closes_waits_for_transfers_under_way_and_takes_no_later_one(
    bank, pool, twente, treasurer, chair
):
    until = periods.can_close(twente)
    step = periods.ask_to_close(fund=twente, until=until, by=treasurer)

    def post(reference, *, at, holds=0.0):
        def run():
            time.sleep(at)
            with transaction.atomic():
                made = ledger.post(
                    debit=bank,
                    credit=pool,
                    amount=7,
                    reference=reference,
                    memo="x",
                    value_date=until,
                )
                time.sleep(holds)
            return made

        return run

    def close():
        time.sleep(0.5)
        return periods.approve(step=step, by=chair)

    early, closed, late = at_once(post("r:1", at=0, holds=1.5), close, post("r:2", at=1))
    assert early.booked_at < closed.approved_at
    assert named(late) == "period_closed"
    assert no_findings()


def test_one_reference_asked_for_at_once_is_posted_once(bank, employer):
    def deposit():
        return ledger.post(debit=bank, credit=employer, amount=7, reference="d:1", memo="deposit")

    results = at_once(*[deposit] * 5)
    assert len({result.pk for result in results}) == 1
    assert ledger.balance_cents(employer) == 7


def test_one_reference_with_two_meanings_is_posted_once(bank, rounds):
    def deposit(account):
        return lambda: ledger.post(
            debit=bank, credit=account, amount=7, reference="d:1", memo="deposit"
        )

    results = at_once(*(deposit(account) for account in rounds))
    assert sorted(named(result) for result in results) == ["Transfer", "reference_taken"]
    assert Transfer.objects.count() == 1


def test_spenders_that_cross_wait_for_each_other_and_never_deadlock(bank, twente):
    accounts = [
        ledger.open_account(fund=twente, kind=Account.Kind.POOL, code=f"pool-{n}") for n in range(4)
    ]
    for account in accounts:
        fill(bank, account, 10_000)

    def cross(spender):
        draw = random.Random(spender)

        def run():
            for n in range(15):
                pairs = [draw.sample(accounts, 2) for _ in range(3)]
                ledger.post_many(
                    ledger.Entry(
                        debit=debit,
                        credit=credit,
                        amount=1,
                        memo="x",
                        reference=f"cross:{spender}:{n}:{k}",
                    )
                    for k, (debit, credit) in enumerate(pairs)
                )

        return run

    assert at_once(*(cross(spender) for spender in range(6))) == [None] * 6
    assert Transfer.objects.count() == 4 + 6 * 15 * 3
    assert no_findings()


def test_raw_sql_at_the_same_moment_cannot_overdraw_either(bank, pool, rounds):
    fill(bank, pool, 100)

    def insert(n):
        def run():
            with connection.cursor() as cursor:
                try:
                    cursor.execute(
                        "INSERT INTO fund_transfer (fund_id, debit_id, credit_id, amount_cents, "
                        "reference, memo, note, booked_at, value_date) "
                        "VALUES (%s, %s, %s, 60, %s, 'x', '', now(), now())",
                        [pool.fund_id, pool.pk, rounds[n].pk, f"raw:{n}"],
                    )
                except Exception as error:
                    return type(error).__name__

        return run

    assert sorted(map(str, at_once(insert(0), insert(1)))) == ["IntegrityError", "None"]
    assert ledger.balance_cents(pool) == 40


def named(result):
    """A refusal by its code, anything else by its kind."""
    return getattr(result, "code", type(result).__name__)
