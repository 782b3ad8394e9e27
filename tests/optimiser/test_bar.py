"""The independent bar: 300 small rounds over all features, to the last person and euro.

An exact model written apart (oracle.py) says what the floors reach, which part of what is required
comes back to each contributor, how many people each group is to have and how many are short, value,
people, and who is first by lot, with which of their options.
"""

from dataclasses import replace

import numpy as np
import pytest

from allocation.optimiser import allocate
from tests.optimiser import featured, oracle
from tests.optimiser.test_oracle import targets_of

SEEDS = [pytest.param(seed, marks=pytest.mark.slow if seed >= 12 else ()) for seed in range(300)]


def with_lots(problem, seed):
    """The round with lots drawn anew."""
    workers = sorted(set(problem.requests["worker_id"]))
    lots = np.random.default_rng(seed).permutation(len(workers)) + 1
    draw = problem.requests["worker_id"].map(dict(zip(workers, lots.tolist(), strict=True)))
    return replace(problem, requests=problem.requests.assign(draw=draw))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_division_is_the_one_of_an_exact_model_written_apart(seed):
    problem = with_lots(featured.featured_round(seed), seed + 10**6)
    exact, found = oracle.solve(problem, by_lot=True), allocate(problem)
    assert (found.outcome, found.lots) == ("proven", "exact"), found.progress
    reached = {stage.name: stage.value for stage in found.stages}
    floors = [reached[f"floor:{floor.name}"] for floor in problem.policy.floors]
    assert floors == exact.floors
    back = {name: cents for name, cents in exact.give_back.items() if cents}
    assert targets_of(found) == pytest.approx(back, abs=1), "a level is a fraction, rounded down"
    targets = {group: found.coverage[group].get("target") or 0 for group in exact.targets}
    assert targets == exact.targets
    short = [max(0, n - found.coverage[group]["awarded"]) for group, n in targets.items()]
    assert sum(short) == exact.people_short
    assert (found.value, found.people) == (exact.value, exact.people)
    assert shares_of(problem, found) == exact.awarded


def shares_of(problem, found):
    """Awarded request -> share in percent."""
    rows = problem.requests.assign(cents=found.decisions["amount_cents"])
    rows = rows[rows["cents"] > 0]
    share = rows["cents"] * 100 // rows["amount_cents"]
    return dict(zip(rows["request_id"], share.tolist(), strict=True))
