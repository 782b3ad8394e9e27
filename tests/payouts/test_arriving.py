"""One way into the books: a file ends in the same books by the page and by the command."""

from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from allocation.models import Payout
from allocation.payouts import arriving, planning
from budgetpool.bank.importing import read_stream
from budgetpool.bank.models import HeldFile
from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Transfer
from employers.pledges import requests as contributions
from tests.bank.samples import camt, entry_xml, statement_xml
from tests.cast import make_employer, signed_in
from tests.payouts.test_paying import enter, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_the_bank(opened, main_iban, school, make_award, treasurer, second_treasurer):
    """Three payments of EUR 480 that the bank has: one file of one, one file of two."""
    names = ("Anna", "Bram", "Cato")
    awards = [make_award(name) for name in names]
    for number, award in enumerate(awards):
        planning.advance(invoice=enter(award, treasurer, number=f"N-{number}"), actor=treasurer)
        if number == 0:
            send(opened.fund, treasurer, second_treasurer)
    send(opened.fund, treasurer, second_treasurer)
    return list(Payout.objects.order_by("pk"))


@pytest.fixture
def month(at_the_bank, opened, main_iban):
    """A deposit, a payment by its number, a file as one line, and the first one back."""
    today = timezone.localdate()
    asked = contributions.ask(
        employer=make_employer("Bakker", "90000021"),
        fund=opened.fund,
        amount_cents=100_000,
        period_start=today,
        period_end=today,
    )
    single, first, _second = at_the_bank
    whole = f"<Btch><MsgId>{first.batch.message_id}</MsgId><NbOfTxs>2</NbOfTxs></Btch>"
    on = today.isoformat()
    return camt(
        statement_xml(
            entry_xml("1000.00", date=on, structured=asked.reference),
            entry_xml("480.00", "DBIT", date=on, end_to_end=single.end_to_end_id),
            entry_xml("960.00", "DBIT", date=on, details=whole),
            entry_xml("480.00", date=on, end_to_end=single.end_to_end_id),
            iban=main_iban.iban,
            opening="0.00",
            closing="40.00",
            day=on,
        )
    ).getvalue()


def books():
    """Everything that a way in may change: balances, transfers, payments."""
    return {
        "accounts": {
            (row.fund_id, row.code): row.balance_cents
            for row in Account.objects.all()
            if row.balance_cents
        },
        "transfers": sorted(
            (row.memo, row.amount_cents, row.debit.code, row.credit.code, row.value_date)
            for row in Transfer.objects.select_related("debit", "credit")
        ),
        "payouts": list(Payout.objects.order_by("pk").values_list("status", flat=True)),
    }


@pytest.fixture
def apart():
    """Does something, gives the books after it, and takes it back."""

    def do(act):
        point = transaction.savepoint_create()
        act()
        found = books()
        transaction.savepoint_rollback(point)
        return found

    return do


def by_command(tmp_path, content, *arguments):
    path = tmp_path / "month.xml"
    path.write_bytes(content)
    out = StringIO()
    call_command("import_statement", str(path), *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def by_page(person, content):
    file = SimpleUploadedFile("month.xml", content)
    here = reverse("treasurer-statements", args=["twente"])
    answer = signed_in(person).post(here, {"verb": "import", "file": file})
    assert answer.status_code == 302
    return "".join(str(one) for one in answer.wsgi_request._messages)


def test_page_and_command_end_in_the_same_books(month, apart, tmp_path, treasurer):
    before = books()
    nobody = apart(lambda: by_command(tmp_path, month))
    somebody = apart(lambda: by_command(tmp_path, month, "--by", treasurer.email))
    screen = apart(lambda: by_page(treasurer, month))
    assert nobody == somebody == screen != before
    assert screen["payouts"] == ["rejected", "paid", "paid"]
    assert not {"suspense", "unexplained"} & {code for _fund, code in screen["accounts"]}


def test_it_says_what_it_found(month, apart, tmp_path, treasurer):
    said = {}
    apart(lambda: said.update(command=by_command(tmp_path, month)))
    apart(lambda: said.update(page=by_page(treasurer, month)))
    assert "3 betaald, 1 teruggekomen, 0 onduidelijk" in said["command"]
    assert "Betaald: 3" in said["page"]


def test_a_second_time_nothing_moves(month, tmp_path, treasurer):
    by_command(tmp_path, month)
    once = books()
    by_command(tmp_path, month)
    by_page(treasurer, month)
    assert books() == once


def test_what_cannot_be_booked_never_keeps_a_statement_out(month, at_the_bank, opened):
    """An award without its money: its line waits, everything else of the file is booked."""
    first = at_the_bank[0]
    ledger.post(
        debit=first.award.account,
        credit=Account.objects.get(fund=opened.fund, code="pool"),
        amount=60_000,
        reference="fill:empty",
        memo="released",
    )
    arrived = arriving.take(source=read_stream(BytesIO(month), name="month.xml"))
    assert arrived.report.fresh_count == 4
    assert (arrived.paid_count, arrived.unclear_count) == (2, 2)
    assert books()["payouts"] == ["batched", "paid", "paid"]


def test_a_held_file_that_the_board_confirms_finds_payments_too(
    month, main_iban, opened, treasurer, chair
):
    late = camt(
        statement_xml(
            entry_xml("5.00"), iban=main_iban.iban, opening="1.00", closing="6.00", id="early"
        )
    ).getvalue()
    arriving.take(source=read_stream(BytesIO(late), name="early.xml"), fund=opened.fund)
    arriving.take(source=read_stream(BytesIO(month), name="month.xml"), fund=opened.fund)
    held = HeldFile.objects.get(settled_at=None)
    arriving.decide_held(held=held, reason="A day is missing", by=treasurer, sets_aside=False)
    arrived = arriving.decide_held(held=held, reason="", by=chair, sets_aside=False)
    assert (arrived.paid_count, arrived.returned_count) == (3, 1)


def test_no_other_code_of_ours_brings_a_file_in():
    """The half that knows only deposits has one caller."""
    root = Path(__file__).parents[2]
    packages = ("allocation", "api", "budgetpool", "employers", "workers", "benchmarks")
    callers = [
        path.relative_to(root).as_posix()
        for package in packages
        for path in (root / package).rglob("*.py")
        if "import_file(" in path.read_text("utf-8")
    ]
    assert sorted(callers) == ["allocation/payouts/arriving.py", "employers/importing.py"]
