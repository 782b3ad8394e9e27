"""A round that cannot be proven in its time still gives its best division, with an honest gap."""

import threading
import time

import pytest

from allocation.optimiser import allocate, division, files
from allocation.optimiser.backend import Backend
from allocation.optimiser.inputs.problem import check
from allocation.optimiser.integer import heuristic
from allocation.optimiser.model import build
from allocation.optimiser.stages import order, proof
from tests.optimiser import folders, rounds
from tests.optimiser.everybody import verifier


def solved(seed):
    model, _ = build.build(check(rounds.mixed_round(seed)))
    return model, order.solve(model, Backend("highs", 120.0), lambda event: None)


@pytest.mark.slow
def test_a_search_that_ends_early_gives_what_it_has_and_says_how_far_it_may_be(monkeypatch):
    seeds = (6, 8)  # two awards for each, and one
    monkeypatch.setattr(proof, "WORK", 1e6)  # how far a proof gets is not the matter here
    best = {seed: value_of(solved(seed)[1]) for seed in seeds}
    monkeypatch.setattr(heuristic, "MOST_NODES", 3)
    gaps = []
    for seed in seeds:
        assert best[seed].claimed_bound == best[seed].value
        model, outcome = solved(seed)
        value = value_of(outcome)
        assert value.value <= best[seed].value <= value.bound
        used = model.limit_rows @ outcome.x
        assert (used <= model.limit_rhs).all()
        assert value.value == model.base_value + int(model.value @ outcome.x)
        gaps.append(value.gap)
    assert any(gap > 0 for gap in gaps), "nothing was left open, so nothing was tried"


class TooLate:
    """A solver in this process that was to be ready long ago, so that no clock decides."""

    def __init__(self):
        self.sent = threading.Event()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.sent.set()

    def solve(self, arrays, *, solver, seconds, report, **limits):
        self.sent.set()
        return order.solve(arrays, Backend(solver, seconds, time.monotonic() - seconds), report)


@pytest.mark.parametrize(
    ("problem", "most"),
    [
        # Give-back for every sector: the most value that an unhurried run proves.
        (rounds.random_round(52, workers=60, variant="solidarity"), 181_300),
        (rounds.random_round(61, workers=40, variant="two_awards"), None),
    ],
    ids=["give-back", "two awards"],
)
def test_when_time_is_over_the_division_at_hand_is_given_and_marked(
    problem, most, monkeypatch, tmp_path
):
    monkeypatch.setattr(division, "Solver", TooLate)
    found = allocate(problem)
    assert found.outcome == "proven_within"
    value = next(stage for stage in found.stages if stage.name == "value")
    assert found.value == value.value < value.bound
    assert most is None or value.value <= most <= value.bound
    assert value.claimed_bound <= value.bound
    assert found.lots == "swap_stable"
    folders.write(problem, tmp_path / "round")
    files.write(found, tmp_path / "out")
    assert verifier.report(tmp_path / "round", tmp_path / "out").found == []


def value_of(outcome):
    return next(record for record in outcome.records if record.name == "value")
