"""A run as a whole: same decisions on any machine, hard limits, another solver, and the command."""

import json
import os
import random
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from allocation.optimiser import Allocation, InvalidInput, Policy, Problem, allocate, files
from tests.optimiser import folders, rounds

ROOT = Path(__file__).resolve().parents[2]


def make(workers: int = 60, **changes: object) -> Problem:
    """Workers with two choices out of eight trainings, editions with seats, four groups."""
    rng = random.Random(7)
    prices = [rng.randrange(300, 2000) for _ in range(8)]
    rows = []
    for number in range(workers):
        group, points = rng.choice("abcd"), rng.randrange(30)
        for choice, training in enumerate(rng.sample(range(8), 2), start=1):
            rows.append(
                {
                    "request_id": f"r{len(rows)}",
                    "worker_id": f"w{number}",
                    "choice": choice,
                    "amount_cents": prices[training],
                    "points": points,
                    "edition_id": f"e{training}",
                    "draw": (number * 37) % workers + 1,
                    "education": group,
                    "provider_id": f"p{training % 3}",
                }
            )
    policy = {
        "name": "run",
        "seed": "s",
        "ceiling_cents": 20_000,
        "choice_percent": [100, 90],
        "coverage": "education",
        "fairness": "1/2",
        "cap": [{"name": "provider", "column": "provider_id", "share_of_ceiling": "1/2"}],
        **changes,
    }
    editions = pd.DataFrame({"edition_id": [f"e{n}" for n in range(8)], "seats": 6})
    return Problem(pd.DataFrame(rows), Policy.from_dict(policy), editions=editions)


def decided(allocation: Allocation) -> dict[str, int]:
    decisions = allocation.decisions
    return dict(zip(decisions["request_id"], decisions["amount_cents"], strict=True))


@pytest.fixture(scope="module")
def divided() -> Allocation:
    return allocate(make())


def test_shuffled_rows_give_the_same_decisions(divided: Allocation) -> None:
    problem = make()
    shuffled = replace(problem, requests=problem.requests.sample(frac=1, random_state=3))
    assert decided(allocate(shuffled)) == decided(divided)


def test_other_names_with_the_same_lots_give_the_same_decisions(divided: Allocation) -> None:
    problem = make()
    renamed = problem.requests.copy()
    for column in ("request_id", "worker_id", "edition_id", "education", "provider_id"):
        renamed[column] = [f"{hash_of(value)}" for value in renamed[column]]
    editions = problem.editions.assign(
        edition_id=[f"{hash_of(value)}" for value in problem.editions["edition_id"]]
    )
    outcome = decided(allocate(replace(problem, requests=renamed, editions=editions)))
    assert outcome == {f"{hash_of(name)}": cents for name, cents in decided(divided).items()}


def hash_of(name: str) -> int:
    """A name that sorts in another order."""
    return sum(ord(letter) * 31**place for place, letter in enumerate(name)) % 99_991


def test_another_process_and_hash_seed_give_the_same_files(
    divided: Allocation, tmp_path: Path
) -> None:
    problem = make()
    policy = 'name = "run"\nseed = "s"\nceiling_cents = 20000\nchoice_percent = [100, 90]\n'
    policy += 'coverage = "education"\nfairness = 0.5\n'
    policy += '[[cap]]\nname = "provider"\ncolumn = "provider_id"\nshare_of_ceiling = 0.5\n'
    (tmp_path / "policy.toml").write_text(policy)
    problem.requests.to_csv(tmp_path / "requests.csv", index=False)
    problem.editions.to_csv(tmp_path / "editions.csv", index=False)
    command = [sys.executable, "manage.py", "allocate", str(tmp_path), "--out", str(tmp_path / "o")]
    environment = {**os.environ, "PYTHONHASHSEED": "5"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    decisions, result, certificate = folders.read_result(tmp_path / "o")
    assert decided(divided) == dict(
        zip(decisions["request_id"], decisions["amount_cents"].astype(int), strict=True)
    )
    assert certificate == json.loads(json.dumps(divided.certificate))
    assert result["value"] == divided.value


def test_refused_input_exits_2_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('name = "x"\nseed = "s"\nceiling_cents = 5\nmore = 1\n')
    (tmp_path / "requests.csv").write_text("request_id\nr1\n")
    command = [sys.executable, "manage.py", "allocate", str(tmp_path), "--out", str(tmp_path / "o")]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "policy.toml: unknown_key (key 'more')" in done.stderr
    assert not (tmp_path / "o").exists()


@pytest.mark.tool
def test_cbc_gives_the_same_value(divided: Allocation) -> None:
    pytest.importorskip("cbcbox", reason="CBC is not installed: uv sync --group cbc")
    other = allocate(make(), solver="cbc")
    assert (other.outcome, other.value, other.people) == (
        "proven",
        divided.value,
        divided.people,
    )


def test_a_limit_of_time_gives_no_decisions_and_takes_older_ones_away(
    divided: Allocation, tmp_path: Path
) -> None:
    files.write(divided, tmp_path)
    stopped = allocate(make(), seconds=0.05)
    assert (stopped.outcome, stopped.reason) == ("stopped_early", "time_limit")
    assert stopped.decisions.empty
    files.write(stopped, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"result.json"}


def test_a_run_can_be_cancelled() -> None:
    cancelled = threading.Event()
    cancelled.set()
    stopped = allocate(make(), cancelled=cancelled)
    assert (stopped.outcome, stopped.reason) == ("stopped_early", "cancelled")
    assert stopped.decisions.empty


def test_a_limit_of_memory_gives_no_decisions() -> None:
    # So many workers need more than what the process holds already when the limit comes.
    stopped = allocate(make(workers=3_000), memory_bytes=8 * 2**20)
    assert stopped.reason == "memory_limit"
    assert stopped.outcome == "stopped_early"
    assert stopped.decisions.empty


def test_progress_tells_stage_bound_and_gap() -> None:
    events: list[dict[str, object]] = []
    allocate(make(), progress=events.append)
    assert [event["stage"] for event in events if event["gap"] is not None][-2:] == [
        "value",
        "people",
    ]
    assert all(set(event) == {"stage", "value", "bound", "gap", "seconds"} for event in events)


def test_the_board_gives_and_withholds_and_the_rest_is_divided_again(divided: Allocation) -> None:
    outcome = decided(divided)
    given = next(name for name, cents in outcome.items() if cents == 0)
    withheld = next(name for name, cents in outcome.items() if cents > 0)
    problem = replace(make(), given=frozenset({given}), withheld=frozenset({withheld}))
    allocation = allocate(problem)
    reasons = dict(allocation.decisions[["request_id", "reason"]].itertuples(index=False))
    assert (reasons[given], reasons[withheld]) == ("given_by_board", "withheld_by_board")
    assert decided(allocation)[given] > 0
    assert decided(allocation)[withheld] == 0


def test_given_requests_that_pass_a_limit_are_refused() -> None:
    problem = make()
    everything = replace(problem, given=frozenset(problem.requests["request_id"]))
    with pytest.raises(InvalidInput, match="given_exceeds_limit"):
        allocate(everything)


def test_equal_cases_are_decided_by_lot() -> None:
    rows = [
        {
            "request_id": f"r{number}",
            "worker_id": f"w{number}",
            "choice": 1,
            "amount_cents": 100,
            "points": 5,
            "draw": 13 - number,
        }
        for number in range(13)
    ]
    policy = Policy.from_dict({"name": "lots", "seed": "s", "ceiling_cents": 950})
    allocation = allocate(Problem(pd.DataFrame(rows), policy))
    awarded = {name for name, cents in decided(allocation).items() if cents}
    assert awarded == {f"r{number}" for number in range(4, 13)}
    refused = allocation.decisions.set_index("request_id").loc["r0"]
    assert refused["reason"] == "lot_lost"
    assert json.loads(refused["reason_params"]) == {"candidates": 13, "lot": 13, "places": 9}


def test_people_are_proven_where_two_options_are_equally_good_up_to_rounding() -> None:
    problem = make(workers=3_000, value="points_times_amount", ceiling_cents=3_000_000)
    allocation = allocate(problem)
    assert allocation.outcome == "proven", allocation.progress
    people = next(stage for stage in allocation.stages if stage.name == "people")
    assert people.value == people.bound


def test_a_promise_that_cannot_be_kept_in_full_does_not_lose_the_simplex_method() -> None:
    allocation = allocate(rounds.random_round(3, workers=800))
    floor = allocation.floors[0]
    assert floor["reached_cents"] < floor["required_cents"]
    assert (allocation.outcome, allocation.gap) == ("proven", 0)


def test_the_best_found_is_written_though_it_is_not_proven(divided, tmp_path):
    """An honest gap is no reason to keep the division from the board."""
    files.write(replace(divided, outcome="proven_within"), tmp_path / "out")
    decisions, result, certificate = folders.read_result(tmp_path / "out")
    assert (len(decisions), result["outcome"]) == (len(divided.decisions), "proven_within")
    assert certificate is not None
