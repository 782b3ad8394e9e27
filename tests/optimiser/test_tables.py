"""The tables around a solve: clean columns, codes, lots, and parameters of reasons."""

import hmac
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from allocation.optimiser import InvalidInput, Policy, Problem, allocate
from allocation.optimiser.inputs.problem import check
from allocation.optimiser.model import codes
from allocation.optimiser.results import lots

KEYS = {"name": "tables", "seed": "s", "ceiling_cents": 1_000}


def problem(rows: list[dict[str, object]], **keys: object) -> Problem:
    base = {"choice": 1, "amount_cents": 500, "points": 10}
    requests = pd.DataFrame([{**base, "worker_id": row["request_id"], **row} for row in rows])
    return Problem(requests=requests, policy=Policy.from_dict({**KEYS, **keys}))


def test_spaces_around_a_text_do_not_count_and_what_is_absent_is_empty():
    made = problem([{"request_id": " r1", "town": "Almelo "}, {"request_id": "r2", "town": None}])
    clean = check(made).requests
    assert clean["request_id"].tolist() == ["r1", "r2"]
    assert clean["town"].tolist() == ["Almelo", ""]
    assert made.requests["request_id"].tolist() == [" r1", "r2"], "the input stays what it was"


def test_combinations_keep_apart_however_large_the_numbers_are():
    columns = [np.array([0, 0, 0, 0], dtype=np.int8)]
    columns += [np.array([2**53, -(2**53), 2**53, number]) for number in range(2**53, 2**53 + 40)]
    assert codes.combined(columns).tolist() == [0, 1, 0, 2]


def test_a_lot_is_the_rank_of_the_hmac_of_round_and_worker():
    workers = [f"w{number}" for number in range(50)]
    made = problem([{"request_id": f"r{name}", "worker_id": name} for name in workers])
    tickets = {name: hmac.digest(b"s", f"tables:{name}".encode(), "sha256") for name in workers}
    ranked = sorted(workers, key=tickets.__getitem__)
    expected = [ranked.index(name) + 1 for name in workers]
    assert lots.drawn(made.requests, made.policy).tolist() == expected


def test_a_full_cap_is_named_even_when_its_name_holds_a_colon():
    rows = [{"request_id": f"r{n}", "points": 90 - n, "sector": "Q: care"} for n in range(4)]
    cap = [{"name": "sector: people", "column": "sector", "count": 1}]
    decisions = allocate(problem(rows, ceiling_cents=10_000, cap=cap)).decisions
    refused = decisions[decisions["awarded"] == 0]
    assert set(refused["reason"]) == {"cap_reached"}
    for params in refused["reason_params"]:
        assert json.loads(params) == {"cap": "sector: people", "value": "Q: care"}


@pytest.mark.parametrize("other", ["sector", "sector:care"])
def test_two_caps_whose_limits_could_have_one_name_are_refused(other):
    caps = [{"name": name, "column": "sector", "count": 1} for name in ("sector", other)]
    with pytest.raises(InvalidInput, match="duplicate_name"):
        Policy.from_dict({**KEYS, "cap": caps})


@pytest.mark.parametrize(
    "name",
    ["Zoe\u0308", "Zo\u200be", "Zo\u00ade", "\ufeffZoe"],
    ids=["two parts", "blank", "hyphen", "mark"],
)
def test_a_name_that_looks_like_another_is_refused(name):
    with pytest.raises(InvalidInput) as refused:
        check(problem([{"request_id": "r1", "worker_id": name}]))
    assert [fault.code for fault in refused.value.faults] == ["odd_characters"]


def pools(*cents: int) -> pd.DataFrame:
    names = [f"p{number}" for number in range(len(cents))]
    return pd.DataFrame({"pool_id": names, "amount_cents": cents, "column": "", "equals": ""})


@pytest.mark.parametrize("cents", [(), (0,), (0, 0)], ids=["no pool", "one empty", "two empty"])
def test_without_money_in_any_pool_every_request_is_too_large(cents):
    made = replace(problem([{"request_id": "r1"}, {"request_id": "r2"}]), pools=pools(*cents))
    assert allocate(made).decisions["reason"].tolist() == ["amount_too_large"] * 2


def test_of_floors_that_compete_the_later_ones_are_traded():
    floors = [
        {"name": town, "column": "town", "equals": town, "share_of_ceiling": "1"} for town in "abc"
    ]
    rows = [{"request_id": f"r{town}", "town": town, "amount_cents": 1_000} for town in "abc"]
    causes = [row["cause"] for row in allocate(problem(rows, floor=floors)).floors]
    assert causes == [None, "traded", "traded"]
