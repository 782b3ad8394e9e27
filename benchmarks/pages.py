"""What a page weighs, and how soon a person with a cheap phone on a slow line sees and uses it.

    python benchmarks/pages.py [--rounds 3] [--width 390]

Builds the demo (in a folder of its own, or in the database that DATABASE_URL names), serves it with
gunicorn as it is run in earnest, and opens each page in a real Chromium with an empty cache, over
the line that Lighthouse calls slow 4G (1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back) and
with a processor four times slower than this machine's. Bytes are those on the line, after
compression. LCP is when the largest part of the page was there; INP is the slowest answer to a
press or a key, of each kind of control that the page has. The middle of the rounds counts.

Ends with 1 when a page is above the budget, or asks anything of another server.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any

from load import Person
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from rich.console import Console
from rich.table import Table
from serving import build_demo, gunicorn, sign_in

KILOBYTE = 1_000
BUDGET = {"first visit kB": 60.0, "CSS kB": 15.0, "JS kB": 20.0, "LCP ms": 1_500.0, "INP ms": 200.0}
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EMPLOYER = "werkgever@demo.example"
BOARD = "voorzitter@demo.example"
AWARDED = "toegekend@demo.example"
REFUSED = "afgewezen@demo.example"
APPLICANT = "pages@demo.example"

# Before anything of the page runs, so that nothing is missed; `durationThreshold` is the least
# that browsers know.
WATCH = """
window.seen = {lcp: 0, events: []};
new PerformanceObserver(list => list.getEntries().forEach(e => { seen.lcp = e.startTime; }))
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(e => {
  if (e.interactionId) seen.events.push(e.duration);
})).observe({type: "event", buffered: true, durationThreshold: 16});
"""
# One of each kind that answers a press without leaving the page.
CONTROLS = {
    "main summary:visible": "click",
    "main input[type=radio]:visible, main label:has(input[type=radio]):visible": "click",
    "main input[type=checkbox]:visible": "click",
    "main input[type=text]:visible, main input[type=search]:visible, main textarea:visible": "type",
    "main select:visible": "focus",
}


@dataclass
class Load:
    """One visit to a page."""

    bytes: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)
    lcp_ms: float = 0
    inp_ms: float = 0

    def kilobytes(self, kind: str = "") -> float:
        return sum(n for key, n in self.bytes.items() if kind in self.kinds.get(key, "")) / KILOBYTE

    def figures(self) -> dict[str, float]:
        return {
            "first visit kB": self.kilobytes(),
            "CSS kB": self.kilobytes("Stylesheet"),
            "JS kB": self.kilobytes("Script"),
            "LCP ms": self.lcp_ms,
            "INP ms": self.inp_ms,
        }


def pages(draft: str) -> list[tuple[str, str, str]]:
    """Name, address and person (empty for a visitor) of each page that is measured."""
    steps = ["name", "reach", "contract", "education", "study", "goal"]
    return [
        ("public page", "/regions/twente", ""),
        ("front page", "/", ""),
        ("check in five questions", "/apply/twente/check", ""),
        ("published round", "/regions/twente/rounds/2027-1", ""),
        *((f"question: {step}", f"{draft}/questions/{step}", APPLICANT) for step in steps),
        ("choices", f"{draft}/choices", APPLICANT),
        ("search of trainings", f"{draft}/trainings", APPLICANT),
        ("files", f"{draft}/files", APPLICANT),
        ("priority", f"{draft}/priority", APPLICANT),
        ("summary", f"{draft}/summary", APPLICANT),
        ("worker's home", "/my", APPLICANT),
        ("decision: awarded", "/requests/R-0001", AWARDED),
        ("decision: refused", "/requests/R-0411", REFUSED),
        ("employer's dashboard", "/employers/1", EMPLOYER),
        ("board's round", "/board/twente/rounds/2027-1", BOARD),
    ]


def visit(browser: Browser, url: str, session: str, width: int) -> Load:
    """Open a page as for the first time, and use what stands on it."""
    address = "/".join(url.split("/")[:3])
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        locale="nl-NL",
    )
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page = context.new_page()
    page.add_init_script(WATCH)
    line = context.new_cdp_session(page)
    load = Load()
    listen(line, load, address)
    line.send("Network.enable")
    line.send("Network.clearBrowserCache")
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    answer = page.goto(url, wait_until="networkidle", timeout=60_000)
    assert answer is not None
    if answer.status != 200 or page.url.rstrip("/") != url.rstrip("/"):
        raise RuntimeError(f"{url} answers {answer.status} at {page.url}")
    if load.kilobytes("Stylesheet") == 0:
        raise RuntimeError(f"{url} came without its styles")
    load.lcp_ms = page.evaluate("seen.lcp")
    use(page)
    load.inp_ms = page.evaluate("Math.max(0, ...seen.events)")
    context.close()
    return load


def listen(line: CDPSession, load: Load, address: str) -> None:
    """Note what goes over the line, by kind."""

    def answered(event: dict[str, Any]) -> None:
        load.kinds[event["requestId"]] = event["type"]
        if not event["response"]["url"].startswith((address, "data:")):
            load.strangers.add(event["response"]["url"])

    def finished(event: dict[str, Any]) -> None:
        load.bytes[event["requestId"]] = int(event["encodedDataLength"])

    line.on("Network.responseReceived", answered)
    line.on("Network.loadingFinished", finished)


def use(page: Page) -> None:
    """Press and type once in each kind of control, and let the page answer."""
    for selector, way in CONTROLS.items():
        control = page.locator(selector).first
        if control.count() == 0:
            continue
        if way == "type":
            control.click()
            page.keyboard.type("ab", delay=80)
        elif way == "focus":
            control.focus()
            page.keyboard.press("ArrowDown")
        else:
            control.click()
        page.wait_for_timeout(600)
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)


def draft_of(address: str, session: str) -> str:
    """The address of a draft that is filled in up to its summary."""
    applicant = Person(address, 1, (0, 0))
    applicant.goal = "/summary"
    applicant.browser.cookies.set("sessionid", session)
    applicant.walk()
    if applicant.page is None:
        raise RuntimeError(applicant.trouble)
    return applicant.page.url.removeprefix(address).removesuffix("/summary")


def measure(address: str, rounds: int, width: int) -> dict[str, list[Load]]:
    """Each page so many times."""
    people = [APPLICANT, AWARDED, REFUSED, EMPLOYER, BOARD]
    sessions = {"": "", **dict(zip(people, sign_in(people), strict=True))}
    draft = draft_of(address, sessions[APPLICANT])
    found: dict[str, list[Load]] = {}
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for name, where, person in pages(draft):
            found[name] = [
                visit(browser, address + where, sessions[person], width) for _ in range(rounds)
            ]
        browser.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--width", type=int, default=390)
    options = parser.parse_args()
    console = Console(width=110)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("BUDGETPOOL_VAR", folder)
        start = time.perf_counter()
        build_demo()
        console.print(f"The demo took {time.perf_counter() - start:.0f} s.")
        with gunicorn("benchmarks.front:application") as (address, _):
            found = measure(address, options.rounds, options.width)
    table = Table(title=f"{options.width} px, slow 4G, processor {SLOWER} times slower")
    table.add_column("page")
    for title, most in BUDGET.items():
        table.add_column(f"{title}\nat most {most:g}", justify="right")
    beyond = []
    for name, loads in found.items():
        middle = {
            title: statistics.median(load.figures()[title] for load in loads) for title in BUDGET
        }
        figures = [f"{n:.1f}" if "kB" in title else f"{n:.0f}" for title, n in middle.items()]
        table.add_row(name, *figures)
        beyond += [f"{name}: {title}" for title, most in BUDGET.items() if middle[title] > most]
        beyond += [f"{name}: asks {url}" for load in loads for url in load.strangers]
    console.print(table)
    console.print("Within the budget." if not beyond else "Beyond the budget:", *beyond, sep="\n")
    sys.exit(1 if beyond else 0)


if __name__ == "__main__":
    main()
