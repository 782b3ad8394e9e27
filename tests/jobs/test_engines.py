"""The same work on every engine, with real workers: done once, one at a time per lock, taken over
when a worker is killed, tried again when something passes by itself, and never done when it was
taken back."""

import json
import os
import shutil
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from django.tasks import task

from budgetpool.jobs import work

ROOT = Path(__file__).resolve().parent.parent.parent
NOTES = "BUDGETPOOL_TEST_NOTES"
PROMISED_SECONDS = 45
ENGINES = [
    pytest.param(("database", "sqlite"), marks=pytest.mark.any_database, id="database-sqlite"),
    pytest.param(("database", "postgres"), marks=pytest.mark.postgres, id="database-postgres"),
    pytest.param(("procrastinate", "postgres"), marks=pytest.mark.postgres, id="procrastinate"),
]

ASK = """
from django.db import transaction
from budgetpool.jobs import work
from tests.jobs.test_engines import noted
work.ask(key="a0", task=noted, lock="region:A", kind="held")
for number in range(1, 4):
    work.ask(key=f"a{number}", task=noted, lock="region:A", kind="quick")
    work.ask(key=f"b{number}", task=noted, lock="region:B", kind="quick")
work.ask(key="passes", task=noted, kind="stumbles")
work.cancel(work.ask(key="cancelled", task=noted, kind="quick"))
try:
    with transaction.atomic():
        work.ask(key="rolled_back", task=noted, kind="quick")
        raise KeyError
except KeyError:
    pass
"""
EXPECTED = {"a0", "a1", "a2", "a3", "b1", "b2", "b3", "passes"}
SHOW = """
import json
from budgetpool.jobs.models import Job, Turn
print(json.dumps([list(Job.objects.values_list("key", "state", "starts")),
                  list(Turn.objects.values_list("name", flat=True))]))
"""


@task
def noted(job_id):
    """Write down who began and ended when; the first start of some never ends."""
    with work.running(job_id) as job:
        if job is None:
            return
        note(job.row.key, "begins")
        if job.arguments["kind"] == "held" and job.row.starts == 1:
            time.sleep(300)
        if job.arguments["kind"] == "stumbles" and job.row.starts == 1:
            raise ConnectionError("somebody pulled the plug")
        time.sleep(0.2)
        note(job.row.key, "ends")
        job.done(pid=os.getpid())


def note(key, what):
    line = json.dumps([key, what, time.time(), os.getpid()]) + "\n"
    with Path(os.environ[NOTES]).open("a") as notes:
        notes.write(line)


@pytest.fixture(params=ENGINES)
def installation(request, tmp_path):
    """The environment of a migrated installation with one of the engines."""
    engine, kind = request.param
    environment = {
        "PATH": "/usr/bin:/bin",
        "DEBUG": "0",
        "SECRET_KEY": "only-for-tests-" * 5,
        "BUDGETPOOL_VAR": str(tmp_path),
        "BUDGETPOOL_ENGINE": engine,
        "DJANGO_SETTINGS_MODULE": "budgetpool.settings",
        "PYTHONPATH": str(ROOT),
        NOTES: str(tmp_path / "notes"),
    }
    (tmp_path / "notes").touch()
    if kind == "postgres":
        environment["DATABASE_URL"] = request.getfixturevalue("own_database")
    else:
        file = request.getfixturevalue("migrated_file")
        shutil.copyfile(file, tmp_path / "budgetpool.sqlite3")
    if engine == "procrastinate":
        run(environment, "manage.py", "migrate", "--skip-checks", "-v0")
    return environment


def run(environment, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def shell(environment, code):
    return run(environment, "-c", "import django; django.setup()\n" + code)


def worker(environment, log):
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "manage.py", "work"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )


def notes_of(environment):
    return [json.loads(line) for line in Path(environment[NOTES]).read_text().splitlines()]


def wait_until(true, seconds):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)


def test_every_job_is_done_once_although_a_worker_is_killed(installation, tmp_path):
    def ended():
        return {key for key, what, _, _ in notes_of(installation) if what == "ends"}

    def begun(key):
        return [
            at for other, what, at, _ in notes_of(installation) if (other, what) == (key, "begins")
        ]

    shell(installation, ASK)
    log = tmp_path / "log"
    workers = [worker(installation, log)]
    try:
        wait_until(lambda: begun("a0"), 90)
        workers += [worker(installation, log)]
        workers[0].kill()
        workers[0].wait()
        killed_at = time.time()
        workers += [worker(installation, log)]
        wait_until(lambda: ended() == EXPECTED, 150)
    finally:
        for process in workers:
            process.terminate()
        for process in workers:
            process.wait(timeout=60)
    took = begun("a0")[1] - killed_at
    print(f"taken over after {took:.0f} s")
    assert took < PROMISED_SECONDS
    rows, turns = json.loads(shell(installation, SHOW))
    states = {key: state for key, state, _ in rows}
    assert states == dict.fromkeys(EXPECTED, "done") | {"cancelled": "cancelled"}
    starts = {key: number for key, _, number in rows}
    assert starts == dict.fromkeys(EXPECTED, 1) | {"a0": 2, "passes": 2, "cancelled": 0}
    assert "keeper" in turns
    none_at_once(notes_of(installation), "a")
    none_at_once(notes_of(installation), "b")
    for line in log.read_text().splitlines():
        assert json.loads(line)["event"]


def none_at_once(notes, region):
    """No job of a region begins before the one before it ended or was killed."""
    ours = [note for note in notes if note[0].startswith(region)]
    for number, ((key, what, _, _), (_, then, _, _)) in enumerate(pairwise(ours)):
        if what == then == "begins":
            assert (number, key) == (0, "a0"), ours
