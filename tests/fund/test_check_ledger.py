import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from budgetpool.fund import checks, facts, ledger
from budgetpool.fund.models import Account, Transfer
from tests.fund.tampering import without_guards

pytestmark = pytest.mark.django_db

FACTS = []
SOURCE = facts.FactSource(name="deposits", prefix="deposit:", expected=lambda: FACTS)


@pytest.fixture
def books(bank, employer, pool, settings):
    FACTS.clear()
    FACTS.append(facts.Expected("deposit:1", 500, bank.pk, employer.pk))
    settings.LEDGER_FACTS = ["tests.fund.test_check_ledger.SOURCE"]
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
    with without_guards():
        assert set(wrong()["guards"]) == {"guard_missing"}
    assert wrong() == {}


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
    assert wrong()["claims"] == ["below_zero"]


def test_a_transfer_between_funds_is_found(books, bank, drenthe):
    other = ledger.open_account(fund=drenthe, kind=Account.Kind.POOL, code="pool")
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fund_transfer SET credit_id = %s WHERE reference = 'joined:1'", [other.pk]
        )
    found = wrong()
    assert found["funds"] == ["other_fund"]
    assert found["balanced"] == ["out_of_balance"] * 2


def test_a_correction_that_is_no_mirror_is_found(books):
    ledger.correct(transfer=Transfer.objects.get(reference="joined:1"), note="A mistake")
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


def test_the_command_ends_with_1_when_the_books_are_wrong(books, capsys):
    call_command("check_ledger", json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is True
    assert [check["check"] for check in document["checks"]][-1] == "facts:deposits"
    FACTS.append(facts.Expected("deposit:2", 5))
    with pytest.raises(SystemExit) as ended:
        call_command("check_ledger")
    assert ended.value.code == 1
    assert "not_booked: reference=deposit:2" in capsys.readouterr().out
