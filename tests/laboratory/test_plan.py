"""What is wrong with a plan is refused before anything runs, with its remedy."""

import json
from typing import Any

import pytest

from allocation.laboratory import files
from allocation.laboratory.plan import Plan, rules_of
from allocation.optimiser.errors import InvalidInput
from tests.laboratory.plans import STANDARD, plan


def codes(error: pytest.ExceptionInfo[InvalidInput]) -> list[str]:
    return [fault.code for fault in error.value.faults]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"rounds": 0}, "out_of_range"),
        ({"rounds": 13}, "out_of_range"),
        ({"rounds": True}, "out_of_range"),
        ({"rounds": 1.0}, "out_of_range"),
        ({"rounds": "1"}, "out_of_range"),
        ({"years": 0}, "out_of_range"),
        ({"years": 21}, "out_of_range"),
        ({"requests": 0}, "out_of_range"),
        ({"requests": -300}, "out_of_range"),
        ({"requests": 10**9}, "out_of_range"),
        ({"cents_per_request": 0}, "out_of_range"),
        ({"points": "none"}, "unknown_value"),
        ({"seeds": []}, "out_of_range"),
        ({"seeds": [-1]}, "out_of_range"),
        ({"seeds": [2**32]}, "out_of_range"),
        ({"seeds": [True]}, "out_of_range"),
        ({"seeds": list(range(1001))}, "out_of_range"),
        ({"seeds": [3, 1, 3]}, "seed_twice"),
    ],
)
def test_sizes_and_seeds_that_make_no_run_are_refused(changed, code):
    with pytest.raises(InvalidInput) as error:
        plan(**changed)
    assert codes(error) == [code]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kindness": 1}, "unknown_key"),
        ({"coverage": "nationality"}, "unknown_column"),
        ({"fairness": "2"}, "not_a_share"),
        ({"unchanged": 3}, "belongs_to_a_round"),
        ({"solidarity": {"column": "contract", "give_back": "9/10"}}, "unknown_contributions"),
        ({"part_awards": {"column": "shares", "value_percent": {"50": 60}}}, "unknown_column"),
    ],
)
def test_a_policy_that_cannot_be_tried_is_refused(changed, code):
    with pytest.raises(InvalidInput) as error:
        plan({**STANDARD, **changed})
    assert code in codes(error)


def test_what_belongs_to_a_round_is_the_laboratorys():
    tried = plan({**STANDARD, "name": "mine", "seed": "my lucky number", "ceiling_cents": 1})
    policy = tried.policy(1, 0)
    assert (policy.seed, policy.ceiling_cents) == ("laboratory 1 round 0", 100 * 33_333)


def test_a_plan_survives_being_written_and_read():
    tried = plan(seeds=[5, 2], years=3)
    assert Plan.from_json(tried.to_json()) == tried


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "[]",
        "{}",
        '"plan"',
        "\x00",
        '{"rules": {}, "seeds": [1], "exec": "rm"}',
        '{"rules": [], "seeds": [1]}',
        '{"rules": {}, "seeds": 1}',
        '{"rules": {}, "seeds": ["1"]}',
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path, forged):
    path = tmp_path / "plan.json"
    path.write_text(forged)
    with pytest.raises(InvalidInput):
        files.plan_of(path)


def test_a_plan_that_was_changed_by_hand_is_checked_again(tmp_path):
    data: dict[str, Any] = json.loads(plan().to_json())
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({**data, "rounds": 0}))
    with pytest.raises(InvalidInput) as error:
        files.plan_of(path)
    assert codes(error) == ["out_of_range"]


@pytest.mark.parametrize("text", [b"\xff", b"value = ", b"= 1"])
def test_a_file_that_is_no_policy_is_refused(tmp_path, text):
    path = tmp_path / "policy.toml"
    path.write_bytes(text)
    with pytest.raises(InvalidInput):
        rules_of(path)
