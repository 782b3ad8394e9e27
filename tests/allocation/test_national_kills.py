"""Every region's round divided at once: none lost, none twice, no two at once in one region."""

import json
import random
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]


def moved(database, seen):
    """Whether a job runs that did not run at the last look."""
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT id, starts FROM jobs_job WHERE state = 'running'")
        new = set(found.fetchall()) - seen
    seen |= new
    return bool(new)


MAKE = """
from tests.allocation.regions import make_rounds
make_rounds({regions}, people={people}, codes=("2027-1", "2027-2"))
"""
SHOW = """
import json
from allocation.models import Scenario
from budgetpool.jobs.models import Job
print(json.dumps({
    "jobs": [[lock, state, starts, begun.timestamp(), ended.timestamp() if ended else 0]
             for lock, state, starts, begun, ended in Job.objects.order_by("started_at")
             .values_list("lock", "state", "starts", "started_at", "finished_at")],
    "scenarios": list(Scenario.objects.filter(verified=True).values_list("round", flat=True)),
}))
"""


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize(
    ("regions", "workers", "kill_every"),
    [
        pytest.param(3, 2, 1, id="small"),
        pytest.param(100, 4, 10, id="big"),
    ],
)
def test_workers_that_are_killed_lose_nothing_and_do_nothing_twice(
    own_database, tmp_path, regions, workers, kill_every
):
    environment = {
        "PATH": "/usr/bin:/bin",
        "DEBUG": "0",
        "SECRET_KEY": "only-for-tests-" * 5,
        "BUDGETPOOL_VAR": str(tmp_path),
        "BUDGETPOOL_ENGINE": "procrastinate",
        "DATABASE_URL": own_database,
        "DJANGO_SETTINGS_MODULE": "budgetpool.settings",
        "PYTHONPATH": str(ROOT),
    }

    def start(*arguments):
        with (tmp_path / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    def shell(code):
        command = [sys.executable, "-c", "import django; django.setup()\n" + code]
        return subprocess.run(
            command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        ).stdout

    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--skip-checks", "-v0"],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    shell(MAKE.format(regions=regions, people=6))
    total, killed, chance, seen = 2 * regions, 0, random.Random(2027), set()
    working = [start("manage.py", "work") for _ in range(workers)]
    command = start("manage.py", "run_national", "2027-1", "2027-2")
    begun = last = time.monotonic()
    try:
        while command.poll() is None:
            assert time.monotonic() - begun < 120 + 30 * total, (tmp_path / "log").read_text()
            # A worker takes a while to start: who is killed again before that never works.
            if time.monotonic() - last > kill_every and moved(own_database, seen):
                last, unlucky = time.monotonic(), chance.randrange(workers)
                working[unlucky].kill()
                working[unlucky].wait()
                killed += 1
                working[unlucky] = start("manage.py", "work")
            time.sleep(0.1)
    finally:
        for process in (*working, command):
            process.kill()
            process.wait()
    assert command.returncode == 0, (tmp_path / "log").read_text()
    shown = json.loads(shell(SHOW))
    print(f"{total} rounds, {killed} kills, {time.monotonic() - begun:.0f} s")
    assert killed
    assert len(shown["scenarios"]) == len(set(shown["scenarios"])) == total
    assert [job[1] for job in shown["jobs"]] == ["done"] * total
    for region in {job[0] for job in shown["jobs"]}:
        ours = [(begun, ended) for lock, _, _, begun, ended in shown["jobs"] if lock == region]
        assert len(ours) == 2
        assert all(ended <= begun for (_, ended), (begun, _) in pairwise(ours)), ours
