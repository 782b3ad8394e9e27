"""MT940: every sample is read exactly or refused; nothing is guessed."""

from datetime import date
from io import BytesIO

import pytest

from budgetpool.bank import reading
from budgetpool.bank.statement import Statement, StatementRefused
from tests.bank.samples import expected, read_file, sample
from tests.refusing import refuses

SAMPLES = expected("mt940")
COUNTED = {name: case for name, case in SAMPLES.items() if "entries" in case}
NO_ENTRIES_BUT_READABLE = {
    "cmxl_account_identification_iban.sta",
    "self-provided_account_identification.sta",
    "self-provided_long_statement_number.sta",
}
UNCOUNTED = [name for name in SAMPLES if name not in COUNTED]


def mt940(*lines: str, opening: str = "C270104EUR100,00", closing: str = "C270105EUR110,00"):
    text = "\r\n".join(
        [
            ":20:STMT1",
            ":25:NL91ABNA0417164300EUR",
            ":28C:5/1",
            f":60F:{opening}",
            *lines,
            f":62F:{closing}",
            "-",
        ]
    )
    return BytesIO(text.encode("cp1252"))


def read_one(*lines: str, **balances: str) -> Statement:
    (statement,) = reading.read(mt940(*lines, **balances))
    return statement


@pytest.mark.parametrize("name", COUNTED)
def test_every_sample_gives_exactly_its_entries_and_total(name):
    statements = read_file(sample("mt940", name))
    assert {
        "entries": sum(len(statement.entries) for statement in statements),
        "total_cents": sum(statement.total_cents for statement in statements),
    } == COUNTED[name]


@pytest.mark.parametrize("name", UNCOUNTED)
def test_a_sample_without_a_whole_entry_gives_none_or_a_reason(name):
    path = sample("mt940", name)
    reason, entries = "", ()
    try:
        entries = tuple(entry for part in read_file(path) for entry in part.entries)
    except StatementRefused as refused:
        reason = str(refused)
    assert not entries
    assert reason or name in NO_ENTRIES_BUT_READABLE


def test_a_dutch_file_with_an_iban_as_customer_reference_is_read():
    statements = read_file(sample("mt940", "nl_ASNB_mt940.txt"))
    entry = statements[0].entries[0]
    assert (entry.iban, entry.name, entry.remittance) == (
        "NL47INGB9999999999",
        "hr gjlm paulissen",
        "Betaling sieraden",
    )
    assert all(statement.balance_proven for statement in statements)
    assert statements[0].iban == "NL81ASNB9999999999"


def test_a_name_that_the_line_width_cut_in_two_is_whole_again():
    statements = read_file(sample("mt940", "nl_jejik_rabobank-iban.sta"))
    assert statements[0].entries[0].name == "CONTRA ACCOUNT HOLDER"


@pytest.mark.parametrize(
    ("mark", "cents"), [("C", 1000), ("D", -1000), ("RC", -1000), ("RD", 1000), ("rc", -1000)]
)
def test_the_mark_gives_the_sign_and_a_reversed_credit_goes_out(mark, cents):
    (entry,) = read_one(f":61:2701050105{mark}10,00NTRFNONREF").entries
    assert entry.amount_cents == cents
    assert entry.reversal == mark.upper().startswith("R")


def test_the_balance_is_proven_or_told():
    line = ":61:2701050105C10,00NTRFNONREF"
    assert read_one(line).balance_proven is True
    assert read_one(line, closing="C270105EUR111,00").balance_proven is False


def test_the_words_between_slashes_tell_who_and_why():
    (entry,) = read_one(
        ":61:2701050105C10,00NTRFEREF//B123",
        ":86:/TRTP/SEPA OVERBOEKING/IBAN/NL20INGB0001234567/BIC/INGBNL2A",
        "/NAME/Bakker/REMI/STRD/CUR/RF18539007547034/EREF/E1",
    ).entries
    assert (entry.name, entry.iban, entry.end_to_end_id) == ("Bakker", "NL20INGB0001234567", "E1")
    assert entry.structured_reference == "RF18539007547034"
    assert entry.remittance == "RF18539007547034"
    assert entry.bank_reference == "B123"


def test_the_text_behind_the_closing_balance_belongs_to_no_entry():
    text = mt940(":61:2701050105C10,00NTRFNONREF", ":86:bijdrage").getvalue()
    file = BytesIO(text.replace(b"\r\n-", b"\r\n:86:TOTAL 1\r\n-"))
    (statement,) = reading.read(file)
    assert statement.entries[0].remittance == "bijdrage"


def test_the_account_loses_its_currency_and_the_id_joins_reference_and_number():
    statement = read_one()
    assert (statement.iban, statement.currency) == ("NL91ABNA0417164300", "EUR")
    assert statement.id == "STMT1 5/1"


def test_the_booking_date_counts_not_the_value_date():
    (entry,) = read_one(":61:2701060105C10,00NTRFNONREF").entries
    assert entry.date == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (":61:2701050105X10,00NTRFNONREF", "line_unreadable"),
        (":61:2701050105EC10,00NTRFNONREF", "mark_unknown"),
        (":61:27AB050105C10,00NTRFNONREF", "line_unreadable"),
        (":61:2713050105C10,00NTRFNONREF", "line_unreadable"),
        (":61:2701050105C10,005NTRFNONREF", "amount_too_fine"),
        (":61:2701050105C1,0,0NTRFNONREF", "line_unreadable"),
    ],
)
def test_a_line_that_cannot_be_read_exactly_refuses_the_file_with_its_line(line, code):
    with refuses(code) as refused:
        reading.read(mt940(":61:2701050105C10,00NTRFNONREF", line))
    assert refused.value.line == 6
    assert "6" in str(refused.value)


def test_a_statement_without_account_is_refused():
    with refuses("account_missing"):
        reading.read(BytesIO(b":20:X\n:61:2701050105C10,00NTRFNONREF\n"))


def test_an_interim_report_is_marked_so_that_it_is_never_booked():
    statements = read_file(sample("mt940", "mBank_mt942.sta"))
    assert [statement.interim for statement in statements] == [True]
    assert not read_one().interim


def test_letters_beyond_utf_8_are_read_as_windows_text():
    (entry,) = read_one(":61:2701050105C10,00NTRFNONREF", ":86:Café Zoë").entries
    assert entry.remittance == "Café Zoë"
