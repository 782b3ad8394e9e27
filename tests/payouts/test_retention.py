"""Bank accounts and files for the bank go seven years after the year of the last payment."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from allocation.models import Payee, PaymentBatch, Payout
from allocation.payouts import batches, confirming, planning
from allocation.retention import CATEGORIES
from budgetpool.audit.models import AuditEvent
from tests.payouts.conftest import statement
from tests.payouts.test_paying import enter, send
from tests.refusing import refuses
from tests.sharing import shared
from workers.data.destroying import keys_sha256
from workers.models import Destruction

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


def run(code, day):
    """What the nightly command does with one category on a day."""
    one = next(category for category in CATEGORIES if category.code == code)
    rows = one.past(day - timedelta(days=one.days))
    return one.act(category=one.code, rule=one.rule, rows=rows)


@shared
def paid(award, school, opened, main_iban, treasurer, second_treasurer):
    payout = planning.advance(invoice=enter(award, treasurer), actor=treasurer)
    batch = send(opened.fund, treasurer, second_treasurer)
    statement(main_iban, (-payout.amount_cents, payout.end_to_end_id, {}))
    confirming.confirm(fund=main_iban.fund, actor=treasurer)
    return batch


def long_ago(rows, **values):
    """Rows as they look when seven full years have gone by; the guards do not allow that move."""
    table = rows.model._meta.db_table
    on = "" if connection.vendor == "sqlite" else f" ON {table}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE name = %s"
            if connection.vendor == "sqlite"
            else "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = %s",
            [f"{table}_keeps"],
        )
        (guard,) = cursor.fetchone()
        cursor.execute(f"DROP TRIGGER {table}_keeps{on}")
        rows.update(**values)
        cursor.execute(guard)


def test_seven_years_after_the_year_of_the_last_payment_number_and_name_go(paid, school):
    Payout.objects.update(made_at=datetime(YEAR, 1, 1, tzinfo=timezone.get_current_timezone()))
    words = ("name_suggestion", "warnings", "entered_answer", "verified_answer")
    Payee.objects.update(**dict.fromkeys(words, "other_name"))
    long_ago(Payee.objects.all(), entered_at=timezone.now() - timedelta(days=9 * 366))
    assert run("payees", date(YEAR + 7, 12, 31)) == 0
    assert run("payees", date(YEAR + 8, 1, 2)) == 1
    school.refresh_from_db()
    assert (school.iban, school.holder_name, school.verified_how) == ("", "", "")
    assert {getattr(school, name) for name in words} == {""}
    assert school.verified_by is not None
    assert school.ended_at is not None
    assert str(school)
    event = AuditEvent.objects.get(action="payee.forgotten")
    assert event.subject_id == str(school.pk)
    line = Destruction.objects.get(category="payees")
    assert (line.count, line.keys_sha256) == (1, keys_sha256("payees", [school.pk]))
    assert run("payees", date(YEAR + 8, 1, 2)) == 0


def test_an_account_with_a_payment_on_its_way_stays_however_old(paid, school):
    long_ago(Payee.objects.all(), entered_at=timezone.now() - timedelta(days=9 * 366))
    row = Payout.objects.get()
    Payout.objects.filter(pk=row.pk).update(made_at=timezone.now() - timedelta(days=9 * 366))
    planned = Payout.objects.create(
        award=row.award,
        kind=Payout.Kind.REST,
        invoice=row.invoice,
        payee=school,
        amount_cents=100,
        description="rest",
        made_by=row.made_by,
    )
    assert run("payees", date(YEAR + 9, 6, 1)) == 0
    Payout.objects.filter(pk=planned.pk).update(status=Payout.Status.WITHDRAWN)
    assert run("payees", date(YEAR + 9, 6, 1)) == 1


def test_the_file_for_the_bank_loses_its_bytes_and_keeps_its_digest_and_total(paid, treasurer):
    digest = paid.xml_sha256
    assert run("bank_files", date(YEAR + 7, 12, 31)) == 0
    long_ago(PaymentBatch.objects.all(), execution_on=date(YEAR - 9, 6, 1))
    assert run("bank_files", timezone.localdate()) == 1
    paid.refresh_from_db()
    assert (bytes(paid.xml), paid.xml_sha256, paid.total_cents) == (b"", digest, 48_000)
    with refuses("file_gone"):
        batches.fetch(batch=paid, actor=treasurer)


@pytest.mark.parametrize("values", [{"iban": ""}, {"holder_name": ""}])
def test_the_database_lets_no_younger_account_lose_its_number_or_name(school, values):
    with pytest.raises(IntegrityError, match="keeps what was written"), transaction.atomic():
        Payee.objects.filter(pk=school.pk).update(**values)


def test_an_old_account_can_be_emptied_and_never_be_given_another_number(school):
    long_ago(Payee.objects.all(), entered_at=timezone.now() - timedelta(days=9 * 366))
    with pytest.raises(IntegrityError, match="keeps what was written"), transaction.atomic():
        Payee.objects.update(iban="NL39RABO0300065264")
    Payee.objects.update(iban="")


def test_the_database_lets_no_younger_file_for_the_bank_lose_its_bytes(paid):
    with pytest.raises(IntegrityError, match="keeps what was written"), transaction.atomic():
        PaymentBatch.objects.update(xml=b"")
