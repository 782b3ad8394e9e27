"""`manage.py demo`: a whole fund with one published and one open round, to look around in."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.base import CommandParser
from django.utils import translation
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from budgetpool.demo import obstacles, report, story

OURSELVES = [sys.executable, "-m", "budgetpool"]
ADDRESS = "127.0.0.1:8000"
STEPS = {
    "migrate": "Make the database",
    "regions": "Load 35 labour-market regions and open the fund of Twente",
    "statements": "Import bank statements",
    "open": "Open round 2027-1",
    "requests": "Write 1,500 synthetic requests",
    "close": "Close the window and freeze the requests",
    "divide": "Divide by the fund's rule and verify",
    "baseline": "Divide by an old rule, to compare",
    "sign": "Propose, and sign by a second person",
    "explain": "Find what would have changed each refusal",
    "publish": "Publish decisions, book the money, queue the letters",
    "afterwards": "Pay schools, read what the bank answers, hear what goes wrong",
    "second": "Open round 2027-2",
}
TOTAL = 123
PLAIN_WIDTH = 118


class Command(BaseCommand):
    help = "Builds a demo in the database (once), shows it and serves it on this machine."
    requires_system_checks: list[str] = []  # they open the database, before we look for obstacles

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="stop after the tables")
        parser.add_argument(
            "--address", default=ADDRESS, help="where to serve (default: %(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console()
        if not console.is_terminal:
            console.width = PLAIN_WIDTH
        started = time.monotonic()
        told = story.Story(site=f"http://{options['address']}")
        try:
            obstacles.look(options["address"], serving=not options["no_serve"])
            self._build(console, told)
        except obstacles.Obstacle as obstacle:
            raise CommandError(str(obstacle)) from obstacle
        except story.OtherData as error:
            raise CommandError(
                f"The database {error} holds a fund that the demo did not make. Name an empty "
                "one, such as DATABASE_URL=sqlite:///demo.sqlite3."
            ) from error
        with translation.override("en"):
            report.show(console, told)
        seconds = time.monotonic() - started
        console.print(
            "The demo was there already." if told.was_there else f"Ready in {seconds:.0f} seconds."
        )
        console.print(f"What to look at in ten minutes, and all letters: {told.site}/demo")
        if not options["no_serve"]:
            serve(console, told.site, options["address"])

    def _build(self, console: Console, told: story.Story) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as progress:
            task = progress.add_task(STEPS["migrate"], total=TOTAL)
            call_command("migrate", verbosity=0, interactive=False)
            weight = 5
            for code, next_weight in story.build(told):
                progress.advance(task, weight)
                weight = next_weight
                progress.update(task, description=STEPS[code.partition(":")[0]])
            progress.update(task, completed=TOTAL, description="Done")


def serve(console: Console, site: str, address: str) -> None:
    """Serve the pages, with a worker beside them, until somebody ends it.

    Raises:
        CommandError: the address was taken while the demo was built; no worker was started.
    """
    try:
        obstacles.look(address, serving=True)
    except obstacles.Obstacle as obstacle:
        raise CommandError(str(obstacle)) from obstacle
    console.print(f"Serving on {site}/ (Control-C ends it).")
    settings.DEMO, settings.SITE_URL = True, site
    with _worker():
        call_command("runserver", address, use_reloader=False)


@contextmanager
def _worker() -> Iterator[None]:
    """The program that does long work, beside the server and for as long as it runs."""

    def end(*_: Any) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    found_at = os.environ | {"PYTHONPATH": str(settings.BASE_DIR)}
    with subprocess.Popen([*OURSELVES, "work"], env=found_at, **quiet) as worker:
        try:
            yield
        finally:
            worker.terminate()
