import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from djmoney.money import Money

from budgetpool.fund import checks, facts, ledger
from budgetpool.fund.models import Account, Transfer
from budgetpool.money import to_cents
from tests.fund.tampering import without_guards

pytestmark = pytest.mark.django_db

FACTS, JOINED = [], []
SOURCE = facts.FactSource(name="deposits", prefix="deposit:", expected=lambda: FACTS)
OTHER = facts.FactSource(name="joined", prefix="joined:", expected=lambda: JOINED)


def _dollars():
    yield facts.Expected("dollar:1", to_cents(Money(1, "USD")))


DOLLARS = facts.FactSource(name="dollars", prefix="dollar:", expected=_dollars)


@pytest.fixture
def books(bank, employer, pool, settings):
    FACTS[:] = [facts.Expected("deposit:1", 500, bank.pk, employer.pk)]
    JOINED[:] = [facts.Expected("joined:1", 300)]
    settings.LEDGER_FACTS = [f"tests.fund.test_check_ledger.{name}" for name in ("SOURCE", "OTHER")]
    ledger.post(debit=bank, credit=employer, amount=500, reference="deposit:1", memo="deposit")
    ledger.post(debit=employer, credit=pool, amount=300, reference="joined:1", memo="joined_pool")


def wrong():
    return {
        outcome.check: [finding.code for finding in outcome.findings]
        for outcome in checks.check_ledger()
        if not outcome.ok
    }


def test_right_books_have_no_findings(books):
    assert wrong() == {}


def test_a_missing_guard_is_found(books):
    on = "" if connection.vendor == "sqlite" else " ON fund_transfer"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER ledger_transfer_totals{on}")
    assert wrong() == {"guards": ["guard_missing"]}


def test_totals_that_are_not_those_of_the_transfers_are_found(books, employer):
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fund_account SET credits_cents = credits_cents + 1 WHERE id = %s",
            [employer.pk],
        )
    assert wrong() == {"totals": ["totals_differ"]}


def test_a_removed_transfer_is_found_by_totals_days_and_facts(books):
    with without_guards(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM fund_transfer WHERE reference = 'deposit:1'")
    assert wrong() == {
        "totals": ["totals_differ"] * 2,
        "days": ["day_totals_differ"] * 2,
        "claims": ["below_zero"],
        "facts:deposits": ["not_booked"],
    }


def test_a_changed_amount_is_found(books):
    with without_guards(), connection.cursor() as cursor:
        cursor.execute("UPDATE fund_transfer SET amount_cents = 501 WHERE reference = 'deposit:1'")
    assert wrong()["facts:deposits"] == ["booked_otherwise"]
    assert wrong()["totals"] == ["totals_differ"] * 2


def test_money_that_was_spent_before_it_came_is_found(books):
    joined = Transfer.objects.get(reference="joined:1")
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fund_transfer SET booked_at = %s WHERE id = %s",
            [joined.booked_at - timedelta(days=1), joined.pk],
        )
    assert wrong()["order"] == ["out_of_order"]


def test_a_transfer_between_funds_is_found(books, bank, drenthe):
    other = ledger.open_account(fund=drenthe, kind=Account.Kind.POOL, code="pool")
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fund_transfer SET credit_id = %s WHERE reference = 'joined:1'", [other.pk]
        )
    found = wrong()
    assert found["shapes"] == ["other_fund"]
    assert found["balanced"] == ["out_of_balance"] * 2


def test_a_correction_that_is_no_mirror_is_found(books):
    ledger.correct(transfer=Transfer.objects.get(reference="joined:1"), note="A mistake")
    assert wrong() == {"facts:joined": ["no_such_fact"]}
    JOINED.append(facts.Expected("joined:1:corrected", 300))
    assert wrong() == {}
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fund_transfer SET amount_cents = 299 WHERE reference = 'joined:1:corrected'"
        )
    assert wrong()["corrections"] == ["correction_differs"]


def test_a_fact_without_a_transfer_is_found(books):
    FACTS.append(facts.Expected("deposit:2", 5))
    assert wrong() == {"facts:deposits": ["not_booked"]}


def test_a_transfer_that_no_fact_asks_for_is_found(books, bank, employer):
    ledger.post(debit=bank, credit=employer, amount=9, reference="deposit:9", memo="deposit")
    assert wrong() == {"facts:deposits": ["no_such_fact"]}


def test_a_transfer_of_a_kind_that_nobody_knows_is_found(books, bank, pool):
    ledger.post(debit=bank, credit=pool, amount=100_000_000, reference="gift:1", memo="deposit")
    assert wrong() == {"kinds": ["unknown_kind"]}


def test_two_facts_for_one_transfer_are_found(books, bank, employer):
    FACTS.append(facts.Expected("deposit:1", 500, bank.pk, employer.pk))
    assert wrong() == {"facts:deposits": ["told_twice"]}


def test_a_fact_in_another_currency_is_named_and_stops_nothing(books, settings):
    settings.LEDGER_FACTS = [*settings.LEDGER_FACTS, "tests.fund.test_check_ledger.DOLLARS"]
    assert wrong() == {"facts:dollars": ["facts_unreadable"]}


def test_the_command_ends_with_1_when_the_books_are_wrong(books, capsys):
    call_command("check_ledger", json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is True
    assert "facts:deposits" in [check["check"] for check in document["checks"]]
    FACTS.append(facts.Expected("deposit:2", 5))
    with pytest.raises(SystemExit) as ended:
        call_command("check_ledger")
    assert ended.value.code == 1
    assert "not_booked: reference=deposit:2" in capsys.readouterr().out
