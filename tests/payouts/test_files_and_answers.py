"""Files in the wrong order, answers about what was never sent, and a file but for one payment."""

from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from allocation.models import PaymentBatch, Payout
from allocation.payouts import planning
from allocation.payouts.lines import choices, saying, suggesting
from budgetpool.bank import holding
from budgetpool.bank.importing import read_stream
from budgetpool.fund import ledger
from tests.bank.samples import camt, entry_xml, statement_xml
from tests.cast import signed_in
from tests.payouts.conftest import statement
from tests.payouts.test_lines import books_are_right
from tests.payouts.test_paying import enter, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(make_award, school, main_iban, treasurer, second_treasurer):
    """Three payments of EUR 480 in one file at the bank."""
    for number in range(3):
        invoice = enter(make_award(f"P{number}"), treasurer, number=f"N-{number}")
        planning.advance(invoice=invoice, actor=treasurer)
    send(main_iban.fund, treasurer, second_treasurer)
    return list(Payout.objects.order_by("pk"))


def test_files_of_one_command_may_stand_in_any_order(tmp_path, fund_iban, twente):
    paths = []
    for day, opening in ((1, "0.00"), (3, "20.00"), (2, "10.00")):
        on = f"2027-01-0{day}"
        text = statement_xml(
            entry_xml("10.00", date=on),
            id=on,
            day=on,
            iban=fund_iban.iban,
            opening=opening,
            closing=f"{day}0.00",
        )
        paths.append(tmp_path / f"{day}.xml")
        paths[-1].write_bytes(camt(text).getvalue())
    out = StringIO()
    call_command("import_statement", *map(str, paths), stdout=out)
    assert ledger.balance_cents(fund_iban.account) == 30_00
    assert not holding.waiting(twente).exists()
    assert "wachtte op een ander" in " ".join(out.getvalue().split())


def test_an_iban_is_the_same_however_a_file_spells_it(fund_iban):
    text = statement_xml(entry_xml("5.00", iban="nl20 ingb 0001 2345 67"), iban=fund_iban.iban)
    (read,) = read_stream(camt(text), name="x.xml").statements
    assert read.entries[0].iban == "NL20INGB0001234567"


def test_an_answer_that_refuses_what_was_not_sent_says_so(sent, treasurer):
    batch = PaymentBatch.objects.get()
    content = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>A</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{batch.message_id}"
        "</OrgnlMsgId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>"
        "<OrgnlPmtInfId>OTHER</OrgnlPmtInfId><TxInfAndSts>"
        f"<OrgnlEndToEndId>{sent[0].end_to_end_id}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        "</TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    )
    address = reverse("treasurer-statements", args=["twente"])
    file = {"verb": "import", "file": BytesIO(content.encode()), "reason": ""}
    page = signed_in(treasurer).post(address, file, follow=True).content.decode()
    assert "niet in dit bestand stond: OTHER" in page
    assert set(Payout.objects.values_list("status", flat=True)) == {"batched"}


def test_a_file_but_for_one_payment_is_one_press(sent, main_iban, treasurer):
    first = sent[0]
    (entry,) = statement(main_iban, (-960_00, "", {}))
    parts = [choice.part for choice in choices.of(entry) if choice.kind == "allbut"]
    assert parts == [f"allbut-{payout.pk}" for payout in sent]
    assert "allbut" not in str([one.key for one in suggesting.of(entry)])
    saying.say(entry=entry, part=f"allbut-{first.pk}", actor=treasurer)
    states = dict(Payout.objects.values_list("pk", "status"))
    assert [states[payout.pk] for payout in sent] == ["batched", "paid", "paid"]
    assert (saying.left_cents(entry), books_are_right()) == (0, True)
