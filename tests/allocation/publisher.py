"""Processes that the kill test drives: `python -m tests.allocation.publisher build | publish`.

`build` makes a round of 150 requests up to its second signature; `publish` says `ready`,
publishes it, and says `done`, if it lives that long.
"""

import os
import sys
from datetime import date, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from allocation import rounds  # noqa: E402
from allocation.models import Round  # noqa: E402
from allocation.rules import policies  # noqa: E402
from budgetpool.fund import funds, ledger  # noqa: E402
from budgetpool.fund.models import Account, Region, Seat  # noqa: E402
from budgetpool.register.models import Edition, Provider, Training  # noqa: E402
from budgetpool.users.models import User  # noqa: E402
from tests.allocation.people import ask, euros  # noqa: E402
from tests.cast import draw, lotto  # noqa: E402
from workers.models import Window, Worker  # noqa: E402

REQUESTS = 150
RULES = {"value": "points", "choice_percent": [100]}


def build():
    region = Region.objects.create(code="R", name="R", slug="r", valid_from=2015)
    fund = funds.open_fund(region=region, name="Fund", rule_name="Rule")
    bank = ledger.open_account(fund=fund, kind=Account.Kind.BANK, code="bank")
    pool = Account.objects.get(fund=fund, code="pool")
    ledger.post(debit=bank, credit=pool, amount=10_000_000, reference="fill", memo="deposit")
    chair, second = (member(fund, name) for name in ("one", "two"))
    now = timezone.now()
    window = Window.objects.create(
        fund=fund,
        code="2027-1",
        announced_at=now - timedelta(days=30),
        opens_at=now - timedelta(days=14),
        closes_at=now - timedelta(days=1),
    )
    policy = policies.new_version(fund=fund, name="Rule", rules=RULES, member=chair)
    draft = rounds.draft(
        window=window,
        policy=policy,
        ceiling=euros(50_000),
        reserve=euros(1_000),
        draw=lotto(window),
        member=chair,
    )
    opened = rounds.open(round=draft, member=chair, at=window.opens_at)
    edition = make_edition()
    for number in range(REQUESTS):
        worker = Worker.objects.create(
            region=region,
            name=f"Worker {number}",
            email=f"w{number}@example.nl",
            contract="on_call",
            education="mbo2",
            sector="H",
            training_hours_two_years=number % 40,
        )
        ask(worker, window, edition)
    rounds.close(round=opened, member=chair)
    draw(opened, chair, second)
    scenario = rounds.compute(round=opened, name="Ours", member=chair)
    rounds.propose(
        round=opened, scenario=scenario, motivation="Best.", no_interest=True, member=chair
    )
    rounds.sign(round=opened, sha256=scenario.sha256, no_interest=True, member=second)


def publish():
    chair = User.objects.get(email="one@example.nl")
    signed = Round.objects.get()
    print("ready", flush=True)
    rounds.publish(round=signed, member=chair)
    print("done", flush=True)


def member(fund, name):
    user = User.objects.create_user(f"{name}@example.nl", name=name)
    Seat.objects.create(user=user, region=fund.region, role=Seat.Role.BOARD)
    return user


def make_edition():
    provider = Provider.objects.create(name="P", kvk="90000001", vat_status="standard")
    training = Training.objects.create(
        provider=provider, title="T", sector="H", outcome="diploma", price="600.00"
    )
    return Edition.objects.create(training=training, starts_on=date(2027, 3, 1), seats=500)


if __name__ == "__main__":
    {"build": build, "publish": publish}[sys.argv[1]]()
