"""Two hundred people who each file a whole request at once, beside a bare page on this machine.

    DATABASE_URL=postgres://… python benchmarks/load.py [--people 200] [--think 4 10] [--workers 2]

Builds the demo in that database (an empty one, which is kept) and starts gunicorn on this machine
as `docs/operations.md` says. First the same number of people fetch a bare Django page of another
gunicorn for half a minute: the yardstick. Then every person walks from the first page to the
receipt, form by form, with some seconds between two pages. The visitors' own computing is on the
same processors. Nothing leaves this machine, and the run ends by itself: with 1 after an error, a
lost request, or a p95 above half a second.
"""

import argparse
import os
import random
import statistics
import sys
import threading
import time
from pathlib import Path

import requests
from lxml import html
from rich.console import Console
from rich.table import Table
from serving import build_demo, gunicorn, run, sign_in

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
BARE_SECONDS = 30
P95_SECONDS = 0.5
TICKS = os.sysconf("SC_CLK_TCK")
# Whole requests only: sent, with the answers that were given, a choice and a line in the trail.
COUNT_SENT = """
from budgetpool.audit.models import AuditEvent
from workers.models import TrainingRequest
sent = TrainingRequest.objects.filter(
    worker__user__email__startswith="load-RUN-", status="submitted", worker__education="mbo2",
    worker__contract="on_call", worker__training_hours_two_years=0, choices__rank=1)
trail = AuditEvent.objects.filter(
    action="request.submitted", subject_id__in=[str(one.pk) for one in sent])
print(min(sent.count(), trail.count()))
"""


class Visitor:
    """A browser of one person, who takes some seconds between two pages."""

    def __init__(self, address: str, number: int, think: tuple[float, float]) -> None:
        self.address, self.number, self.think = address, number, think
        self.dice = random.Random(number)
        self.browser = requests.Session()
        self.browser.headers["Referer"] = f"{address}/"
        self.seconds: list[float] = []
        self.trouble = ""

    def walk(self) -> None:
        try:
            time.sleep(self.dice.uniform(0, self.think[1]))
            self._walk()
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"

    def _get(self, path: str) -> requests.Response:
        return self._timed("GET", path)

    def _timed(self, verb: str, path: str, **options: object) -> requests.Response:
        time.sleep(self.dice.uniform(*self.think))
        answer = self.browser.request(verb, self.address + path, timeout=60, **options)
        for cookie in self.browser.cookies:
            cookie.secure = False  # HTTPS ends at the web server that we play
        # A redirect is followed, so one press of a button may be two pages: each counts.
        self.seconds += [hop.elapsed.total_seconds() for hop in (*answer.history, answer)]
        if answer.status_code != 200:
            raise RuntimeError(f"{verb} {path}: {answer.status_code}")
        return answer


class Reader(Visitor):
    """Fetches one bare page again and again for half a minute."""

    def _walk(self) -> None:
        end = time.monotonic() + BARE_SECONDS
        while time.monotonic() < end:
            self._get("/")


class Person(Visitor):
    """Answers every form until the page of the goal."""

    goal = "/receipt"
    page: requests.Response | None = None

    def _walk(self) -> None:
        page = self._get(f"/apply/{REGION}")
        self._fetch_styles_and_scripts(page)
        page = self._submit(page)
        for _ in range(MOST_PAGES):
            if page.url.endswith(self.goal):
                self.page = page
                return
            page = self._next(page)
        raise RuntimeError(f"no {self.goal} after {MOST_PAGES} pages, the last was {page.url}")

    def _fetch_styles_and_scripts(self, page: requests.Response) -> None:
        for path in html.fromstring(page.text).xpath(
            "//link[@rel='stylesheet']/@href|//script/@src"
        ):
            self.browser.get(self.address + path, timeout=60).raise_for_status()

    def _next(self, page: requests.Response) -> requests.Response:
        if page.url.endswith("/trainings"):
            return self._choose(page)
        if page.url.endswith("/choices"):
            if "/choices/1" not in page.text:
                return self._get(self._link(page, "/trainings$"))
            return self._get(self._link(page, "/questions/", "/files$"))
        if page.url.endswith("/files"):
            return self._get(self._link(page, "/questions/goal$"))
        if page.url.endswith("/priority"):
            return self._get(self._link(page, "/summary$"))
        return self._submit(page)

    def _choose(self, found: requests.Response) -> requests.Response:
        trainings = [
            link
            for link in html.fromstring(found.text).xpath("//main//a/@href")
            if link.rpartition("/")[2].isdigit()
        ]
        return self._submit(self._get(self.dice.choice(trainings)))

    def _link(self, page: requests.Response, *ends: str) -> str:
        """The last link of the page that holds one of these; `$` stands for the link's end."""
        links = html.fromstring(page.text).xpath("//main//a/@href")
        wanted = [link for link in links if any(end in f"{link}$" for end in ends)]
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
            elif name == "municipality":  # a region that did not say which it has
                answers[name] = "Enschede"
        return answers


def rush(people: list[Visitor]) -> float:
    """Let all of them walk at once; how many seconds it took."""
    threads = [threading.Thread(target=person.walk, daemon=True) for person in people]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=max(0.1, LONGEST_SECONDS - (time.perf_counter() - start)))
    return time.perf_counter() - start


def processor_seconds(*pids: int) -> float:
    """What these processes and all below them have used of a processor, the ended ones too."""
    stats = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        stats[int(folder.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    below, found = set(pids), 0
    while len(below) != found:
        found = len(below)
        below |= {pid for pid, (parent, _) in stats.items() if parent in below}
    return sum(ticks for pid, (_, ticks) in stats.items() if pid in below) / TICKS


def postgres_pid() -> int | None:
    """The server's main process, when it runs on this machine."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if words[0].endswith(b"/postgres") and b"-D" in words:
            return int(folder.name)
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--think", type=float, nargs=2, default=(4, 10), metavar=("FROM", "TO"))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4)
    options = parser.parse_args()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        parser.error("set DATABASE_URL to an empty PostgreSQL database")
    size = {"workers": options.workers, "threads": options.threads}
    console = Console()
    console.print("Building the demo …")
    build_demo()
    run_name, think = str(int(time.time())), tuple(options.think)
    keys = sign_in([f"load-{run_name}-{number}@example.org" for number in range(options.people)])

    console.print("A bare page …")
    with gunicorn("benchmarks.bare:application", **size) as server:
        readers = [Reader(server[0], number, think) for number in range(options.people)]
        rush(readers)
        bare_seconds = processor_seconds(server[1])
    console.print("The application …")
    with gunicorn("benchmarks.front:application", **size) as server:
        people = [Person(server[0], number, think) for number in range(options.people)]
        for person, key in zip(people, keys, strict=True):
            person.browser.cookies.set("sessionid", key)
        begun = processor_seconds(server[1])
        database = postgres_pid()
        database_begun = processor_seconds(database) if database else 0
        lasted = rush(people)
        used = processor_seconds(server[1]) - begun
        database_used = processor_seconds(database) - database_begun if database else 0

    sent = int(run(COUNT_SENT.replace("RUN", run_name)))
    pages = [second for person in people for second in person.seconds]
    bare = [second for reader in readers for second in reader.seconds]
    trouble = [visitor.trouble for visitor in (*people, *readers) if visitor.trouble]
    title = f"{options.people} people at once, {think[0]:g} to {think[1]:g} s between pages"
    table = Table(title=title)
    for heading in ("", "pages", "median ms", "p95 ms", "processor ms a page"):
        table.add_column(heading, justify="left" if not heading else "right")
    rows = (
        ("a bare Django page", bare, bare_seconds),
        ("pages of the application", pages, used),
    )
    for name, seconds, processor in rows:
        middle, high = statistics.median(seconds) * 1000, p95(seconds) * 1000
        each = processor / len(seconds) * 1000
        table.add_row(name, str(len(seconds)), f"{middle:.0f}", f"{high:.0f}", f"{each:.1f}")
    console.print(table)
    console.print(f"p95 of a page ÷ p95 of a bare page: {p95(pages) / p95(bare):.1f}")
    ratio = (used / len(pages)) / (bare_seconds / len(bare))
    console.print(f"processor time of a page ÷ that of a bare page: {ratio:.1f}")
    console.print(f"the database used {database_used / len(pages) * 1000:.1f} ms a page beside it")
    console.print(f"{len(pages) / lasted:.0f} pages a second over {lasted:.0f} s")
    receipts = sum(person.page is not None for person in people)
    console.print(f"receipts {receipts}, whole requests stored {sent}")
    console.print(f"errors {len(trouble)}", *sorted(set(trouble))[:5], sep="\n")
    well = sent == options.people and not trouble and p95(pages) <= P95_SECONDS
    sys.exit(0 if well else 1)


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


if __name__ == "__main__":
    main()
