"""`import_statement`: one JSON document, exit code 2 with a reason, never half a file."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from budgetpool.bank.models import BankEntry, BankStatement
from tests.bank.samples import camt, entry_xml, expected, sample, statement_xml
from tests.sharing import harmless

ROOT = Path(__file__).parents[2]


@pytest.fixture
@harmless
def write(tmp_path):
    """Put statements into a file; gives its path."""

    def write(*statements, name="statement.xml"):
        path = tmp_path / name
        path.write_bytes(camt(*statements).getvalue())
        return str(path)

    return write


def run(*args, **options):
    out, err = StringIO(), StringIO()
    call_command("import_statement", *args, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def refused(*args, **options):
    with pytest.raises(CommandError) as error:
        run(*args, **options)
    return error.value.returncode, str(error.value)


KEYS = {"id", "iban", "currency", "opening_cents", "closing_cents", "balance_proven", "entries"}
ENTRY_KEYS = {"reference", "date", "amount_cents", "name", "iban", "remittance", "end_to_end_id"}


def test_the_json_document_holds_exactly_what_other_programs_rely_on(write):
    path = write(
        statement_xml(
            entry_xml("1250.50", reference="R1", name="A", remittance="mei", end_to_end="E1"),
            entry_xml("3.00", "DBIT"),
            opening="0.00",
            closing="1247.50",
        )
    )
    out, _err = run(path, "--dry-run", "--json")
    (statement,) = json.loads(out)["statements"]
    assert set(statement) == KEYS
    assert statement["balance_proven"] is True
    assert (statement["opening_cents"], statement["closing_cents"]) == (0, 1247_50)
    assert statement["entries"][0] == {
        "reference": "R1",
        "date": "2027-01-05",
        "amount_cents": 1250_50,
        "name": "A",
        "iban": None,
        "remittance": "mei",
        "end_to_end_id": "E1",
    }
    assert set(statement["entries"][1]) == ENTRY_KEYS
    assert statement["entries"][1]["amount_cents"] == -300


@pytest.mark.parametrize("kind", ["camt053", "mt940"])
def test_all_samples_give_their_totals_as_json(kind):
    for name, case in expected(kind).items():
        if "statements" in case or "total_cents" in case:
            out, _err = run(str(sample(kind, name)), "--dry-run", "--json")
            total = sum(
                entry["amount_cents"]
                for statement in json.loads(out)["statements"]
                for entry in statement["entries"]
            )
            parts = case.get("statements", [case])
            assert total == sum(part["total_cents"] for part in parts), name


def test_a_dry_run_needs_no_database(write):
    path = write(statement_xml(entry_xml()))
    environment = os.environ | {
        "DEBUG": "1",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "DJANGO_SETTINGS_MODULE": "budgetpool.settings",
    }
    command = [sys.executable, "manage.py", "import_statement", path, "--dry-run", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["statements"][0]["entries"][0]["amount_cents"] == 1000


def test_a_refused_file_ends_the_process_with_2_its_reason_and_no_document():
    path = str(sample("camt053", "BAD_bsp_camt053_garbled_amount.xml"))
    environment = os.environ | {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "budgetpool.settings"}
    command = [sys.executable, "manage.py", "import_statement", path, "--dry-run", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"17" in done.stderr
    assert b"12..34" in done.stderr


def test_a_dry_run_shows_what_does_not_add_up(write):
    path = write(statement_xml(entry_xml(), opening="0.00", closing="99.00"))
    out, _err = run(path, "--dry-run", "--json")
    assert json.loads(out)["statements"][0]["balance_proven"] is False
    out, _err = run(path, "--dry-run")
    assert "S-1" in out


def test_a_dry_run_names_a_wrong_control_sum_beside_the_document(write):
    total = "<NbOfNtries>35</NbOfNtries>"
    summary = f"<TxsSummry><TtlNtries>{total}</TtlNtries></TxsSummry>"
    out, err = run(write(statement_xml(entry_xml(), summary=summary)), "--dry-run", "--json")
    assert json.loads(out)
    assert "35" in err


@pytest.mark.django_db
class TestBooking:
    def test_it_books_and_prints_the_same_document(self, write, fund_iban):
        path = write(statement_xml(entry_xml("10.00")))
        out, err = run(path, "--json")
        assert json.loads(out)["statements"][0]["id"] == "S-1"
        assert "S-1" in err
        assert BankEntry.objects.count() == 1

    def test_a_second_run_tells_what_was_known(self, write, fund_iban):
        path = write(statement_xml(entry_xml("10.00")))
        run(path)
        run(path)
        assert BankEntry.objects.count() == 1

    def test_one_bad_file_of_several_stores_nothing_of_any(self, write, fund_iban):
        good = write(statement_xml(entry_xml("10.00")), name="good.xml")
        bad = write(statement_xml(entry_xml("-10.00")), name="bad.xml")
        code, text = refused(good, bad)
        assert code == 2
        assert "bad.xml" in text
        assert not BankStatement.objects.exists()

    def test_a_statement_that_does_not_add_up_stores_nothing_of_any(self, write, fund_iban):
        good = write(statement_xml(entry_xml("10.00")), name="good.xml")
        wrong = write(
            statement_xml(entry_xml("7.00"), opening="0.00", closing="8.00"), name="w.xml"
        )
        assert refused(good, wrong)[0] == 2
        assert not BankStatement.objects.exists()

    def test_accepting_it_takes_a_reason_and_two_treasurers(
        self, write, fund_iban, treasurer, second_treasurer
    ):
        path = write(statement_xml(entry_xml("7.00"), opening="0.00", closing="8.00"))
        accept = [path, "--accept-unproven", "the bank confirms it"]
        assert refused(*accept)[0] == 1
        assert refused(*accept, "--by", treasurer.email)[0] == 3
        assert refused(*accept, "--by", treasurer.email)[0] == 2
        assert not BankStatement.objects.exists()
        run(*accept, "--by", second_treasurer.email)
        statement = BankStatement.objects.get()
        assert statement.acceptance.reason == "the bank confirms it"
        assert statement.imported_by == second_treasurer

    def test_a_fund_is_named_by_its_code_or_short_name(self, write, fund_iban, drenthe):
        path = write(statement_xml(entry_xml("7.00")))
        run(path, "--fund", "drenthe")
        assert not BankStatement.objects.exists()
        run(path, "--fund", "BIJ3-09")
        assert BankStatement.objects.count() == 1
        code, text = refused(path, "--fund", "limburg")
        assert (code, "twente" in text) == (1, True)

    def test_a_name_with_brackets_is_shown_as_it_is(self, write, fund_iban):
        out, _err = run(write(statement_xml(entry_xml(name="[red]A[/red]"))), "--dry-run")
        assert "[red]A[/red]" in out
