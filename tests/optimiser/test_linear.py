"""Large programs are solved by their prices: the same value as by the solver alone."""

import numpy as np
import pytest

from allocation.optimiser.backend import Backend
from allocation.optimiser.inputs.problem import check
from allocation.optimiser.model import build
from allocation.optimiser.model.formulation import Stage
from allocation.optimiser.relaxation import sifting
from allocation.optimiser.relaxation.program import bound, choose
from allocation.optimiser.stages.coverage import Levels
from allocation.optimiser.stages.run import Keep, Run
from tests.optimiser import rounds

BACKEND = Backend("highs", 60.0)


def course_of(seed: int, variant: str) -> Run:
    model = build.build(check(rounds.random_round(seed, workers=700, variant=variant)))[0]
    return Run(model, BACKEND, lambda event: None)


def value_of(course: Run):
    """The relaxation of value, in which a missed floor has a price."""
    kept = dict(course.required)
    stage = Stage(weights={"value": 1.0}, kept=kept, penalty=dict.fromkeys(kept, 100.0))
    return course.formulation.program(stage).program


def in_small_cores(monkeypatch) -> None:
    for name, most in {"DIRECT_CLASSES": 60, "CORE_CLASSES": 40}.items():
        monkeypatch.setattr(sifting, name, most)


@pytest.mark.parametrize("variant", ["plain", "dear", "pools"])
def test_a_growing_core_reaches_the_value_of_the_whole_program(monkeypatch, variant):
    program = value_of(course_of(11, variant))
    whole = sifting.solve(program, BACKEND)
    in_small_cores(monkeypatch)
    sifted = sifting.solve(program, BACKEND)
    assert sifted.value == pytest.approx(whole.value, rel=1e-8)
    assert sifted.bound == pytest.approx(whole.value, rel=1e-8)
    assert (program.rows @ sifted.x + program.sides @ sifted.y <= program.rhs + 1e-4).all()


def test_what_is_scarce_for_all_is_as_scarce_in_a_part():
    program = value_of(course_of(12, "plain"))
    inside = np.arange(len(program.owners)) % 3 == 0
    options = inside[program.owner_of]
    part = program.part(options, float(program.weight[inside].sum() / program.weight.sum()))
    asked = np.asarray(abs(program.rows) @ program.upper)
    asked_in_part = np.asarray(abs(part.rows) @ part.upper)
    some = (asked_in_part > 0) & (program.rhs > 0)
    assert some.sum() > 10
    assert part.rhs[some] / asked_in_part[some] == pytest.approx(program.rhs[some] / asked[some])


@pytest.mark.parametrize("seed", [13, 14])
def test_prices_that_tell_equals_apart_are_nearly_those_of_value(monkeypatch, seed):
    course = course_of(seed, "plain")
    levels = Levels(course)
    keep = Keep(floors=dict(course.required))
    in_small_cores(monkeypatch)
    levels.find(keep, certain=False)
    stage = Stage(weights={"value": 1.0}, kept=keep.all())
    made = course.formulation.program(stage)
    best = sifting.solve(made.program, BACKEND).value
    near = made.prices(levels.hint.near)
    bounds = [bound(made.program, p, choose(made.program, p)) for p in (near, 0 * near)]
    assert best <= bounds[0] * (1 + 1e-9)
    assert bounds[0] - best < 0.06 * (bounds[1] - best)
