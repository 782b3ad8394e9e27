"""The database goes away or is full: 503 and come back, one line a second, and readyz says no."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
import requests
from django.db import OperationalError, connection

from budgetpool.operations import checks, outage
from tests.apart import Relay
from tests.operations.test_limits import ROOT, wait_for

PAGES = ["/", "/sign-in", "/account", "/regions/none", "/v1/regions"]
# Those of a server, but for static files that nobody collected; and files on a real disk.
SETTINGS = """
from tests.settings import *
STORAGES = STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
"""


class Server:
    """The program as it is run, and what it writes to its log."""

    def __init__(self, folder, database):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.place = f"127.0.0.1:{free.getsockname()[1]}"
        self.log = folder / "log"
        (folder / "settings_of_server.py").write_text(SETTINGS)
        environment = os.environ | {
            "BUDGETPOOL_VAR": str(folder),
            "TEST_DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "settings_of_server",
            "PYTHONPATH": f"{folder}:{ROOT}",
        }
        command = [sys.executable, "-m", "gunicorn", "--bind", self.place]
        command += ["--config", "python:budgetpool.serving.config", "--workers", "1"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--graceful-timeout", "2"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_for(f"http://{self.place}/livez")
        except BaseException:
            self.stop()
            raise

    def get(self, path, **more):
        url = f"http://{self.place}{path}"
        return requests.get(url, timeout=30, allow_redirects=False, **more)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


def assert_away(server):
    """Every page asks to come back, and the log holds one line a second and no traceback."""
    before = server.log.stat().st_size
    begun = time.monotonic()
    for _ in range(4):
        for path in PAGES:
            answer = server.get(path, cookies={"sessionid": "abcdefghijklmnopqrstuvwxyz012345"})
            assert answer.status_code == 503, path
            assert answer.headers["Retry-After"] == "10"
            kind = "application/problem+json" if path.startswith("/v1") else "text/html"
            assert answer.headers["Content-Type"].startswith(kind)
    took = time.monotonic() - begun
    written = server.log.read_bytes()[before:].decode().splitlines()
    lines = [json.loads(line) for line in written]
    assert 1 <= len(lines) <= took + 2
    assert {line["event"] for line in lines} == {"unavailable"}
    assert server.get("/readyz").status_code == 503
    assert server.get("/livez").status_code == 200


@pytest.mark.any_database
def test_a_database_file_that_is_away_and_back(migrated_file, tmp_path):
    file = tmp_path / "data" / "budgetpool.sqlite3"
    file.parent.mkdir()
    shutil.copyfile(migrated_file, file)
    server = Server(tmp_path, f"sqlite:///{file}")
    try:
        assert server.get("/readyz").status_code == 200
        file.parent.rename(tmp_path / "away")
        assert_away(server)
        (tmp_path / "away").rename(file.parent)
        assert server.get("/").status_code == 200
        assert server.get("/readyz").status_code == 200
    finally:
        server.stop()


@pytest.mark.postgres
def test_a_database_server_that_is_away_and_back(own_database, tmp_path):
    address, _, port = own_database.partition("@")[2].rpartition("/")[0].partition(":")
    line = Relay("127.0.0.1", ("127.0.0.1", int(port)))
    place = own_database.replace(f"{address}:{port}", f"127.0.0.1:{line.port}")
    server = Server(tmp_path, place)
    try:
        assert server.get("/readyz").status_code == 200
        assert server.get("/").status_code == 200
        line.refuses = True
        line.cut()
        assert_away(server)
        line.refuses = False
        assert server.get("/").status_code == 200
        assert server.get("/readyz").status_code == 200
    finally:
        server.stop()
        line.close()


@pytest.mark.tool
@pytest.mark.any_database
def test_a_full_disk_is_not_ready_and_is_so_again(migrated_file, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk cannot be made here")
    server = None
    try:
        shutil.copyfile(migrated_file, disk / "budgetpool.sqlite3")
        server = Server(disk, f"sqlite:///{disk / 'budgetpool.sqlite3'}")
        assert server.get("/readyz").status_code == 200
        with (disk / "much").open("wb") as much:
            try:
                while True:
                    much.write(b"x" * 4096)
                    much.flush()
            except OSError:
                pass
        assert server.get("/readyz").status_code == 503
        (disk / "much").unlink()
        time.sleep(1.1)
        assert server.get("/readyz").status_code == 200
    finally:
        if server:
            server.stop()
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_may_only_be_read_is_not_ready():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA query_only = ON")
        else:
            cursor.execute("SET default_transaction_read_only = on")
    try:
        assert checks.database().well
        assert "cannot be written" in checks.writing().remedy
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA query_only = OFF")
            else:
                cursor.execute("SET default_transaction_read_only = off")
    assert checks.writing().well


@pytest.mark.any_database
def test_a_database_that_is_busy_is_ready(migrated_file, tmp_path, settings):
    """A long import holds the lock: nothing is ill, and nobody waits for it."""
    file = tmp_path / "busy.sqlite3"
    shutil.copyfile(migrated_file, file)
    look = (
        "import django; django.setup()\n"
        "from budgetpool.operations import checks\n"
        "import time; begun = time.monotonic()\n"
        "assert checks.writing().well, checks.writing()\n"
        "assert time.monotonic() - begun < 10\n"
    )
    environment = os.environ | {
        "DEBUG": "1",
        "BUDGETPOOL_VAR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{file}",
        "DJANGO_SETTINGS_MODULE": "budgetpool.settings",
    }
    with closing(sqlite3.connect(file, isolation_level=None)) as importer:
        importer.execute("PRAGMA journal_mode=WAL")
        importer.execute("BEGIN IMMEDIATE")
        subprocess.run([sys.executable, "-c", look], cwd=ROOT, env=environment, check=True)


@pytest.mark.django_db
def test_a_fault_of_a_statement_of_ours_is_no_outage():
    with pytest.raises(Exception, match="nowhere") as raised, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM nowhere")
    assert not outage.is_outage(raised.value)
    assert outage.is_outage(OperationalError("connection refused"))
    assert outage.is_outage(OSError(28, "No space left on device"))
    assert not outage.is_outage(OSError(2, "No such file"))
