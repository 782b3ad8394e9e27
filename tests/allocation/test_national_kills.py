"""Every region's round divided at once: none lost, none twice, no two at once in one region.

The workers of the big form live in two network namespaces, as on two machines.
"""

import json
import random
import subprocess
import sys
import time
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import apart

ROOT = Path(__file__).resolve().parents[2]


def moved(database, seen):
    """Whether a job runs that did not run at the last look."""
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT id, starts FROM jobs_job WHERE state = 'running'")
        new = set(found.fetchall()) - seen
    seen |= new
    return bool(new)


def road_to(database, number, roads):
    """A namespace whose only road leads to the database: the words before a command, and what its
    environment says. Skips where this machine makes none."""
    if not apart.are_possible():
        pytest.skip("network namespaces cannot be made here: be root")
    there = urlsplit(database)
    inside, relay = roads.enter_context(apart.namespace(number, (there.hostname, there.port)))
    here = there._replace(netloc=f"{there.username}@{relay.address}:{relay.port}")
    return inside, {"DATABASE_URL": here.geturl()}


MAKE = """
from tests.allocation.regions import make_rounds
make_rounds({regions}, people={people}, codes={codes})
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
    ("regions", "names", "workers", "kill_every", "machines"),
    [
        pytest.param(3, 2, 2, 1, 0, id="small"),
        pytest.param(100, 10, 4, 10, 2, id="big"),
    ],
)
def test_workers_that_are_killed_lose_nothing_and_do_nothing_twice(
    own_database, tmp_path, regions, names, workers, kill_every, machines
):
    codes = [f"2027-{number + 1}" for number in range(names)]
    environment = {
        "PATH": "/usr/sbin:/usr/bin:/bin",
        "DEBUG": "0",
        "SECRET_KEY": "only-for-tests-" * 5,
        "BUDGETPOOL_VAR": str(tmp_path),
        "BUDGETPOOL_ENGINE": "procrastinate",
        "DATABASE_URL": own_database,
        "DJANGO_SETTINGS_MODULE": "budgetpool.settings",
        "PYTHONPATH": str(ROOT),
    }

    def start(*arguments, on=None):
        inside, more = machine[on % machines] if machines and on is not None else ([], {})
        with (tmp_path / "log").open("ab") as log:
            return subprocess.Popen(
                [*inside, sys.executable, *arguments],
                cwd=ROOT,
                env=environment | more,
                stdout=log,
                stderr=log,
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
    shell(MAKE.format(regions=regions, people=6, codes=codes))
    total, killed, chance, seen = names * regions, 0, random.Random(2027), set()
    with ExitStack() as roads:
        machine = [road_to(own_database, number, roads) for number in range(1, machines + 1)]
        working = [start("manage.py", "work", on=number) for number in range(workers)]
        command = start("manage.py", "run_national", *codes)
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
                    working[unlucky] = start("manage.py", "work", on=unlucky)
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
        assert len(ours) == names
        assert all(ended <= begun for (_, ended), (begun, _) in pairwise(ours)), ours
