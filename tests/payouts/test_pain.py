"""The payment file by itself: valid, quick, and refusing what no bank should get."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from lxml import etree
from schwifty import IBAN

from allocation.payouts import pain

FACTS = {"payer_name": "Scholingsfonds Twente", "execution_on": date(2027, 3, 1)}
PAYER = "NL91ABNA0417164300"


def payment(number=1, **changes):
    facts = {
        "end_to_end_id": f"BP-{number}",
        "name": "Lasschool Žilina & Zn",
        "iban": "NL20 INGB 0001 2345 67",
        "amount_cents": 48_000 + number,
        "description": "R-0412 factuur 2027-31",
    }
    return pain.Payment(**(facts | changes))


def test_1000_payments_are_written_and_add_up():
    payments = [payment(number) for number in range(1, 1001)]
    file = pain.write(payer_iban=PAYER, payments=payments, **FACTS)
    root = etree.fromstring(file.xml)
    sums = [node.text for node in root.iter("{*}CtrlSum")]
    total = sum(row.amount_cents for row in payments)
    assert sums == [f"{total // 100}.{total % 100:02d}"] * 2
    assert len(list(root.iter("{*}CdtTrfTxInf"))) == 1000


@pytest.mark.parametrize("iban", ["NL20INGB0001234568", "NL20", ""])
def test_a_payment_to_what_is_no_iban_is_never_written(iban):
    with pytest.raises(ValidationError):
        pain.write(payer_iban=PAYER, payments=[payment(iban=iban)], **FACTS)


@pytest.mark.parametrize("cents", [0, -1])
def test_a_payment_of_nothing_is_never_written(cents):
    with pytest.raises(ValueError, match="not more than zero"):
        pain.write(payer_iban=PAYER, payments=[payment(amount_cents=cents)], **FACTS)


def test_a_file_holds_at_least_one_payment():
    with pytest.raises(ValueError, match="at least one"):
        pain.write(payer_iban=PAYER, payments=[], **FACTS)


def test_a_bank_that_is_not_in_the_list_gets_a_valid_file_too():
    payer = IBAN.generate("NL", bank_code="XXXX", account_code="0123456789")
    file = pain.write(payer_iban=str(payer), payments=[payment()], **FACTS)
    assert b"BP-1" in file.xml


def test_names_hold_what_every_bank_takes_and_the_batch_has_its_own_number():
    rows = [payment(name="Müller & Søn_ЮРИЙ"), payment(2, name="🎓", description="“a” // b_c")]
    file = pain.write(payer_iban=PAYER, payments=rows, **FACTS | {"payer_name": "Fonds & Co_"})
    root = etree.fromstring(file.xml)
    names = [node.findtext("{*}Nm") for node in root.iter("{*}Cdtr")]
    assert names == ["Muller + Son-IuRII", "NOTPROVIDED"]
    assert {node.text for node in root.iter("{*}Nm")} == {*names, "Fonds + Co-"}
    assert [node.text for node in root.iter("{*}Ustrd")][1] == "'a' / b-c"
    assert root.findtext(".//{*}PmtInfId") == file.payment_information_id


def test_a_file_that_the_schema_does_not_know_is_never_written():
    with pytest.raises(etree.DocumentInvalid):
        pain.write(payer_iban=PAYER, payments=[payment(end_to_end_id="B" * 36)], **FACTS)
