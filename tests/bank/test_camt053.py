"""CAMT.053: exact entries from every sample, and a refusal with its line for what is unsafe."""

from datetime import date
from io import BytesIO

import pytest
from django.utils import translation

from budgetpool.bank import camt053, reading, sources
from budgetpool.bank.statement import Statement, StatementRefused
from tests.bank.samples import camt, entry_xml, expected, read_file, sample, statement_xml
from tests.refusing import refuses

SAMPLES = expected("camt053")
GOOD = {name: case for name, case in SAMPLES.items() if "statements" in case}
BAD = {name: case for name, case in SAMPLES.items() if "refused" in case}


def read_one(*entries: str, **parts: str | None) -> Statement:
    (statement,) = camt053.read(camt(statement_xml(*entries, **parts)))
    return statement


def test_the_shared_samples_are_all_there():
    if not SAMPLES:
        pytest.skip("no shared bank files: set BUDGETPOOL_SHARED_DATA")
    assert (len(GOOD), len(BAD)) == (28, 2)


@pytest.mark.parametrize("name", GOOD)
def test_every_sample_gives_exactly_its_entries_and_totals(name):
    statements = read_file(sample("camt053", name))
    found = [
        {
            "entries": len({entry.line for entry in statement.entries}),
            "transactions": len(statement.entries),
            "total_cents": statement.total_cents,
            "balance_proven": statement.balance_proven,
        }
        for statement in statements
    ]
    assert found == GOOD[name]["statements"]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_sample_is_refused(name):
    with pytest.raises(StatementRefused):
        read_file(sample("camt053", name))


def test_a_garbled_amount_is_refused_with_its_line_entry_and_text():
    path = sample("camt053", "BAD_bsp_camt053_garbled_amount.xml")
    with pytest.raises(StatementRefused) as refused:
        read_file(path)
    assert (refused.value.code, refused.value.line, refused.value.entry) == (
        "amount_unreadable",
        17,
        1,
    )


@pytest.mark.parametrize("version", [f"{number:02}" for number in range(2, 14)])
def test_all_versions_of_the_message_are_read_alike(version):
    (statement,) = camt053.read(
        camt(statement_xml(entry_xml("10.00"), opening="1.00", closing="11.00"), version=version)
    )
    assert (statement.total_cents, statement.balance_proven) == (10_00, True)


def test_the_party_is_found_directly_or_in_the_newer_wrapper():
    old = entry_xml(details="<TxDtls><RltdPties><Dbtr><Nm>Bakker</Nm></Dbtr></RltdPties></TxDtls>")
    new = entry_xml(
        details="<TxDtls><RltdPties><Dbtr><Pty><Nm>Bakker</Nm></Pty></Dbtr></RltdPties></TxDtls>"
    )
    assert [entry.name for entry in read_one(old, new).entries] == ["Bakker", "Bakker"]


def test_one_entry_shows_all_that_the_bank_says():
    (entry,) = read_one(
        entry_xml(
            "1250.50",
            reference="R1",
            bank_reference="B1",
            name="Bakker &amp; Zn",
            iban="NL20INGB0001234567",
            remittance="bijdrage mei",
            structured="RF18539007547034",
            end_to_end="E1",
        )
    ).entries
    assert entry.amount_cents == 1250_50
    assert entry.date == date(2027, 1, 5)
    assert (entry.reference, entry.bank_reference, entry.end_to_end_id) == ("R1", "B1", "E1")
    assert (entry.name, entry.iban) == ("Bakker & Zn", "NL20INGB0001234567")
    assert entry.remittance == "bijdrage mei RF18539007547034"
    assert entry.structured_reference == "RF18539007547034"


def test_what_the_file_does_not_say_is_none_and_not_provided_is_nothing():
    (entry,) = read_one(entry_xml(end_to_end="NOTPROVIDED")).entries
    assert (entry.end_to_end_id, entry.name, entry.iban, entry.reference) == (None,) * 4


def batch(*parts: str, amount: str = "6.00") -> str:
    details = "".join(
        f'<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">{part}</Amt></TxAmt></AmtDtls></TxDtls>'
        for part in parts
    )
    return entry_xml(amount, "DBIT", details=details)


def test_a_batch_is_taken_apart_when_its_parts_add_up():
    entries = read_one(batch("3.50", "2.50")).entries
    assert [entry.amount_cents for entry in entries] == [-350, -250]
    assert not any(entry.unsplit for entry in entries)


def test_a_batch_whose_parts_do_not_add_up_stays_one_flagged_line():
    (entry,) = read_one(batch("3.50", "2.40")).entries
    assert (entry.amount_cents, entry.unsplit) == (-600, True)


def test_a_batch_in_another_currency_than_its_entry_stays_one_flagged_line():
    details = "".join(f'<TxDtls><Amt Ccy="USD">{part}</Amt></TxDtls>' for part in ("3.50", "2.50"))
    (entry,) = read_one(entry_xml("6.00", details=details)).entries
    assert (entry.amount_cents, entry.unsplit) == (600, True)


def test_a_batch_with_a_correction_inside_keeps_the_sign_of_each_part():
    details = (
        '<TxDtls><Amt Ccy="EUR">8.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>'
        '<TxDtls><Amt Ccy="EUR">2.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></TxDtls>'
    )
    entries = read_one(entry_xml("6.00", details=details)).entries
    assert [entry.amount_cents for entry in entries] == [800, -200]


def test_a_single_detail_never_changes_the_entry_amount():
    (entry,) = read_one(
        entry_xml("4500.00", details='<TxDtls><Amt Ccy="EUR">0.04</Amt></TxDtls>')
    ).entries
    assert (entry.amount_cents, entry.unsplit) == (4500_00, False)


def test_a_reversal_keeps_its_sign_and_names_the_party_of_the_first_payment():
    details = (
        "<TxDtls><RltdPties><Dbtr><Nm>Fonds</Nm></Dbtr><Cdtr><Nm>Opleider</Nm></Cdtr>"
        "</RltdPties></TxDtls>"
    )
    (entry,) = read_one(
        entry_xml("80.00", "CRDT", details=details, extra="<RvslInd>true</RvslInd>")
    ).entries
    assert (entry.amount_cents, entry.reversal, entry.name) == (80_00, True, "Opleider")


def test_lines_that_the_bank_has_not_booked_are_counted_but_left_out():
    pending = entry_xml("99.00").replace("<Sts>BOOK</Sts>", "<Sts><Cd>PDNG</Cd></Sts>")
    statement = read_one(entry_xml("10.00"), pending, opening="0.00", closing="10.00")
    assert (statement.total_cents, statement.left_out, statement.balance_proven) == (1000, 1, True)


def test_balances_that_do_not_fit_are_told_and_missing_ones_are_unknown():
    assert read_one(entry_xml("10.00"), opening="1.00", closing="12.00").balance_proven is False
    assert read_one(entry_xml("10.00"), opening="1.00").balance_proven is None


def test_a_wrong_control_sum_is_kept_with_its_line():
    total = "<NbOfNtries>1</NbOfNtries><Sum>12.00</Sum>"
    summary = f"<TxsSummry><TtlCdtNtries>{total}</TtlCdtNtries></TxsSummry>"
    error = read_one(entry_xml("10.00"), summary=summary).control_error
    assert error is not None
    assert (error.code, error.params["said"], error.params["found"]) == (
        "control_sum",
        "12.00",
        "10.00",
    )
    assert error.line is not None
    with refuses("control_sum"):
        raise error


def test_a_wrong_count_is_kept():
    summary = "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry>"
    error = read_one(entry_xml("10.00"), summary=summary).control_error
    assert error is not None
    with refuses("control_count") as refused:
        raise error
    assert refused.value.params == {"said": "2", "found": 1}


def test_a_right_control_sum_counts_a_batch_once():
    summary = "<TxsSummry><TtlNtries><NbOfNtries>1</NbOfNtries><Sum>6</Sum></TtlNtries></TxsSummry>"
    assert read_one(batch("3.50", "2.50"), summary=summary).control_error is None


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("-5.00", "amount_negative"),
        ("5,00", "amount_unreadable"),
        ("1e3", "amount_unreadable"),
        ("NaN", "amount_unreadable"),
        ("Infinity", "amount_unreadable"),
        ("1_000", "amount_unreadable"),
        ("٥", "amount_unreadable"),
        ("", "amount_unreadable"),
        ("5.005", "amount_too_fine"),
    ],
)
def test_an_amount_that_is_not_exact_refuses_the_file(amount, code):
    with refuses(code) as refused:
        read_one(entry_xml("1.00"), entry_xml(amount))
    assert refused.value.entry == 2
    with translation.override("en"):
        assert "entry 2" in str(refused.value)


def test_trailing_zeros_are_exact():
    assert read_one(entry_xml("8.85000")).total_cents == 885


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<CdtDbtInd>CRDT</CdtDbtInd>", "", "mark_missing"),
        ("<CdtDbtInd>CRDT</CdtDbtInd>", "<CdtDbtInd>XXXX</CdtDbtInd>", "mark_unknown"),
        ('<Amt Ccy="EUR">10.00</Amt>', "", "amount_missing"),
        ('<Amt Ccy="EUR">', "<Amt>", "currency_missing"),
        ('<Amt Ccy="EUR">', '<Amt Ccy="euro">', "currency_missing"),
    ],
)
def test_an_entry_without_amount_currency_or_mark_refuses_the_file(old, new, code):
    with refuses(code):
        read_one(entry_xml().replace(old, new))


@pytest.mark.parametrize(
    ("root", "message"), [("BkToCstmrDbtCdtNtfctn", "camt.054"), ("BkToCstmrAcctRpt", "camt.052")]
)
def test_a_notification_or_an_intraday_report_is_no_statement(root, message):
    file = BytesIO(f"<Document><{root}><Ntfctn><Ntry/></Ntfctn></{root}></Document>".encode())
    with refuses("other_message") as refused:
        reading.read(file)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "prolog",
    [
        "<!DOCTYPE Document>\n",
        '<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/x.dtd">\n',
        '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n',
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n',
    ],
)
def test_a_doctype_refuses_the_file_whatever_it_holds(prolog):
    with refuses("doctype"):
        reading.read(camt(statement_xml(entry_xml()), prolog=prolog))


def test_a_doctype_hidden_in_another_encoding_is_refused_too():
    text = camt(statement_xml(entry_xml()), prolog="<!DOCTYPE Document>\n").getvalue().decode()
    utf16 = text.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    with refuses("doctype"):
        reading.read(BytesIO(utf16))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"  \n", "empty_file"),
        (b"%PDF-1.7 not a statement", "unknown_format"),
        (b"<Document><BkToCstmrStmt>", "not_xml"),
        (b"<!-- only a comment -->", "not_xml"),
        (b"<html><body>Log in again</body></html>", "no_statement"),
    ],
)
def test_a_file_that_is_no_statement_gets_its_own_reason(content, code):
    with refuses(code):
        reading.read(BytesIO(content))


def test_a_file_that_breaks_off_in_the_second_statement_gives_nothing():
    whole = camt(statement_xml(entry_xml()), statement_xml(entry_xml(), id="S-2")).getvalue()
    with refuses("not_xml"):
        reading.read(BytesIO(whole[:-60]))


def test_several_statements_keep_their_own_entries():
    statements = reading.read(
        camt(
            statement_xml(entry_xml("1.00"), entry_xml("2.00")),
            statement_xml(entry_xml("4.00"), id="S-2"),
        )
    )
    assert [(s.id, s.total_cents) for s in statements] == [("S-1", 300), ("S-2", 400)]


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with refuses("no_file"):
        sources.read_source(tmp_path / "gone.xml")
