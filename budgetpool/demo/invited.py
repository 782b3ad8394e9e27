"""Who came because the demo's employer invited them: colleagues by e-mail, flex workers by a code.

A temp agency invites two colleagues, of whom one said yes. Two of its flex workers scanned the
poster in the canteen and made an account: one is filling in, the other has asked.
"""

from datetime import date, timedelta
from typing import Final, NamedTuple

from django.utils import timezone

from budgetpool.demo import cast
from budgetpool.fund.models import Fund
from budgetpool.register.models import Edition
from employers import outreach, people
from employers.models import Employer, InviteCode
from employers.models.employer import Role
from workers import people as workers
from workers import requests
from workers.models import TrainingRequest, Window

PAYROLL: Final = cast.Person("employer", "Youssef Amrani", "loonadministratie@demo.example")
PLANNER: Final = "planning@demo.example"
LOGISTICS: Final = "H"


class Invited(NamedTuple):
    """A flex worker who came by a code, and what they told so far."""

    login: cast.Person
    facts: dict[str, object]


BEGUN: Final = Invited(
    cast.BEGUN,
    {"municipality": "Almelo", "contract": "on_call", "sector": LOGISTICS},
)
ASKED: Final = Invited(
    cast.ASKED,
    {
        "birth_date": date(1994, 5, 17),
        "municipality": "Enschede",
        "contract": "agency",
        "sector": LOGISTICS,
        "education": "vmbo",
        "training_hours_two_years": 0,
        "has_study_finance": False,
    },
)


def tell(fund: Fund, window: Window) -> None:
    """Invitations of the demo's employer, and what came of them in the open window."""
    manager = cast.account(cast.EMPLOYER)
    employer = Employer.objects.get(members__user=manager)
    _invitation, secret = people.invite(
        employer=employer, email=PAYROLL.email, role=Role.PAYER, by=manager
    )
    people.accept(secret=secret, user=cast.account(PAYROLL, password=None))
    people.invite(employer=employer, email=PLANNER, role=Role.VIEWER, by=manager)
    code = employer.invite_codes.earliest("pk")
    _begin(BEGUN, fund, window, code)
    draft = _begin(ASKED, fund, window, code)
    _ask(draft)


def _begin(invited: Invited, fund: Fund, window: Window, code: InviteCode) -> TrainingRequest:
    """Scan the code, make an account, begin a request and tell some facts."""
    outreach.visit(code.code)
    user = cast.account(invited.login)
    worker = workers.enter_self(user=user, region=fund.region)
    draft = requests.draft(actor=user, worker=worker, window=window, outreach_code=code.code)
    workers.change(actor=user, worker=worker, **invited.facts)
    return draft


def _ask(draft: TrainingRequest) -> None:
    """Choose the first course in logistics that begins after the window, and send."""
    user = cast.account(ASKED.login)
    after = timezone.localdate(draft.window.closes_at) + timedelta(days=14)
    edition = (
        Edition.objects.filter(training__sector=LOGISTICS, training__is_open=True)
        .filter(starts_on__gt=after)
        .select_related("training__provider")
        .order_by("starts_on", "pk")[0]
    )
    requests.choose(actor=user, request=draft, training=edition.training, edition=edition)
    requests.change(actor=user, request=draft, goal="Een vast contract als heftruckchauffeur.")
    requests.submit(actor=user, request=draft, consent=True)
