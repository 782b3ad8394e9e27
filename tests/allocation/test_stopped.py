"""A division that is stopped, or comes to its limit of time, leaves the round as it was."""

import threading
from functools import partial

import pytest

from allocation import rounds
from allocation.models import Scenario
from budgetpool.fund.models import Transfer
from budgetpool.jobs import work
from budgetpool.refusals import NotReady


def state(round):
    round.refresh_from_db()
    return round.status, round.snapshot, round.proposal, Transfer.objects.count()


def test_a_stopped_division_keeps_nothing(drawn, chair):
    before, stop = state(drawn), threading.Event()
    stop.set()
    with pytest.raises(work.Cancelled):
        rounds.compute(round=drawn, name="Ours", member=chair, cancelled=stop)
    assert state(drawn) == before
    assert not Scenario.objects.exists()


def test_a_division_at_its_limit_of_time_tells_how_far_it_came_and_decides_nothing(
    drawn, chair, monkeypatch
):
    before = state(drawn)
    short = partial(rounds.scenarios.optimiser.allocate, seconds=0.001)
    monkeypatch.setattr(rounds.scenarios.optimiser, "allocate", short)
    scenario = rounds.compute(round=drawn, name="Ours", member=chair)
    assert scenario.outcome == Scenario.Outcome.STOPPED_EARLY
    assert scenario.result["reason"] == "time_limit"
    assert not scenario.verified
    assert scenario.decisions_csv == ""
    assert scenario.people == scenario.spent_cents == 0
    assert state(drawn) == before
    with pytest.raises(NotReady):
        rounds.propose(
            round=drawn, scenario=scenario, motivation="So be it", no_interest=True, member=chair
        )
    assert state(drawn) == before
