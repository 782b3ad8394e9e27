"""Payments of ours in every dialect: single, as one line, and back; the books are the same.

Triodos, Knab, BNG and SNS leave the number of a payment out of their MT940: the account, the
amount and the text that we sent along tell it. What fits two payments waits for somebody.
"""

import random
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from allocation.models import Award, Payout
from allocation.payouts import arriving, confirming, ending, planning
from budgetpool.bank import reconciling
from budgetpool.bank.importing import read_stream
from budgetpool.bank.models import BankEntry, HeldFile
from budgetpool.fund import checks, ledger
from budgetpool.fund.models import Account
from employers.models import Deposit
from employers.pledges import requests as contributions
from tests.allocation.people import euros
from tests.bank.month import BOOKED, WRITERS, Payment, by_day, by_month
from tests.cast import make_employer
from tests.payouts.conftest import SCHOOL_IBAN, statement
from tests.payouts.test_paying import enter, send
from tests.sharing import shared

pytestmark = pytest.mark.django_db
EVERY = WRITERS | BOOKED
BAKER, THIEF = "NL02ABNA0123456789", "NL44RABO0123456789"


@shared
def at_the_bank(opened, main_iban, school, make_award, treasurer, second_treasurer):
    """Three payments of EUR 480 to one school: a file of one, a file of two."""
    for number, name in enumerate(("Anna", "Bram", "Cato"), start=1):
        invoice = enter(make_award(name), treasurer, number=f"N-{number}")
        planning.advance(invoice=invoice, actor=treasurer)
        if number == 1:
            send(opened.fund, treasurer, second_treasurer)
    send(opened.fund, treasurer, second_treasurer)
    return list(Payout.objects.order_by("pk"))


@shared
def month(at_the_bank, opened):
    """Three days: a contribution and a single payment, a batch and costs, a payment comes back."""
    today = timezone.localdate()
    asked = contributions.ask(
        employer=make_employer("Bakker", "90000021"),
        fund=opened.fund,
        amount_cents=2_000_00,
        period_start=today,
        period_end=today,
    )
    single, *batch = [ours(payout) for payout in at_the_bank]
    days = [
        [Payment(2_000_00, "Bakker", BAKER, asked.reference), replace(single, batch="")],
        [*batch, Payment(-18_95, "", "", "Kosten zakelijke rekening")],
        [replace(single, cents=480_00, batch="")],
    ]
    return {today - timedelta(days=2 - number): lines for number, lines in enumerate(days)}


def ours(payout):
    """As the bank got it in our file."""
    return Payment(
        -payout.amount_cents,
        "Lasschool B.V.",
        SCHOOL_IBAN,
        payout.description,
        payout.end_to_end_id,
        payout.batch.payment_information_id,
    )


def take(fund, content, name="file"):
    return arriving.take(source=read_stream(BytesIO(content), name=name), fund=fund)


def whole(month):
    """The month as one statement, that ends on its last day."""
    (span,) = by_month(month, 0)
    return replace(span, ends_on=max(month))


def assert_books(fund, before):
    """What the books must say, from the payments alone; `before`: the pool and the awards."""
    assert list(Payout.objects.order_by("pk").values_list("status", flat=True)) == [
        "rejected",
        "paid",
        "paid",
    ]
    assert balances(fund) == before | {
        "bank": before["bank"] + 2_000_00 - 2 * 480_00 - 18_95,
        "pool": before["pool"] + 2_000_00,
        "unexplained": 18_95,
        **dict.fromkeys(awards_of(before)[1:], 60000 - 48000),
    }
    assert not HeldFile.objects.filter(settled_at=None).exists()
    assert reconciling.of(fund.ibans.get(is_main=True)).closing_cents == 2_000_00 - 978_95


def awards_of(codes):
    """By number: on PostgreSQL they may be 99 and 100."""
    awards = [code for code in codes if code.startswith("award-")]
    return sorted(awards, key=lambda code: int(code.removeprefix("award-")))


def balances(fund):
    rows = Account.objects.filter(fund=fund)
    return {row.code: row.balance_cents for row in rows if row.balance_cents}


# The same writer as another that is tried at once, with another name.
ALIKE = {
    *("camt.053.02 booked", "camt.053.02 split"),
    *("mt940 knab booked", "mt940 bng booked", "mt940 sns booked"),
}
DIALECTS = [pytest.param(one, marks=pytest.mark.slow if one in ALIKE else ()) for one in EVERY]
SEEDS = [pytest.param(seed, marks=pytest.mark.slow if seed >= 3 else ()) for seed in range(24)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_one_dialect_by_days_and_then_as_a_month(opened, main_iban, month, dialect):
    before = balances(opened.fund)
    for part in by_day(month, 0):
        take(opened.fund, EVERY[dialect](main_iban.iban, part), f"{part.number}")
    assert_books(opened.fund, before)
    take(opened.fund, EVERY[dialect](main_iban.iban, whole(month)), "month")
    assert_books(opened.fund, before)
    wrong = {outcome.check for outcome in checks.check_ledger() if not outcome.ok}
    assert {check for check in wrong if check.startswith("facts:")} == set()


@pytest.mark.parametrize("seed", SEEDS)
def test_mixed_and_twice(opened, main_iban, month, seed):
    rng = random.Random(seed)
    before = balances(opened.fund)
    days = by_day(month, 0)
    files = [EVERY[rng.choice(list(EVERY))](main_iban.iban, part) for part in days * 2]
    files.insert(rng.randrange(7), EVERY[rng.choice(list(EVERY))](main_iban.iban, whole(month)))
    for number, file in enumerate(files):
        take(opened.fund, file, f"{number}")
    assert_books(opened.fund, before)


# What must not be taken for ours


def line(fund_iban, payout, sign=-1, **facts):
    given = {"iban": SCHOOL_IBAN, "remittance": payout.description, "name": "Lasschool"}
    (entry,) = statement(fund_iban, (sign * payout.amount_cents, "", given | facts))
    return entry


def ask(fund):
    return confirming.find(fund=fund, actor=None)


@pytest.mark.parametrize(
    "facts",
    [
        {"iban": THIEF},
        {"iban": ""},
        {"remittance": ""},
        {"remittance": "factuur N-1"},
        {"remittance": "{description}2"},
        {"amount": 1},
    ],
)
def test_a_line_that_differs_in_one_thing_is_not_ours(at_the_bank, opened, main_iban, facts):
    single = at_the_bank[0]
    if "amount" in facts:
        single.amount_cents += facts["amount"]
        facts = {}
    facts = {key: value.format(description=single.description) for key, value in facts.items()}
    line(main_iban, single, **facts)
    assert ask(opened.fund).paid == []
    assert not Payout.objects.filter(status=Payout.Status.PAID).exists()


def test_the_text_is_found_where_the_bank_cut_it(at_the_bank, opened, main_iban):
    text = f"LASSCHOOL B.V.{at_the_bank[0].description.upper().replace('FACTUUR', 'FACT UUR')}"
    line(main_iban, at_the_bank[0], remittance=text)
    assert ask(opened.fund).paid == [at_the_bank[0]]


def test_a_second_line_with_the_same_text_pays_nothing_else(at_the_bank, opened, main_iban):
    line(main_iban, at_the_bank[0])
    assert ask(opened.fund).paid == [at_the_bank[0]]
    line(main_iban, at_the_bank[0])
    assert ask(opened.fund).paid == []


def test_a_line_that_fits_two_payments_waits(at_the_bank, opened, main_iban):
    one, two = at_the_bank[1:]
    line(main_iban, one, remittance=f"{one.description} en {two.description}")
    assert ask(opened.fund).paid == []


def test_money_of_the_school_after_the_course_is_not_a_return(
    at_the_bank, opened, main_iban, treasurer
):
    """The course was cancelled and the school owes it all: this money may be for the debt."""
    single = at_the_bank[0]
    line(main_iban, single)
    ask(opened.fund)
    award = Award.objects.get(pk=single.award_id)
    ending.report(award=award, step="cancel", reason="Stopped", actor=treasurer)
    ending.determine(award=award, amount=euros(0), reason="Stopped", actor=treasurer)
    entry = line(main_iban, single, sign=1)
    assert ask(opened.fund).returned == []
    assert not Deposit.objects.get(entry=entry).matches.exists()


def test_a_return_is_found_once(at_the_bank, opened, main_iban):
    single = at_the_bank[0]
    line(main_iban, single)
    ask(opened.fund)
    before = ledger.balance_cents(single.award.account)
    line(main_iban, single, sign=1)
    assert ask(opened.fund).returned == [single]
    assert ask(opened.fund).returned == []
    assert ledger.balance_cents(single.award.account) == before + 480_00
    again = line(main_iban, single, sign=1)
    assert ask(opened.fund).returned == []
    assert BankEntry.objects.get(pk=again.pk).deposit.matches.count() == 0
