"""All seeds of a plan, in several processes: what comes out depends on the plan alone."""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

from allocation.laboratory.plan import Plan
from allocation.optimiser.errors import StoppedEarly

ROOT: Final = Path(__file__).resolve().parents[2]
# One thread each, and the same order of sets everywhere: the same figures on any machine.
_ENVIRONMENT: Final = {
    "PYTHONPATH": str(ROOT),
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
_LOOK_SECONDS: Final = 0.5
_LAST_WORDS: Final = 2_000

Found = dict[str, list[dict[str, Any]]]


def simulate(
    plan: Plan,
    *,
    processes: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: threading.Event | None = None,
) -> Found:
    """Simulate every seed.

    Args:
        processes: how many at once; as many as there are cores when left out.
        progress: called with the divisions so far, and how many there will be.

    Returns:
        rows of three tables, `rounds`, `waits` and `runs`, in the order of the plan's seeds.

    Raises:
        StoppedEarly: `cancelled`, or `solver_failed` with what a process said last.
    """
    wanted: queue.SimpleQueue[int] = queue.SimpleQueue()
    for seed in plan.seeds:
        wanted.put(seed)
    many = min(len(plan.seeds), processes or os.cpu_count() or 1)
    heard: queue.Queue[dict[str, Any]] = queue.Queue()
    found: dict[int, Found] = {}
    done, total = 0, plan.divisions_total
    children = [_Child(plan, wanted, heard) for _ in range(many)]
    try:
        while len(found) < len(plan.seeds):
            if cancelled is not None and cancelled.is_set():
                raise StoppedEarly("cancelled")
            with suppress(queue.Empty):
                words = heard.get(timeout=_LOOK_SECONDS)
                if "step" in words:
                    done += 1
                    progress(done, total)
                elif "found" in words:
                    found[words["seed"]] = words["found"]
                else:
                    raise StoppedEarly("solver_failed", words)
    finally:
        for child in children:
            child.end()
    tables = ("rounds", "waits", "runs")
    return {name: [row for seed in plan.seeds for row in found[seed][name]] for name in tables}


class _Child:
    """One process, and the thread that gives it seeds and hears what it says."""

    def __init__(
        self, plan: Plan, wanted: "queue.SimpleQueue[int]", heard: "queue.Queue[dict[str, Any]]"
    ) -> None:
        self.wanted, self.heard, self.ended = wanted, heard, False
        self.words: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed in `end`
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "allocation.laboratory"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.words,
            env={**os.environ, **_ENVIRONMENT},
            text=True,
        )
        self.thread = threading.Thread(target=self._work, args=(plan,), daemon=True)
        self.thread.start()

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.ended = True
        self.process.kill()
        self.process.wait()
        self.thread.join()
        for stream in (self.process.stdin, self.process.stdout, self.words):
            with suppress(BrokenPipeError):
                stream.close()  # type: ignore[union-attr]

    def _work(self, plan: Plan) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self._say(plan.to_json())
            while True:
                self._say(str(self.wanted.get_nowait()))
                for line in self.process.stdout:
                    words = json.loads(line)
                    self.heard.put(words)
                    if "found" in words:
                        break
                else:
                    raise BrokenPipeError
        except queue.Empty:
            return
        except (OSError, ValueError):
            if not self.ended:
                self.heard.put({"last_words": self._last_words()})

    def _say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def _last_words(self) -> str:
        end = self.words.seek(0, os.SEEK_END)
        self.words.seek(max(0, end - _LAST_WORDS))
        return self.words.read().decode(errors="replace").strip()
