"""Any multipliers prove an upper bound: no division tried by hand passes it."""

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocation.optimiser import Policy, Problem, files
from allocation.optimiser.baselines import rules
from tests.optimiser import folders
from tests.optimiser.everybody import verifier
from tests.optimiser.small import by_hand, small_rounds

some = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def bounder(problem, folder):
    folders.write(problem, folder / "round")
    files.write(rules.allocate(problem, "lottery"), folder / "out")
    return verifier.Bounder(verifier.Round(verifier.read(folder / "round", folder / "out")))


@some
@given(problem=small_rounds(workers=5), data=st.data())
def test_no_division_passes_the_bound_of_the_value_stage(problem, data, tmp_path):
    kept, best, _ = by_hand(problem)
    judge = bounder(problem, tmp_path)
    denominator = data.draw(st.integers(1, 50))
    multipliers = {name: data.draw(st.integers(0, 100)) for name in sorted(judge.names - {"value"})}
    numerator = judge.numerator(
        verifier.Weights(
            objective={"value": denominator},
            multipliers=multipliers,
            kept={"floor:target": kept},
        )
    )
    assert best * denominator <= numerator


@some
@given(problem=small_rounds(workers=5), data=st.data())
def test_no_division_passes_the_bound_of_a_floor(problem, data, tmp_path):
    kept, _, _ = by_hand(problem)
    judge = bounder(problem, tmp_path)
    denominator = data.draw(st.integers(1, 50))
    multipliers = {
        name: data.draw(st.integers(0, 100))
        for name in sorted(judge.names - {"value", "floor:target"})
    }
    numerator = judge.numerator(
        verifier.Weights({"floor:target": denominator}, multipliers, {}, 0, False)
    )
    assert kept * denominator <= numerator


@some
@given(problem=small_rounds(workers=5), data=st.data())
def test_no_division_passes_the_bound_of_people(problem, data, tmp_path):
    kept, value, people = by_hand(problem)
    judge = bounder(problem, tmp_path)
    multipliers = {name: data.draw(st.integers(0, 9)) for name in sorted(judge.names)}
    numerator = judge.numerator(
        verifier.Weights(
            {"people": 7}, multipliers, {"floor:target": kept, "value": value}, 0, False
        )
    )
    assert people * 7 <= numerator


def worked(tmp_path, *, awards_per_worker: int, **weights) -> int:
    """Two choices of one worker: EUR 100 for 5 points and EUR 200 for 3 points."""
    frame = pd.DataFrame(
        {
            "request_id": ["a", "b"],
            "worker_id": ["w", "w"],
            "choice": [1, 2],
            "amount_cents": [10_000, 20_000],
            "points": [5, 3],
        }
    )
    keys = {
        "name": "n",
        "seed": "s",
        "ceiling_cents": 25_000,
        "choice_percent": [100, 100],
        "awards_per_worker": awards_per_worker,
    }
    judge = bounder(Problem(requests=frame, policy=Policy.from_dict(keys)), tmp_path)
    return judge.numerator(verifier.Weights(kept={}, constant=0, fractions=False, **weights))


def test_one_award_per_worker_counts_the_better_choice(tmp_path):
    """Nothing to pay: 500 of 500 and 300."""
    assert worked(tmp_path, awards_per_worker=1, objective={"value": 1}, multipliers={}) == 500


def test_two_awards_per_worker_count_both(tmp_path):
    assert worked(tmp_path, awards_per_worker=2, objective={"value": 1}, multipliers={}) == 800


def test_a_choice_that_costs_more_than_it_brings_is_left_out(tmp_path):
    """At 2 per 100 cents: 50,000 - 20,000, 30,000 - 40,000; 20,000 of the ceiling can be used."""
    found = worked(
        tmp_path, awards_per_worker=2, objective={"value": 100}, multipliers={"ceiling": 2}
    )
    assert found == 30_000 + 40_000


def test_a_person_counts_once_and_only_with_an_award(tmp_path):
    """Each choice costs (10,000 and 20,000); a person is worth 15,000: take the cheaper one.

    Whole awards of 10,000 and 20,000 can use 20,000 of the ceiling.
    """
    found = worked(
        tmp_path, awards_per_worker=2, objective={"people": 15_000}, multipliers={"ceiling": 1}
    )
    assert found == 5_000 + 20_000
