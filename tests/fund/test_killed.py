"""Killed with SIGKILL in the middle of posting: a batch is there as a whole, or not at all."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = int(os.environ.get("KILL_ROUNDS", "3"))
COUNT = """
import os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()
from budgetpool.fund.models import Account, Transfer
print(Transfer.objects.count(), Account.objects.get(code="round").balance_cents)
"""


def run(database, *command):
    environment = os.environ | {
        "TEST_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        text=True,
        timeout=120,
        capture_output=True,
        check=True,
    ).stdout


def post_until_killed(database, seed):
    """Let a process post for a random while, then kill it; how many batches it told of."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fund.poster", str(seed)],
        cwd=ROOT,
        env=os.environ | {"TEST_DATABASE_URL": database},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(random.Random(seed).uniform(0.02, 0.4))
    process.kill()
    told = process.stdout.read().split()
    process.wait(timeout=20)
    process.stdout.close()
    return len(told)


def check_kills(database):
    told = 0
    for seed in range(ROUNDS):
        told += post_until_killed(database, seed)
        transfers, in_round = map(int, run(database, "-c", COUNT).split())
        assert transfers % 60 == 0
        # A batch may be written that the process had no time to tell of, never the reverse.
        assert told * 60 <= transfers <= (told + seed + 1) * 60
        assert in_round == transfers // 60 * 200
    assert told > 0
    document = json.loads(run(database, "manage.py", "check_ledger", "--json"))
    assert document["ok"], document


@pytest.mark.slow
def test_a_killed_process_leaves_whole_batches_on_sqlite(tmp_path, migrated_file):
    shutil.copyfile(migrated_file, tmp_path / "books.sqlite3")
    check_kills(f"sqlite:///{tmp_path / 'books.sqlite3'}")


@pytest.mark.slow
@pytest.mark.postgres
def test_a_killed_process_leaves_whole_batches_on_postgresql(own_database):
    check_kills(own_database)
