"""Files that a bank or somebody else may send: read as the bank meant it, or not at all.

Each is a small change of a right file; none may be read as another amount, day or account.
"""

from datetime import date
from io import BytesIO

import pytest

from budgetpool.bank import reading
from budgetpool.bank.statement import StatementRefused
from tests.bank.samples import balance_xml, camt, entry_xml, statement_xml

LINE = ":61:2612311231C10,00NTRFNONREF"
NEW_YEARS_EVE, NEW_YEAR = date(2026, 12, 31), date(2027, 1, 1)
OURS, OTHER = "NL91ABNA0417164300", "NL20INGB0001234567"


def mt940(*lines, opening="C261230EUR100,00", closing="C261231EUR110,00", account=OURS):
    head = [":20:X", f":25:{account}", ":28C:1/1", f":60F:{opening}"]
    foot = [f":62F:{closing}"] if closing else []
    return "\r\n".join([*head, *(lines or (LINE,)), *foot]) + "\r\n-\r\n"


def read(content):
    raw = content if isinstance(content, bytes) else content.encode()
    return reading.read(BytesIO(raw))


def one_day(*entries, **parts):
    parts = {"opening": "100.00", "closing": "110.00", "day": "2026-12-31"} | parts
    return camt(statement_xml(*entries, **parts), version="08").getvalue()


@pytest.mark.parametrize(
    ("line", "cents", "closing", "day", "reversal"),
    [
        (":61:2612311231C10,00NTRFNONREF", 1_000, "C261231EUR110,00", NEW_YEARS_EVE, False),
        (":61:2612310101C10,00NTRFNONREF", 1_000, "C261231EUR110,00", NEW_YEAR, False),
        (":61:2701011231C10,00NTRFNONREF", 1_000, "C261231EUR110,00", NEW_YEARS_EVE, False),
        (":61:261231C10,00NTRFNONREF", 1_000, "C261231EUR110,00", NEW_YEARS_EVE, False),
        (":61:2612311231CR10,00NTRFNONREF", 1_000, "C261231EUR110,00", NEW_YEARS_EVE, False),
        (":61:2612311231RC10,00NTRFNONREF", -1_000, "C261231EUR90,00", NEW_YEARS_EVE, True),
        (":61:2612311231RCR10,00NTRFNONREF", -1_000, "C261231EUR90,00", NEW_YEARS_EVE, True),
        (":61:2612311231RD10,00NTRFNONREF", 1_000, "C261231EUR110,00", NEW_YEARS_EVE, True),
        (":61:2612311231D110,NTRFNONREF", -11_000, "D261231EUR10,00", NEW_YEARS_EVE, False),
        (":61:2612311231C,50NTRFNONREF", 50, "C261231EUR100,50", NEW_YEARS_EVE, False),
    ],
)
def test_a_line_of_mt940_has_the_amount_and_day_of_the_bank(line, cents, closing, day, reversal):
    (found,) = read(mt940(line, ":86:text", closing=closing))
    (entry,) = found.entries
    assert found.balance_proven
    assert (entry.amount_cents, entry.date, entry.reversal) == (cents, day, reversal)


@pytest.mark.parametrize(
    "line",
    [
        ":61:2612311231C10.00NTRFNONREF",
        ":61:2612311231C1.010,00NTRFNONREF",
        ":61:2612311231C10,00,00NTRFNONREF",
        ":61:2612311231C1\u0660,00NTRFNONREF",
        ":61:2612311231C-10,00NTRFNONREF",
        ":61:2612311231C10'000,00NTRFNONREF",
    ],
)
def test_an_amount_that_is_read_in_two_ways_refuses_the_file(line):
    """The package read `10.00NTRF…` as EUR 10 with a strange reference."""
    with pytest.raises(StatementRefused) as refused:
        read(mt940(line, ":86:text"))
    assert (refused.value.code, refused.value.line) == ("line_unreadable", 5)


@pytest.mark.parametrize(
    "content",
    [
        mt940(LINE, ":86:Caf\u00e9").encode(),
        b"\xef\xbb\xbf" + mt940(LINE, ":86:Caf\u00e9").encode(),
        mt940(LINE, ":86:Caf\u00e9").encode("latin-1"),
        mt940(LINE, ":86:Caf\u00e9").encode("utf-16"),
        mt940(LINE, ":86:Caf\u00e9").replace("\r\n", "\n").encode(),
        mt940(LINE, ":86:Caf\u00e9").replace("\r\n", "\r").encode(),
        b"{1:F01ABNANL2AXXXX0000000000}{2:I940XN}{4:\r\n" + mt940(LINE, ":86:Caf\u00e9").encode(),
    ],
    ids=["utf-8", "bom", "latin-1", "utf-16", "unix", "mac", "envelope"],
)
def test_signs_and_line_ends_change_nothing(content):
    (found,) = read(content)
    (entry,) = found.entries
    assert (found.balance_proven, entry.remittance) == (True, "Caf\u00e9")


def test_another_account_without_a_reference_of_its_own_is_another_statement():
    """Its lines were read as those of one account, the second."""
    second = mt940(LINE, ":86:second", account=OTHER).partition("\r\n")[2]
    found = read(mt940(LINE, ":86:first") + second)
    assert [(one.iban, [entry.remittance for entry in one.entries]) for one in found] == [
        (OURS, ["first"]),
        (OTHER, ["second"]),
    ]


def test_a_line_hidden_in_the_text_of_another_does_not_add_up():
    hidden = ":61:2612311231C99999,00NTRFNONREF"
    (found,) = read(mt940(LINE, ":86:/REMI/text", hidden))
    assert found.balance_proven is False


def test_supplementary_details_are_no_line_and_no_text_of_the_next():
    lines = (f"{LINE}//B1", "/OCMT/EUR11,00/CHGS/EUR1,00/", ":86:/NAME/Jan/REMI/x/", LINE, ":86:y")
    (found,) = read(mt940(*lines, closing="C261231EUR120,00"))
    assert [(entry.amount_cents, entry.remittance) for entry in found.entries] == [
        (1_000, "x"),
        (1_000, "y"),
    ]


def test_an_empty_statement_is_a_link_of_the_chain_and_a_missing_balance_proves_nothing():
    empty = mt940(":86:no movements", closing="C261231EUR100,00")
    (found,) = read(empty)
    assert (found.entries, found.balance_proven) == ((), True)
    (found,) = read(mt940(LINE, ":86:x", closing=None))
    assert (found.closing_cents, found.balance_proven) == (None, None)
    (found,) = read(one_day(opening="100.00", closing="100.00"))
    assert (found.entries, found.balance_proven) == ((), True)


@pytest.mark.parametrize(
    ("status", "is_booked"),
    [
        ("<Sts>BOOK</Sts>", True),
        ("<Sts><Cd>BOOK</Cd></Sts>", True),
        ("<Sts>PDNG</Sts>", False),
        ("<Sts><Cd>FUTR</Cd></Sts>", False),
        ("<Sts><Prtry>PDNG</Prtry></Sts>", False),
    ],
)
def test_only_what_the_bank_calls_booked_is_an_entry(status, is_booked):
    """A word of the bank's own was read as booked."""
    content = one_day(entry_xml(date="2026-12-31"), closing="110.00" if is_booked else "100.00")
    (found,) = read(content.replace(b"<Sts>BOOK</Sts>", status.encode()))
    assert (len(found.entries), found.left_out) == ((1, 0) if is_booked else (0, 1))
    assert found.balance_proven


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("<Dt>2026-12-31</Dt>", NEW_YEARS_EVE),
        ("<Dt>2026-12-31+01:00</Dt>", NEW_YEARS_EVE),
        ("<DtTm>2026-12-31T23:59:59+01:00</DtTm>", NEW_YEARS_EVE),
        # The bank's own day, whatever the zone: it is the day of its statement.
        ("<DtTm>2026-12-31T23:30:00Z</DtTm>", NEW_YEARS_EVE),
        ("<Dt>31-12-2026</Dt>", None),
        ("<Dt>2026-02-31</Dt>", None),
    ],
)
def test_the_day_is_the_banks_and_one_that_cannot_be_read_is_no_other_day(written, day):
    entry = entry_xml(date="2026-12-31").replace(
        "<BookgDt><Dt>2026-12-31</Dt></BookgDt>",
        f"<BookgDt>{written}</BookgDt><ValDt><Dt>2026-12-30</Dt></ValDt>",
    )
    (found,) = read(one_day(entry))
    assert found.entries[0].date == day


def test_the_order_of_tags_changes_nothing():
    """A standard has an order; a program that writes by hand has another."""
    turned = (
        "<Ntry><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Bakker</Nm></Dbtr></RltdPties></TxDtls>"
        "</NtryDtls><BookgDt><Dt>2026-12-31</Dt></BookgDt><Sts>BOOK</Sts>"
        '<CdtDbtInd>CRDT</CdtDbtInd><Amt Ccy="EUR">10.00</Amt></Ntry>'
    )
    behind = balance_xml("OPBD", "100.00") + balance_xml("CLBD", "110.00")
    (found,) = read(camt(statement_xml(turned, behind), version="08").getvalue())
    (entry,) = found.entries
    assert (entry.amount_cents, entry.name, found.balance_proven) == (1_000, "Bakker", True)


def test_charges_within_an_entry_leave_its_amount_as_it_is():
    charged = entry_xml(
        "9.50",
        date="2026-12-31",
        extra='<Chrgs><Rcrd><Amt Ccy="EUR">0.50</Amt></Rcrd></Chrgs>',
        details='<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">10.00</Amt></TxAmt></AmtDtls></TxDtls>',
    )
    (found,) = read(one_day(charged, closing="109.50"))
    assert [entry.amount_cents for entry in found.entries] == [950]
    assert found.balance_proven


def test_a_batch_in_several_blocks_of_details_is_one_batch():
    part = '<TxDtls><Refs><EndToEndId>{}</EndToEndId></Refs><Amt Ccy="EUR">{}</Amt></TxDtls>'
    details = part.format("A", "4.00") + "</NtryDtls><NtryDtls>" + part.format("B", "6.00")
    (found,) = read(one_day(entry_xml("10.00", date="2026-12-31", details=details)))
    assert [(one.amount_cents, one.end_to_end_id) for one in found.entries] == [
        (400, "A"),
        (600, "B"),
    ]


@pytest.mark.parametrize("amount", ["10,00", "+10.00", "-10.00", "1e1", "10.005", ""])
def test_an_amount_of_camt_that_is_not_exact_refuses_the_file(amount):
    with pytest.raises(StatementRefused):
        read(one_day(entry_xml(amount)))
