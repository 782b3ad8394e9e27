"""The demo's story, step by step; each step does nothing when it was done before."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from djmoney.money import Money

from allocation import rounds
from allocation.models import Award, Decision, Policy, Round, Scenario
from allocation.rounds import tasks
from allocation.rules import policies
from allocation.rules.draws import Draw
from api.sandbox import world
from api.sandbox.world import Sandbox
from budgetpool.demo import (
    accountant,
    afterwards,
    cast,
    invited,
    money,
    partner,
    population,
    requests,
    schooling,
    supply_rows,
)
from budgetpool.demo.accountant import Accountant
from budgetpool.demo.money import Imported
from budgetpool.demo.partner import Program
from budgetpool.fund.models import Fund
from budgetpool.fund.models.region import SANDBOX
from budgetpool.users.models import User
from workers import windows
from workers.models import TrainingRequest, Window

REQUESTS: Final = 1_500
SEED: Final = 2027
FIRST, SECOND = "2027-1", "2027-2"
CEILING, RESERVE = Money(500_000, "EUR"), Money(25_000, "EUR")
SECOND_CEILING, SECOND_RESERVE = Money(250_000, "EUR"), Money(12_500, "EUR")
DRAW: Final = "4 11 19 27 33 41"
POLICY_NAME: Final = "Twente"
EXPLANATION: Final = (
    "Wie weinig scholing kreeg en wie weinig zekerheid heeft, krijgt meer punten. "
    "Minstens 60 procent van het geld gaat naar mensen met hoogstens mbo 4 die twee jaar "
    "geen training hadden. Geen opleider krijgt meer dan 20 procent."
)
MOTIVATION: Final = (
    "Dit voorstel helpt de meeste mensen zonder recente scholing en laat van elk "
    "opleidingsniveau minstens drie op de tien aanvragers meedoen."
)
ASK_AGAIN: Final = 180
# The population's dates fit this day; on a later one everything moves along by whole weeks.
WRITTEN_ON: Final = date(2026, 11, 24)
OURS: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("Zoveel mogelijk mensen", {}),
    ("Ook dure opleidingen", {"value": "points_times_amount"}),
)


@dataclass
class Story:
    """What the demo made, for the tables at its end."""

    site: str
    fund: Fund | None = None
    imported: list[Imported] = field(default_factory=list)
    first: Round | None = None
    second: Round | None = None
    was_there: bool = False
    program: Program | None = None
    accountant: Accountant | None = None
    sandbox: Sandbox | None = None


class OtherData(Exception):
    """The database holds something that the demo did not make."""


def build(story: Story) -> Iterator[tuple[str, int]]:
    """Tell the story; yields a code of the step that begins and how much work it is.

    Raises:
        OtherData: the database is in use for something else.
    """
    yield "regions", 5
    _refuse_other_data()
    fund = story.fund = money.open_fund()
    story.first = Round.objects.filter(fund=fund, code=FIRST).first()
    story.second = Round.objects.filter(fund=fund, code=SECOND).first()
    story.was_there = story.second is not None
    if not story.was_there:
        yield from _bank(story, fund)
        yield from _first_round(story, fund)
        yield from _second_round(story, fund)
    story.program = partner.program(fund, site=story.site)
    story.accountant = accountant.let_in(fund, site=story.site)
    story.sandbox = world.build(is_made_up=True)


def _bank(story: Story, fund: Fund) -> Iterator[tuple[str, int]]:
    yield "statements", 10
    today = timezone.localdate()
    payments = money.promise(fund, today=today)
    story.imported = money.import_statements(fund, payments, day=today - timedelta(days=25))
    money.book_openings(fund)


def _first_round(story: Story, fund: Fund) -> Iterator[tuple[str, int]]:
    chair, second = cast.account(cast.BOARD), cast.account(cast.SECOND)
    window = _window(fund, FIRST, opens=-21, closes=-7, by=chair)
    policy = _policy(fund, chair)
    yield "open", 2
    if story.first is None:
        story.first = rounds.draft(
            window=window,
            policy=policy,
            ceiling=CEILING,
            reserve=RESERVE,
            draw=_lotto(days=-3),
            member=chair,
        )
    if story.first.status == Round.Status.DRAFT:
        story.first = rounds.open(
            round=story.first, member=chair, at=window.opens_at - timedelta(days=14)
        )
    yield "requests", 25
    if not TrainingRequest.objects.filter(window=window).exists():
        people = population.generate(REQUESTS, SEED)
        later = timedelta(weeks=max(0, (timezone.localdate() - WRITTEN_ON).days // 7))
        register = supply_rows.fill(
            people, later=later, valid_from=timezone.localdate(window.opens_at)
        )
        requests.fill(people, register, window, fund.region, lambda count: None)
    yield "close", 3
    if story.first.status == Round.Status.OPEN:
        story.first = rounds.close(round=story.first, member=chair)
    entered = set(story.first.consents.values_list("member_id", flat=True))
    for member in (chair, second):
        if member.pk not in entered:
            story.first = rounds.record_draw(round=story.first, member=member, outcome=DRAW)
    yield from _divide(story, chair)
    yield "sign", 2
    _decide(story, chair, second)
    yield "explain", 5
    if story.first.status == Round.Status.SIGNED:
        # Proposing asked for it already; what the queue would do is done here.
        tasks.explain.call(tasks.ask_explanation(round=story.first, member=chair).pk)
    yield "publish", 10
    story.first = rounds.publish(round=story.first, member=second)
    _sign_in_as_workers(story.first)
    yield "afterwards", 8
    afterwards.tell(story.first, fund)
    schooling.tell(story.first)


def _divide(story: Story, chair: User) -> Iterator[tuple[str, int]]:
    assert story.first is not None
    if story.first.status != Round.Status.CLOSED:
        return
    known = set(story.first.scenarios.values_list("name", flat=True))
    for name, variation in OURS:
        yield f"divide:{name}", 12
        if name not in known:
            rounds.compute(round=story.first, name=name, variation=variation, member=chair)
    for rule in (Scenario.Rule.FCFS, Scenario.Rule.LOTTERY, Scenario.Rule.RANKING):
        yield f"baseline:{rule.value}", 3
        if rule.value not in known:
            rounds.compute(round=story.first, name=rule.value, rule=rule, member=chair)


def _decide(story: Story, chair: User, second: User) -> None:
    assert story.first is not None
    if story.first.status == Round.Status.CLOSED:
        story.first = rounds.propose(
            round=story.first,
            scenario=story.first.scenarios.get(name=OURS[0][0]),
            motivation=MOTIVATION,
            no_interest=True,
            member=chair,
        )
    if story.first.status == Round.Status.PROPOSED:
        assert story.first.proposal is not None
        story.first = rounds.sign(
            round=story.first,
            sha256=story.first.proposal.sha256,
            no_interest=True,
            member=second,
        )


def _second_round(story: Story, fund: Fund) -> Iterator[tuple[str, int]]:
    yield "second", 5
    chair = cast.account(cast.BOARD)
    window = _window(fund, SECOND, opens=-3, closes=11, by=chair)
    draft = rounds.draft(
        window=window,
        policy=_policy(fund, chair),
        ceiling=SECOND_CEILING,
        reserve=SECOND_RESERVE,
        draw=_lotto(days=14),
        member=chair,
    )
    refused = (
        TrainingRequest.objects.with_choices()
        .filter(decision__awarded=False, window__code=FIRST, worker__user__isnull=True)
        .order_by("worker_id")[:ASK_AGAIN]
    )
    requests.file_again(refused, window, step=timedelta(minutes=20))
    story.second = rounds.open(round=draft, member=chair, at=window.opens_at - timedelta(hours=1))
    invited.tell(fund, window)


def _window(fund: Fund, code: str, *, opens: int, closes: int, by: User) -> Window:
    found = Window.objects.filter(fund=fund, code=code).first()
    if found is not None:
        return found
    today = timezone.localdate()
    zone = timezone.get_default_timezone()
    return windows.announce(
        actor=by,
        fund=fund,
        code=code,
        opens_at=datetime.combine(today + timedelta(days=opens), time(9), tzinfo=zone),
        closes_at=datetime.combine(today + timedelta(days=closes), time(17), tzinfo=zone),
    )


def _lotto(*, days: int) -> Draw:
    on = timezone.localdate() + timedelta(days=days)
    return Draw(f"Lotto, {on:%d-%m-%Y}", on)


def _policy(fund: Fund, member: User) -> Policy:
    found = Policy.objects.filter(fund=fund, name=POLICY_NAME).first()
    return found or policies.new_version(
        fund=fund,
        name=POLICY_NAME,
        rules=policies.STANDARD,
        explanation=EXPLANATION,
        member=member,
    )


def _sign_in_as_workers(round: Round) -> None:
    awarded = (
        Award.objects.filter(round=round).select_related("request__worker").order_by("pk").first()
    )
    # Somebody with several choices who lost a lot or fell just short shows most on one screen.
    refused = (
        Decision.objects.filter(round=round, awarded=False)
        .annotate(many=Count("request__choices"))
        .select_related("request__worker")
        .order_by("-many", "-points", "pk")
        .first()
    )
    if awarded is not None and refused is not None:
        requests.link_accounts(awarded.request, refused.request)


def _refuse_other_data() -> None:
    others = Fund.objects.exclude(name=money.FUND_NAME).exclude(region__code=SANDBOX)
    if others.exists():
        raise OtherData(str(settings.DATABASES["default"]["NAME"]))
