"""The sender is killed with SIGKILL while it sends: nothing is lost, and repeats are recognised.

Delivery is at least once: a process that dies after the provider took a text and before it wrote
so down sends that one text again, with the same Idempotency-Key. So each kill repeats at most one.
"""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = int(os.environ.get("KILL_ROUNDS", "3"))
MESSAGES = 60
FILL = f"""
import django
django.setup()
from budgetpool.mail import outbox
for number in range({MESSAGES}):
    outbox.queue(
        key=f"text:{{number}}",
        kind="mandate_revoked",
        to=outbox.Address(phone=f"+316123450{{number:02d}}"),
        params={{"adviser": "Ad"}},
    )
"""


class Provider(BaseHTTPRequestHandler):
    """Takes a text, and some time for it."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken[self.headers["Idempotency-Key"]] += 1
        time.sleep(0.01)
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def provider():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.taken = Counter()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.slow
def test_a_killed_sender_loses_no_text_and_repeats_at_most_one_per_kill(
    tmp_path, migrated_file, provider
):
    file = tmp_path / "mail.sqlite3"
    shutil.copyfile(migrated_file, file)
    environment = os.environ | {
        "TEST_DATABASE_URL": f"sqlite:///{file}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "BUDGETPOOL_SMS_URL": f"http://127.0.0.1:{provider.server_port}/",
        "BUDGETPOOL_SMS_BACKEND": "gateway",
    }
    command = [sys.executable, "manage.py", "send_messages"]

    def execute(sql):
        with closing(sqlite3.connect(file, timeout=30)) as connection, connection:
            return connection.execute(sql).fetchone()

    subprocess.run([sys.executable, "-c", FILL], cwd=ROOT, env=environment, check=True, timeout=120)
    interrupted = 0
    for seed in range(KILLS):
        goal = sum(provider.taken.values()) + random.Random(seed).randint(3, 15)
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while sum(provider.taken.values()) < goal and process.poll() is None:
            time.sleep(0.002)
        interrupted += process.poll() is None
        process.kill()
        process.wait(timeout=20)
        # Time passes: the lease of what the killed process held runs out.
        execute(
            "UPDATE mail_message SET lease_until = '2020-01-01 00:00:00' WHERE state = 'sending'"
        )
    assert interrupted == KILLS, "the process was done before it could be killed"
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=120, capture_output=True)
    assert execute("SELECT COUNT(*) FROM mail_message WHERE state = 'sent'") == (MESSAGES,)
    assert set(provider.taken) == {f"text:{number}" for number in range(MESSAGES)}
    assert sum(provider.taken.values()) - MESSAGES <= KILLS
