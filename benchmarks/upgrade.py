"""An upgrade while people file: none of them notices.

    python benchmarks/upgrade.py OLD [--people 20]

OLD is a commit or tag of the release before. Makes an installation of it on SQLite (or in the empty
database that DATABASE_URL names), serves it, and lets people file whole requests through a front.
In their midst it does what docs/operations.md says: `migrate` of this checkout while the old
programs run, then the new web server beside the old one, the front leads to it, and the old one
ends what it began. It ends with 1 after an error that anybody saw, or a request that is not there.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import requests
from load import COUNT_SENT, Person
from serving import ROOT, SIGN_IN

from tests.apart import Relay

WORLD = "from tests.chaos.world import build; build(signed=0, waiting=0, invoices_to_pay=1)"
THINK = (0.5, 1.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old")
    parser.add_argument("--people", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = folder / "before"
        subprocess.run(
            ["git", "worktree", "add", "--detach", "-f", str(before), options.old],
            cwd=ROOT, check=True, capture_output=True,
        )  # fmt: skip
        try:
            sys.exit(upgrade(before, folder, options.people))
        finally:
            subprocess.run(
                ["git", "worktree", "remove", "--force", str(before)], cwd=ROOT, check=False
            )


def upgrade(before: Path, folder: Path, people: int) -> int:
    environment = os.environ | {
        "BUDGETPOOL_VAR": str(folder / "var"),
        "DATABASE_URL": os.environ.get("DATABASE_URL", f"sqlite:///{folder / 'up.sqlite3'}"),
        "DEBUG": "0",
        "BEHIND_PROXY": "1",
        "DJANGO_SETTINGS_MODULE": "budgetpool.settings",
    }

    def run(root: Path, *command: str) -> str:
        return subprocess.run(
            [sys.executable, *command], cwd=root, env=environment | {"PYTHONPATH": str(root)},
            check=True, stdout=subprocess.PIPE, text=True,
        ).stdout  # fmt: skip

    def serve(root: Path, port: int) -> subprocess.Popen[bytes]:
        run(root, "manage.py", "collectstatic", "--noinput", "-v0")
        command = [
            "-m",
            "gunicorn",
            "benchmarks.front:application",
            "--config",
            "python:budgetpool.serving.config",
        ]
        command += ["--bind", f"127.0.0.1:{port}", "--log-level", "error"]
        place = environment | {"PYTHONPATH": str(root)}
        return subprocess.Popen([sys.executable, *command], cwd=root, env=place)

    run(before, "manage.py", "migrate", "-v0")
    # The world is made by this checkout's helpers, in the tables of before.
    (before / "tests" / "chaos").mkdir(parents=True, exist_ok=True)
    for file in (ROOT / "tests" / "chaos").glob("*.py"):
        (before / "tests" / "chaos" / file.name).write_bytes(file.read_bytes())
    shell = "import django; django.setup()\n"
    run(before, "-c", shell + WORLD)
    emails = [f"load-up-{number}@example.org" for number in range(people)]
    keys = run(before, "-c", shell + SIGN_IN.replace("EMAILS", repr(emails)))

    old_port, new_port = 18701, 18702
    old = serve(before, old_port)
    front = Relay("127.0.0.1", ("127.0.0.1", old_port))
    wait_for(old_port)
    address = f"http://127.0.0.1:{front.port}"
    crowd = [Person(address, number, THINK) for number in range(people)]
    for person, key in zip(crowd, json.loads(keys), strict=True):
        person.browser.cookies.set("sessionid", key)
    threads = [threading.Thread(target=person.walk) for person in crowd]
    for thread in threads:
        thread.start()
    # Half of them are in the middle of it.
    time.sleep(10)
    run(ROOT, "manage.py", "migrate", "-v0")
    print("migrated while the old programs ran")
    new = serve(ROOT, new_port)
    wait_for(new_port)
    front.target = ("127.0.0.1", new_port)
    old.send_signal(signal.SIGTERM)
    old.wait(timeout=60)
    print("the new one serves, the old one ended")
    for thread in threads:
        thread.join(timeout=900)
    new.terminate()
    new.wait(timeout=60)
    sent = int(run(ROOT, "-c", shell + COUNT_SENT.replace("RUN", "up")))
    trouble = [person.trouble for person in crowd if person.trouble]
    pages = sum(len(person.seconds) for person in crowd)
    print(f"{people} people, {pages} pages, {sent} requests there, {len(trouble)} errors")
    print(*trouble[:5], sep="\n")
    return 0 if sent == people and not trouble else 1


def wait_for(port: int) -> None:
    for _ in range(600):
        try:
            requests.get(f"http://127.0.0.1:{port}/livez", timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise RuntimeError("the server does not answer")


if __name__ == "__main__":
    main()
