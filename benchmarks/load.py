"""Two hundred people who each file a whole request at once, beside a bare page of the same server.

    DATABASE_URL=postgres://… python benchmarks/load.py [--people 200] [--think 4 10] [--workers 3]

Builds the demo in that database (an empty one, which is kept), starts gunicorn on this machine, and
lets every person walk from the public page to the receipt, form by form, with some seconds between
two pages. Another visitor asks `/livez`, a page without templates or a database, four times a
second all the while: the yardstick. Nothing leaves this machine, and the run ends by itself.
"""

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import requests
from lxml import html
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
REGION = "twente"
ANSWERS = {
    "birth_date": "2 mei 1994",
    "phone": "06 12345678",
    "contract": "on_call",
    "education": "mbo2",
    "training_hours_two_years": "0",
    "has_study_finance": "no",
    "consent": "on",
}
MOST_PAGES = 40
LONGEST_SECONDS = 900

# Runs inside Django: people with an account, and the cookie of a session for each of them.
MAKE_PEOPLE = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from budgetpool.users.models import User
keys = []
for number in range(PEOPLE):
    user, made = User.objects.get_or_create(
        email=f"load-{RUN}-{number}@example.org", defaults=dict(name=f"Persoon {number}")
    )
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    keys.append(session.session_key)
print(json.dumps(keys))
"""
COUNT_SENT = """
from workers.models import TrainingRequest
print(TrainingRequest.objects.filter(
    worker__user__email__startswith="load-RUN-", status="submitted").count())
"""


class Person:
    """One person with a browser of their own, who answers every form until the receipt."""

    def __init__(self, address: str, number: int, session: str, think: tuple[float, float]) -> None:
        self.address, self.number, self.think = address, number, think
        self.dice = random.Random(number)
        self.browser = requests.Session()
        self.browser.cookies.set("sessionid", session)
        self.seconds: list[float] = []
        self.trouble = ""
        self.arrived = False

    def walk(self) -> None:
        try:
            self._walk()
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"

    def _walk(self) -> None:
        time.sleep(self.dice.uniform(0, self.think[1]))
        self._get(f"/apply/{REGION}")
        page = self._submit(self._get(f"/apply/{REGION}"))
        for _ in range(MOST_PAGES):
            if page.url.endswith("/receipt"):
                self.arrived = True
                return
            page = self._next(page)
        raise RuntimeError(f"no receipt after {MOST_PAGES} pages, the last was {page.url}")

    def _next(self, page: requests.Response) -> requests.Response:
        if page.url.endswith("/choices"):
            if "/choices/1" not in page.text:
                return self._choose(page)
            return self._get(self._link(page, "/questions/", "/files"))
        if page.url.endswith("/files"):
            return self._get(self._link(page, "/questions/goal"))
        if page.url.endswith("/priority"):
            return self._get(self._link(page, "/summary"))
        return self._submit(page)

    def _choose(self, page: requests.Response) -> requests.Response:
        found = self._get(self._link(page, "/trainings"))
        trainings = [
            link
            for link in html.fromstring(found.text).xpath("//main//a/@href")
            if link.rpartition("/")[2].isdigit()
        ]
        return self._submit(self._get(self.dice.choice(trainings)))

    def _link(self, page: requests.Response, *ends: str) -> str:
        links = html.fromstring(page.text).xpath("//main//a/@href")
        wanted = [link for link in links if any(end in link for end in ends)]
        if not wanted:
            raise RuntimeError(f"{page.url} leads to none of {ends}")
        return wanted[-1]

    def _submit(self, page: requests.Response) -> requests.Response:
        forms = html.fromstring(page.text).xpath("//main//form[@method='post']")
        if not forms:
            raise RuntimeError(f"{page.url} has no form")
        action = forms[0].get("action") or page.url.removeprefix(self.address)
        return self._timed("POST", action, data=self._filled(forms[0]))

    def _filled(self, form: html.FormElement) -> dict[str, str]:
        answers = {name: value for name, value in form.fields.items() if value}
        for field in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
            name = field.get("name")
            if name == "name":
                answers[name] = f"Persoon {self.number}"
            elif name in answers and name != "consent":
                continue
            elif name in ANSWERS:
                answers[name] = ANSWERS[name]
            elif field.tag == "select" or field.get("type") == "radio":
                options = form.xpath(
                    f".//select[@name='{name}']/option/@value | .//input[@name='{name}']/@value"
                )
                answers[name] = next(option for option in options if option)
        return answers

    def _get(self, path: str) -> requests.Response:
        return self._timed("GET", path)

    def _timed(self, verb: str, path: str, **options: object) -> requests.Response:
        time.sleep(self.dice.uniform(*self.think))
        start = time.perf_counter()
        answer = self.browser.request(verb, self.address + path, timeout=60, **options)
        # A redirect is followed, so one press of a button may be two pages: each counts.
        hops = [*answer.history, answer]
        self.seconds += [hop.elapsed.total_seconds() for hop in hops]
        if time.perf_counter() - start > 60 or answer.status_code != 200:
            raise RuntimeError(f"{verb} {path}: {answer.status_code}")
        return answer


def bare_page(address: str, stop: threading.Event, seconds: list[float]) -> None:
    browser = requests.Session()
    while not stop.wait(0.25):
        seconds.append(browser.get(f"{address}/livez", timeout=60).elapsed.total_seconds())


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def manage(*args: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *args], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--think", type=float, nargs=2, default=(4, 10), metavar=("FROM", "TO"))
    parser.add_argument("--workers", type=int, default=3)
    options = parser.parse_args()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        parser.error("set DATABASE_URL to an empty PostgreSQL database")
    os.environ["DEBUG"] = "1"  # plain HTTP on this machine
    console = Console()
    console.print("Building the demo …")
    manage("demo", "--no-serve")
    run = str(int(time.time()))
    make = MAKE_PEOPLE.replace("PEOPLE", str(options.people)).replace("{RUN}", run)
    keys = json.loads(manage("shell", "-v0", "-c", make))

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    server = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "budgetpool.wsgi",
            "--bind", address.removeprefix("http://"), "--workers", str(options.workers),
        ],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(120):
            try:
                requests.get(f"{address}/livez", timeout=5)
                break
            except requests.RequestException:
                time.sleep(0.5)
        stop, bare = threading.Event(), []
        watcher = threading.Thread(target=bare_page, args=(address, stop, bare))
        watcher.start()
        people = [
            Person(address, number, key, tuple(options.think)) for number, key in enumerate(keys)
        ]
        threads = [threading.Thread(target=person.walk, daemon=True) for person in people]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=max(0, LONGEST_SECONDS - (time.perf_counter() - start)))
        lasted = time.perf_counter() - start
        stop.set()
        watcher.join()
    finally:
        server.terminate()
        server.wait()

    sent = int(manage("shell", "-v0", "-c", COUNT_SENT.replace("RUN", run)))
    pages = [second for person in people for second in person.seconds]
    trouble = [person.trouble for person in people if person.trouble]
    table = Table(title=f"{options.people} people at once, {options.think} seconds between pages")
    for title in ("", "count", "median ms", "p95 ms"):
        table.add_column(title, justify="left" if not title else "right")
    for name, seconds in (("pages of the application", pages), ("/livez, the yardstick", bare)):
        median, high = statistics.median(seconds) * 1000, p95(seconds) * 1000
        table.add_row(name, str(len(seconds)), f"{median:.0f}", f"{high:.0f}")
    console.print(table)
    console.print(f"p95 of a page ÷ p95 of the yardstick: {p95(pages) / p95(bare):.1f}")
    console.print(f"{len(pages) / lasted:.0f} pages a second over {lasted:.0f} s")
    console.print(f"receipts {sum(p.arrived for p in people)}, requests in the database {sent}")
    console.print(f"errors {len(trouble)}", *sorted(set(trouble))[:5], sep="\n")
    sys.exit(0 if sent == options.people and not trouble else 1)


if __name__ == "__main__":
    main()
