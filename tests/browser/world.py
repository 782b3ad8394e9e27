"""What must have happened before some pages can be looked at."""

import pytest

from allocation import rounds
from allocation.decisions import objections
from allocation.models import Scenario
from budgetpool.fund import ledger
from budgetpool.fund.models import Account
from tests.allocation.conftest import *  # noqa: F403
from tests.employers.conftest import contribution, pledge  # noqa: F401


@pytest.fixture
def compared(drawn, chair):
    """The drawn round with old rules computed beside it."""
    for rule in (Scenario.Rule.FCFS, Scenario.Rule.LOTTERY):
        rounds.compute(round=drawn, name=rule.value, member=chair, rule=rule)
    return drawn


@pytest.fixture
def one_request(requests):
    return requests[0]


@pytest.fixture
def round_that_is_open(round_of_twente, chair):
    """Round 2027-2, announced: the rule is public."""
    fund = round_of_twente.fund
    fund.rule_name = "Reglement Scholingsfonds Twente"
    fund.save()
    bank = ledger.open_account(fund=fund, kind=Account.Kind.BANK, code="bank")
    pool = ledger.open_account(fund=fund, kind=Account.Kind.POOL, code="pool")
    ledger.post(debit=bank, credit=pool, amount=500_000, reference="filled", memo="deposit")
    return rounds.open(round=round_of_twente, member=chair)


@pytest.fixture
def worker_account(worker):
    return worker.user


@pytest.fixture
def awarded_request(published):
    return published.decisions.filter(awarded=True).order_by("pk").first().request


@pytest.fixture
def awarded_account(awarded_request):
    return awarded_request.worker.user


@pytest.fixture
def refused_request(published):
    return published.decisions.filter(awarded=False).order_by("pk").first().request


@pytest.fixture
def refused_account(refused_request):
    return refused_request.worker.user


@pytest.fixture
def objection_taken(refused_request, refused_account, administrator):
    """An objection that the administrator handles."""
    filed = objections.file(
        decision=refused_request.decision,
        actor=refused_account,
        cause="facts",
        grounds="I had no training at all in these two years.",
    )
    return objections.assign(objection=filed, handler=administrator, actor=administrator)
