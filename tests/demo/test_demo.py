"""The demo as a newcomer runs it: a process of its own, twice, on an empty database."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from budgetpool.bank import importing
from budgetpool.demo import statement
from tests import choices

ROOT = Path(__file__).resolve().parent.parent.parent


def demo(folder):
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DEBUG", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
    }
    return subprocess.run(
        [sys.executable, "manage.py", "demo", "--no-serve"],
        cwd=ROOT,
        env=clean | {"BUDGETPOOL_VAR": str(folder)},
        text=True,
        capture_output=True,
        timeout=600,
        check=False,
    )


def rows(folder, query):
    with closing(sqlite3.connect(folder / "budgetpool.sqlite3")) as connection:
        return connection.execute(query).fetchall()


def one(folder, query):
    return rows(folder, query)[0][0]


@pytest.mark.slow
def test_the_demo_adds_up_and_is_safe_to_run_twice(tmp_path):
    first = demo(tmp_path)
    assert first.returncode == 0, first.stderr
    assert "The books are right" in first.stdout
    differ = (
        "SELECT COUNT(*) FROM bank_bankstatement AS last "
        "JOIN fund_fundiban AS iban ON iban.id = last.fund_iban_id "
        "JOIN fund_account AS account ON account.id = iban.account_id "
        "WHERE last.id IN (SELECT MAX(id) FROM bank_bankstatement GROUP BY fund_iban_id) "
        "AND closing_cents {} debits_cents - credits_cents"
    )
    assert [one(tmp_path, differ.format(sign)) for sign in ("=", "<>")] == [4, 0]
    decided = "SELECT COUNT(DISTINCT request_id) FROM allocation_decision WHERE reason <> ''"
    assert one(tmp_path, decided) == 1_500
    assert one(tmp_path, "SELECT COUNT(*) FROM allocation_decision") == 1_500
    assert one(tmp_path, "SELECT SUM(amount) FROM allocation_award") <= 500_000
    assert one(tmp_path, "SELECT COUNT(*) FROM fund_region") == 36, "and the sandbox"
    proofs = "SELECT COUNT(*) FROM allocation_proof WHERE status = '{}'"
    assert [one(tmp_path, proofs.format(code)) for code in ("sent", "refused", "accepted")] == [
        1,
        1,
        1,
    ]  # fmt: skip
    assert one(tmp_path, "SELECT COUNT(*) FROM allocation_award WHERE started_on IS NOT NULL") == 4
    early = (
        "SELECT COUNT(*) FROM allocation_award a JOIN workers_choice c ON c.id = a.choice_id "
        "JOIN register_edition e ON e.id = c.edition_id "
        "WHERE a.status = 'granted' AND e.starts_on <= a.accept_by"
    )
    assert one(tmp_path, early) == 0, "nobody still has days to answer when the training begins"
    status = "SELECT status FROM allocation_round WHERE code = '{}'"
    assert one(tmp_path, status.format("2027-1")) == "published"
    assert one(tmp_path, status.format("2027-2")) == "open"
    asked = "SELECT COUNT(*) FROM workers_trainingrequest WHERE outreach_code <> '' AND status = "
    assert [one(tmp_path, f"{asked}'{status}'") for status in ("draft", "submitted")] == [1, 1]
    waiting = "SELECT COUNT(*) FROM employers_invitation WHERE accepted_at IS {} NULL"
    assert [one(tmp_path, waiting.format(word)) for word in ("", "NOT")] == [1, 1]
    waiting = "SELECT COUNT(*) FROM allocation_payee WHERE verified_at IS NULL AND warnings <> ''"
    assert one(tmp_path, waiting) == 1, "an account that changes, with a warning"
    assert choices.strangers(partial(rows, tmp_path)) == []
    transfers = one(tmp_path, "SELECT COUNT(*) FROM fund_transfer")
    second = demo(tmp_path)
    assert second.returncode == 0, second.stderr
    assert "The demo was there already." in second.stdout
    assert one(tmp_path, "SELECT COUNT(*) FROM fund_transfer") == transfers
    tokens = [re.search(r"budgetpool_\S+", run.stdout).group() for run in (first, second)]
    assert tokens[0] != tokens[1]
    live = "SELECT COUNT(*) FROM api_partnertoken WHERE revoked_at IS NULL"
    assert one(tmp_path, live) == 2, "of the agency and of the sandbox"


def test_the_statement_of_the_demo_is_read_whole_and_adds_up(tmp_path):
    payments = [
        statement.Payment(
            name="De Brug & Co",
            iban="NL20INGB0001234567",
            amount_cents=cents,
            reference="RF18539007547034",
            paid_on=date(2026, 11, 2),
            structured=cents % 2 == 0,
        )
        for cents in (9_600_000, 545_001)
    ]
    content = statement.camt053(
        iban="NL91ABNA0417164300",
        holder="Fonds <demo>",
        payments=payments,
        day=date(2026, 11, 5),
    )
    file = tmp_path / "demo.xml"
    file.write_bytes(content)
    (found,) = importing.read_source(file).statements
    assert found.balance_proven
    assert found.control_error is None
    assert [entry.amount_cents for entry in found.entries] == [9_600_000, 545_001]
