"""Closed and drawn rounds in many regions, for what a country does at once."""

from datetime import date, timedelta

from allocation import rounds
from allocation.rules import policies
from budgetpool.fund import funds, ledger
from budgetpool.fund.models import Account, Region, Seat
from budgetpool.register.models import Edition, Provider, Training
from tests.allocation.people import ask, euros
from tests.cast import draw, lotto, make_fund, make_window, make_worker, seat

RULES = {name: value for name, value in policies.STANDARD.items() if name != "coverage"} | {
    "coverage_cap": "1",
    "cap": [],
    "floor": [],
}


def make_rounds(regions, *, people=6, codes=("2027-1",)):
    """A round of each name in so many regions; in each there is money for half of its people."""
    provider = Provider.objects.create(
        name="Lasschool", kvk="90000009", vat_status=Provider.VatStatus.EXEMPT_CRKBO
    )
    welding = Training.objects.create(
        provider=provider, title="Lassen", sector="C", outcome="diploma", price="600.00"
    )
    edition = Edition.objects.create(
        training=welding, starts_on=date(2027, 3, 1), seats=people * regions * len(codes)
    )
    return [
        one
        for number in range(regions)
        for one in _rounds_of(f"T{number:03}", edition, people, codes)
    ]


def _rounds_of(code, edition, people, codes):
    fund = make_fund(code, f"Regio {code}")
    funds.open_fund(region=Region.objects.get(code=code), name=fund.name)
    fund.refresh_from_db()
    fund.rule_name = "Reglement"
    fund.save()
    chair = seat(f"Chair {code}", fund, Seat.Role.BOARD)
    second = seat(f"Second {code}", fund, Seat.Role.BOARD)
    bank = ledger.open_account(fund=fund, kind=Account.Kind.BANK, code="bank")
    pool = ledger.open_account(fund=fund, kind=Account.Kind.POOL, code="pool")
    money = 100 * 600 * people * len(codes)
    ledger.post(debit=bank, credit=pool, amount=money, reference=f"fill:{code}", memo="deposit")
    rule = policies.new_version(fund=fund, name="Rule", rules=RULES, member=chair)
    return [_round(fund, name, rule, edition, people, chair, second) for name in codes]


def _round(fund, name, rule, edition, people, chair, second):
    window = make_window(fund, name, opens=-14, closes=-1)
    draft = rounds.draft(
        window=window,
        policy=rule,
        ceiling=euros(600 * (people // 2)),
        reserve=euros(0),
        draw=lotto(window),
        member=chair,
    )
    opened = rounds.open(round=draft, member=chair, at=window.opens_at - timedelta(days=1))
    for number in range(people):
        ask(make_worker(f"Person {fund.pk} {name} {number}", fund), window, edition)
    return draw(rounds.close(round=opened, member=chair), chair, second)
