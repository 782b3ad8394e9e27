"""What each bank writes in its own way: columns, cut lines, codes behind references, batches."""

from io import BytesIO

import pytest

from budgetpool.bank import reading
from tests.bank.samples import camt, case, entry_xml, read_file, statement_xml


def mt940(*lines, account="NL91ABNA0417164300EUR", number="5/1"):
    text = [":20:P1", f":25:{account}", f":28C:{number}", ":60F:C270104EUR0,00", *lines, "-"]
    return reading.read(BytesIO("\n".join(text).encode()))[0]


def test_bng_writes_name_address_and_text_in_columns():
    (statement,) = read_file(case("mt940_bng_columns", "in.940"))
    (entry,) = statement.entries
    assert (entry.name, entry.iban) == ("Gemeente Voorbeeld", "NL09INGB4826953240")
    assert "RF140010000060008" in entry.remittance
    # `NMSC028`: the kind of the transaction, and no reference of the payer.
    assert entry.end_to_end_id is None


@pytest.mark.parametrize(
    "head",
    [
        [":28C:00005/", "001", ":60F:C270104EUR0,00"],
        [":28C:00005/001", ":60F:C270104EUR", "0,00"],
    ],
)
def test_a_field_of_one_line_that_was_cut_is_whole_again(head):
    lines = [":20:P1", ":25:NL91ABNA0417164300EUR", *head]
    lines += [":61:2701050105C10,00NTRFNONREF", ":62F:C270105EUR10,00", "-"]
    (statement,) = reading.read(BytesIO("\n".join(lines).encode()))
    assert (statement.opening_cents, statement.closing_cents) == (0, 1000)
    assert statement.balance_proven is True
    assert "5" in statement.id


def test_ings_code_of_the_transaction_is_no_part_of_the_reference():
    for line in ("//00000000001005/TRCD/00100/", "//00000000001005\n/TRCD/00100/"):
        (entry,) = mt940(f":61:2701050105C10,00NTRFEREF{line}").entries
        assert entry.bank_reference == "00000000001005"


def test_mt940_names_the_batch_that_a_line_is():
    (entry,) = mt940(
        ":61:2701050105D10,00NTRFPREF//00000000001006",
        ":86:/PREF/Scholingsfonds-abc123//REMI/USTD//TOTAAL 3 VZ/",
    ).entries
    assert entry.payment_information_id == "Scholingsfonds-abc123"


BATCH = "<Btch><MsgId>M-1</MsgId><PmtInfId>P-1</PmtInfId><NbOfTxs>3</NbOfTxs></Btch>"
REFS = "<TxDtls><Refs><MsgId>M-1</MsgId><PmtInfId>P-1</PmtInfId></Refs></TxDtls>"


@pytest.mark.parametrize("version", ["02", "08"])
@pytest.mark.parametrize("details", [BATCH, REFS, BATCH + REFS])
def test_camt_names_the_batch_that_a_line_is(version, details):
    file = camt(statement_xml(entry_xml("10.00", "DBIT", details=details)), version=version)
    ((entry,),) = (statement.entries for statement in reading.read(file))
    assert (entry.message_id, entry.payment_information_id) == ("M-1", "P-1")


def test_a_batch_that_says_not_provided_names_none():
    details = "<Btch><MsgId>NOTPROVIDED</MsgId></Btch>"
    ((entry,),) = (
        statement.entries
        for statement in reading.read(camt(statement_xml(entry_xml(details=details))))
    )
    assert entry.message_id is None


# Triodos, Knab: the shapes that public parsers of their files keep as examples.


def test_triodos_writes_pieces_of_27_signs():
    first, second, third = mt940(
        ":61:260302D35,90NID NONREF",
        ":86:000>100000000000",
        ">20INGBNL2A",
        ">21NL27INGB0000026500",
        ">22WEBWINKEL P1657059212 70516>23855068149 C0001H18T",
        ">24D",
        ">310338505768",
        ":61:260301D11,98NBA NONREF",
        ":86:000>100000000000",
        ">20DROGIST & ZN - ENSCHEDE  -->21 TERMINAL 0MXK4N - 28-02",
        ">310338505768",
        ":61:110101D15,70N000NONREF",
        ":86:000>100987654321",
        ">20ALGEMENE TUSSENREKENING KOS>21TEN VAN 01-10-2010 TOT EN M",
        ">22ET 31-12-2010>310390123456",
    ).entries
    assert (first.iban, first.name) == ("NL27INGB0000026500", None)
    assert first.remittance == "WEBWINKEL P1657059212 70516855068149 C0001H18T D"
    assert (second.iban, second.remittance[:26]) == (None, "DROGIST & ZN - ENSCHEDE --")
    assert third.remittance == (
        "ALGEMENE TUSSENREKENING KOSTEN VAN 01-10-2010 TOT EN MET 31-12-2010"
    )
    assert {entry.end_to_end_id for entry in (first, second, third)} == {None}


def test_triodos_writes_words_between_slashes_today():
    (entry,) = mt940(
        ":61:260203D144,46NID0NONREF",
        ":86:/CNTP/NL04ADYB2017400157/ADYBNL2A/Webwinkel///EREF/BP-7//REMI/USTD//R-1 factuur/",
        account="NL55TRIO0338505768",
    ).entries
    assert (entry.name, entry.iban) == ("Webwinkel", "NL04ADYB2017400157")
    assert (entry.end_to_end_id, entry.remittance) == ("BP-7", "R-1 factuur")


@pytest.mark.parametrize("turned", [False, True])
def test_knab_writes_the_other_account_on_a_line_of_its_own(turned):
    lines = ["FACTUUR 201403110, 201403113", "REK: NL65INGB0123456789/NAAM: PICQER B.V."]
    lines = lines[::-1] if turned else lines
    (entry,) = mt940(
        ":61:1407290729D7260,NTRFNONREF//B4G29PGCVO7Q06US", f":86:{lines[0]}", lines[1]
    ).entries
    assert (entry.name, entry.iban) == ("PICQER B.V.", "NL65INGB0123456789")
    assert entry.remittance == "FACTUUR 201403110, 201403113"
