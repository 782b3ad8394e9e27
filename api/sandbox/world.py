"""Build a sandbox: its region, fund, board, training, open round, partner and client."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from djmoney.money import Money

from allocation import rounds
from allocation.models import Round
from allocation.rules import policies
from allocation.rules.draws import Draw
from api import tokens
from api.models import Partner
from api.oauth import clients
from api.sandbox import money
from budgetpool.fund import funds
from budgetpool.fund.models import Fund, FundIban, Region, Seat
from budgetpool.fund.models.region import SANDBOX
from budgetpool.refusals import NotReady
from budgetpool.register.codes import Outcome
from budgetpool.register.models import Edition, Provider, Training
from budgetpool.users.models import User
from workers import windows
from workers.models import Window

NAME: Final = "Proeftuin"
PARTNER: Final = "Proeftuin BV"
MUNICIPALITY: Final = "Proefdorp"
# Addresses that nobody can have (RFC 2606), so that nobody signs in as them either.
BOARD: Final = ("chair@sandbox.invalid", "second@sandbox.invalid")
ADVISER: Final = "adviser@sandbox.invalid"
TREASURER: Final = "treasurer@sandbox.invalid"
# The partner is the school, too, so that its program can bill what it filed.
SCHOOL_KVK: Final = "99999999"
CEILING, RESERVE = Money(50_000, "EUR"), Money(2_500, "EUR")
DAYS_BEFORE, DAYS_OPEN = 7, 30


@dataclass(frozen=True)
class Sandbox:
    """What somebody needs to begin."""

    partner: Partner
    client_id: str
    client_secret: str
    token: str


def require_on() -> None:
    """Refuse where real people are helped with real money.

    Raises:
        NotReady: `no_sandbox_here`; `real_money_here`: a sandbox, beside somebody's bank account.
    """
    if not tokens.made_up():
        raise NotReady("no_sandbox_here")
    if not settings.DEMO and FundIban.objects.exclude(fund__region__code=SANDBOX).exists():
        raise NotReady("real_money_here")


@transaction.atomic
def build(*, is_made_up: bool = False) -> Sandbox:
    """The sandbox, made once; secret and token are new each time, and those of before end.

    Args:
        is_made_up: for the demo, which is built before it is served as one.

    Raises:
        NotReady: `no_sandbox_here`, `real_money_here`.
    """
    if not is_made_up:
        require_on()
    fund = _fund()
    _school()
    if not Window.objects.filter(fund=fund).exists():
        open_window(fund)
    partner = Partner.objects.filter(name=PARTNER).first() or tokens.enrol(
        name=PARTNER,
        kvk=SCHOOL_KVK,
        contact_email="it@sandbox.invalid",
        regions=[fund.region],
        is_sandbox=True,
    )
    client = clients.open_client(partner=partner)
    for credential in clients.working(client):
        clients.withdraw(credential=credential)
    for old in tokens.working(partner):
        tokens.revoke(token=old)
    _credential, secret = clients.add_secret(client=client, label="sandbox")
    _made, token = tokens.make(partner=partner, label="sandbox", is_made_up=is_made_up)
    return Sandbox(partner, client.client_id, secret, token)


def fund_of_sandbox() -> Fund:
    """The fund of the sandbox.

    Raises:
        NotReady: `no_sandbox_here`: there is none, or nothing here is made up.
    """
    require_on()
    fund = Fund.objects.select_related("region").filter(region__code=SANDBOX).first()
    if fund is None:
        raise NotReady("no_sandbox_here")
    return fund


def board(fund: Fund) -> tuple[User, User]:
    """The two members who propose and sign."""
    chair, second = (User.objects.get(email=email) for email in BOARD)
    return chair, second


def open_window(fund: Fund) -> Window:
    """The next span in which people can ask; its round is drafted when the clock is advanced.

    The draw of a round is announced with its day and stays, so that it cannot be brought forward.
    """
    chair, _second = board(fund)
    number = Window.objects.filter(fund=fund).count() + 1
    today = timezone.localdate()
    return windows.announce(
        actor=chair,
        fund=fund,
        code=f"{today.year}-{number}",
        opens_at=moment(today - timedelta(days=DAYS_BEFORE)),
        closes_at=moment(today + timedelta(days=DAYS_OPEN)),
    )


def open_round(window: Window) -> Round:
    """The round of a window that has ended: what the board would have done before it opened."""
    chair, _second = board(window.fund)
    policy = window.fund.policies.order_by("-pk").first() or policies.new_version(
        fund=window.fund,
        name=NAME,
        rules=policies.STANDARD,
        explanation="Een regel om mee te proberen.",
        member=chair,
    )
    draft = rounds.draft(
        window=window,
        policy=policy,
        ceiling=CEILING,
        reserve=RESERVE,
        draw=Draw(f"Proeftrekking {window.code}", timezone.localdate()),
        member=chair,
    )
    return rounds.open(round=draft, member=chair, at=window.opens_at - timedelta(minutes=1))


def moment(day: date) -> datetime:
    """The beginning of a day here."""
    return datetime.combine(day, time(0), tzinfo=timezone.get_default_timezone())


def _fund() -> Fund:
    region, _new = Region.objects.get_or_create(
        code=SANDBOX,
        defaults={
            "name": NAME,
            "slug": "proeftuin",
            "valid_from": 2020,
            "municipalities": [MUNICIPALITY],
        },
    )
    fund = funds.open_fund(
        region=region, name=NAME, rule_name="Reglement van de proeftuin", rule_url=""
    )
    money.fill(fund)
    for email in BOARD:
        _seat(email, region, Seat.Role.BOARD)
    _seat(ADVISER, region, Seat.Role.ADVISER)
    _seat(TREASURER, region, Seat.Role.TREASURER)
    return fund


def _seat(email: str, region: Region, role: str) -> None:
    user = User.objects.filter(email=email).first() or User.objects.create_user(
        email, name=email.partition("@")[0]
    )
    Seat.objects.get_or_create(user=user, region=region, role=role)


def _school() -> None:
    school, _new = Provider.objects.get_or_create(
        kvk=SCHOOL_KVK,
        defaults={"name": "Proefschool", "vat_status": Provider.VatStatus.EXEMPT_CRKBO},
    )
    training, is_new = Training.objects.get_or_create(
        provider=school,
        title="Heftruck (proeftuin)",
        defaults={
            "sector": "H",
            "level": "mbo1",
            "outcome": Outcome.TRADE_CERTIFICATE,
            "price": 450,
        },
    )
    if is_new:
        starts_on = timezone.localdate() + timedelta(days=120)
        Edition.objects.create(training=training, starts_on=starts_on, seats=100)
