"""Who waited longest goes first: an exact model apart, forgeries, and the promise itself."""

import copy
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from allocation.optimiser import Allocation, InvalidInput, Policy, Problem, allocate, files, verify
from allocation.optimiser.baselines import rules
from allocation.optimiser.inputs.problem import check
from tests.optimiser import featured, folders, oracle
from tests.optimiser.test_bar import with_lots

SEEDS = [
    pytest.param(seed, marks=pytest.mark.slow if seed not in (2, 3, 7) else ())
    for seed in range(200)
]
BOUND = 2


def waiting_round(seed: int) -> Problem | None:
    """A featured round in which some people waited."""
    problem = with_lots(featured.featured_round(seed), seed + 10**6)
    if problem.policy.awards_per_worker > 1:
        return None
    rng = np.random.default_rng(seed)
    workers = sorted(set(problem.requests["worker_id"]))
    waited = dict(zip(workers, rng.integers(0, 5, len(workers)).tolist(), strict=True))
    keys = {**problem.policy.to_dict(), "waiting": {"column": "waited", "bound": BOUND}}
    requests = problem.requests.assign(waited=problem.requests["worker_id"].map(waited))
    return replace(problem, requests=requests, policy=Policy.from_dict(keys))


def without(problem: Problem) -> Problem:
    """The same round without the rule."""
    return replace(problem, policy=replace(problem.policy, waiting=None))


def findings(problem: Problem, allocation: Allocation, folder) -> set[str]:
    folders.write(problem, folder)
    files.write(allocation, folder / "out")
    return {one.code for one in verify.verify(folder, folder / "out")}


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_the_division_of_an_exact_model_written_apart(seed, tmp_path):
    problem = waiting_round(seed)
    if problem is None:
        return
    exact, found = oracle.solve(check(problem), by_lot=True), allocate(problem)
    assert (found.outcome, found.lots) == ("proven", "exact"), found.progress
    assert found.waiting == exact.waiting
    assert (found.value, found.people) == (exact.value, exact.people)
    assert set(found.decisions.loc[found.decisions["awarded"] == 1, "request_id"]) == set(
        exact.awarded
    )
    assert findings(problem, found, tmp_path) == set()


def small(*rows: tuple[str, int, int, int], euros: int, **keys: object) -> Problem:
    """Requests as (name, euros, points, rounds waited)."""
    frame = pd.DataFrame(
        [
            {
                "request_id": name,
                "worker_id": name,
                "choice": 1,
                "amount_cents": asked * 100,
                "points": points,
                "waited": str(waited),
                "submitted_at": "2027-01-01",
            }
            for name, asked, points, waited in rows
        ]
    )
    rule = {"waiting": {"column": "waited", "bound": BOUND}}
    keys = {"name": "small", "seed": "s", "ceiling_cents": euros * 100, **rule, **keys}
    return Problem(frame, Policy.from_dict(keys))


def served(allocation: Allocation) -> set[str]:
    return set(allocation.decisions.loc[allocation.decisions["awarded"] == 1, "request_id"])


FOUR = (("Anna", 500, 90, 0), ("Bilal", 500, 80, 1), ("Cor", 900, 10, 3), ("Dewi", 600, 20, 2))


def test_the_longest_wait_goes_before_shorter_ones_and_before_points():
    found = allocate(small(*FOUR, euros=1_400))
    assert served(found) == {"Cor", "Anna"}, "Dewi does not fit beside Cor"
    assert found.waiting == [
        {"rounds": 3, "people": 1, "served": 1},
        {"rounds": 2, "people": 1, "served": 0},
    ]
    params = dict(zip(found.decisions["request_id"], found.decisions["reason_params"], strict=True))
    assert json.loads(params["Cor"]) == {"waited": 3}
    assert json.loads(params["Anna"]) == {}


def test_a_floor_gives_way_to_who_waits_and_says_so(tmp_path):
    floor = {"name": "Anna", "column": "worker_id", "equals": "Anna", "share_of_ceiling": "1/2"}
    problem = small(*FOUR, euros=1_000, floor=[floor])
    found = allocate(problem)
    assert served(found) == {"Cor"}
    assert found.floors[0]["cause"] == "traded"
    assert findings(problem, found, tmp_path) == set()


def test_nobody_who_asks_each_round_waits_for_ever():
    """Cor's training is dear and scores least: without the rule nobody ever gives it.

    With it Cor is served no later than so many rounds after the bound as there are others who
    waited as long by then.
    """
    wait = {"Anna": 0, "Bilal": 0, "Cor": 0, "Dewi": 0, "Emre": 0}
    asks = {"Anna": 300, "Bilal": 300, "Cor": 900, "Dewi": 300, "Emre": 300}
    points = {"Anna": 90, "Bilal": 80, "Cor": 1, "Dewi": 70, "Emre": 60}
    with_rule, longest = [], 0
    for _ in range(8):
        rows = [(name, asks[name], points[name], wait[name]) for name in wait]
        problem = small(*rows, euros=900)
        assert "Cor" not in served(allocate(without(problem)))
        got = served(allocate(problem))
        with_rule.append("Cor" in got)
        wait = {name: 0 if name in got else rounds + 1 for name, rounds in wait.items()}
        longest = max(longest, *wait.values())
    assert with_rule.count(True) >= 2
    assert longest <= BOUND + len(wait) - 1


# ---- forgeries


def test_a_division_that_passes_over_who_waits_is_refused_however_it_is_dressed(tmp_path):
    """The best division by points, with every figure true of it, and each proof it could borrow."""
    problem = small(*FOUR, euros=1_400)
    honest, by_points = allocate(problem), allocate(without(problem))
    assert findings(problem, honest, tmp_path / "honest") == set()
    reached = {"waiting:3": 0, "waiting:2": 0}
    proofs = [
        {**copy.deepcopy(stage), "reached": reached[stage["stage"]]}
        for stage in honest.certificate["stages"]
        if stage["stage"] in reached
    ]
    rows = [
        replace(row, value=0, gap=1.0 if row.bound else 0.0)
        for row in honest.stages
        if row.name in reached
    ]
    hashes = {"snapshot_sha256": honest.snapshot_sha256, "policy_sha256": honest.policy_sha256}
    forged = replace(
        by_points,
        **hashes,
        waiting=[{**row, "served": 0} for row in honest.waiting],
        stages=[*rows, *by_points.stages],
        certificate={
            **by_points.certificate,
            **hashes,
            "stages": [*proofs, *by_points.certificate["stages"]],
        },
    )
    assert findings(problem, forged, tmp_path / "borrowed")
    hidden = copy.deepcopy(forged.certificate)
    for stage in hidden["stages"]:
        if stage["stage"] in reached:
            stage.update(bound=0, bound_numerator=0)
    stages = [
        replace(row, bound=0, gap=0.0) if row.name in reached else row for row in forged.stages
    ]
    hiding = replace(forged, certificate=hidden, stages=stages)
    assert "bound_differs" in findings(problem, hiding, tmp_path / "hidden")
    silent = [stage for stage in hidden["stages"] if stage["stage"] not in reached]
    rows = [row for row in stages if row.name not in reached]
    quiet = replace(hiding, certificate={**hidden, "stages": silent}, stages=rows)
    found = findings(problem, quiet, tmp_path / "quiet")
    assert found & {"stages_differ", "certificate_malformed"}
    assert "figure_differs" in findings(problem, replace(quiet, waiting=None), tmp_path / "none")


def test_a_shorter_wait_does_not_go_before_a_longer_one(tmp_path):
    """Two who waited two rounds are more people than one who waited three."""
    rows = (("Cor", 900, 10, 3), ("Dewi", 450, 20, 2), ("Emre", 450, 20, 2))
    problem = small(*rows, euros=900)
    honest = allocate(problem)
    assert served(honest) == {"Cor"}
    waits = problem.requests.assign(waited=["2", "3", "3"])
    other = allocate(replace(problem, requests=waits))
    assert served(other) == {"Dewi", "Emre"}
    hashes = {"snapshot_sha256": honest.snapshot_sha256, "policy_sha256": honest.policy_sha256}
    stages = copy.deepcopy(other.certificate["stages"])
    forged = replace(
        other,
        **hashes,
        waiting=[
            {"rounds": 3, "people": 1, "served": 0},
            {"rounds": 2, "people": 2, "served": 2},
        ],
        certificate={**other.certificate, **hashes, "stages": stages},
    )
    found = findings(problem, forged, tmp_path)
    assert found & {"bound_differs", "objective_differs", "reached_differs", "outcome_differs"}


@pytest.mark.parametrize("lie", ["more", "fewer", "other_rounds", "left_out", "reason"])
def test_a_false_figure_of_who_waited_is_refused(lie, tmp_path):
    problem = small(*FOUR, euros=1_400)
    found = allocate(problem)
    waiting = copy.deepcopy(found.waiting)
    if lie == "reason":
        decisions = found.decisions.copy()
        decisions["reason_params"] = [
            text.replace('"waited": 3', '"waited": 4') for text in decisions["reason_params"]
        ]
        found = replace(found, decisions=decisions)
    else:
        if lie == "left_out":
            waiting = waiting[1:]
        else:
            key = {"more": "served", "fewer": "people", "other_rounds": "rounds"}[lie]
            waiting[0][key] += 1 if lie != "fewer" else -1
        found = replace(found, waiting=waiting)
    codes = {"reason": "reason_differs"}
    assert codes.get(lie, "figure_differs") in findings(problem, found, tmp_path)


# ---- what comes in


def test_a_rule_that_cannot_be_read_is_refused():
    for table, code in (
        ({"column": "waited"}, "not_a_whole_number"),
        ({"column": "waited", "bound": 0}, "not_a_whole_number"),
        ({"bound": 2}, "missing_key"),
        ({"column": "waited", "bound": 2, "most": 3}, "unknown_key"),
    ):
        with pytest.raises(InvalidInput) as refused:
            small(*FOUR, euros=900, waiting=table)
        assert code in {fault.code for fault in refused.value.faults}
    with pytest.raises(InvalidInput, match="one_award_only"):
        small(*FOUR, euros=900, awards_per_worker=2)


def test_a_wait_is_one_whole_number_of_each_person(tmp_path):
    problem = small(*FOUR, euros=900)
    twice = pd.concat(
        [problem.requests, problem.requests.assign(request_id=lambda f: f["request_id"] + "2")]
    )
    for requests, code in (
        (problem.requests.drop(columns="waited"), "missing_column"),
        (problem.requests.assign(waited="three"), "not_a_whole_number"),
        (problem.requests.assign(waited=["0", "-1", "0", "0"]), "too_small"),
        (twice.assign(waited=["3"] * 4 + ["2"] * 4), "two_waits"),
    ):
        with pytest.raises(InvalidInput, match=code):
            allocate(replace(problem, requests=requests))
        if code != "too_small":
            folders.write(problem, tmp_path / code)
            files.write(allocate(problem), tmp_path / code / "out")
            requests.to_csv(tmp_path / code / "requests.csv", index=False)
            with pytest.raises(InvalidInput, match=code):
                verify.verify(tmp_path / code, tmp_path / code / "out")


def test_a_policy_from_before_has_it_off_and_keeps_its_fingerprint():
    old = {"name": "old", "seed": "s", "ceiling_cents": 1}
    policy = Policy.from_dict(old)
    assert policy.waiting is None
    assert "waiting" not in policy.to_dict()
    assert policy.columns() == []


def test_another_rule_tells_how_many_it_served_of_who_waited(tmp_path):
    problem = small(*FOUR, euros=1_000)
    found = rules.allocate(problem, "ranking")
    assert [row["served"] for row in found.waiting] == [0, 0]
    assert findings(problem, found, tmp_path) == set()
