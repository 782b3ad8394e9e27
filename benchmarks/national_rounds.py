"""Closed and drawn rounds of many regions, each with thousands of requests: for `national.py`."""

import random
from datetime import date, timedelta

from allocation import rounds
from allocation.rules import policies
from budgetpool.fund import funds, ledger
from budgetpool.fund.models import Account, Region, Seat
from budgetpool.money import from_cents
from budgetpool.register.models import Edition, Provider, Training
from tests.cast import draw, lotto, make_fund, make_window, seat
from workers.models import Choice, CostLine, TrainingRequest, Worker

PRICES = range(300, 2400, 150)
EDUCATION = ("none", "mbo1", "mbo2", "mbo3", "mbo4", "hbo")
SECTORS = "ACFGHIJKNPQ"


def make(*, regions: int, people: int) -> None:
    """One round in each region, with money for a third of what is asked and seats for half."""
    editions = _editions(people)
    for number in range(regions):
        _round(f"N{number:03}", people, editions, random.Random(number))


def _editions(people: int) -> list[Edition]:
    providers = Provider.objects.bulk_create(
        Provider(name=f"School {n}", kvk=f"9{n:07}", vat_status=Provider.VatStatus.EXEMPT_CRKBO)
        for n in range(10)
    )
    trainings = Training.objects.bulk_create(
        Training(
            provider=providers[n % 10],
            title=f"Course {n}",
            sector=SECTORS[n % len(SECTORS)],
            outcome="diploma",
            price=price,
        )
        for n, price in enumerate(PRICES)
    )
    return Edition.objects.bulk_create(
        Edition(training=one, starts_on=date(2027, 6, 1), seats=people // len(PRICES))
        for one in trainings
        for _ in range(2)
    )


def _round(code: str, people: int, editions: list[Edition], chance: random.Random) -> None:
    fund = make_fund(code, f"Regio {code}")
    funds.open_fund(region=Region.objects.get(code=code), name=fund.name)
    fund.refresh_from_db()
    fund.rule_name = "Reglement"
    fund.save()
    chair, second = (seat(f"{n} {code}", fund, Seat.Role.BOARD) for n in ("Chair", "Second"))
    bank = ledger.open_account(fund=fund, kind=Account.Kind.BANK, code="bank")
    pool = ledger.open_account(fund=fund, kind=Account.Kind.POOL, code="pool")
    euros = people * 400
    ledger.post(
        debit=bank, credit=pool, amount=euros * 100, reference=f"fill:{code}", memo="deposit"
    )
    window = make_window(fund, opens=-14, closes=-1)
    draft = rounds.draft(
        window=window,
        policy=policies.new_version(fund=fund, name="Rule", rules=policies.STANDARD, member=chair),
        ceiling=from_cents(euros * 100),
        reserve=from_cents(0),
        draw=lotto(window),
        member=chair,
    )
    opened = rounds.open(round=draft, member=chair, at=window.opens_at - timedelta(days=1))
    _ask(opened, people, editions, chance)
    draw(rounds.close(round=opened, member=chair), chair, second)


def _ask(opened, people: int, editions: list[Edition], chance: random.Random) -> None:
    window, region = opened.window, opened.fund.region
    workers = Worker.objects.bulk_create(
        Worker(
            region=region,
            name=f"Worker {n}",
            email=f"w{n}.{region.code}@example.nl",
            municipality="Enschede",
            contract=chance.choice(("on_call", "temporary", "agency")),
            education=chance.choice(EDUCATION),
            sector=chance.choice(SECTORS),
            training_hours_two_years=chance.choice((0, 0, 8, 20, 40)),
        )
        for n in range(people)
    )
    at = window.opens_at + timedelta(hours=1)
    requests = TrainingRequest.objects.bulk_create(
        TrainingRequest(
            worker=worker, window=window, status="submitted", submitted_at=at, consent_at=at
        )
        for worker in workers
    )
    choices = Choice.objects.bulk_create(
        Choice(request=request, rank=rank, training=edition.training, edition=edition)
        for request in requests
        for rank, edition in enumerate(chance.sample(editions, chance.choice((1, 2, 2, 3))), 1)
    )
    CostLine.objects.bulk_create(
        CostLine(choice=choice, kind="training", amount=choice.training.price) for choice in choices
    )
