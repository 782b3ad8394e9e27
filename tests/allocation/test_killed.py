"""Killed with SIGKILL in the middle of publication: all of it is there, or nothing at all.

`KILL_ROUNDS` says how often; a hundred times takes some minutes.
"""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.allocation.publisher import REQUESTS

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = int(os.environ.get("KILL_ROUNDS", "3"))
COUNTS = [
    "SELECT COUNT(*) FROM allocation_decision",
    "SELECT COUNT(*) FROM allocation_award",
    "SELECT COUNT(*) FROM fund_transfer WHERE reference LIKE 'award:%'",
    "SELECT COUNT(*) FROM mail_message WHERE key LIKE 'decision:%'",
    "SELECT COUNT(*) FROM allocation_round WHERE status = 'published'",
    "SELECT COUNT(*) FROM fund_account WHERE kind = 'award'",
]
# EUR 50,000 pays 83 courses of EUR 600.
NOTHING, EVERYTHING = (0, 0, 0, 0, 0, 0), (REQUESTS, 83, 83, REQUESTS, 1, 83)


def run(database, *command):
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ
        | {"TEST_DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        text=True,
        timeout=180,
        capture_output=True,
        check=True,
    ).stdout


def publish_until_killed(database, after):
    """Kill a publishing process so many seconds after it said `ready`; whether it was done."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.allocation.publisher", "publish"],
        cwd=ROOT,
        env=os.environ | {"TEST_DATABASE_URL": database},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(after)
    process.kill()
    told = process.stdout.read()
    process.wait(timeout=20)
    process.stdout.close()
    return told == "done\n"


def seconds_of_one(database):
    """How long a publication takes here, so that the kills fall inside it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.allocation.publisher", "publish"],
        cwd=ROOT,
        env=os.environ | {"TEST_DATABASE_URL": database},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    started = time.monotonic()
    assert process.stdout.readline() == "done\n"
    process.wait(timeout=20)
    process.stdout.close()
    return time.monotonic() - started


def check_kills(fresh, count):
    """`fresh` gives a new database with a signed round; `count` gives the six counts."""
    longest = seconds_of_one(fresh())
    halfway = 0
    for seed in range(ROUNDS):
        database = fresh()
        done = publish_until_killed(database, random.Random(seed).uniform(0, longest))
        found = count(database)
        assert found in (NOTHING, EVERYTHING), found
        assert found == EVERYTHING or not done
        halfway += found == NOTHING
    assert halfway > 0
    run(database, "-m", "tests.allocation.publisher", "publish")
    assert count(database) == EVERYTHING
    books = json.loads(run(database, "manage.py", "check_ledger", "--json"))
    assert books["ok"], books


@pytest.mark.slow
def test_a_killed_publication_leaves_all_or_nothing_on_sqlite(tmp_path, migrated_file):
    pattern = tmp_path / "signed.sqlite3"
    shutil.copyfile(migrated_file, pattern)
    run(f"sqlite:///{pattern}", "-m", "tests.allocation.publisher", "build")
    numbers = iter(range(1_000_000))

    def fresh():
        copy = tmp_path / f"{next(numbers)}.sqlite3"
        for file in tmp_path.glob("signed.sqlite3*"):
            shutil.copy(file, copy.with_name(copy.name + file.name.removeprefix(pattern.name)))
        return f"sqlite:///{copy}"

    def count(database):
        connection = sqlite3.connect(database.removeprefix("sqlite:///"))
        try:
            return tuple(connection.execute(query).fetchone()[0] for query in COUNTS)
        finally:
            connection.close()

    check_kills(fresh, count)


@pytest.mark.slow
@pytest.mark.postgres
def test_a_killed_publication_leaves_all_or_nothing_on_postgresql(own_database):
    run(own_database, "-m", "tests.allocation.publisher", "build")
    server, _, name = own_database.rpartition("/")
    made = []

    def fresh():
        copy = f"{name}_{len(made)}"
        made.append(copy)
        admin(server, f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        return f"{server}/{copy}"

    def count(database):
        with psycopg.connect(database) as connection:
            return tuple(connection.execute(query).fetchone()[0] for query in COUNTS)

    try:
        check_kills(fresh, count)
    finally:
        for copy in made:
            admin(server, f'DROP DATABASE "{copy}" WITH (FORCE)')


def admin(server, statement):
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(statement)
