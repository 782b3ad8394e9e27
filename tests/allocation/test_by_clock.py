"""The clock closes a round whose window is over, and none before."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from allocation import rounds
from allocation.models import Round
from allocation.rounds import by_clock
from budgetpool.audit.models import AuditEvent
from tests.allocation.people import euros
from tests.cast import lotto, make_window
from workers.models import TrainingRequest, Window

pytestmark = pytest.mark.django_db


def test_the_clock_closes_a_round_once_and_the_trail_names_nobody(opened, requests):
    closed, waiting = by_clock.close_due()
    assert (closed, waiting) == ([opened], [])
    assert Round.objects.get().status == Round.Status.CLOSED
    event = AuditEvent.objects.get(action="round.closed")
    assert (event.actor, event.details["requests"]) == (None, len(requests))
    assert by_clock.close_due() == ([], [])


def test_no_round_closes_before_its_last_moment(opened, requests):
    Window.objects.update(closes_at=timezone.now() + timedelta(minutes=1))
    assert by_clock.close_due() == ([], [])


def test_a_draft_is_not_closed(draft):
    assert by_clock.due() == []


def test_a_round_in_which_somebody_may_still_mend_a_request_waits(opened, requests):
    TrainingRequest.objects.filter(pk=requests[0].pk).update(
        status=TrainingRequest.Status.INELIGIBLE,
        reason="too_young",
        repair_until=timezone.localdate() + timedelta(days=3),
    )
    closed, [one] = by_clock.close_due()
    assert (closed, one.round, one.why.code) == ([], opened, "repair_term_runs")


def test_one_round_that_waits_keeps_no_other_open(opened, requests, rich_fund, policy, chair):
    """A round without requests is refused; the one after it closes all the same."""
    window = make_window(rich_fund, "2026-9", opens=-40, closes=-30)
    money = {"ceiling": euros(1_000), "reserve": euros(0)}
    empty = rounds.draft(window=window, policy=policy, draw=lotto(window), member=chair, **money)
    rounds.open(round=empty, member=chair, at=window.opens_at)
    closed, [one] = by_clock.close_due()
    assert (closed, one.why.code) == ([opened], "no_requests")


def test_a_dry_run_says_what_is_due_and_closes_nothing(opened, requests):
    out = StringIO()
    call_command("close_rounds", "--dry-run", "--json", stdout=out)
    assert json.loads(out.getvalue())["due"] == [str(opened)]
    assert Round.objects.get().status == Round.Status.OPEN
