"""Months close by two people, and nothing is booked into them afterwards."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from budgetpool.audit.models import AuditEvent
from budgetpool.fund import checks, closed_months, ledger, periods
from budgetpool.fund.models import Account, PeriodStep
from tests.fund.tampering import without_guards
from tests.refusing import refuses
from tests.sharing import shared

pytestmark = pytest.mark.django_db


@shared
def until(twente):
    """The last day of the newest month that is over."""
    return periods.can_close(twente)


@shared
def booked(bank, pool, until):
    """EUR 5 that came in on the last day of the month."""
    return post(bank, pool, "d:1", until)


@shared
def closed(booked, twente, until, treasurer, chair):
    step = periods.ask_to_close(fund=twente, until=until, by=treasurer)
    return periods.approve(step=step, by=chair)


def post(bank, pool, reference, day):
    return ledger.post(
        debit=bank, credit=pool, amount=500, reference=reference, memo="deposit", value_date=day
    )


def test_nothing_is_booked_into_a_closed_month_or_before_it(closed, bank, pool, until, twente):
    assert closed_months.closed_until(twente.pk) == until
    for day in (until, until - timedelta(days=400)):
        with refuses("period_closed"):
            post(bank, pool, "d:2", day)
    post(bank, pool, "d:3", until + timedelta(days=1))
    post(bank, pool, "d:1", until)  # what was booked before is still the same, and asked again


def test_the_database_refuses_it_too(closed, booked):
    columns = "fund_id, debit_id, credit_id, amount_cents, memo, note, booked_at, value_date"
    copied = (
        f"INSERT INTO fund_transfer (reference, {columns}) "
        f"SELECT 'raw:1', {columns} FROM fund_transfer WHERE id = {booked.pk}"
    )
    with (
        pytest.raises(IntegrityError, match="period_closed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(copied)


def test_another_fund_goes_on(closed, drenthe, until):
    bank, pool = (
        ledger.open_account(fund=drenthe, kind=Account.Kind(kind), code=kind)
        for kind in ("bank", "pool")
    )
    assert post(bank, pool, "d:9", until).value_date == until


def test_a_mistake_in_a_closed_month_is_corrected_today(closed, booked):
    correction = ledger.correct(transfer=booked, note="Not ours")
    assert correction.value_date == timezone.localdate()


def test_two_people_close_a_month(booked, twente, until, treasurer, treasurer_of_drenthe, adviser):
    for nobody in (treasurer_of_drenthe, adviser):
        with refuses("not_treasurer"):
            periods.ask_to_close(fund=twente, until=until, by=nobody)
    step = periods.ask_to_close(fund=twente, until=until, by=treasurer)
    assert closed_months.closed_until(twente.pk) is None
    with refuses("same_person"):
        periods.approve(step=step, by=treasurer)
    with refuses("not_second"):
        periods.approve(step=step, by=treasurer_of_drenthe)
    with refuses("step_waits"):
        periods.ask_to_close(fund=twente, until=until, by=treasurer)
    periods.withdraw(step=step, by=treasurer)
    with refuses("wrong_state"):
        periods.withdraw(step=step, by=treasurer)


def test_the_last_month_opens_again_for_a_reason_of_two_people(
    closed, bank, pool, twente, until, treasurer, chair
):
    with refuses("reason_missing"):
        periods.ask_to_reopen(fund=twente, reason=" ", by=treasurer)
    step = periods.ask_to_reopen(fund=twente, reason="The accountant asks", by=treasurer)
    with refuses("same_person"):
        periods.approve(step=step, by=treasurer)
    periods.approve(step=step, by=chair)
    post(bank, pool, "d:2", until)
    with refuses("no_month_closed"):
        periods.ask_to_reopen(fund=twente, reason="Again", by=treasurer)
    again = periods.ask_to_close(fund=twente, until=until, by=treasurer)
    periods.approve(step=again, by=chair)
    with refuses("period_closed"):
        post(bank, pool, "d:4", until)
    actions = AuditEvent.objects.filter(action__startswith="period.").order_by("pk")
    assert [event.action for event in actions] == [
        "period.close_asked",
        "period.closed",
        "period.reopen_asked",
        "period.reopened",
        "period.close_asked",
        "period.closed",
    ]


def test_a_month_that_is_not_over_or_closed_before_does_not_close(closed, twente, until, treasurer):
    for day in (until - timedelta(days=1), until + timedelta(days=62)):
        with refuses("month_not_over"):
            periods.ask_to_close(fund=twente, until=day, by=treasurer)
    with refuses("month_closed"):
        periods.ask_to_close(fund=twente, until=until, by=treasurer)


def test_wrong_books_do_not_close(booked, twente, until, treasurer):
    with without_guards(), connection.cursor() as cursor:
        cursor.execute("UPDATE fund_account SET credits_cents = 501 WHERE code = 'pool'")
    with refuses("books_not_proven") as error:
        periods.ask_to_close(fund=twente, until=until, by=treasurer)
    (reason,) = error.value.params["reasons"]
    assert reason.startswith("Op rekening pool staat €\xa05,01, maar")


def test_what_left_the_bank_without_a_reason_keeps_the_month_open(
    booked, bank, twente, until, treasurer
):
    unexplained = ledger.open_account(
        fund=twente, kind=Account.Kind.UNEXPLAINED, code="unexplained"
    )
    post(unexplained, bank, "p:1", until)
    with refuses("books_not_proven"):
        periods.ask_to_close(fund=twente, until=until, by=treasurer)
    post(bank, unexplained, "p:2", until)
    assert periods.ask_to_close(fund=twente, until=until, by=treasurer).until == until


def test_a_step_keeps_what_was_written(closed):
    with pytest.raises(IntegrityError, match="keeps what was written"), transaction.atomic():
        PeriodStep.objects.update(until=closed.until - timedelta(days=31))
    with pytest.raises(IntegrityError, match="never removed"), transaction.atomic():
        PeriodStep.objects.all()._raw_delete("default")


def test_the_check_of_the_books_names_what_was_booked_after_closing(closed, bank, pool, until):
    late = post(bank, pool, "d:2", until + timedelta(days=1))
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fund_transfer SET value_date = %s WHERE id = %s", [until.isoformat(), late.pk]
        )
    named = [(f.code, f.params["reference"]) for o in checks.check_ledger() for f in o.findings]
    assert named == [("booked_after_closing", "d:2")]
