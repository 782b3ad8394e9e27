"""What people do while processes are killed: an open window, signed rounds, invoices to pay, an
account that statements come for, and rounds that wait to be divided.
"""

from datetime import timedelta

from django.test import override_settings
from django.utils import timezone
from djmoney.money import Money

from allocation import rounds
from allocation.models import Round
from allocation.payouts import invoices
from allocation.rules import policies
from budgetpool.fund import funds
from budgetpool.fund.models import Fund, Seat
from budgetpool.register.models import Edition, Provider, Training
from budgetpool.users.models import User
from tests.allocation.conftest import RULES, put_in
from tests.allocation.people import euros
from tests.allocation.regions import make_rounds
from tests.cast import lotto, make_fund, make_window, seat
from tests.payouts.conftest import accepted_award, usable_payee

# EUR 600 each.
PRICE_CENTS = 60_000
IBAN = "NL91ABNA0417164300"
OTHER_IBAN = "NL39RABO0300065264"
AT_ONCE = "django.tasks.backends.immediate.ImmediateBackend"
FILING, PAYING = "Twente", "Drenthe"


@override_settings(TASKS={"default": {"BACKEND": AT_ONCE}})
def build(*, signed: int, waiting: int, invoices_to_pay: int) -> None:
    """Make all of it; how many rounds wait for publication and for division, and invoices."""
    fund = make_fund("BIJ3-09", FILING)
    funds.open_fund(region=fund.region, name=fund.name)
    funds.add_iban(fund=fund, iban=OTHER_IBAN, holder_name=fund.name)
    make_window(fund)
    school = Provider.objects.create(
        name="Vakschool", kvk="90000001", vat_status=Provider.VatStatus.EXEMPT_CRKBO
    )
    course = Training.objects.create(
        provider=school, title="Lassen", sector="C", outcome="diploma", price="600.00"
    )
    in_ten_days = timezone.localdate() + timedelta(days=10)
    Edition.objects.create(training=course, starts_on=in_ten_days, seats=500)
    in_ninety_days = timezone.localdate() + timedelta(days=90)
    Edition.objects.create(training=course, starts_on=in_ninety_days, seats=10_000)
    for number, round in enumerate(make_rounds(signed + waiting)):
        if number < signed:
            _sign(round)
    _make_invoices(course, invoices_to_pay)


def _sign(round: Round) -> None:
    code = round.fund.region.code
    chair = User.objects.get(name=f"Chair {code}")
    second = User.objects.get(name=f"Second {code}")
    scenario = rounds.compute(round=round, name="Ours", member=chair)
    rounds.propose(
        round=round, scenario=scenario, motivation="Best.", no_interest=True, member=chair
    )
    rounds.sign(round=round, sha256=scenario.sha256, no_interest=True, member=second)


def _make_invoices(course: Training, count: int) -> None:
    fund = make_fund("BIJ3-04", PAYING)
    funds.open_fund(region=fund.region, name=fund.name)
    fund = Fund.objects.get(pk=fund.pk)
    fund.rule_name = "Reglement"
    fund.save()
    put_in(fund, 10 * count * PRICE_CENTS)
    funds.add_iban(fund=fund, iban=IBAN, holder_name=fund.name)
    chair = seat("Paying Chair", fund, Seat.Role.BOARD)
    treasurer = seat("Paying Treasurer", fund, Seat.Role.TREASURER)
    second = seat("Second Treasurer", fund, Seat.Role.TREASURER)
    window = make_window(fund, opens=-14, closes=-1)
    draft = rounds.draft(
        window=window,
        policy=policies.new_version(fund=fund, name="Rule", rules=RULES, member=chair),
        ceiling=euros(PRICE_CENTS * count // 100),
        reserve=euros(0),
        draw=lotto(window),
        member=chair,
    )
    opened = rounds.open(round=draft, member=chair, at=window.opens_at - timedelta(days=1))
    usable_payee(
        fund, treasurer, second, provider=course.provider, iban="NL20INGB0001234567",
        holder_name="Vakschool",
    )  # fmt: skip
    edition = course.editions.get(seats=500)
    for number in range(count):
        award = accepted_award(opened, edition, f"Payable {number}")
        invoices.enter(
            award=award,
            number=f"F-{number}",
            dated_on=timezone.localdate(),
            amount=Money(PRICE_CENTS // 100, "EUR"),
            vat=Money(0, "EUR"),
            actor=treasurer,
        )
