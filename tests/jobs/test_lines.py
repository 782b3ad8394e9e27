"""What a worker logs: one line a fact."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.tasks import task

from budgetpool.jobs import work

ROOT = Path(__file__).resolve().parent.parent.parent


@task
def quick(job_id):
    """Something to do."""
    with work.running(job_id) as job:
        job.done()


@pytest.fixture
def environment(tmp_path, migrated_file):
    shutil.copyfile(migrated_file, tmp_path / "budgetpool.sqlite3")
    return {
        "PATH": "/usr/bin:/bin",
        "DEBUG": "0",
        "SECRET_KEY": "only-for-tests-" * 5,
        "BUDGETPOOL_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "budgetpool.settings",
        "PYTHONPATH": str(ROOT),
    }


def shell(environment, code):
    setup = "import django; django.setup()\nfrom budgetpool.jobs import work\n"
    command = [sys.executable, "-c", setup + code]
    shown = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True, timeout=120
    )
    return shown.stdout.strip()


def ask(environment):
    shell(environment, "from tests.jobs.test_lines import quick\nwork.ask(key='k', task=quick)\n")


def worker(environment, log, *more):
    command = [sys.executable, "manage.py", "work", *more]
    with log.open("ab") as out:
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
        )


def lines_of(log):
    """Every line of a log as JSON; a line that is none fails."""
    return [json.loads(line) for line in log.read_text().splitlines()]


@pytest.mark.any_database
def test_each_line_of_a_worker_is_json_and_written_once(environment, tmp_path):
    ask(environment)
    log = tmp_path / "log"
    assert worker(environment, log, "--until-done").wait(timeout=120) == 0
    lines = lines_of(log)
    events = [line["event"] for line in lines]
    assert events, "the worker says nothing"
    assert len(events) == len(set(events)), events
    assert "django_ox" in {line["logger"] for line in lines}


@pytest.mark.any_database
def test_a_worker_of_the_demo_writes_each_line_once_too(environment, tmp_path):
    ask(environment)
    log = tmp_path / "log"
    demo = environment | {"DEBUG": "1", "LOG_LEVEL": "INFO"}
    assert worker(demo, log, "--until-done").wait(timeout=120) == 0
    told = [line for line in log.read_text().splitlines() if "state=RUNNING" in line]
    assert len(told) == 1, told
