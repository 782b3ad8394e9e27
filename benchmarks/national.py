"""A national round: so many regions divided, verified and recorded by so many workers.

    DATABASE_URL=postgres://… python benchmarks/national.py [--regions 35] [--people 6000]
        [--workers 1 2 4]

Makes the rounds in that database (an empty one, which is kept), closes and draws them, and divides
all of them once in one process without verifying or recording: the sum of the bare solves. Then
`run_national` divides them for each number of workers on the distributed engine. Processor seconds
are those of the workers and their solvers; those of PostgreSQL are told beside them. The last
table is a model: the measured work, given to more machines by a simulation.
"""

import argparse
import heapq
import json
import os
import resource
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from load import postgres_pid, processor_seconds
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
MAKE = "from benchmarks.national_rounds import make; make(regions=REGIONS, people=PEOPLE)"
BARE = """
import json
from allocation.models import Round
from allocation.rounds import national, scenarios
for round in national.ready(["2027-1"]):
    problem = scenarios.problem_of(round, {}, [])
    scenarios.divide(problem, "optimiser")
"""
SPANS = """
import json
from budgetpool.jobs.models import Job
rows = Job.objects.filter(key__endswith=":scenarios", state="done").order_by("-pk")[:REGIONS]
print(json.dumps([(row.finished_at - row.started_at).total_seconds() for row in rows]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regions", type=int, default=35)
    parser.add_argument("--people", type=int, default=6000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--kept", action="store_true", help="the rounds are there already")
    options = parser.parse_args()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        parser.error("set DATABASE_URL to an empty PostgreSQL database")
    os.environ |= {"BUDGETPOOL_ENGINE": "procrastinate", "DEBUG": "0", "PYTHONPATH": str(ROOT)}
    console = Console()
    manage("migrate", "--skip-checks", "-v0")
    if not options.kept:
        console.print("Making the rounds …")
        size = {"REGIONS": options.regions, "PEOPLE": options.people}
        code = MAKE
        for word, number in size.items():
            code = code.replace(word, str(number))
        shell(code)
    bare = processor_of(lambda: shell(BARE))
    empty = processor_of(lambda: shell("pass"))
    bare_seconds = bare[0] - empty[0]

    table = Table(title=f"{options.regions} regions × {options.people} requests")
    for heading in ("", "seconds", "CPU seconds", "÷ bare", "PostgreSQL CPU", "MiB"):
        table.add_column(heading, justify="left" if not heading else "right")
    table.add_row("bare solves", f"{bare[1]:.0f}", f"{bare_seconds:.1f}", "1.0", "", "")
    spans: list[float] = []
    for number in options.workers:
        database = postgres_pid()
        before = processor_seconds(database) if database else 0.0
        name = f"by {number}"
        memory = Memory()
        used, lasted = processor_of(lambda n=number, t=name, m=memory: divide(n, t, m))
        after = processor_seconds(database) if database else 0.0
        table.add_row(
            f"{number} workers",
            f"{lasted:.0f}",
            f"{used:.1f}",
            f"{used / bare_seconds:.2f}",
            f"{after - before:.1f}",
            f"{memory.most / 2**20:.0f}",
        )
        spans = spans or json.loads(shell(SPANS.replace("REGIONS", str(options.regions))))
    console.print(table)

    start = empty[0]
    model = Table(title="The model: the spans of one worker, on machines with a core for each")
    for heading in ("workers", "seconds", "times quicker"):
        model.add_column(heading, justify="right")
    alone = simulated(spans, 1, start)
    for number in (1, 2, 4, 8, 16, 35, 64):
        lasts = simulated(spans, number, start)
        model.add_row(str(number), f"{lasts:.0f}", f"{alone / lasts:.1f}")
    console.print(model)


def divide(workers: int, name: str, memory: "Memory") -> None:
    """Ask for all rounds under a name of their own, and let so many workers do it."""
    command = [sys.executable, "manage.py", "run_national", "2027-1", "--json", "--name", name]
    working = [
        subprocess.Popen([sys.executable, "manage.py", "work"], cwd=ROOT) for _ in range(workers)
    ]
    memory.watch([one.pid for one in working])
    try:
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        print(done.stdout.strip())
    finally:
        memory.ended.set()
        for one in working:
            one.terminate()
        for one in working:
            one.wait()


def simulated(spans: list[float], workers: int, start: float) -> float:
    """When the last round is done, if each worker takes the next that waits.

    >>> simulated([4, 3, 2, 1], 2, 0)
    5
    """
    free_at = [start] * workers
    heapq.heapify(free_at)
    for span in spans:
        heapq.heappush(free_at, heapq.heappop(free_at) + span)
    return max(free_at)


class Memory:
    """The most memory that these processes and all below them held at once, shared parts once."""

    def __init__(self) -> None:
        self.most, self.ended = 0, threading.Event()

    def watch(self, pids: list[int]) -> None:
        threading.Thread(target=self._watch, args=[pids], daemon=True).start()

    def _watch(self, pids: list[int]) -> None:
        while not self.ended.wait(1):
            self.most = max(self.most, sum(map(_pss, _below(set(pids)))))


def _below(pids: set[int]) -> set[int]:
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(folder.name)] = int(
                (folder / "stat").read_text().rpartition(")")[2].split()[1]
            )
    found = 0
    while len(pids) != found:
        found = len(pids)
        pids |= {pid for pid, parent in parents.items() if parent in pids}
    return pids


def _pss(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def processor_of(work) -> tuple[float, float]:
    """Processor seconds of all processes that the work started and waited for; and of the clock."""
    begun, at = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime
    return used, time.monotonic() - at


def manage(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def shell(code: str) -> str:
    return manage("shell", "-v0", "-c", code).strip()


if __name__ == "__main__":
    main()
