"""Every fault that somebody thought of is named by `check_ledger`, and right books are right.

The books are made by the desk and the board themselves, with every kind of transfer in them. They
are made once; each fault is planted in them and taken back.
"""

import itertools

import pytest
from django.db import transaction
from django.utils import timezone, translation

from allocation.decisions import awards as award_steps
from allocation.decisions import honouring
from allocation.models import Award, Decision, Objection, Payout, Recovery
from allocation.payouts import confirming, ending, planning, repaying, unsaying
from allocation.payouts.lines import saying
from allocation.rounds import returning
from budgetpool import settings as real
from budgetpool.bank import opening, opening_shares
from budgetpool.fund import checks, finding_words, funds, ledger
from budgetpool.fund.findings import MOST_FINDINGS
from budgetpool.fund.models import Account
from employers.deposits import charges, desk, refunds
from employers.models import Deposit
from employers.pledges import requests as contributions
from tests.allocation.people import ask, euros
from tests.cast import make_employer, make_worker
from tests.fund import planted
from tests.payouts.conftest import *  # noqa: F403
from tests.payouts.conftest import statement
from tests.payouts.test_paying import enter, send
from tests.sharing import shared

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_upper_layer(settings):
    """Here all layers speak."""
    settings.LEDGER_FACTS = real.LEDGER_FACTS


@shared
def rich_fund(twente, main_iban_of_twente, treasurer, second_treasurer):
    """EUR 10,000 in the pool, as a gift of the bank that two people approved."""
    (entry,) = statement(main_iban_of_twente, (1_000_000, "", {"name": "Bank"}))
    gift = charges.ask(entry=entry, reason="A good year", by=treasurer)
    charges.approve(charge=gift, by=second_treasurer)
    twente.rule_name = "Reglement Scholingsfonds Twente"
    twente.save()
    return twente


@shared
def main_iban_of_twente(twente):
    funds.open_fund(region=twente.region, name=twente.name)
    return funds.add_iban(
        fund=twente, iban="NL91ABNA0417164300", holder_name="Scholingsfonds Twente"
    )


@pytest.fixture
def books(
    opened, main_iban, school, edition, make_award, treasurer, second_treasurer, chair, drenthe
):
    """A fund with every kind of transfer."""
    fund, bank = opened.fund, main_iban
    ledger.open_account(fund=drenthe, kind=Account.Kind.POOL, code="pool")
    savings = funds.add_iban(fund=fund, iban="NL20INGB0001234567", holder_name="Fonds")
    _the_bank_held_something(savings, treasurer, second_treasurer)
    _employers_pay(fund, bank, treasurer, second_treasurer)
    _bank_takes_and_gives(bank, treasurer, second_treasurer)
    _awards_are_paid(fund, bank, make_award, treasurer, second_treasurer)
    _what_was_said_wrongly(fund, bank, make_award("Dora"), treasurer, second_treasurer)
    _awards_end_otherwise(opened, edition, make_award, chair)
    return fund


def _the_bank_held_something(bank, treasurer, second):
    asked = opening.ask(
        account=bank,
        amount_cents=200_000,
        starts_on=timezone.localdate(),
        reason="Statement of last year",
        by=treasurer,
    )
    booked = opening.approve(opening=asked, by=second)
    pool = ledger.open_account(fund=bank.fund, kind=Account.Kind.POOL, code="pool")
    for is_wrong in (True, False):
        share = opening_shares.ask(opening=booked, account=pool, reason="Minutes", by=treasurer)
        share = opening_shares.approve(share=share, by=second)
        if is_wrong:
            opening_shares.undo(share=share, reason="Too early", by=treasurer)


def _employers_pay(fund, bank, treasurer, second):
    """One by its reference, one by hand after a wrong match, one twice."""
    today = timezone.localdate()
    asked = [
        contributions.ask(
            employer=make_employer(name, kvk),
            fund=fund,
            amount_cents=100_000,
            period_start=today,
            period_end=today,
        )
        for name, kvk in (("Bakker", "90000021"), ("Timmer", "90000022"))
    ]
    pays = {"name": "Timmer", "iban": "NL20INGB0001234567"}
    statement(
        bank,
        (100_000, "", {"name": "Bakker", "remittance": "contribution"}),
        (100_000, "", pays | {"structured_reference": asked[1].reference}),
        (100_000, "", pays | {"structured_reference": asked[1].reference}),
        (5_000, "", pays),
    )
    first, right, twice, undone = Deposit.objects.filter(amount_cents__lte=100_000).order_by("pk")
    desk.match_by_hand(deposit=first, employer=asked[1].employer, by=treasurer)
    desk.undo(deposit=first, reason="Not theirs", by=treasurer)
    desk.match_by_hand(deposit=first, contribution=asked[0], by=treasurer)
    desk.match_by_hand(deposit=undone, contribution=asked[1], by=treasurer)
    assert desk.current_match(right).how == "reference"
    refund = refunds.ask(deposit=twice, reason="Paid twice", by=treasurer)
    refunds.approve(refund=refund, by=second)
    (left,) = statement(bank, (-100_000, "", {"iban": refund.iban}))
    refunds.confirm_paid(refund=refund, entry=left)


def _bank_takes_and_gives(bank, treasurer, second):
    costs, interest, wrong = statement(bank, (-1_250, "", {}), (730, "", {}), (333, "", {}))
    for entry in (costs, interest, wrong):
        charge = charges.ask(entry=entry, reason="The bank", by=treasurer)
        charges.approve(charge=charge, by=second)
    desk.undo(deposit=wrong.deposit, reason="No interest", by=treasurer)


def _awards_are_paid(fund, bank, make_award, treasurer, second):
    """Anna's is cheaper than awarded, Bram's is cancelled: half comes back, half is given up."""
    anna, bram = make_award("Anna"), make_award("Bram")
    for number, award in enumerate((anna, bram)):
        planning.advance(invoice=enter(award, treasurer, number=f"N-{number}"), actor=treasurer)
    send(fund, treasurer, second)
    statement(bank, *((-48_000, row.end_to_end_id, {}) for row in Payout.objects.order_by("pk")))
    confirming.confirm(fund=fund, actor=treasurer)
    ending.report(award=anna, step="complete", reason="Certificate", actor=treasurer)
    ending.determine(award=anna, amount=euros(480), reason="Cheaper", actor=treasurer)
    ending.report(award=bram, step="cancel", reason="Cancelled", actor=treasurer)
    ending.determine(award=bram, amount=euros(0), reason="Cancelled", actor=treasurer)
    (entry,) = statement(bank, (30_000, "", {"name": "Lasschool"}))
    debt = Recovery.objects.get()
    repaying.receive(recovery=debt, deposit=entry.deposit, actor=treasurer)
    repaying.write_off(recovery=debt, reason="Bankrupt", actor=second)


def _what_was_said_wrongly(fund, bank, award, treasurer, second):
    """A payment said of the wrong line comes back less a fee; costs that were none; own money."""
    planning.advance(invoice=enter(award, treasurer, number="N-9"), actor=treasurer)
    send(fund, treasurer, second)
    payout = Payout.objects.get(status=Payout.Status.BATCHED)
    wrong, right, into = statement(
        bank, (-48_000, "", {"name": "Bank"}), (-48_000, "", {}), (47_950, "", {})
    )
    saying.say(entry=wrong, part=f"payout-{payout.pk}", actor=treasurer)
    unsaying.unsay_paid(payout=payout, reason="Another line", actor=treasurer)
    saying.say(entry=right, part=f"payout-{payout.pk}", actor=treasurer)
    saying.say(entry=into, part=f"returned-{payout.pk}", actor=treasurer)
    costs = charges.ask(entry=wrong, amount_cents=100, reason="Costs", by=treasurer)
    charges.approve(charge=costs, by=second)
    costs.refresh_from_db()
    charges.undo(charge=costs, reason="An own transfer", by=treasurer)
    other = funds.add_iban(fund=fund, iban="NL39RABO0300065264", holder_name="Fonds")
    (saved,) = statement(other, (48_000, "", {}))
    saying.say(entry=wrong, part=f"own-{saved.pk}", actor=treasurer)


def _awards_end_otherwise(round, edition, make_award, chair):
    """One is declined, two come from objections: the second one when the round is empty."""
    declined = make_award("Cato", cents=10_000, status=Award.Status.GRANTED)
    award_steps.decline(award=declined, actor=declined.request.worker.user)
    _win(round, "Daan", 35_000, edition, chair)
    returning.everything(round, chair)
    round.save()
    _win(round, "Eva", 10_000, edition, chair)


def _win(round, name, cents, edition, actor):
    """Somebody objects and is right."""
    request = ask(make_worker(name, round.fund), round.window, edition, cents=cents)
    decision = Decision.objects.create(
        round=round,
        request=request,
        awarded=False,
        points=1,
        reason=Decision.Reason.BELOW_CUTOFF,
        decided_at=timezone.now(),
    )
    honouring.honour(Objection(decision=decision), request.choices.get(), actor)


def found():
    """What the check says: code, and words; and it is said to people too."""
    with translation.override("nl"):
        return _found()


def _found():
    return [
        (finding.code, str(finding))
        for outcome in checks.check_ledger()
        for finding in outcome.findings
        if finding_words.say(finding) and finding.code in finding_words.SENTENCES
    ]


def test_there_are_at_least_forty_kinds_of_faults(books):
    names = [fault.name for fault in planted.faults()]
    assert len(set(names)) == len(names) >= 40


def test_right_books_have_every_kind_of_transfer_and_no_finding(books):
    for like in planted.KINDS.values():
        assert planted.transfer(like)
    assert found() == []


def planted_together(faults, subtests):
    """Plant these faults, look once, and take them back; each has to be named."""
    point = transaction.savepoint_create()
    try:
        words = {fault: fault.plant() for fault in faults}
        named = found()
    finally:
        transaction.savepoint_rollback(point)
    for fault, says in words.items():
        with subtests.test(fault.name):
            assert any(code == fault.code and says in text for code, text in named), named


def of_one_kind():
    return [fault for fault in planted.faults() if fault.kind]


def test_each_planted_fault_is_named(books, subtests):
    for fault in planted.faults():
        if not fault.kind:
            planted_together([fault], subtests)
    assert found() == []


def test_each_fault_of_each_kind_of_transfer_is_named(books, subtests):
    """As many at once as the check tells of."""
    kinds = len(planted.KINDS)
    for same in itertools.batched(of_one_kind(), kinds, strict=True):
        for some in itertools.batched(same, MOST_FINDINGS // 2, strict=False):
            planted_together(some, subtests)
    assert found() == []


@pytest.mark.slow
def test_each_fault_of_each_kind_of_transfer_is_named_alone(books, subtests):
    for fault in of_one_kind():
        planted_together([fault], subtests)
    assert found() == []
