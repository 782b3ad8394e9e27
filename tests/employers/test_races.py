"""Two people, two files, two processes at one moment, on PostgreSQL: booked once."""

import os
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import psycopg
import pytest

from budgetpool.bank import acceptance
from budgetpool.bank.importing import read_stream
from budgetpool.bank.models import BankEntry
from budgetpool.refusals import Refusal
from employers.deposits import desk, refunds
from employers.importing import import_file
from employers.models import Deposit, DepositMatch
from employers.pledges import requests
from tests.bank.samples import camt, entry_xml, statement_xml
from tests.employers.test_importing import balances
from tests.fund.test_races import at_once

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def refused(step):
    """The step's result, or the error with which it was refused."""

    def run():
        try:
            return step()
        except Refusal as error:
            return error

    return run


def test_one_file_imported_by_five_people_at_once_is_booked_once(fund_iban, twente):
    entries = [entry_xml(f"{n}.00", name=f"N{n}") for n in range(1, 21)]
    content = camt(statement_xml(*entries, iban=fund_iban.iban)).getvalue()

    def one():
        return import_file(source=read_stream(BytesIO(content), name="x.xml")).fresh_count

    assert sorted(at_once(*[one] * 5)) == [0, 0, 0, 0, 20]
    assert balances(twente)["suspense"] == 210_00


def test_two_overlapping_files_at_once_book_each_entry_once(fund_iban, twente):
    days = [entry_xml(f"{n}.00", name=f"N{n}") for n in range(1, 11)]
    week = statement_xml(*days, entry_xml("100.00"), id="WEEK", iban=fund_iban.iban)
    sources = [
        read_stream(camt(statement_xml(*days, id="DAY", iban=fund_iban.iban)), name="day.xml"),
        read_stream(camt(week), name="week.xml"),
    ]
    at_once(*(lambda source=source: import_file(source=source) for source in sources))
    assert BankEntry.objects.count() == 11
    assert balances(twente)["suspense"] == 155_00


def test_two_treasurers_who_match_one_deposit_match_it_once(
    receive, twente, employer, other_employer, treasurer, second_treasurer
):
    receive(entry_xml("2500.00"))
    deposit = Deposit.objects.get()
    results = at_once(
        refused(lambda: desk.match_by_hand(deposit=deposit, employer=employer, by=treasurer)),
        refused(
            lambda: desk.match_by_hand(
                deposit=deposit, employer=other_employer, by=second_treasurer
            )
        ),
    )
    assert sorted(named(result) for result in results) == ["DepositMatch", "already_matched"]
    assert balances(twente)["pool"] == 2500_00


def test_a_match_and_an_undo_at_once_leave_one_truth(receive, twente, employer, treasurer):
    receive(entry_xml("2500.00"))
    deposit = Deposit.objects.get()
    desk.match_by_hand(deposit=deposit, employer=employer, by=treasurer)
    at_once(
        *[refused(lambda: desk.undo(deposit=deposit, reason="wrong", by=treasurer))] * 2,
        refused(lambda: desk.match_by_hand(deposit=deposit, employer=employer, by=treasurer)),
    )
    live = DepositMatch.objects.filter(undone_at__isnull=True).count()
    assert balances(twente)["pool"] == live * 2500_00
    assert balances(twente)["suspense"] == (1 - live) * 2500_00


def test_a_refund_and_a_match_at_once_do_not_both_use_the_money(
    receive, twente, employer, treasurer
):
    receive(entry_xml("2500.00", iban="NL44RABO0123456789"))
    deposit = Deposit.objects.get()
    at_once(
        refused(lambda: refunds.ask(deposit=deposit, reason="twice", by=treasurer)),
        refused(lambda: desk.match_by_hand(deposit=deposit, employer=employer, by=treasurer)),
    )
    assert balances(twente)["pool"] == 0
    assert balances(twente)["suspense"] == 2500_00


def test_two_runs_of_the_monthly_requests_ask_each_term_once(pledge, twente):
    results = at_once(*[lambda: requests.ask_due(fund=twente, day=date(2027, 12, 1))] * 3)
    assert sorted(len(asked) for asked in results) == [0, 0, 4]


def test_two_confirmations_of_an_unproven_file_need_two_persons(fund_iban, twente, treasurer):
    source = read_stream(
        camt(statement_xml(entry_xml("1.00"), iban=fund_iban.iban, opening="0.00", closing="9.00")),
        name="bad.xml",
    )
    step = refused(
        lambda: acceptance.accept(source=source, fund=twente, reason="bank says so", by=treasurer)
    )
    results = at_once(step, step)
    assert sorted(named(result) for result in results) == [
        "UnprovenAcceptance",
        "same_person",
    ]


SETUP = """
import django; django.setup()
from tests.cast import make_fund, make_fund_iban
make_fund_iban(make_fund("BIJ3-09", "Twente"), "NL91ABNA0417164300")
"""


def test_two_import_commands_at_once_book_once(own_database, tmp_path):
    """Whole processes, as two treasurers on two machines would start them."""
    file = tmp_path / "statement.xml"
    entries = [entry_xml(f"{n}.00", name=f"N{n}") for n in range(1, 201)]
    file.write_bytes(camt(statement_xml(*entries)).getvalue())
    environment = os.environ | {
        "TEST_DATABASE_URL": own_database,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    subprocess.run(
        [sys.executable, "-c", SETUP], cwd=ROOT, env=environment, check=True, timeout=120
    )
    command = [sys.executable, "-m", "django", "import_statement", str(file)]
    running = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    with psycopg.connect(own_database) as connection:
        count, total = connection.execute(
            "SELECT count(*), sum(amount_cents) FROM fund_transfer"
        ).fetchone()
    assert (count, total) == (200, 20_100_00)


def named(result):
    """A refusal by its code, anything else by its kind."""
    return getattr(result, "code", type(result).__name__)
