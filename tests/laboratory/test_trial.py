"""A division to try a rule with is as good as the one that a round gets."""

import pytest

from allocation.optimiser import allocate, trial
from allocation.optimiser.inputs.problem import check
from allocation.optimiser.results import summary
from tests.optimiser.rounds import random_round


@pytest.mark.parametrize("variant", ["plain", "pools"])
def test_it_reaches_what_a_round_reaches(variant):
    problem = check(random_round(5, workers=30, variant=variant))
    found, whole = summary.figures(problem, trial.divide(problem)), allocate(problem)
    assert found["value"] == whole.value
    assert found["spent_cents"] <= problem.policy.ceiling_cents
    reached = [floor["reached_cents"] >= floor["required_cents"] for floor in found["floors"]]
    assert reached == [floor["reached_cents"] >= floor["required_cents"] for floor in whole.floors]
