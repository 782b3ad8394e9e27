"""No export gives a spreadsheet a formula, and a negative amount stays a number."""

import datetime
import io

import pytest
from openpyxl import load_workbook

from budgetpool.portals.components.spreadsheets import guard
from budgetpool.portals.employer import exports
from employers.models import Employer
from employers.statements import AccountStatement, Line

pytestmark = pytest.mark.any_database

FORMULAS = [
    "=1+1",
    "+31612345678",
    "-1",
    "@SUM(1)",
    "|calc",
    "%0A=1",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u00a0=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
    "\ufe661",
    "\u22121",
    "\x00=1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(text):
    assert guard(text) == "'" + text.replace("\x00", "")


@pytest.mark.parametrize("text", ["", "Twente", "1-2", "a=b", "RF18 5390", "Café ’t Hoekje"])
def test_other_text_stays_as_it_is(text):
    assert guard(text) == text


@pytest.mark.parametrize("text", FORMULAS)
def test_no_statement_of_account_holds_a_formula_and_amounts_stay_numbers(text):
    line = Line(datetime.date(2027, 1, 5), "gift", text, text, 0, 12_50, -12_50)
    statement = AccountStatement(Employer(name=text), 2027, 0, [line])
    sheet = load_workbook(io.BytesIO(exports.as_xlsx(statement))).active
    cells = sheet[2]
    assert all(cell.data_type != "f" for cell in cells)
    assert [cell.value for cell in cells[4:]] == [0, 12.5, -12.5]
    row = exports.as_csv(statement).decode("utf-8-sig").split("\r\n", 1)[1]
    assert row.rstrip("\r\n").endswith(";0,00;12,50;-12,50")
