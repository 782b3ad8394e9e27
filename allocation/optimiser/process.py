"""One solve in one process of its own, with hard limits of time and memory.

A solver that hangs, crashes or eats memory ends with its process and takes nothing else down;
a solve can be cancelled; and every solve starts from the same fresh state. The process is started
before there is anything to solve, so that it is ready when the arrays are. It gets them through
its standard input and answers on a pipe (serving.py): progress events, then the outcome.
"""

import logging
import os
import pickle
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .errors import StoppedEarly
from .model import Model
from .serving import HEADER_BYTES
from .stages import Outcome

ROOT = Path(__file__).resolve().parents[2]
_TICK_SECONDS = 0.05
_LAST_WORDS_BYTES = 2_000

log = logging.getLogger(__name__)


class Solver:
    """A process that waits for one model; leaving the context ends it and what it started.

    >>> with Solver() as solver:
    ...     outcome = solver.solve(model, solver="highs", seconds=900, memory_bytes=2**32, ...)
    """

    def __init__(self) -> None:
        self._receive, send = os.pipe()
        self._words = tempfile.TemporaryFile()  # noqa: SIM115  closed with the context
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONHASHSEED": "0",
        }
        code = f"from {__package__}.serving import serve; serve({send})"
        self._child = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._words,
            pass_fds=[send],
            env=environment,
            start_new_session=True,
        )
        os.close(send)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._child.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._child.poll() is None:
            with suppress(ProcessLookupError):  # it has ended in the meantime
                os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
        if self._child.stdin is not None:
            with suppress(BrokenPipeError):  # it never read what was still on the way
                self._child.stdin.close()
        os.close(self._receive)
        self._words.close()

    def solve(
        self,
        model: Model,
        *,
        solver: str,
        seconds: float,
        memory_bytes: int,
        report: Callable[[dict[str, Any]], None],
        cancelled: threading.Event | None = None,
    ) -> Outcome:
        """Solve in that process.

        Raises:
            StoppedEarly: `time_limit`, `memory_limit`, `cancelled`, `gap`, `solver_failed` or
                `unexpected_error`, with the last progress event. Of an unexpected error it tells
                type, message and traceback, of a crash what the process wrote last.
        """
        deadline = time.monotonic() + seconds
        last: dict[str, Any] = {}
        task = (model, solver, memory_bytes, seconds)
        threading.Thread(target=self._feed, args=(task,), daemon=True).start()
        buffer = bytearray()
        while True:
            if cancelled is not None and cancelled.is_set():
                raise StoppedEarly("cancelled", last)
            left = deadline - time.monotonic()
            if left <= 0:
                raise StoppedEarly("time_limit", last)
            if not select.select([self._receive], [], [], min(left, _TICK_SECONDS))[0]:
                continue
            data = os.read(self._receive, 1 << 20)
            if not data:
                raise self._died(last)
            buffer += data
            for kind, content in _messages(buffer):
                if kind == "outcome":
                    assert isinstance(content, Outcome)
                    return content
                if kind == "stopped":
                    reason, progress = content
                    raise _stopped(reason, progress, last)
                last = content
                report(content)

    def _feed(self, task: tuple[Any, ...]) -> None:
        assert self._child.stdin is not None
        try:
            pickle.dump(task, self._child.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            self._child.stdin.close()
        except (BrokenPipeError, ValueError):
            return  # the process has ended; the reader finds out why

    def _died(self, last: dict[str, Any]) -> StoppedEarly:
        """The process ended without a word on the pipe: out of memory, or a crash."""
        code = self._child.wait()
        end = self._words.seek(0, os.SEEK_END)
        self._words.seek(max(0, end - _LAST_WORDS_BYTES))
        words = self._words.read().decode(errors="replace").strip()
        if code in (-signal.SIGKILL, -signal.SIGABRT) or "MemoryError" in words:
            return StoppedEarly("memory_limit", last)
        log.error("The solving process ended with code %s: %s", code, words)
        return StoppedEarly("solver_failed", {**last, "exit_code": code, "last_words": words})


def _stopped(reason: str, progress: dict[str, Any], last: dict[str, Any]) -> StoppedEarly:
    if reason == "unexpected_error":
        log.error("The solving process failed: %s\n%s", progress["error"], progress["traceback"])
    return StoppedEarly(reason, {**last, **progress})


def _messages(buffer: bytearray) -> list[tuple[str, Any]]:
    """Take every complete message out of the buffer."""
    found = []
    while len(buffer) >= HEADER_BYTES:
        end = HEADER_BYTES + int.from_bytes(buffer[:HEADER_BYTES], "big")
        if len(buffer) < end:
            break
        found.append(pickle.loads(bytes(buffer[HEADER_BYTES:end])))  # noqa: S301
        del buffer[:end]
    return found
