"""What the database itself refuses, whoever asks: each guard is tested by its name."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.db.utils import IntegrityError

from budgetpool.fund import ledger
from budgetpool.fund.models import Account, AccountDay, FundIban, Region, Transfer
from tests.sharing import shared

pytestmark = pytest.mark.django_db

INSERT = """
    INSERT INTO fund_transfer (fund_id, debit_id, credit_id, amount_cents, reference, memo, note,
                               booked_at, value_date)
    VALUES (%s, %s, %s, %s, %s, 'deposit', '', %s, '2027-01-04')
"""
NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)


@shared
def deposit(bank, employer):
    return ledger.post(debit=bank, credit=employer, amount=100, reference="d:1", memo="deposit")


def raw_insert(fund, debit, credit, cents, reference="raw:1"):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, [fund.pk, debit.pk, credit.pk, cents, reference, NOW])


def refused(name, sql, *params):
    with (
        pytest.raises(DatabaseError, match=name),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, params)


def test_raw_sql_that_fits_is_counted_in_the_totals(twente, bank, employer):
    raw_insert(twente, bank, employer, 100)
    assert ledger.balance_cents(employer) == 100
    day = AccountDay.objects.get(account=employer)
    assert (day.day, day.debits_cents, day.credits_cents) == (NOW.date(), 0, 100)


def test_raw_sql_cannot_overdraw_a_claim(twente, deposit, employer, pool):
    with pytest.raises(IntegrityError, match="account_claim_not_below_zero"):
        raw_insert(twente, employer, pool, 101)
    assert ledger.balance_cents(employer) == 100


def test_raw_sql_cannot_recover_more_than_is_owed(twente, bank):
    provider = ledger.open_account(fund=twente, kind=Account.Kind.PROVIDER, code="provider-3")
    with pytest.raises(IntegrityError, match="account_debt_not_below_zero"):
        raw_insert(twente, bank, provider, 1)


@pytest.mark.parametrize("cents", [0, -5])
def test_transfer_amount_positive(twente, bank, employer, cents):
    with pytest.raises(IntegrityError, match="transfer_amount_positive"):
        raw_insert(twente, bank, employer, cents)


def test_an_amount_with_parts_of_a_cent_never_gets_in_as_it_is(twente, bank, employer):
    if connection.vendor == "sqlite":
        with pytest.raises(IntegrityError, match="transfer_whole_cents"):
            raw_insert(twente, bank, employer, 0.5)
    else:
        # PostgreSQL has whole numbers only in this column: half a cent becomes no cent at all.
        with pytest.raises(IntegrityError, match="transfer_amount_positive"):
            raw_insert(twente, bank, employer, 0.4)


def test_transfer_two_accounts(twente, bank):
    with pytest.raises(IntegrityError, match="transfer_two_accounts"):
        raw_insert(twente, bank, bank, 1)


def test_transfer_has_reference(twente, bank, employer):
    with pytest.raises(IntegrityError, match="transfer_has_reference"):
        raw_insert(twente, bank, employer, 1, reference="")


def test_transfer_reference_unique(twente, deposit, bank, employer):
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        raw_insert(twente, bank, employer, 1, reference="d:1")


def test_transfer_same_fund(twente, drenthe, bank, employer):
    other = ledger.open_account(fund=drenthe, kind=Account.Kind.EMPLOYER, code="employer-12")
    with pytest.raises(IntegrityError, match="transfer_same_fund"):
        raw_insert(twente, bank, other, 1)
    with pytest.raises(IntegrityError, match="transfer_same_fund"):
        raw_insert(drenthe, bank, employer, 1)


def test_transfers_are_never_changed_or_removed(deposit):
    message = "rows of fund_transfer are never changed or removed"
    refused(message, "UPDATE fund_transfer SET amount_cents = 1")
    refused(message, "DELETE FROM fund_transfer")
    deposit.refresh_from_db()
    assert deposit.amount_cents == 100


def test_transfers_are_never_truncated(deposit):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    refused("rows of fund_transfer are never changed", "TRUNCATE fund_transfer CASCADE")
    refused("accounts are never removed|never changed", "TRUNCATE fund_account CASCADE")


def test_transfers_are_never_replaced(deposit, employer):
    if connection.vendor == "postgresql":
        refused(
            "rows of fund_transfer are never changed",
            "INSERT INTO fund_transfer SELECT * FROM fund_transfer "
            "ON CONFLICT (reference) DO UPDATE SET amount_cents = 1",
        )
    else:
        refused(
            "rows of fund_transfer are never changed",
            "INSERT OR REPLACE INTO fund_transfer SELECT * FROM fund_transfer",
        )
    assert ledger.balance_cents(employer) == 100


def test_only_transfers_change_the_totals_of_an_account(deposit, twente):
    refused("account_totals", "UPDATE fund_account SET credits_cents = 5000, debits_cents = 5000")
    refused("account_totals", "UPDATE fund_account SET credits_cents = credits_cents + 1")
    with pytest.raises(IntegrityError, match="account_totals"), transaction.atomic():
        Account.objects.create(fund=twente, kind="employer", code="e", credits_cents=100)


def test_a_stale_account_does_not_carry_old_totals_back(bank, employer):
    ledger.post(debit=bank, credit=employer, amount=100, reference="d:1", memo="deposit")
    employer.name = "Bakker & Zn"
    employer.save()
    employer.refresh_from_db()
    assert (employer.name, employer.credits_cents) == ("Bakker & Zn", 100)


def test_an_account_keeps_its_fund_kind_and_code(employer, drenthe):
    for column, value in (("kind", "pool"), ("code", "other"), ("fund_id", drenthe.pk)):
        refused("account_fixed", f"UPDATE fund_account SET {column} = %s", value)


def test_an_account_is_never_removed(employer):
    refused("account_stays", "DELETE FROM fund_account")
    with pytest.raises(TypeError):
        employer.delete()


def test_account_code_unique(employer, twente):
    with pytest.raises(IntegrityError, match=r"account_code_unique|fund_account.code"):
        Account.objects.create(fund=twente, kind="employer", code="employer-12")


def test_account_earmark_on_pools_only(twente):
    with pytest.raises(IntegrityError, match="account_earmark_on_pools_only"):
        Account.objects.create(fund=twente, kind="round", code="r", earmark_column="sector")


def test_fund_iban_one_main(twente, bank):
    other = ledger.open_account(fund=twente, kind=Account.Kind.BANK, code="bank-2")
    facts = {"fund": twente, "holder_name": "Fonds", "is_main": True}
    first = FundIban(iban="NL91ABNA0417164300", account=bank, **facts)
    second = FundIban(iban="NL20INGB0001234567", account=other, **facts)
    FundIban.objects.bulk_create([first])
    with pytest.raises(IntegrityError, match=r"fund_iban_one_main|fund_fundiban.fund_id"):
        FundIban.objects.bulk_create([second])


def test_region_years_in_order():
    with pytest.raises(IntegrityError, match="region_years_in_order"):
        Region.objects.create(
            code="X", name="X", slug="x", valid_from=2015, valid_until=2014, municipalities=[]
        )


def test_the_model_refuses_every_verb_that_writes(deposit):
    rows = Transfer.objects.all()
    for write in (
        deposit.save,
        deposit.delete,
        rows.delete,
        lambda: rows.update(amount_cents=1),
        lambda: rows.bulk_update([deposit], ["amount_cents"]),
        lambda: Transfer.objects.create(reference="x"),
        lambda: Transfer.objects.bulk_create([Transfer(reference="x")]),
        lambda: Transfer.objects.get_or_create(reference="x"),
        lambda: Transfer.objects.update_or_create(reference="x"),
        lambda: Transfer(reference="x").save(),
    ):
        with pytest.raises(TypeError, match=r"Only budgetpool\.fund\.ledger"):
            write()


def test_a_plain_query_set_still_meets_the_triggers(deposit):
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        QuerySet(Transfer).update(amount_cents=1)
