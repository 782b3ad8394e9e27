"""Who gains and who loses on the board's page is what the two divisions say."""

import itertools

import pytest

from allocation import rounds
from allocation.models import Scenario
from allocation.rounds import verdicts
from budgetpool.portals.board import listing

pytestmark = pytest.mark.django_db


def expected_moves(before, after):
    """How each request moves, by a comparison in Python of what the two scenarios kept."""
    had = {row.request_id: row for row in verdicts.of(before)}
    moves = {}
    for now in verdicts.of(after):
        then = had[now.request_id]
        same = (then.choice_id, then.amount_cents) == (now.choice_id, now.amount_cents)
        if now.awarded and not then.awarded:
            moves[now.request_id] = "gained"
        elif then.awarded and not now.awarded:
            moves[now.request_id] = "lost"
        elif now.awarded and not same:
            moves[now.request_id] = "other"
    return moves


def test_who_moves_and_how_is_what_two_divisions_say(scenario, chair):
    rules = (Scenario.Rule.FCFS, Scenario.Rule.LOTTERY, Scenario.Rule.RANKING)
    known = [scenario] + [
        rounds.compute(round=scenario.round, name=rule.value, rule=rule, member=chair)
        for rule in rules
    ]
    ways = set()
    for before, after in itertools.permutations(known, 2):
        expected = expected_moves(before, after)
        moved = listing.moved(before, after, chair)
        assert dict(moved.values_list("request", "move")) == expected
        counted = listing.counts_of(moved)
        assert counted == {way: [*expected.values()].count(way) for way in counted}
        ways |= set(expected.values())
    assert ways >= {"gained", "lost"}
