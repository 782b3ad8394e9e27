"""A round that cannot be proven in its time still gives its best division, with an honest gap."""

import pytest

from allocation.optimiser.backend import Backend
from allocation.optimiser.inputs.problem import check
from allocation.optimiser.integer import heuristic
from allocation.optimiser.model import build
from allocation.optimiser.stages import order, proof
from tests.optimiser import rounds


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


def value_of(outcome):
    return next(record for record in outcome.records if record.name == "value")
