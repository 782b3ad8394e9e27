"""The rules that funds use today keep every hard limit and follow their own rule."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from allocation.optimiser import InvalidInput, Policy, Problem, files, verify
from allocation.optimiser.baselines import rules
from budgetpool.demo import population
from tests.optimiser import examples, folders

RULES = ["fcfs", "lottery", "ranking", "pro_rata", "tiered"]
POLICY = {
    "name": "test",
    "seed": "public draw",
    "ceiling_cents": 13_000_000,
    "choice_percent": [100, 90, 80],
    "coverage": "education_level",
    "floor": [{"name": "target", "column": "target", "equals": "yes", "share_of_ceiling": "0.6"}],
    "cap": [
        {"name": "provider", "column": "provider_id", "share_of_ceiling": "0.1"},
        {"name": "training", "column": "training_id", "count": 5},
    ],
}


@pytest.fixture(scope="module")
def round_400() -> Problem:
    region = population.generate(400, seed=11)
    return Problem(
        requests=region.optimiser_requests(),
        policy=Policy.from_dict(POLICY),
        editions=region.optimiser_editions(),
    )


def with_pools(problem: Problem) -> Problem:
    pools = pd.DataFrame(
        {
            "pool_id": ["general", "care", "target"],
            "amount_cents": [6_000_000, 2_000_000, 4_000_000],
            "column": ["", "sector", "target"],
            "equals": ["", "Q", "yes"],
        }
    )
    return replace(problem, pools=pools)


@pytest.mark.parametrize(
    ("example", "rule"),
    [
        pytest.param(example, rule, id=f"{example.title}: {rule}")
        for example in examples.read()
        for rule in example.outcomes
        if rule in rules.RULES
    ],
)
def test_a_worked_example_comes_out_as_its_table_says(example, rule):
    decisions = rules.allocate(example.problem, rule).decisions
    awarded = decisions.loc[decisions["awarded"] == 1, "request_id"].tolist()
    assert awarded == example.outcomes[rule]


@pytest.mark.parametrize("pools", [False, True])
@pytest.mark.parametrize("rule", RULES)
def test_verify_accepts_every_rule(rule, pools, round_400, tmp_path):
    problem = with_pools(round_400) if pools else round_400
    folders.write(problem, tmp_path / "round")
    files.write(rules.allocate(problem, rule), tmp_path / "out")
    assert verify.verify(tmp_path / "round", tmp_path / "out") == []


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_spends_much_of_the_ceiling_and_never_more(rule, round_400):
    result = rules.allocate(round_400, rule)
    ceiling = round_400.policy.ceiling_cents
    assert ceiling * 0.6 < result.spent_cents <= ceiling
    assert result.spent_cents == result.decisions["amount_cents"].sum()


def test_first_come_first_served_needs_the_moment_of_filing(round_400):
    late = replace(round_400, requests=round_400.requests.drop(columns="submitted_at"))
    with pytest.raises(InvalidInput) as refused:
        rules.allocate(late, "fcfs")
    assert [fault.code for fault in refused.value.faults] == ["missing_column"]


def test_moments_given_as_numbers_are_ordered_as_numbers():
    problem = small(submitted_at=["100", "9"], euros=[500, 500], ceiling=500)
    decisions = rules.allocate(problem, "fcfs").decisions
    assert decisions["awarded"].tolist() == [0, 1]


def test_a_lottery_goes_by_lot_number():
    problem = small(draw=[2, 1, 3], euros=[500, 500, 500], ceiling=1_000)
    decisions = rules.allocate(problem, "lottery").decisions
    assert decisions["awarded"].tolist() == [1, 1, 0]
    assert decisions["reason"].tolist() == ["awarded", "awarded", "money_gone"]


def test_pro_rata_pays_everybody_the_same_percentage():
    """EUR 1,000 for EUR 1,500 asked: 66.66 % each, and the cents that are left stay."""
    problem = small(euros=[300, 500, 700], ceiling=1_000)
    decisions = rules.allocate(problem, "pro_rata").decisions
    assert decisions["amount_cents"].tolist() == [19_998, 33_330, 46_662]


def test_pro_rata_pays_less_where_a_cap_binds_and_more_to_the_others():
    policy = {"cap": [{"name": "provider", "column": "provider_id", "share_of_ceiling": "0.3"}]}
    problem = small(
        euros=[600, 600, 600], provider_id=["p1", "p2", "p2"], ceiling=1_000, policy=policy
    )
    decisions = rules.allocate(problem, "pro_rata").decisions
    assert decisions["amount_cents"].tolist() == [30_000, 15_000, 15_000]


def test_tiers_pay_the_neediest_group_90_and_the_least_needy_40_percent():
    problem = small(
        euros=[100, 100, 100],
        points=[50, 30, 10],
        education=["low", "middle", "high"],
        ceiling=1_000,
        policy={"coverage": "education"},
    )
    decisions = rules.allocate(problem, "tiered").decisions
    assert decisions["amount_cents"].tolist() == [9_000, 6_500, 4_000]


def test_what_the_board_gave_goes_first_and_what_it_withheld_never():
    problem = small(points=[90, 80, 10], euros=[500, 500, 500], ceiling=1_000)
    adjusted = replace(problem, given=frozenset({"r3"}), withheld=frozenset({"r1"}))
    decisions = rules.allocate(adjusted, "ranking").decisions
    assert decisions["awarded"].tolist() == [0, 1, 1]
    assert decisions["reason"].tolist()[0] == "withheld_by_board"


def test_an_earmark_is_spent_before_the_general_pool():
    problem = small(euros=[400, 400], points=[9, 8], sector=["Q", "H"], ceiling=800)
    pools = pd.DataFrame(
        {
            "pool_id": ["general", "care"],
            "amount_cents": [40_000, 40_000],
            "column": ["", "sector"],
            "equals": ["", "Q"],
        }
    )
    decisions = rules.allocate(replace(problem, pools=pools), "ranking").decisions
    assert decisions["awarded"].tolist() == [1, 1]


@pytest.mark.parametrize("rule", RULES)
def test_the_order_of_rows_never_matters(rule, round_400):
    shuffled = round_400.requests.sample(frac=1, random_state=3)
    one = rules.allocate(round_400, rule).decisions.set_index("request_id")
    other = rules.allocate(replace(round_400, requests=shuffled), rule).decisions
    other = other.set_index("request_id").loc[one.index]
    assert np.array_equal(one["amount_cents"], other["amount_cents"])


def small(*, euros: list[int], ceiling: int, policy: dict | None = None, **columns) -> Problem:
    ids = [f"r{number}" for number in range(1, len(euros) + 1)]
    frame = {
        "request_id": ids,
        "worker_id": [f"w{number}" for number in range(1, len(euros) + 1)],
        "choice": [1] * len(euros),
        "amount_cents": [100 * amount for amount in euros],
        "points": [10] * len(euros),
        **columns,
    }
    keys = {"name": "small", "seed": "s", "ceiling_cents": ceiling * 100, **(policy or {})}
    return Problem(requests=pd.DataFrame(frame), policy=Policy.from_dict(keys))
