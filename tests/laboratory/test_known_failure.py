"""The laboratory shows what is known to be true: a race fails those who need it most."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from allocation.laboratory import bands, measures
from allocation.laboratory.plan import FIRST_COME, RULES, Plan
from budgetpool.portals.board import laboratory
from tests.laboratory.plans import BLIND, STANDARD, lived, plan

DOCS = Path(__file__).resolve().parents[2] / "docs" / "laboratory.md"
DOCS_COLUMNS = ("low_awards", "target_money", "largest_money")
SEEDS = range(1, 26)


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


def of_the_docs(text: str) -> Plan:
    """The plan behind the picture of the docs: their policy, at the sizes of the command."""
    return Plan.of(
        rules=tomllib.loads(re.findall(r"```toml\n(.*?)```", text, re.S)[0]), seeds=SEEDS
    )


def test_the_policy_of_the_docs_can_be_tried():
    tried = of_the_docs(DOCS.read_text())
    assert (tried.rounds_total, tried.requests, tried.divisions_total) == (100, 1_500, 1_200)


@pytest.mark.slow
def test_first_come_first_served_fails_as_the_docs_tell():
    text = DOCS.read_text()
    found = figures(of_the_docs(text), FIRST_COME)
    assert_as_stap_was(found)
    row = next(row for row in text.splitlines() if row.startswith("| first come, first served"))
    for told, name in zip(row.split("|")[2:5], DOCS_COLUMNS, strict=True):
        band = {key: f"{100 * value:.1f}" for key, value in found[name].items()}
        assert told.strip() == f"{band['median']} ({band['low']}–{band['high']})"


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


def test_the_picture_of_the_docs_names_the_rules_as_the_program_does():
    drawn = (DOCS.parent / "pictures" / "laboratory.svg").read_text(encoding="utf-8")
    told = DOCS.read_text(encoding="utf-8")
    with translation.override("en"):
        names = [laboratory.name_of(rule) for rule in RULES]
    assert [name for name in names if f">{name}: " not in drawn] == []
    # The figure of each bar is the rounded one of the table.
    shares = dict(re.findall(r">([A-Z][a-z, ]+): (\d+)%<", drawn))
    table = re.findall(r"^\| [a-z, ’']+ \| (\d+\.\d) \(", told, re.MULTILINE)
    assert sorted(int(share) for share in shares.values()) == sorted(round(float(t)) for t in table)
