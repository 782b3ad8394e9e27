"""`manage.py simulate`: files that anybody can make again, and clear words where it cannot."""

import io
import json
import subprocess
import sys
import threading

import pytest
from django.core.management import call_command

from allocation.laboratory import run
from allocation.optimiser.errors import StoppedEarly
from tests.laboratory.plans import plan

POLICY = """
coverage = "education_level"
coverage_cap = 0.3
[[cap]]
name = "provider"
column = "provider_id"
share_of_ceiling = 0.2
"""
NAMES = ["README.txt", "picture.svg", "plan.json", "results.csv", "runs.csv", "summary.json",
         "waits.csv"]  # fmt: skip


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(POLICY)
    return path


def refused(*arguments: str) -> str:
    said = io.StringIO()
    with pytest.raises(SystemExit) as ending:
        call_command("simulate", *map(str, arguments), stderr=said)
    assert ending.value.code == 2
    return said.getvalue()


def test_the_plan_of_a_run_makes_the_same_files_in_another_number_of_processes(policy, tmp_path):
    one, again = tmp_path / "one", tmp_path / "again"
    said = io.StringIO()
    sizes = ["--requests", "50", "--rounds", "1", "--years", "1", "--seeds", "4", "9"]
    call_command(
        "simulate", "--policy", str(policy), "--out", str(one), *sizes, "--processes", "2",
        stdout=said,
    )  # fmt: skip
    assert "24 of 24 divisions" in said.getvalue()
    call_command(
        "simulate", "--plan", str(one / "plan.json"), "--out", str(again), "--processes", "1",
        stdout=said,
    )  # fmt: skip
    assert sorted(path.name for path in one.iterdir()) == NAMES
    for name in NAMES:
        assert (one / name).read_bytes() == (again / name).read_bytes()
    summary = json.loads((one / "summary.json").read_text())
    assert summary["worlds"]["honest"]["fcfs"]["low_awards"]["seeds"] == 2
    rows = (one / "results.csv").read_text().splitlines()
    assert len(rows) == 1 + 2 * 2 * 6
    assert (one / "picture.svg").read_text().startswith('<svg xmlns="http://www.w3.org/2000/svg"')


def test_what_makes_no_run_is_refused_and_nothing_is_written(policy, tmp_path):
    out = tmp_path / "out"
    common = ["--policy", str(policy), "--out", str(out)]
    assert "rounds" in refused(*common, "--rounds", "0")
    assert "seed_twice" in refused(*common, "--seeds", "1-3", "2")
    for odd in ("x", "-1", "3-1", "1-99999999", "1.5", "²"):
        assert "not_a_seed" in refused(*common, f"--seeds={odd}")
    policy.write_text("kindness = 1")
    assert "unknown_key" in refused(*common)
    assert "unreadable_file" in refused("--policy", tmp_path / "absent.toml", "--out", out)
    assert not out.exists()


def test_a_folder_with_something_in_it_is_left_alone(policy, tmp_path):
    assert "not_empty" in refused("--policy", policy, "--out", tmp_path)


def test_an_unknown_stored_policy_is_refused_with_those_that_exist(db, tmp_path):
    said = refused("--stored", "999999", "--out", tmp_path / "out")
    assert "unknown_policy" in said
    assert "none" in said


def test_a_run_that_is_stopped_leaves_no_process():
    stop = threading.Event()
    stop.set()
    with pytest.raises(StoppedEarly) as stopped:
        run.simulate(plan(requests=50), cancelled=stop)
    assert stopped.value.reason == "cancelled"


def test_a_process_that_dies_is_told_with_its_last_words(monkeypatch, tmp_path):
    dead = tmp_path / "dead"
    dead.write_text("#!/bin/sh\necho out of luck >&2\n")
    dead.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(dead))
    with pytest.raises(StoppedEarly) as stopped:
        run.simulate(plan(requests=50))
    assert stopped.value.reason == "solver_failed"
    assert "out of luck" in str(stopped.value.progress)


def test_the_simulation_itself_knows_no_django():
    code = "import sys, allocation.laboratory.seeds; print('django' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "False"
