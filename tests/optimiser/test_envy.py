"""Nobody is refused for somebody who is worth less, costs no less and has the same places."""

import numpy as np
import pytest

from allocation.optimiser.explanation import envy
from allocation.optimiser.inputs.problem import check
from allocation.optimiser.model import build
from allocation.optimiser.model.arrays import Integers, Model
from tests.optimiser import rounds


def random_awards(model: Model, seed: int) -> Integers:
    """Awards without any thought, so that many have reason for envy."""
    rng, x = np.random.default_rng(seed), np.zeros(model.options_total, dtype=np.int64)
    owners = np.unique(model.option_class)
    for owner in owners[rng.random(len(owners)) < 0.4]:
        own = np.flatnonzero(model.option_class == owner)
        x[rng.choice(own)] = rng.integers(1, model.size[owner] + 1)
    return x


def envied(model: Model, x: Integers, spare: Integers) -> int:
    """The same, pair by pair."""
    taken = np.bincount(model.option_class, weights=x, minlength=model.classes_total)
    open_ = (model.capacity > 0) & (taken < model.size)
    count = 0
    for award in np.flatnonzero((x > 0) & (model.share == 100)).tolist():
        feeds = model.goal_rows[:, [award]].toarray().ravel() > 0
        count += x[award] * any(
            open_[model.option_class[other]]
            and model.share[other] == 100
            and model.place[other] == model.place[award]
            and model.value[other] > model.value[award]
            and model.amount[other] <= model.amount[award]
            and (spare[feeds] >= model.amount[award] - model.amount[other]).all()
            for other in range(model.options_total)
        )
    return int(count)


@pytest.mark.parametrize("variant", ["plain", "solidarity", "pools", "board"])
def test_swaps_leave_nobody_with_reason_for_envy_and_keep_every_limit_and_promise(variant):
    problem = check(rounds.random_round(5, variant=variant, workers=60))
    model, _ = build.build(problem)
    x = random_awards(model, 5)
    reached = model.base_goals + model.goal_rows @ x
    kept = {goal: int(cents) * 9 // 10 for goal, cents in zip(model.goals, reached, strict=True)}
    kept[model.goals[0]] = int(reached[0])  # this one leaves no cent to spare
    spare = reached - np.array([kept[goal] for goal in model.goals])
    assert envy.awards(model, x, kept) == envied(model, x, spare) > 0
    fair, swaps = envy.swapped(model, x, kept)
    assert swaps > 0
    assert envy.awards(model, fair, kept) == 0
    assert fair.sum() == x.sum()
    assert model.value @ fair > model.value @ x
    assert (model.limit_rows @ fair <= model.limit_rows @ x).all()
    after = model.base_goals + model.goal_rows @ fair
    assert all(after[place] >= kept[goal] for place, goal in enumerate(model.goals))
