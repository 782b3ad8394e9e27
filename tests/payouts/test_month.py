"""A month of a fund, to the cent: what came in, what went out, what came back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allocation.models import Award, Payout, Recovery
from allocation.payouts import confirming, ending, planning, repaying
from budgetpool.fund import checks, ledger
from budgetpool.fund.models import Account
from employers.deposits import desk, refunds
from employers.models import Deposit
from employers.pledges import requests as contributions
from tests.allocation.people import euros
from tests.cast import make_employer
from tests.payouts.conftest import statement
from tests.payouts.test_paying import enter, send

pytestmark = pytest.mark.django_db
KINDS = ("bank", "suspense", "pool", "round", "reserve", "award", "provider", "unexplained")


@pytest.fixture
def balances(opened):
    """Checks the whole book: the named kinds hold these euros, all others nothing."""

    def check(**expected):
        found = dict.fromkeys(KINDS, 0)
        for account in Account.objects.filter(fund=opened.fund):
            found[account.kind] = found.get(account.kind, 0) + ledger.balance_cents(account)
        assert {kind: cents / 100 for kind, cents in found.items() if cents} == expected
        assert [outcome for outcome in checks.check_ledger() if not outcome.ok] == []

    return check


def test_a_month_of_a_fund(
    opened, main_iban, school, make_award, balances, treasurer, second_treasurer
):
    fund, today = opened.fund, timezone.localdate()
    # The pool had EUR 10,000; the round took EUR 2,000 and its objection reserve EUR 500.
    balances(bank=10_000, pool=7_500, round=2_000, reserve=500)

    # Two employers are asked for EUR 1,000 each. One writes the reference wrongly, one pays twice.
    bakker, timmer = make_employer("Bakker", "90000021"), make_employer("Timmer", "90000022")
    asked = [
        contributions.ask(
            employer=employer,
            fund=fund,
            amount_cents=100_000,
            period_start=today,
            period_end=today + timedelta(days=30),
        )
        for employer in (bakker, timmer)
    ]
    wrong = asked[0].reference[:-1] + ("1" if asked[0].reference[-1] != "1" else "2")
    right = asked[1].reference
    timmer_pays = {"name": "Timmer", "iban": "NL20INGB0001234567", "structured_reference": right}
    statement(
        main_iban,
        (100_000, "", {"name": "Bakker", "remittance": f"bijdrage {wrong}"}),
        (100_000, "", timmer_pays),
    )
    balances(bank=12_000, suspense=1_000, pool=8_500, round=2_000, reserve=500)
    statement(main_iban, (100_000, "", timmer_pays))
    first, _, double = Deposit.objects.order_by("pk")
    desk.match_by_hand(deposit=first, contribution=asked[0], by=treasurer)

    # The double payment goes back: asked by one treasurer, approved by another, then paid.
    refund = refunds.ask(deposit=double, reason="Paid twice", by=treasurer)
    refunds.approve(refund=refund, by=second_treasurer)
    balances(bank=13_000, suspense=1_000, pool=9_500, round=2_000, reserve=500)
    (left,) = statement(main_iban, (-100_000, "", {"iban": refund.iban}))
    refunds.confirm_paid(refund=refund, entry=left)
    balances(bank=12_000, pool=9_500, round=2_000, reserve=500)

    # Two awards of EUR 600; the school gets 80% of each.
    awards = [make_award("Anna"), make_award("Bram")]
    balances(bank=12_000, pool=9_500, round=800, reserve=500, award=1_200)
    for number, award in enumerate(awards):
        planning.advance(invoice=enter(award, treasurer, number=f"2027-{number}"), actor=treasurer)
    send(fund, treasurer, second_treasurer)
    paid, rejected = Payout.objects.order_by("pk")
    statement(main_iban, *((-48_000, row.end_to_end_id, {}) for row in (paid, rejected)))
    balances(bank=11_040, pool=9_500, round=800, reserve=500, award=1_200, unexplained=960)
    confirming.confirm(fund=fund, actor=treasurer)
    balances(bank=11_040, pool=9_500, round=800, reserve=500, award=240)

    # One payment comes back and is made again.
    statement(main_iban, (48_000, rejected.end_to_end_id, {"is_reversal": True}))
    confirming.confirm(fund=fund, actor=treasurer)
    balances(bank=11_520, pool=9_500, round=800, reserve=500, award=720)
    rejected.refresh_from_db()
    again = planning.retry(payout=rejected, actor=treasurer)
    send(fund, treasurer, second_treasurer)
    statement(main_iban, (-48_000, again.end_to_end_id, {}))
    confirming.confirm(fund=fund, actor=treasurer)
    balances(bank=11_040, pool=9_500, round=800, reserve=500, award=240)

    # Anna finishes: the rest is paid. Bram's course is cancelled: the school pays back in parts.
    anna, bram = (Award.objects.get(pk=award.pk) for award in awards)
    ending.report(award=anna, step="complete", reason="Certificate", actor=treasurer)
    rest = planning.rest(invoice=anna.invoices.get(), actor=treasurer)
    send(fund, treasurer, second_treasurer)
    statement(main_iban, (-12_000, rest.end_to_end_id, {}))
    confirming.confirm(fund=fund, actor=treasurer)
    ending.determine(award=anna, amount=euros(600), reason="As invoiced", actor=treasurer)
    ending.report(award=bram, step="cancel", reason="Cancelled", actor=treasurer)
    ending.determine(award=bram, amount=euros(0), reason="Cancelled", actor=treasurer)
    balances(bank=10_920, pool=10_100, round=800, reserve=500, provider=480)

    debt = Recovery.objects.get()
    for cents in (30_000, 18_000):
        (entry,) = statement(main_iban, (cents, "", {"name": "Lasschool"}))
        repaying.receive(recovery=debt, deposit=entry.deposit, actor=treasurer)
    balances(bank=11_400, pool=10_100, round=800, reserve=500)
    assert Award.objects.get(pk=bram.pk).status == Award.Status.RECOVERED
