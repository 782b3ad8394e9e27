"""Not one sentence about a refusal is false, by a check that knows nothing of how they are made."""

import json
from fractions import Fraction

import pytest

from allocation.optimiser import allocate
from allocation.optimiser.counterfactual import changes
from allocation.optimiser.inputs.problem import check
from benchmarks import allocate as made
from tests.optimiser.rounds import random_round
from tests.optimiser.sentences import Sentences


def told(problem):
    """A round and its decisions, each refusal with what would have changed it."""
    problem = check(problem)
    allocation = allocate(problem)
    explained = changes.explained(allocation, changes.changes(problem, allocation))
    return problem, explained.decisions.to_dict("records")


SMALL = [(1, 30), *(pytest.param(seed, 60, marks=pytest.mark.slow) for seed in range(1, 10))]


@pytest.mark.parametrize(("seed", "workers"), SMALL)
@pytest.mark.parametrize("variant", ["plain", "pools"])
def test_no_sentence_of_a_small_round_is_false(seed, workers, variant):
    assert Sentences(*told(random_round(seed, workers=workers, variant=variant))).false() == []


def test_everybody_of_a_round_is_told_a_change_or_that_nothing_in_reach_would_be_one():
    sentences = Sentences(*told(made.make_round(400, coverage=True, seed=1)))
    assert sentences.false() == []
    assert sentences.explained() >= Fraction(99, 100)


@pytest.fixture(scope="module")
def small():
    return told(random_round(5, workers=30))


def refused(decisions, reason=None):
    return next(
        row
        for row in decisions
        if not row["awarded"]
        and row["reason"] not in ("other_choice_awarded",)
        and reason in (None, row["reason"])
    )


WEAK = {"points": 1, "amount_cents": 1, "limit": "money"}
FALSE = {
    "got another training": ("other_choice_awarded", {}),
    "a draw among equals": ("lot_lost", {"lot": 2, "candidates": 5, "places": 1}),
    "a cap that nobody knows": ("cap_reached", {"cap": "friends", "value": "all"}),
    "a date of somebody else": ("edition_full", {"edition_id": "nowhere"}),
    "other points": ("below_cutoff", {"points": 1}),
    "points that it has": ("below_cutoff", {"needed": 0}),
    "points that nobody has": (None, {"would_change": {"points": 1_575}}),
    "an amount that is higher": (None, {"would_change": {"amount_cents": 10**9}}),
    "a smaller pot": (None, {"would_change": {"ceiling_cents": 1}}),
    "a change of nothing": (None, {"would_change": {}}),
    "nothing in reach, of a weak claim": (None, {"out_of_reach": WEAK}),
    "nothing in reach, of a limit with room": (None, {"out_of_reach": WEAK | {"limit": "friends"}}),
    "a reason without words": ("friend_of_the_board", {}),
}


@pytest.mark.parametrize(("reason", "params"), FALSE.values(), ids=FALSE)
def test_a_planted_false_sentence_is_found(reason, params, small):
    problem, decisions = small
    forged = [dict(row) for row in decisions]
    row = refused(forged, "below_cutoff")
    said = json.loads(row["reason_params"]) if reason in (None, "below_cutoff") else {}
    row |= {"reason": reason or row["reason"], "reason_params": json.dumps(said | params)}
    [*found] = Sentences(problem, forged).false()
    assert found
    assert all(each.startswith(f"{row['request_id']}: ") for each in found)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("requests", [1_500, 6_000, 20_000])
def test_no_sentence_of_a_large_round_is_false(requests, seed):
    sentences = Sentences(*told(made.make_round(requests, coverage=True, seed=seed)))
    assert sentences.false() == []
    assert sentences.explained() >= Fraction(99, 100)
