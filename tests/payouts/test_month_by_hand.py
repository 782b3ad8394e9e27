"""A month at the desk, by its own pages: whatever comes is explained, and the month closes.

The treasurer and one of the board use the addresses and forms that the pages offer. The lines of
last month are the employers'; today's are the payments to a school.
"""

import html
import inspect
from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from allocation.models import Payee, PaymentBatch, Payout, Recovery
from allocation.payouts import ending, planning, queue
from budgetpool import settings as real
from budgetpool.bank import opening, opening_shares, reconciling
from budgetpool.bank.models import BankEntry
from budgetpool.demo import answer
from budgetpool.fund import checks, closed_months, funds, ledger, periods
from budgetpool.fund.models import Account, PeriodStep, Seat
from budgetpool.mail.models import Message
from employers.models import Charge, Contribution, Deposit, Refund
from employers.pledges import requests as contributions
from tests.allocation.people import euros
from tests.bank.samples import camt, entry_xml, statement_xml
from tests.cast import make_employer, make_teacher, signed_in
from tests.payouts.conftest import YESTERDAY
from tests.payouts.test_paying import enter
from tests.sharing import shared

pytestmark = pytest.mark.django_db
MAIN, SAVINGS = "NL91ABNA0417164300", "NL39RABO0300065264"
PAYER, FRIEND, SCHOOL = "NL02ABNA0123456789", "NL09INGB4826953240", "NL20INGB0001234567"
MOVED, THIEF = "NL18RABO0123459876", "NL44RABO0123456789"


def last_month():
    """Its first and its last day."""
    ends = timezone.localdate().replace(day=1) - timedelta(days=1)
    return ends.replace(day=1), ends


@pytest.fixture(autouse=True)
def all_layers_speak(settings):
    """The books are held against every kind of fact, without what other tests put in."""
    settings.LEDGER_FACTS = real.LEDGER_FACTS


@contextmanager
def yesterday():
    """The clock of 25 hours ago: what happens in it has waited for a day afterwards."""
    real = timezone.now
    with patch.object(timezone, "now", lambda: real() - YESTERDAY):
        yield


@shared
def rich_fund(twente, treasurer, second_treasurer):
    """EUR 10,000 that the bank held before the books, put into the pool by two people."""
    funds.open_fund(region=twente.region, name=twente.name)
    bank = funds.add_iban(fund=twente, iban=MAIN, holder_name="Scholingsfonds Twente")
    asked = opening.ask(
        account=bank,
        amount_cents=10_000_00,
        starts_on=last_month()[0],
        reason="Yearly statement",
        by=treasurer,
    )
    booked = opening.approve(opening=asked, by=second_treasurer)
    pool = ledger.open_account(fund=twente, kind=Account.Kind.POOL, code="pool")
    share = opening_shares.ask(opening=booked, account=pool, reason="Minutes", by=treasurer)
    opening_shares.approve(share=share, by=second_treasurer)
    twente.rule_name = "Reglement Scholingsfonds Twente"
    twente.save()
    return twente


class Desk:
    """The pages of the treasurer's desk, as one person uses them."""

    def __init__(self, person):
        self.person = person
        self.sign_in()

    def sign_in(self):
        """Anew, where the session of before is over."""
        self.browser = signed_in(self.person)

    def post(self, name, *args, **data):
        sent = self._send(name, args, data)
        assert sent.status_code == 302, sent.content.decode()[:3000]
        return "".join(str(one) for one in sent.wsgi_request._messages)

    def refused(self, name, *args, **data):
        """What the page says that does not do it, without what stands between its words."""
        sent = self._send(name, args, data)
        assert sent.status_code in (200, 422), sent.headers
        return " ".join(html.unescape(sent.content.decode()).split())

    def _send(self, name, args, data):
        return self.browser.post(reverse(f"treasurer-{name}", args=["twente", *args]), data)

    def send_in(self, content, name="file.xml"):
        return self.post("statements", verb="import", file=SimpleUploadedFile(name, content))

    def say(self, line, part, amount="", reason=""):
        """Say what a part of a line was; it must be booked, or wait for the second person."""
        data = {"part-part": part, "part-amount": amount, "part-reason": reason}
        said = self.post("line", line.pk, verb="say", **data)
        waits = part in Charge.Kind.values
        told = "Het wordt pas geboekt als een tweede" if waits else "Het is geboekt zoals je zei"
        assert told in said, said


def month(iban, opens, *lines, on, closes, number):
    """A statement; a line is (euros, its day, other facts)."""
    entries = [
        entry_xml(
            f"{abs(amount):.2f}", "CRDT" if amount > 0 else "DBIT", date=day.isoformat(), **facts
        )
        for amount, day, facts in lines
    ]
    assert opens + sum(amount for amount, _day, _facts in lines) == closes
    return camt(
        statement_xml(
            *entries,
            iban=iban,
            opening=f"{opens:.2f}",
            closing=f"{closes:.2f}",
            id=number,
            day=on.isoformat(),
        )
    ).getvalue()


def line(amount, text=""):
    return BankEntry.objects.get(amount_cents=amount * 100, remittance__startswith=text)


def ask(fund, name, kvk, *amounts):
    employer = make_employer(name, kvk)
    day = last_month()[0]
    return [
        contributions.ask(
            employer=employer,
            fund=fund,
            amount_cents=amount * 100,
            period_start=day + timedelta(days=number),
            period_end=day + timedelta(days=number),
            day=day,
        )
        for number, amount in enumerate(amounts)
    ]


def waits(fund):
    return {row.code: row.count for row in queue.of(fund)}


# What a month brings, and the words of the walk below that bring it.
EVENTS = {
    "part payment": "(600, days[1]",
    "over-payment": "(520, days[3]",
    "two requests in one": "{one.reference} en {two.reference}",
    "typing error": 'f"bijdrage {wrong}"',
    "double payment": "Dubbel betaald",
    "third-party payer": '"Holding Slager"',
    "refund": 'f"refund-{refund.pk}"',
    "chargeback": '"storno"',
    "own transfer": "own-{line(700).pk}",
    "a batch": "<Btch><MsgId>",
    "a rejected payment": '"AC04"',
    "a returned payment": "back.end_to_end_id",
    "a changed IBAN": "_a_changed_account(desk, board, award)",
    "a recovery by instalments": "termijn {number}",
    "a write-off": 'verb="write-off"',
}


def test_the_walk_has_all_fifteen_events():
    walked = (walk, _employers_pay, _a_school_is_paid, _an_account_changes)
    source = "".join(inspect.getsource(part) for part in walked)
    assert len(EVENTS) == 15
    assert [event for event, words in EVENTS.items() if words not in source] == []


def test_a_month_by_hand(opened, main_iban, school, make_award, treasurer, second_treasurer, chair):
    walk(opened.fund, Desk(treasurer), Desk(chair), make_award, treasurer)


def walk(fund, desk, board, make_award, treasurer):
    """The whole month, to its closing.

    Args:
        desk, board: the pages as the treasurer and somebody of the board use them.
    """
    funds.add_iban(fund=fund, iban=SAVINGS, holder_name="Scholingsfonds Twente")
    first, ends = last_month()
    _employers_pay(fund, desk, board, first, ends)
    _a_school_is_paid(fund, desk, board, make_award, treasurer)
    _an_account_changes(fund, desk, board, make_award("Emma", cents=20_000))

    assert waits(fund) == {}
    assert all(row.is_proven for row in reconciling.of_fund(fund)), reconciling.of_fund(fund)
    assert [outcome for outcome in checks.check_ledger() if not outcome.ok] == []
    assert list(periods.not_proven(fund, ends)) == []

    desk.post("periods", verb="close")
    board.post("periods", verb=f"approve-{PeriodStep.objects.get().pk}")
    assert closed_months.closed_until(fund.pk) == ends


def _employers_pay(fund, desk, board, first: date, ends: date):
    """Ten lines in, four out: each is another of the things that go wrong."""
    parts, over = ask(fund, "Bakker", "90000021", 1000, 500)
    one, two = ask(fund, "Timmer", "90000022", 300, 501)
    slip, double = ask(fund, "Visser", "90000023", 250, 260)
    third, taken = ask(fund, "Slager", "90000024", 400, 100)
    wrong = slip.reference[:-1] + ("1" if slip.reference[-1] != "1" else "2")
    days = [first + timedelta(days=number) for number in range(20)]
    lines = [
        (600, days[1], {"structured": parts.reference, "name": "Bakker", "iban": PAYER}),
        (400, days[2], {"structured": parts.reference, "name": "Bakker", "iban": PAYER}),
        (520, days[3], {"structured": over.reference, "name": "Bakker", "iban": PAYER}),
        (801, days[4], {"remittance": f"{one.reference} en {two.reference}", "name": "Timmer"}),
        (250, days[5], {"remittance": f"bijdrage {wrong}", "name": "Visser"}),
        (260, days[6], {"structured": double.reference, "name": "Visser", "iban": FRIEND}),
        (260, days[7], {"structured": double.reference, "name": "Visser", "iban": FRIEND}),
        (400, days[8], {"remittance": "voor Slager", "name": "Holding Slager"}),
        (100, days[9], {"structured": taken.reference, "name": "Slager", "iban": PAYER}),
        (-100, days[10], {"remittance": "storno", "name": "Slager", "iban": PAYER}),
        (-700, days[11], {"remittance": "naar sparen", "name": "Fonds", "iban": SAVINGS}),
        (-20, days[12], {"remittance": "te veel", "name": "Bakker", "iban": PAYER}),
        (-260, days[13], {"remittance": "dubbel", "name": "Visser", "iban": FRIEND}),
        (-13, days[14], {"remittance": "kosten", "name": "Bank"}),
    ]
    closes = 10_000 + sum(amount for amount, _day, _facts in lines)
    desk.send_in(month(MAIN, 10_000, *lines, on=ends, closes=closes, number="M"))
    saved = (700, days[11], {"remittance": "van betaalrekening", "name": "Fonds", "iban": MAIN})
    desk.send_in(month(SAVINGS, 0, saved, on=ends, closes=700, number="S"))

    desk.say(line(520), f"request-{over.pk}", "500")
    desk.say(line(520), "back", reason="Te veel betaald")
    desk.say(line(250), f"request-{slip.pk}")
    again = Deposit.objects.filter(amount_cents=260_00, matches=None).get()
    desk.say(again.entry, "back", reason="Dubbel betaald")
    desk.say(line(400, "voor"), f"request-{third.pk}")
    desk.say(line(-100), f"chargeback-{Deposit.objects.get(amount_cents=100_00).entry_id}")
    came_back = Deposit.objects.get(amount_cents=100_00)
    assert not came_back.matches.filter(undone_at=None, contribution=taken).exists()
    desk.say(line(-700), f"own-{line(700).pk}")
    desk.say(line(-13), "costs", reason="Kosten van de rekening")
    for refund in Refund.objects.order_by("pk"):
        board.post("charges", verb=f"refund-{refund.pk}")
        desk.say(line(-refund.amount_cents // 100), f"refund-{refund.pk}")
    board.post("charges", verb=f"approve-{Charge.objects.get().pk}")
    assert waits(fund) == {}
    paid = contributions.with_paid(Contribution.objects.exclude(pk=taken.pk))
    assert [row for row in paid if row.paid_cents != row.amount_cents] == []


def _a_school_is_paid(fund, desk, board, make_award, treasurer):
    """One payment comes back, one is refused; two courses end early, one debt is given up."""
    today = timezone.localdate()
    awards = [make_award(name, cents=45_000) for name in ("Anna", "Bram", "Cato", "Dora")]
    for number, award in enumerate(awards):
        invoice = enter(award, treasurer, amount="450.00", number=f"N-{number}")
        planning.advance(invoice=invoice, actor=treasurer)
    _paid, back, refused, _other = Payout.objects.order_by("pk")
    batch = _send(desk, board, today)
    said = desk.send_in(answer.pain002(batch, {refused.end_to_end_id: "AC04"}), "answer.xml")
    assert "Geweigerd: 1" in said
    opens = reconciling.of(fund.ibans.get(iban=MAIN)).closing_cents // 100
    whole = (
        f"<Btch><MsgId>{batch.message_id}</MsgId>"
        f"<PmtInfId>{batch.payment_information_id}</PmtInfId><NbOfTxs>3</NbOfTxs></Btch>"
    )
    lines = [
        (-1080, today, {"details": whole}),
        (360, today, {"end_to_end": back.end_to_end_id, "name": "Lasschool"}),
    ]
    said = desk.send_in(month(MAIN, opens, *lines, on=today, closes=opens - 720, number="T1"))
    assert "Betaald: 3. Teruggekomen: 1. Onduidelijk: 0." in said
    for payout in (back, refused):
        desk.post("payout", payout.pk, verb="retry")
    _send(desk, board, today)
    lines = [
        (-360, today, {"end_to_end": row.end_to_end_id, "name": "Lasschool", "iban": SCHOOL})
        for row in Payout.objects.filter(retries__isnull=False).order_by("pk")
    ]
    opens -= 720
    desk.send_in(month(MAIN, opens, *lines, on=today, closes=opens - 720, number="T2"))
    assert set(Payout.objects.values_list("status", flat=True)) == {"paid", "rejected"}

    for award in awards:
        award.refresh_from_db()
        if award in (awards[0], awards[3]):
            ending.report(award=award, step="cancel", reason="Gestopt", actor=treasurer)
            ending.determine(award=award, amount=euros(0), reason="Gestopt", actor=treasurer)
        else:
            ending.report(award=award, step="complete", reason="Diploma", actor=treasurer)
            ending.determine(award=award, amount=euros(360), reason="Zo", actor=treasurer)
    in_parts, lost = Recovery.objects.order_by("pk")
    opens -= 720
    for number, (amount, debt) in enumerate(((200, in_parts), (160, in_parts), (61, lost))):
        text = {"remittance": f"termijn {number}", "name": "Lasschool", "iban": SCHOOL}
        statement = month(
            MAIN, opens, (amount, today, text), on=today, closes=opens + amount, number=f"R{number}"
        )
        desk.send_in(statement)
        opens += amount
        desk.say(line(amount, "termijn"), f"recovery-{debt.pk}")
    board.post("recovery", lost.pk, verb="write-off", reason="Failliet")


def _an_account_changes(fund, desk, board, award):
    """The school changes its account; the bank pays a thief first, and then the new account."""
    Seat.objects.update(since=timezone.localdate() - timedelta(days=7))
    with yesterday():
        payee = _a_changed_account(desk, board, award)
    desk.sign_in()
    board.sign_in()
    today = timezone.localdate()
    batch = _send(desk, board, today)
    payout = batch.payouts.get()
    assert (payout.payee, MOVED in bytes(batch.xml).decode()) == (payee, True)
    opens = reconciling.of(fund.ibans.get(iban=MAIN)).closing_cents // 100
    facts = {"end_to_end": payout.end_to_end_id, "name": "De Las"}
    stolen = (-160, today, facts | {"iban": THIEF, "remittance": "elders"})
    said = desk.send_in(month(MAIN, opens, stolen, on=today, closes=opens - 160, number="A1"))
    assert "Betaald: 0. Teruggekomen: 0. Onduidelijk: 1." in said
    elsewhere = line(-160, "elders")
    part = {"part-part": f"payout-{payout.pk}", "part-amount": "", "part-reason": ""}
    said = desk.post("line", elsewhere.pk, verb="say", **part)
    assert "een rekening die eindigt op 6789" in said
    mended = {"name": "Bank", "iban": THIEF, "remittance": "hersteld door de bank"}
    lines = [
        (160, today, mended),
        (-160, today, facts | {"iban": MOVED, "remittance": "naar de school"}),
    ]
    said = desk.send_in(month(MAIN, opens - 160, *lines, on=today, closes=opens - 160, number="A2"))
    assert "Betaald: 1. Teruggekomen: 0. Onduidelijk: 1." in said
    payout.refresh_from_db()
    assert (payout.status, payout.entry) == (Payout.Status.PAID, line(-160, "naar de school"))
    desk.say(elsewhere, f"mended-{line(160, 'hersteld').pk}", reason="De bank betaalde een ander")

    report = {"report-reason": "Diploma"}
    desk.post("award", award.pk, verb="complete", **report)
    fixed = {"determine-amount": "160", "determine-reason": "Volgens de factuur"}
    desk.post("award", award.pk, verb="determine", **fixed)


def _a_changed_account(desk, board, award):
    """It is entered with a warning, the old contact hears of it, and a second person verifies."""
    school = Payee.objects.get(ended_at=None).provider
    teacher = make_teacher("Tom Teacher", school)
    today = timezone.localdate()
    desk.post(
        "award",
        award.pk,
        verb="invoice",
        **{"invoice-number": "N-4", "invoice-dated_on": f"{today:%d-%m-%Y}"},
        **{"invoice-amount": "200", "invoice-vat": "0"},
    )
    invoice = award.invoices.get()
    desk.post("award", award.pk, verb=f"advance-{invoice.pk}")
    to_old = award.payouts.get()

    account = {"provider": str(school.pk), "iban": MOVED, "holder_name": "De Las B.V."}
    said = desk.refused("payees", **account)
    assert "Let op. De rekening staat op een andere naam dan die van wie geld krijgt." in said
    assert not Message.objects.filter(kind="account_changed").exists()
    answer = "Mevrouw Smit zei dat de school zo heet bij haar bank"
    desk.post("payees", **account, answer=answer)
    payee = Payee.objects.get(ended_at=None)
    told = Message.objects.get(kind="account_changed")
    assert (told.to, told.params["last"], told.params["last_before"]) == (
        teacher.email,
        MOVED[-4:],
        SCHOOL[-4:],
    )

    # What was planned for the old account goes nowhere any more: it is planned again.
    paid_on = {"execution_on": f"{today:%d-%m-%Y}"}
    assert "Er is intussen een rekening gewijzigd." in desk.refused("payouts", **paid_on)
    desk.post("payout", to_old.pk, verb="withdraw", reason="Andere rekening")
    desk.post("award", award.pk, verb=f"advance-{invoice.pk}")
    assert "Niemand heeft de rekening nog gecontroleerd." in desk.refused("payouts", **paid_on)

    seen = {
        "evidence": "called",
        "seen_on": f"{today:%d-%m-%Y}",
        "how": "Mevrouw Smit gebeld op het nummer van vorig jaar",
        "answer": "Zij noemde zelf het nummer en de naam",
    }
    said = desk.refused("payee", payee.pk, verb="verify", **seen)
    assert "De eerste stap deed je zelf." in said
    said = board.refused("payee", payee.pk, verb="verify", **seen | {"how": "ok"})
    assert "Schrijf het in een zin" in said
    assert "De rekening is gecontroleerd." in board.post("payee", payee.pk, verb="verify", **seen)
    heard = Message.objects.filter(kind="money_step", params__what="payee")
    assert {desk.person.email, board.person.email}.isdisjoint(heard.values_list("to", flat=True))
    assert heard.exists()
    assert "De rekening is nieuw." in desk.refused("payouts", **paid_on)
    return payee


def _send(desk, board, today):
    """Everything that is planned goes into one file, which the board approves."""
    desk.post("payouts", execution_on=f"{today:%d-%m-%Y}")
    batch = PaymentBatch.objects.latest("pk")
    board.post("batch", batch.pk, verb=f"approve-{batch.xml_sha256}")
    batch.refresh_from_db()
    assert batch.status == PaymentBatch.Status.APPROVED
    return batch
