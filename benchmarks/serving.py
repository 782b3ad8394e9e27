"""A server as it is run in earnest, and people who have signed in to it: for the benchmarks."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
IN_EARNEST = {"DEBUG": "0", "BEHIND_PROXY": "1", "DEMO": "1"}

# Runs inside Django: the cookie of a session for each of these people, made where they are new.
SIGN_IN = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from budgetpool.users.models import User
keys = []
for number, email in enumerate(EMAILS):
    user, made = User.objects.get_or_create(email=email, defaults=dict(name=f"Persoon {number}"))
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    keys.append(session.session_key)
print(json.dumps(keys))
"""


def build_demo() -> None:
    """The demo in the database that DATABASE_URL names, and the static files, compressed."""
    os.environ |= IN_EARNEST
    manage("demo", "--no-serve")
    manage("collectstatic", "--noinput", "-v0")


def manage(*args: str) -> str:
    """What one of the program's commands prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", *args],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def run(code: str) -> str:
    """What this code prints inside Django."""
    return manage("shell", "-v0", "-c", code).strip()


def sign_in(emails: list[str]) -> list[str]:
    """The value of the session's cookie for each of these people."""
    keys: list[str] = json.loads(run(SIGN_IN.replace("EMAILS", repr(emails))))
    return keys


@contextmanager
def gunicorn(application: str, *, workers: int = 2, threads: int = 4) -> Iterator[tuple[str, int]]:
    """The address and the process of a server that answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", application, "--bind", place]
    command += ["--config", "python:budgetpool.serving.config"]
    command += ["--workers", str(workers), "--threads", str(threads), "--log-level", "error"]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        for _ in range(120):
            try:
                requests.get(f"http://{place}/livez", timeout=5)
                break
            except requests.RequestException:
                time.sleep(0.5)
        yield f"http://{place}", server.pid
    finally:
        server.terminate()
        server.wait()
