"""The bank accounts at the desk: proven, opened by two people, held files decided."""

import html
import re
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from allocation.payouts import queue
from budgetpool.audit.models import AuditEvent
from budgetpool.bank import acceptance, held_lines, opening, reconciling
from budgetpool.bank.importing import read_stream
from budgetpool.bank.models import HeldFile, OpeningBalance, OpeningShare
from budgetpool.fund import ledger
from tests.bank.samples import camt, entry_xml, statement_xml
from tests.cast import signed_in
from tests.employers.conftest import receive  # noqa: F401
from tests.employers.test_proven_chain import day, mt940_day  # noqa: F401
from tests.sharing import shared

pytestmark = pytest.mark.django_db


@shared
def desk(treasurer):
    return signed_in(treasurer)


@shared
def board(chair):
    return signed_in(chair)


def url(name, *args):
    return reverse(f"treasurer-{name}", args=["twente", *args])


def press(browser, verb, status=302, **data):
    answer = browser.post(url("bank"), {"verb": verb, **data})
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


def page(browser, name="bank", *args):
    answer = browser.get(url(name, *args))
    assert answer.status_code == 200
    return answer.content.decode()


def decide(browser, held, verb, status=302, **data):
    """Press a button on the page of a held file."""
    answer = browser.post(url("held-file", held.pk), {"verb": verb, **data})
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


def said(answer):
    return "".join(str(m) for m in answer.wsgi_request._messages)


def test_the_first_page_says_that_each_account_equals_its_statement_when_it_does(
    desk,
    board,
    fund_iban,
    day,  # noqa: F811
):
    assert "Er is nog geen afschrift met saldi." in page(desk, "home")
    day(5, 1859.13, -198.26)
    assert "Rekeningen die niet gelijk zijn aan hun laatste afschrift: 1 van 1" in page(
        desk, "home"
    )
    assert "het eerste afschrift begint op €\xa01.859,13" in page(desk)

    prefix = f"account-{fund_iban.pk}"
    answer = press(
        desk,
        f"open-{fund_iban.pk}",
        status=422,
        **{f"{prefix}-amount": "1.859,14", f"{prefix}-starts_on": "01-01-2027"},
    )
    assert "Fout:" in answer.content.decode()
    facts = {
        f"{prefix}-amount": "1.859,13",
        f"{prefix}-starts_on": "01-01-2027",
        f"{prefix}-reason": "Jaaroverzicht 2026",
    }
    wrong = {**facts, f"{prefix}-amount": "1.859,14"}
    assert (
        "Dat is dus het beginsaldo"
        in press(desk, f"open-{fund_iban.pk}", status=422, **wrong).content.decode()
    )
    press(desk, f"open-{fund_iban.pk}", **facts)
    asked = OpeningBalance.objects.get()
    press(desk, f"approve-{asked.pk}")
    assert ledger.balance_cents(fund_iban.account) == -198_26
    assert "Beginsaldi om goed te keuren" in page(desk, "home")
    press(board, f"approve-{asked.pk}")

    assert ledger.balance_cents(fund_iban.account) == 1_660_87
    assert "Elke rekening is gelijk aan het laatste afschrift." in page(desk, "home")
    assert "tot op de cent gelijk" in page(board)


def test_a_file_that_does_not_fit_is_shown_and_decided_by_two(
    desk,
    board,
    fund_iban,
    day,  # noqa: F811
):
    day(5, 0, 10)
    file = SimpleUploadedFile("dag-8.sta", mt940_day(8, 40, 1).encode())
    answer = desk.post(url("statements"), {"verb": "import", "file": file})
    held = HeldFile.objects.get()
    assert "een gat van €\xa030,00" in said(answer)
    assert url("held-file", held.pk) in said(answer)
    for browser in (desk, board):
        assert url("held-file", held.pk) in page(browser)
        assert url("held-file", held.pk) in page(browser, "charges")
        assert "Bestand dag-8.sta wacht" in page(browser, "held-file", held.pk)
    assert "Bankbestanden die niet passen" in page(desk, "home")
    hinders = re.sub(r"<[^>]*>", "", page(desk, "periods")).replace("\xa0", " ")
    assert "NL91 ABNA 0417 1643 00: bestand dag-8.sta wacht. Beslis daar eerst over." in hinders

    decide(desk, held, "book", status=422)
    decide(desk, held, "book", reason="De bank is een dag kwijt")
    decide(desk, held, "book")
    assert ledger.balance_cents(fund_iban.account) == 10_00
    assert "De bank is een dag kwijt" in page(board, "held-file", held.pk)
    decide(board, held, "book")
    assert ledger.balance_cents(fund_iban.account) == 11_00
    assert "Er ontbreekt een afschrift tussen" in page(desk)
    assert AuditEvent.objects.filter(action="statement.acceptance_confirmed").exists()
    assert "heeft gewacht" in page(desk, "held-file", held.pk)
    decide(board, held, "aside")
    assert ledger.balance_cents(fund_iban.account) == 11_00


def test_a_held_file_is_shown_beside_the_books(desk, fund_iban, day):  # noqa: F811
    """EUR 10 is known; EUR 99,999 from the same account is the file's, EUR 7 the books'."""
    day(5, 0, 10, 7)
    day(5, 0, 10, 99_999, id="FORGED")
    held = HeldFile.objects.get()
    assert held.code == "contradicts"
    shown = html.unescape(page(desk, "held-file", held.pk))
    lines = shown.partition("De regels naast de boeken")[2]
    rows = lines.split("<tr")[2:]
    told = [
        (word, amount)
        for row in rows
        for word in ("bestand en boeken", "alleen in dit bestand", "alleen in de boeken")
        for amount in ("€\xa010,00", "€\xa099.999,00", "€\xa07,00")
        if word in row and amount in row
    ]
    assert sorted(told) == [
        ("alleen in de boeken", "€\xa07,00"),
        ("alleen in dit bestand", "€\xa099.999,00"),
        ("bestand en boeken", "€\xa010,00"),
    ]


def test_the_same_amount_from_another_account_is_another_line(fund_iban, day):  # noqa: F811
    day(5, 0, 10)
    day(5, 0, 10, 1, iban="NL39RABO0300065264", id="FORGED")
    held = HeldFile.objects.get()
    lines = held_lines.beside_the_books(held, held_lines.statements(held))
    assert sorted((line.amount_cents, line.where) for line in lines) == [
        (1_00, "file"),
        (10_00, "books"),
        (10_00, "file"),
    ]


def test_a_held_file_of_another_fund_is_nobodys_to_see(
    treasurer_of_drenthe,
    chair_of_drenthe,
    desk,
    fund_iban,
    day,  # noqa: F811
):
    day(5, 0, 10)
    day(8, 40, 1)
    held = HeldFile.objects.get()
    for person in (treasurer_of_drenthe, chair_of_drenthe):
        own = reverse("treasurer-held-file", args=["drenthe", held.pk])
        answers = {signed_in(person).get(at).status_code for at in (url("held-file", held.pk), own)}
        assert answers <= {403, 404}


def test_one_treasurer_and_the_board_accept_a_file_that_does_not_add_up(
    desk,
    board,
    fund_iban,
):
    """Its balances make EUR 11 of EUR 10: refused; kept with a reason; booked by the board."""
    bad = {"opening": "0.00", "closing": "11.00"}

    def send(**data):
        xml = statement_xml(entry_xml("10.00"), iban=fund_iban.iban, **bad)
        file = SimpleUploadedFile("bad.xml", camt(xml).getvalue())
        return desk.post(url("statements"), {"verb": "import", "file": file, **data})

    assert send().status_code == 422
    assert not HeldFile.objects.exists()
    assert "een verschil van €\xa01,00" in said(send(reason="De bank bevestigt het"))
    held = HeldFile.objects.get()
    decide(desk, held, "book")
    assert ledger.balance_cents(fund_iban.account) == 0
    assert url("held-file", held.pk) in page(board, "charges")
    decide(board, held, "book")
    assert ledger.balance_cents(fund_iban.account) == 10_00
    assert queue.of(fund_iban.fund)[0].code == "deposits"


def test_a_file_that_does_not_add_up_stays_held_when_what_was_asked_is_withdrawn(
    desk,
    board,
    fund_iban,
    receive,  # noqa: F811
    treasurer,
):
    """And it keeps no other file out."""
    bad = {"opening": "0.00", "closing": "11.00"}
    xml = statement_xml(entry_xml("10.00"), iban=fund_iban.iban, **bad)
    source = read_stream(camt(xml), name="bad.xml")
    acceptance.accept(source=source, fund=fund_iban.fund, reason="x", by=treasurer)
    receive(entry_xml("10.00"), name="bad.xml", **bad)
    held = HeldFile.objects.get()
    decide(board, held, "withdraw")
    receive(entry_xml("3.00"), opening="0.00", closing="3.00", id="TRUE")
    assert ledger.balance_cents(fund_iban.account) == 3_00
    assert HeldFile.objects.get().settled_at is None
    decide(desk, held, "aside", reason="Van een andere bank")
    decide(board, held, "aside")
    assert HeldFile.objects.get().settled_at is not None


def test_what_was_asked_can_be_withdrawn_and_set_aside(
    desk,
    board,
    fund_iban,
    day,  # noqa: F811
):
    day(5, 0, 10)
    day(8, 40, 1)
    held = HeldFile.objects.get()
    reason = {"reason": "Van een andere bank"}
    decide(desk, held, "book", **reason)
    decide(board, held, "withdraw")
    decide(desk, held, "aside", **reason)
    decide(board, held, "book")
    assert HeldFile.objects.get().settled_at is None
    decide(board, held, "aside")
    assert HeldFile.objects.get().settled_at is not None
    assert "wacht" not in page(desk).split("<h1>")[1].split("</h2>")[0]
    assert reconciling.of(fund_iban).is_proven


def test_the_board_cannot_be_the_first(board, fund_iban, day):  # noqa: F811
    day(5, 100, 10)
    day(8, 140, 1)
    held = HeldFile.objects.get()
    prefix = f"account-{fund_iban.pk}"
    press(
        board,
        f"open-{fund_iban.pk}",
        **{f"{prefix}-amount": "100", f"{prefix}-starts_on": "01-01-2027", f"{prefix}-reason": "x"},
    )
    decide(board, held, "book", reason="x")
    assert "Een penningmeester zegt eerst" in page(board, "held-file", held.pk)
    assert not OpeningBalance.objects.exists()
    assert not held.fund.unproven_acceptances.exists()


def test_the_reconciliation_statement_on_paper(desk, fund_iban, receive):  # noqa: F811
    receive(entry_xml("10.00"), opening="5.00", closing="15.00")
    answer = desk.get(url("reconciliation", fund_iban.pk))
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(answer.content)) as document:
        assert "Aansluiting met de bank" in str(document.docinfo["/Title"])
        assert document.Root.MarkInfo.Marked
    assert AuditEvent.objects.filter(action="books.exported").exists()


@pytest.mark.parametrize(
    ("balances", "asks"),
    [
        (None, True),
        ({"opening": "0.00", "closing": "10.00"}, False),
        ({"opening": "5.00", "closing": "15.00"}, True),
    ],
)
def test_an_opening_balance_is_asked_where_one_can_be(
    desk,
    fund_iban,
    receive,  # noqa: F811
    balances,
    asks,
):
    if balances:
        receive(entry_xml("10.00"), **balances)
    assert ("Twee mensen boeken het, één keer." in page(desk)) == asks


def test_what_an_opening_balance_is_for_is_said_by_two(
    desk,
    board,
    fund_iban,
    day,  # noqa: F811
    treasurer,
    chair,
):
    day(5, 1000, 10)
    asked = opening.ask(
        account=fund_iban,
        amount_cents=1_000_00,
        starts_on=date(2027, 1, 1),
        reason="Jaaroverzicht",
        by=treasurer,
    )
    opened = opening.approve(opening=asked, by=chair)
    assert "Beginsaldi die nog in geen pot zitten" in page(desk, "home")
    assert "zit nog in geen pot" in page(desk)
    assert f'value="share-{opened.pk}"' not in page(board)
    prefix = f"share-{opened.pk}"
    facts = {f"{prefix}-pool": "pool", f"{prefix}-reason": "Notulen"}
    press(desk, prefix, status=422, **facts | {f"{prefix}-amount": "1.000,01"})
    press(desk, prefix, status=422, **facts | {f"{prefix}-pool": "suspense"})
    press(board, prefix, **facts)
    assert not OpeningShare.objects.exists()
    press(desk, prefix, **facts)
    share = OpeningShare.objects.get()
    press(desk, f"agree-{share.pk}")
    assert not OpeningShare.objects.get().approved_at
    press(board, f"agree-{share.pk}")
    pool = fund_iban.fund.accounts.get(code="pool")
    assert ledger.balance_cents(pool) == 1_000_00
    assert "eginsaldi" not in page(desk, "home")

    press(desk, f"unshare-{share.pk}", status=422)
    press(desk, f"unshare-{share.pk}", **{f"{prefix}-undo-reason": "Het is van een oormerk"})
    assert ledger.balance_cents(pool) == 0
    press(desk, prefix, **facts)
    press(desk, f"forgo-{OpeningShare.objects.get(approved_at=None).pk}")
    assert "zit nog in geen pot" in page(desk)


def test_another_funds_opening_balance_is_not_found(board, treasurer_of_drenthe, fund_iban):
    stranger = signed_in(treasurer_of_drenthe)
    assert stranger.post(url("bank"), {"verb": "share-1"}).status_code == 404
    for verb in ("share-1", "agree-1", "forgo-1", "unshare-1"):
        press(board, verb, status=404)
