"""On random rounds every stage reaches what an independent exact solution reaches."""

from fractions import Fraction

import pytest

from allocation.optimiser import allocate, files, verify
from tests.optimiser import examples, folders, oracle, rounds

PLAIN = [pytest.param(seed, marks=() if seed == 1 else pytest.mark.slow) for seed in range(8)]
VARIANTS = ["pools", "solidarity", "dear", "two_awards", "parts", "board"]


def compare(problem, folder):
    """Allocate, compare every stage with the oracle, verify; give both."""
    exact, found = oracle.solve(problem), allocate(problem)
    assert found.outcome == "proven"
    claimed = {stage.name: stage.claimed_bound for stage in found.stages}
    assert (claimed["value"], claimed["people"]) == (found.value, found.people)
    reached = {stage.name: stage.value for stage in found.stages}
    names = [f"floor:{floor.name}" for floor in problem.policy.floors]
    assert [reached[name] for name in names] == exact.floors
    assert targets_of(found) == {name: cents for name, cents in exact.give_back.items() if cents}
    short = sum(
        max(0, target - found.coverage[group]["awarded"]) for group, target in exact.targets.items()
    )
    assert short == exact.people_short
    assert found.value == exact.value
    assert found.people == exact.people
    folders.write(problem, folder / "round")
    files.write(found, folder / "out")
    assert verify.verify(folder / "round", folder / "out") == []
    return exact, found


def targets_of(found):
    """Contributor -> the cents that its share comes to, where that is anything."""
    required = {
        row["name"]: row["required_cents"] for row in found.floors if row["kind"] == "give_back"
    }
    targets = {}
    for stage in found.certificate["stages"]:
        if stage["stage"].startswith("give_back:") and "level" in stage:
            level = Fraction(*stage["level"])
            targets |= {name: int(level * required[name]) for name in stage["blocked"]}
    return {name: cents for name, cents in targets.items() if cents}


@pytest.mark.parametrize("seed", PLAIN)
def test_value_equals_the_exact_optimum(seed, tmp_path):
    compare(rounds.random_round(seed), tmp_path)


@pytest.mark.parametrize("variant", VARIANTS)
def test_value_equals_the_exact_optimum_with(variant, tmp_path):
    seed, workers = (20, 110) if variant == "board" else (21, 60)
    compare(rounds.random_round(seed, workers=workers, variant=variant), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [20, 21, 22, 23])
@pytest.mark.parametrize("variant", VARIANTS)
def test_value_equals_the_exact_optimum_in_more_rounds_with(variant, seed, tmp_path):
    compare(rounds.random_round(seed, workers=110, variant=variant), tmp_path)


@pytest.mark.parametrize(
    "keys",
    [
        {"fairness": "0"},
        {"fairness": "0.5"},
        {"coverage_cap": "0.4"},
        {"coverage_cap": "0.4", "fairness": "0.8"},
        {"floor": []},
        {"cap": []},
    ],
    ids=str,
)
def test_value_equals_the_exact_optimum_under_the_policy(keys, tmp_path):
    compare(rounds.random_round(30, workers=60, **keys), tmp_path)


LEVELS = [pytest.param(seed, marks=pytest.mark.slow if seed % 2 else ()) for seed in range(40, 44)]


@pytest.mark.parametrize("seed", LEVELS)
def test_every_group_is_within_one_person_of_its_leximin_share(seed):
    problem = rounds.random_round(seed)
    exact, found = oracle.Levels(problem), allocate(problem)
    for group, level in exact.levels.items():
        served = found.coverage[group]
        assert served["awarded"] >= int(level * served["applying"] + 1e-6) - 1
    assert len({round(level, 4) for level in exact.levels.values()}) > 1, "levels differ"


@pytest.mark.parametrize("example", examples.read(), ids=lambda example: example.title)
def test_a_worked_example_comes_out_as_its_table_says(example, tmp_path):
    problems = {"award": example.problem}
    for column in example.outcomes:
        if column.startswith("fairness "):
            problems[column] = example.with_fairness(column)
    for column, problem in problems.items():
        exact, found = compare(problem, tmp_path / column)
        decisions = found.decisions
        awarded = decisions.loc[decisions["awarded"] == 1, "request_id"].tolist()
        assert awarded == example.outcomes[column]
        if column in example.values:
            assert found.value == exact.value == 100 * example.values[column]
