"""The bank's answer to our payments (pain.002), and the proof that lets one be made again."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone, translation

from allocation.models import PaymentReport, Payout
from allocation.payouts import arriving, confirming, planning, reporting
from budgetpool.bank import acceptance, iso_reasons, pain002, reading
from budgetpool.bank.importing import read_stream
from budgetpool.bank.models import BankStatement
from budgetpool.demo.answer import pain002 as answer_of
from tests.bank.samples import camt, entry_xml, statement_xml
from tests.payouts.conftest import statement
from tests.payouts.test_paying import books_are_right, enter, send
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(award, school, main_iban, treasurer, second_treasurer):
    planning.advance(invoice=enter(award, treasurer), actor=treasurer)
    send(award.round.fund, treasurer, second_treasurer)
    return Payout.objects.select_related("batch", "award__round__fund").get()


def take(payout, by, *, name="answer.xml", **said):
    content = answer_of(payout.batch, **said)
    return reporting.take(content=content, name=name, fund=payout.award.round.fund, actor=by)


def refused(payout, by, code="AC04"):
    take(payout, by, refused={payout.end_to_end_id: code})
    payout.refresh_from_db()
    return payout


def test_a_refused_payment_says_why_in_both_languages(sent, treasurer):
    refused(sent, treasurer)
    assert sent.status == Payout.Status.REJECTED
    for language, words in (("nl", "AC04: de rekening"), ("en", "AC04: the account is closed")):
        with translation.override(language):
            assert iso_reasons.say(sent.reason).startswith(words)
    assert iso_reasons.say("ZZ99") == "ZZ99"
    assert books_are_right()


def test_every_reason_has_dutch_words():
    for code in iso_reasons.REASONS:
        with translation.override("en"):
            english = iso_reasons.say(code)
        with translation.override("nl"):
            assert iso_reasons.say(code) != english, code


def test_a_whole_file_that_is_refused_refuses_each_payment(sent, treasurer):
    found = take(sent, treasurer, whole="FF01")
    assert [row.pk for row in found.rejected] == [sent.pk]
    assert take(sent, treasurer, whole="FF01").rejected == []
    assert PaymentReport.objects.count() == 1


def test_an_accepted_file_moves_nothing(sent, treasurer):
    found = take(sent, treasurer)
    assert (found.accepted_count, found.rejected) == (1, [])
    sent.refresh_from_db()
    assert sent.status == Payout.Status.BATCHED


def test_a_payment_is_made_again_only_after_its_day_is_on_a_statement(sent, main_iban, treasurer):
    """An answer can be forged by one person; that the money stayed is shown by the bank."""
    refused(sent, treasurer)
    with refuses("statement_to_come"):
        planning.retry(payout=sent, actor=treasurer)
    statement(main_iban, (-1, "", {}), day=timezone.localdate() - timedelta(days=1))
    with refuses("statement_to_come"):
        planning.retry(payout=sent, actor=treasurer)
    statement(main_iban, (-1, "", {}))
    again = planning.retry(payout=sent, actor=treasurer)
    assert again.status == Payout.Status.PLANNED
    with refuses("retried_before"):
        planning.retry(payout=sent, actor=treasurer)


def test_a_payment_may_stand_on_a_statement_that_is_missing_or_held(
    sent, main_iban, treasurer, second_treasurer
):
    """A statement of its day after a gap proves nothing, also when two people booked it."""
    fund, today = main_iban.fund, timezone.localdate()

    def receive(opening, closing, day):
        line = entry_xml(f"{closing - opening}.00", date=day.isoformat())
        xml = statement_xml(
            line,
            iban=main_iban.iban,
            opening=f"{opening}.00",
            closing=f"{closing}.00",
            id=f"S{opening}",
            day=day.isoformat(),
        )
        source = read_stream(camt(xml), name=f"{opening}.xml")
        arriving.take(source=source, fund=fund, by=treasurer)
        return source

    refused(sent, treasurer)
    receive(0, 10, today - timedelta(days=2))
    after = receive(40, 41, today)
    with refuses("statement_to_come"):
        planning.retry(payout=sent, actor=treasurer)
    for person in (treasurer, second_treasurer):
        acceptance.accept(source=after, fund=fund, reason="Kwijt", by=person)
    arriving.take(source=after, fund=fund, by=treasurer)
    with refuses("statement_to_come"):
        planning.retry(payout=sent, actor=treasurer)
    receive(10, 40, today - timedelta(days=1))
    forged = receive(10, 39, today - timedelta(days=1))
    with refuses("statement_to_come"):
        planning.retry(payout=sent, actor=treasurer)
    for person in (treasurer, second_treasurer):
        acceptance.accept(source=forged, fund=fund, reason="Vals", by=person, sets_aside=True)
    assert planning.retry(payout=sent, actor=treasurer).status == Payout.Status.PLANNED


def test_a_payment_on_nobodys_proof_is_not_made_again(sent, main_iban, treasurer):
    Payout.objects.filter(pk=sent.pk).update(status="rejected", reason="the bank said so")
    statement(main_iban, (-1, "", {}))
    with refuses("no_proof_of_failure"):
        planning.retry(payout=sent, actor=treasurer)


def test_a_statement_that_shows_it_after_all_counts_more_than_the_answer(
    sent, main_iban, treasurer
):
    refused(sent, treasurer)
    statement(main_iban, (-48_000, sent.end_to_end_id, {}))
    confirming.confirm(fund=main_iban.fund, actor=treasurer)
    sent.refresh_from_db()
    assert (sent.status, sent.rejected_by, sent.reason) == ("paid", None, "")
    with refuses("wrong_step"):
        planning.retry(payout=sent, actor=treasurer)
    assert take(sent, treasurer, refused={sent.end_to_end_id: "AC04"}).unclear == [sent]
    assert books_are_right()


def test_a_return_says_why_it_came_back(sent, main_iban, treasurer):
    statement(main_iban, (-48_000, sent.end_to_end_id, {}))
    confirming.confirm(fund=main_iban.fund, actor=treasurer)
    statement(main_iban, (48_000, sent.end_to_end_id, {"return_reason": "AC04"}))
    confirming.confirm(fund=main_iban.fund, actor=treasurer)
    sent.refresh_from_db()
    assert (sent.status, sent.reason) == ("rejected", "AC04")
    assert planning.retry(payout=sent, actor=treasurer)


def test_the_reason_of_a_return_is_read_from_the_statement():
    from_camt = entry_xml("1.00", end_to_end="BP-1").replace(
        "</TxDtls>", "<RtrInf><Rsn><Cd>MS03</Cd></Rsn></RtrInf></TxDtls>"
    )
    (found,) = reading.read(camt(statement_xml(from_camt)))
    assert found.entries[0].return_reason == "MS03"


@pytest.mark.parametrize("who", ["treasurer_of_drenthe", "chair", "stranger"])
def test_only_a_treasurer_takes_an_answer(request, who, sent):
    with refuses("no_seat"):
        refused(sent, request.getfixturevalue(who))


def test_an_answer_to_another_file_is_refused(sent, treasurer, drenthe):
    with refuses("report_of_no_file"):
        take(sent, treasurer, whole="AC04", file_id="SOMEBODY-ELSES")
    content = answer_of(sent.batch).replace(b"AC04", b"")
    sent.batch.status = "withdrawn"
    assert pain002.read(BytesIO(content)).file_id == sent.batch.message_id


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<CstmrPmtStsRpt", "not_xml"),
        (b"<!DOCTYPE x []><Document><CstmrPmtStsRpt/></Document>", "doctype"),
        (b"<Document><Other/></Document>", "other_message"),
        (b"<Document><CstmrPmtStsRpt/></Document>", "no_statement"),
    ],
)
def test_what_is_no_answer_is_refused(content, code):
    with refuses(code):
        pain002.read(BytesIO(content))


def test_an_amount_that_differs_is_not_that_payment(sent, treasurer):
    content = answer_of(sent.batch, {sent.end_to_end_id: "AC04"}).replace(
        b"</TxInfAndSts>",
        b'<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">1.00</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>',
    )
    fund = sent.award.round.fund
    found = reporting.take(content=content, name="a", fund=fund, actor=treasurer)
    assert (found.rejected, found.accepted_count) == ([], 1)
    assert BankStatement.objects.count() <= 1
