"""The laboratory shows what is known to be true: a race fails those who need it most."""

from typing import Any

import pytest

from allocation.laboratory import bands, measures
from allocation.laboratory.plan import FIRST_COME, Plan
from tests.laboratory.plans import BLIND, STANDARD, lived, plan


def figures(tried: Plan, rule: str) -> dict[str, Any]:
    """The band of each measure over the plan's seeds."""
    values = measures.of(lived(tried, rule))
    names = next(iter(values.values()))
    return {name: bands.band([value[name] for value in values.values()]) for name in names}


def assert_as_stap_was(found: dict[str, Any]) -> None:
    """10 % of the awards for 23 % of the people; over half of the money to 20 schools."""
    assert found["low_people"]["median"] == pytest.approx(0.23, abs=0.01)
    assert found["low_awards"]["low"] < 0.10 < found["low_awards"]["high"] + 0.01
    assert found["low_awards"]["high"] < 0.14
    assert found["largest_money"]["low"] > 0.5
    assert 60 < found["minutes"]["median"] < 200
    assert bands.need(found["low_lift"]) == "lowers"


def test_first_come_first_served_fails_as_it_did():
    assert_as_stap_was(figures(plan(seeds=range(1, 9), requests=600), FIRST_COME))


@pytest.mark.slow
def test_first_come_first_served_fails_as_it_did_in_full():
    tried = plan(seeds=range(1, 31), requests=1_500, rounds=2, years=2)
    found = figures(tried, FIRST_COME)
    assert_as_stap_was(found)
    assert found["low_awards"]["median"] == pytest.approx(0.10, abs=0.015)


def test_a_policy_that_ignores_need_comes_out_as_such():
    tried = plan(BLIND, seeds=range(1, 6), points="equal")
    assert bands.need(figures(tried, "optimiser")["low_lift"]) == "neither"


def test_a_policy_that_looks_at_need_comes_out_as_such():
    tried = plan(STANDARD, seeds=range(1, 6))
    assert bands.need(figures(tried, "optimiser")["low_lift"]) == "lifts"


@pytest.mark.parametrize(
    ("lift", "verdict"),
    [
        (None, "neither"),
        ({"low": -0.01, "high": 0.2}, "neither"),
        ({"low": 0.01, "high": 0.2}, "lifts"),
        ({"low": -0.2, "high": -0.01}, "lowers"),
    ],
)
def test_only_a_whole_band_on_one_side_is_a_verdict(lift, verdict):
    assert bands.need(lift) == verdict


def test_a_band_is_the_quantiles_of_the_seeds_that_have_a_value():
    found = bands.band([None, *map(float, range(21))])
    assert found == {
        "low": 1.0, "median": 10.0, "high": 19.0, "least": 0.0, "most": 20.0, "seeds": 21,
    }  # fmt: skip
    assert bands.band([None]) is None


def test_gaming_is_measured_against_the_same_region_without():
    run = {"seed": 1, "rule": "fcfs", "world": "honest", "gaming_cents": 200}
    found = {"runs": [run, {**run, "world": "gaming", "gaming_cents": 350}]}
    assert measures.what_gaming_pays(found) == {(1, "fcfs"): 0.75}


def test_recruiting_pays_in_a_race_and_less_in_a_lottery():
    tried = plan(seeds=range(1, 5), requests=600)

    def pays(rule: str) -> float:
        found = {"runs": [r for w in ("honest", "gaming") for r in lived(tried, rule, w)["runs"]]}
        band = bands.band(list(measures.what_gaming_pays(found).values()))
        assert band is not None
        return band["median"]

    assert pays("fcfs") > pays("lottery") > 0
