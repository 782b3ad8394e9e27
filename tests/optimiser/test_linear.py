"""Large programs are solved by their prices: the same value as by the solver alone."""

import numpy as np
import pytest

from allocation.optimiser import building, linear, smooth
from allocation.optimiser.core import Backend
from allocation.optimiser.course import Course
from allocation.optimiser.formulation import Stage
from allocation.optimiser.problem import check
from allocation.optimiser.program import bound, choose
from tests.optimiser import rounds

BACKEND = Backend("highs", 60.0)


def course_of(seed: int, variant: str) -> Course:
    model = building.build(check(rounds.random_round(seed, workers=700, variant=variant)))[0]
    return Course(model, BACKEND, lambda event: None)


def value_of(course: Course):
    """The relaxation of value, in which a missed floor has a price."""
    kept = dict(course.required)
    stage = Stage(weights={"value": 1.0}, kept=kept, penalty=dict.fromkeys(kept, 100.0))
    return course.formulation.program(stage).program


def level_of(course: Course):
    """The relaxation of the first level of coverage."""
    free = [f"coverage:{group}" for group in course.model.groups]
    stage = Stage(kept=dict(course.required), level=free, level_cap=1.0)
    return course.formulation.program(stage).program


@pytest.mark.parametrize("variant", ["plain", "dear", "pools"])
@pytest.mark.parametrize("smoothed", [False, True])
def test_a_growing_core_reaches_the_value_of_the_whole_program(monkeypatch, variant, smoothed):
    program = value_of(course_of(11, variant))
    whole = linear.solve(program, BACKEND)
    for name, most in {"DIRECT_CLASSES": 60, "CORE_CLASSES": 40}.items():
        monkeypatch.setattr(linear, name, most)
    monkeypatch.setattr(linear, "SMOOTH_CLASSES", 0 if smoothed else 10**9)
    sifted = linear.solve(program, BACKEND)
    assert sifted.value == pytest.approx(whole.value, rel=1e-8)
    assert sifted.bound == pytest.approx(whole.value, rel=1e-8)
    assert (program.rows @ sifted.x + program.sides @ sifted.y <= program.rhs + 1e-4).all()


@pytest.mark.parametrize("variant", ["plain", "dear"])
def test_smoothed_prices_bound_the_value_from_near(variant):
    program = value_of(course_of(12, variant))
    best = linear.solve(program, BACKEND).value
    prices = smooth.prices(program, *linear.units(program))
    assert (prices >= 0).all()
    near = bound(program, prices, choose(program, prices))
    nothing = bound(program, np.zeros_like(prices), choose(program, np.zeros_like(prices)))
    assert best <= near * (1 + 1e-9)
    assert near - best < 0.02 * (nothing - best)


def test_the_level_of_coverage_is_not_smoothed():
    program = level_of(course_of(13, "plain"))
    assert smooth.prices(program, *linear.units(program)) is None
