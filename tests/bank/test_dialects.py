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
