"""Whether the pages of a round cost more when the round is larger.

    python benchmarks/round_pages.py [--sizes 1500 6000 20000] [--folder FOLDER]

Builds the demo with a round of so many requests, its money growing along, each in a process and
an SQLite database of its own (so that the database's work counts too), and asks each page as often
as `TIMES` says, in that process. Milliseconds are the middle of the processor's, and × bare is
that divided by a page of one template and no database, asked in turn with it. Queries, and rows
and characters that the database handed over, are counted in one more visit. A folder keeps the
databases for the next time.

Ends with 1 when a page asks other queries for another size, costs more than 1.5 times what it did
for the smallest round, or when one request's page takes more than 50 ms.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from reading import Reading
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
TIMES = 9
GROWTH = 1.5
REQUEST_MS = 50.0
OF_THE_DEMO = 1_500
NOTHING = "request_id,points,amount_cents,ceiling_cents\n"
ROUND = "/board/twente/rounds/2027-1"


def build(size: int) -> None:
    """The demo in the database that DATABASE_URL names, its first round with so many requests.

    What would have changed each refusal is not looked for: it takes longest, and a page reads it
    with the line that it belongs to.
    """
    import django

    django.setup()
    from django.core.management import call_command
    from djmoney.money import Money

    from allocation.models import Explanation, Round
    from budgetpool.demo import story
    from budgetpool.fund import ledger
    from budgetpool.fund.models import Account

    call_command("migrate", verbosity=0, interactive=False)
    times = max(1, size // OF_THE_DEMO)
    story.REQUESTS = size  # type: ignore[misc]
    story.CEILING = Money(500_000 * times, "EUR")  # type: ignore[misc]
    told = story.Story(site="http://127.0.0.1:8000")
    for step, _ in story.build(told):
        print(step, f"{time.process_time():.0f} s", file=sys.stderr, flush=True)
        if step == "afterwards":
            return
        if step == "explain":
            proposal = Round.objects.get(code=story.FIRST).proposal
            found = {"changes_csv": NOTHING, "refused": 0, "told": 0}
            Explanation.objects.get_or_create(scenario=proposal, defaults=found)
        if step == "open" and told.fund is not None and times > 1:
            bank = Account.objects.get(fund=told.fund, kind=Account.Kind.BANK, code="bank")
            pool = Account.objects.get(fund=told.fund, kind=Account.Kind.POOL, code="pool")
            ledger.post(
                debit=bank,
                credit=pool,
                amount=50_000_000 * times,
                reference="benchmark",
                memo="deposit",
            )


def measure() -> dict[str, dict[str, float]]:
    """Each page of the round that the database holds."""
    import django
    from django.conf import settings

    # Names of files stand for themselves: no page is looked at here.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.ALLOWED_HOSTS = ["testserver"]
    django.setup()
    from django.db import connection
    from django.http import HttpRequest, HttpResponse
    from django.template import engines
    from django.test import Client, override_settings

    from allocation.models import Round
    from budgetpool.demo import cast

    words = engines["django"].from_string("<h1>{{ title }}</h1><p>{{ words }}</p>")

    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse(words.render({"title": "A page", "words": "of a few words"}, request))

    round = Round.objects.get(code="2027-1", fund__region__slug="twente")
    ours = list(
        round.scenarios.filter(rule="optimiser").order_by("pk").values_list("pk", flat=True)
    )
    refused = round.decisions.filter(awarded=False).values_list("request_id", flat=True).first()
    pages = {
        "round": ROUND,
        "list": f"{ROUND}/requests",
        "list, filtered": f"{ROUND}/requests?outcome=refused&page=3",
        "list, searched": f"{ROUND}/requests?words=R-12",
        "request": f"{ROUND}/requests/{refused}",
        "difference": f"{ROUND}/difference?before={ours[0]}&after={ours[1]}",
        "public page": "/regions/twente/rounds/2027-1",
        "board's home": "/board/twente",
    }
    client, visitor = Client(), Client()
    client.force_login(cast.account(cast.BOARD))
    found: dict[str, dict[str, float]] = {}
    for name, where in pages.items():
        asks = visitor if name == "public page" else client
        own: list[float] = []
        yardstick: list[float] = []
        for place in range(TIMES + 1):
            start = time.process_time()
            answer = asks.get(where, secure=True)
            took = time.process_time() - start
            assert answer.status_code == 200, (where, answer.status_code)
            with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
                globals()["urlpatterns"] = [path_of(bare)]
                visitor.get("/", secure=True) if place == 0 else None
                start = time.process_time()
                for _ in range(10):
                    visitor.get("/", secure=True)
                bare_took = (time.process_time() - start) / 10
            if place:
                own.append(took)
                yardstick.append(bare_took)
        with Reading(connection) as read:
            asks.get(where, secure=True)
        found[name] = {
            "ms": 1_000 * statistics.median(own),
            "bare": statistics.median(own) / statistics.median(yardstick),
            "queries": read.queries,
            "rows": read.rows,
            "characters": read.characters,
        }
    return found


def path_of(view: Any) -> Any:
    from django.urls import path

    return path("", view)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_500, 6_000, 20_000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--of", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.of:
        if not (Path(os.environ["BUDGETPOOL_VAR"]) / "built").exists():
            build(options.of)
            (Path(os.environ["BUDGETPOOL_VAR"]) / "built").touch()
        print(json.dumps(measure()))
        return
    with tempfile.TemporaryDirectory() as spare:
        folder = options.folder or Path(spare)
        found = {size: _in_own_process(size, folder / str(size)) for size in options.sizes}
    sys.exit(1 if show(found) else 0)


def _in_own_process(size: int, folder: Path) -> dict[str, dict[str, float]]:
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "DEBUG": "0",
        "DEMO": "1",
        "BUDGETPOOL_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/round.sqlite3",
        "DJANGO_SETTINGS_MODULE": "budgetpool.settings",
        "PYTHONPATH": f"{ROOT}",
    }
    done = subprocess.run(
        [sys.executable, __file__, "--of", str(size)],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    result: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return result


def show(found: dict[int, dict[str, dict[str, float]]]) -> list[str]:
    """Print the table; gives what is beyond the bars."""
    console = Console(width=118)
    table = Table(title="A page of a round, in processor milliseconds and as often a bare page")
    table.add_column("page")
    for size in found:
        table.add_column(f"{size:,}\nms · × bare", justify="right")
        table.add_column("queries\nrows · kB", justify="right")
    beyond = []
    first = next(iter(found.values()))
    for name, smallest in first.items():
        cells = []
        for size, pages in found.items():
            row = pages[name]
            cells.append(f"{row['ms']:.0f} · {row['bare']:.0f}")
            cells.append(
                f"{row['queries']:.0f}\n{row['rows']:.0f} · {row['characters'] / 1_000:.0f}"
            )
            if row["queries"] != smallest["queries"]:
                beyond.append(f"{name}: other queries at {size:,}")
            if row["bare"] > GROWTH * smallest["bare"]:
                beyond.append(f"{name}: grows at {size:,}")
            if name == "request" and row["ms"] > REQUEST_MS:
                beyond.append(f"{name}: {row['ms']:.0f} ms at {size:,}")
        table.add_row(name, *cells)
    console.print(table)
    console.print("Nothing grows." if not beyond else "Beyond the bars:", *beyond, sep="\n")
    return beyond


if __name__ == "__main__":
    main()
