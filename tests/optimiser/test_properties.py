"""What holds for every round, tried on many small ones."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocation.optimiser import Policy, Problem, allocate, files, verify
from tests.optimiser import folders, rounds
from tests.optimiser.small import by_hand, small_rounds

ROOT = Path(__file__).parents[2]
some = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@some
@given(small_rounds(workers=6))
def test_no_division_tried_by_hand_is_better(problem):
    found = allocate(problem)
    assert found.outcome == "proven", (found.reason, problem.requests.to_dict("records"))
    promised, value, people = by_hand(problem)
    floor = found.floors[0]
    assert min(floor["reached_cents"], floor["required_cents"]) == promised
    assert (found.value, found.people) == (value, people)


def test_what_the_prices_settle_may_be_more_than_there_is(tmp_path):
    """Without a price on money, the larger award alone is good enough, and it is not affordable:
    that nothing else is better has a proof of one leaf, the limit that it breaks."""
    same = {"worker_id": "w0", "points": 1, "edition_id": "", "provider_id": "p1", "target": "yes"}
    rows = [
        {"request_id": "r0-1", "choice": 1, "amount_cents": 30_000, **same},
        {"request_id": "r0-2", "choice": 2, "amount_cents": 10_000, **same},
    ]
    floor = {"name": "target", "column": "target", "equals": "yes", "share_of_ceiling": "0.8"}
    keys = {"name": "small", "seed": "one", "ceiling_cents": 20_000, "floor": [floor]}
    keys["choice_percent"] = [100, 90]
    problem = Problem(requests=pd.DataFrame(rows), policy=Policy.from_dict(keys))
    found = allocate(problem)
    assert (found.outcome, found.floors[0]["reached_cents"]) == ("proven", 10_000)
    folders.write(problem, tmp_path / "round")
    files.write(found, tmp_path / "out")
    assert verify.verify(tmp_path / "round", tmp_path / "out") == []
    stages = json.loads((tmp_path / "out/certificate.json").read_text())["stages"]
    [leaf] = stages[0]["tree"]["nodes"]
    assert (leaf["multipliers"], leaf["nothing_fits"]) == ({"ceiling": 1}, True)


@some
@given(problem=small_rounds())
def test_verify_accepts_what_was_made(problem, tmp_path):
    folders.write(problem, tmp_path / "round")
    files.write(allocate(problem), tmp_path / "out")
    assert verify.verify(tmp_path / "round", tmp_path / "out") == []


@some
@given(small_rounds(floor=False), st.integers(1, 10))
def test_more_money_never_lowers_the_value(problem, more):
    richer = replace(problem.policy, ceiling_cents=problem.policy.ceiling_cents + more * 10_000)
    assert allocate(replace(problem, policy=richer)).value >= allocate(problem).value


@some
@given(small_rounds(), st.randoms(use_true_random=False))
def test_shuffled_rows_and_other_names_change_nothing(problem, random):
    requests = problem.requests.copy()
    names = sorted(set(requests["worker_id"]))
    lots = list(range(len(names)))
    random.shuffle(lots)
    requests["draw"] = requests["worker_id"].map(dict(zip(names, lots, strict=True)))
    order = list(requests.index)
    random.shuffle(order)
    renamed = requests.loc[order].copy()
    renamed["worker_id"] = renamed["worker_id"].map(lambda name: f"person {9 - int(name[1:])}")
    renamed["request_id"] = renamed["request_id"].map(lambda name: f"x{hash(name) % 997}{name}")
    one = allocate(replace(problem, requests=requests)).decisions
    other = allocate(replace(problem, requests=renamed)).decisions
    awarded = pd.Series(one["awarded"].to_numpy(), index=requests.index)
    again = pd.Series(other["awarded"].to_numpy(), index=order)
    assert awarded.equals(again.loc[requests.index])


@some
@given(small_rounds(choices=1, floor=False), st.data())
def test_more_points_never_turn_an_award_into_a_refusal(problem, data):
    before = allocate(problem).decisions
    awarded = before.index[before["awarded"] == 1].tolist()
    if not awarded:
        return
    lucky = data.draw(st.sampled_from(awarded))
    requests = problem.requests.copy()
    requests.loc[lucky, "points"] += data.draw(st.integers(1, 5))
    after = allocate(replace(problem, requests=requests)).decisions
    assert after.loc[lucky, "awarded"] == 1


@some
@given(small_rounds())
def test_nobody_envies_strictly(problem):
    """Nobody refused has more points at the same price, places and groups as somebody awarded."""
    found = allocate(problem).decisions
    rows = problem.requests.assign(awarded=found["awarded"])
    served = set(rows.loc[rows["awarded"] == 1, "worker_id"])
    refused = rows[~rows["worker_id"].isin(served)]
    keys = ["choice", "amount_cents", "edition_id", "provider_id", "target"]
    both = refused.merge(rows[rows["awarded"] == 1], on=keys, suffixes=("_no", "_yes"))
    assert not (both["points_no"] > both["points_yes"]).any()


@some
@given(small_rounds(), st.randoms(use_true_random=False))
def test_a_better_lot_helps_only_among_equal_cases(problem, random):
    """Whatever the lots, the same number of each class of equals is awarded, or a tie was broken:
    the sums of every stage stay the same."""
    workers = sorted(set(problem.requests["worker_id"]))
    results = []
    for _ in range(2):
        lots = list(range(len(workers)))
        random.shuffle(lots)
        draw = problem.requests["worker_id"].map(dict(zip(workers, lots, strict=True)))
        found = allocate(replace(problem, requests=problem.requests.assign(draw=draw)))
        results.append([stage.value for stage in found.stages])
    assert results[0] == results[1]


def test_money_for_everybody_leaves_nothing_to_search():
    """One request of EUR 100 under a ceiling of EUR 500: the people stage has no open option."""
    row = {"request_id": "r", "worker_id": "w", "choice": 1, "amount_cents": 10_000, "points": 1}
    policy = Policy.from_dict({"name": "rich", "seed": "s", "ceiling_cents": 50_000})
    found = allocate(Problem(requests=pd.DataFrame([row]), policy=policy))
    assert (found.outcome, found.value, found.people) == ("proven", 100, 1)


def test_another_process_and_hash_seed_give_the_same_files(tmp_path):
    problem = rounds.random_round(60, workers=80)
    folder = folders.write(problem, tmp_path / "round")
    written = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        command = [sys.executable, "manage.py", "allocate", str(folder), "--out", str(out)]
        subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            timeout=120,
        )
        written.append(
            [(out / name).read_bytes() for name in ("decisions.csv", "certificate.json")]
        )
    assert written[0] == written[1]


def test_the_same_round_twice_gives_the_same_decisions():
    problem = rounds.random_round(61, workers=80)
    one, other = allocate(problem).decisions, allocate(problem).decisions
    assert np.array_equal(one["awarded"], other["awarded"])


@pytest.mark.tool
def test_another_solver_reaches_the_same_value():
    pytest.importorskip("cbcbox", reason="CBC is not installed: uv sync --group cbc")
    problem = rounds.random_round(62, workers=120)
    assert allocate(problem, solver="cbc").value == allocate(problem).value
