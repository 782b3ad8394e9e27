"""One solve in one process of its own, with hard limits of time and memory.

A solver that hangs, crashes or eats memory ends with its process and takes nothing else down;
a solve can be cancelled; and every solve starts from the same fresh state. The process is asked
for before there is anything to solve, so that it is ready when the arrays are. It is forked from
a host (host.py, hosting.py), gets the arrays on a pipe and answers on another (serving.py):
progress events, then the outcome.
"""

import logging
import os
import pickle
import select
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from allocation.optimiser.errors import StoppedEarly
from allocation.optimiser.model.arrays import Integers, Model
from allocation.optimiser.process import hosting, wire
from allocation.optimiser.records import Outcome

_TICK_SECONDS = 0.05
_LAST_WORDS_BYTES = 2_000

log = logging.getLogger(__name__)


class Solver:
    """A process that waits for one model; leaving the context ends it and what it started.

    >>> with Solver() as solver:
    ...     outcome = solver.solve(model, solver="highs", seconds=900, memory_bytes=2**32, ...)
    """

    def __init__(self) -> None:
        self._words = tempfile.TemporaryFile()  # noqa: SIM115  closed with the context
        self._receive, answers = os.pipe()
        model, send = os.pipe()
        self.sent = threading.Event()  # the model is on its way: there is nothing to do but wait
        self._task = open(send, "wb")  # noqa: SIM115  closed when the task is on its way
        self._leash, other = socket.socketpair()
        with other:
            hosting.fork(model, answers, self._words.fileno(), other.fileno())
        os.close(model)
        os.close(answers)
        self._pid: int | None = None
        self._exit_code: int | None = None

    @property
    def pid(self) -> int:
        """The process's number; waits until it was forked.

        Raises:
            StoppedEarly: `solver_failed`: there is no such process.
        """
        if self._pid is None:
            self._pid = self._word()
        if self._pid is None:
            words = hosting.last_words(_LAST_WORDS_BYTES)
            log.error("No solving process could be started: %s", words)
            raise StoppedEarly("solver_failed", {"last_words": words})
        return self._pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):  # the other end is closed
            self._leash.shutdown(socket.SHUT_WR)
        with suppress(StoppedEarly):
            pid = self.pid
            if self._ended() is None:  # the host is gone and could not end it
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
        self._leash.close()
        with suppress(BrokenPipeError):  # it never read what was still on the way
            self._task.close()
        self.sent.set()
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
        lots: Integers | None = None,
    ) -> Outcome:
        """Solve in that process; `lots` are draws over which to count who is served.

        Raises:
            StoppedEarly: `time_limit`, `memory_limit`, `cancelled`, `gap`, `solver_failed` or
                `unexpected_error`, with the last progress event. Of an unexpected error it tells
                type, message and traceback, of a crash what the process wrote last.
        """
        found = self._done((None, (model, solver, lots), memory_bytes, seconds), report, cancelled)
        assert isinstance(found, Outcome)
        return found

    def call(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        *,
        seconds: float,
        memory_bytes: int,
        report: Callable[[dict[str, Any]], None],
        cancelled: threading.Event | None = None,
    ) -> Any:
        """Call a function of a module in that process, with what tells of progress at the end.

        Raises:
            StoppedEarly: as `solve`.
        """
        return self._done((function, arguments, memory_bytes, seconds), report, cancelled)

    def _done(
        self,
        task: tuple[Any, ...],
        report: Callable[[dict[str, Any]], None],
        cancelled: threading.Event | None,
    ) -> Any:
        """Send a task with its limits, and wait for what comes of it."""
        deadline = time.monotonic() + task[-1]
        last: dict[str, Any] = {}
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
            for kind, content in wire.messages(buffer):
                if kind == "outcome":
                    return content
                if kind == "stopped":
                    reason, progress = content
                    raise _stopped(reason, progress, last)
                last = content
                report(content)

    def _feed(self, task: tuple[Any, ...]) -> None:
        try:
            pickle.dump(task, self._task, protocol=pickle.HIGHEST_PROTOCOL)
            self._task.close()
        except (BrokenPipeError, ValueError):
            return  # the process has ended; the reader finds out why
        finally:
            self.sent.set()

    def _died(self, last: dict[str, Any]) -> StoppedEarly:
        """The process ended without a word on the pipe: out of memory, or a crash."""
        pid, code = self.pid, self._ended()
        end = self._words.seek(0, os.SEEK_END)
        self._words.seek(max(0, end - _LAST_WORDS_BYTES))
        words = self._words.read().decode(errors="replace").strip()
        if code in (-signal.SIGKILL, -signal.SIGABRT) or "MemoryError" in words:
            return StoppedEarly("memory_limit", last)
        log.error("The solving process %s ended with code %s: %s", pid, code, words)
        return StoppedEarly("solver_failed", {**last, "exit_code": code, "last_words": words})

    def _ended(self) -> int | None:
        """Wait for the end of the process: its exit code, or None where nobody can tell."""
        if self._exit_code is None:
            self._exit_code = self._word()
        return self._exit_code

    def _word(self) -> int | None:
        """The next number on the leash, or None where it ends."""
        data = b""
        while len(data) < wire.WORD_BYTES:
            with suppress(ConnectionResetError):
                more = self._leash.recv(wire.WORD_BYTES - len(data))
            if not more:
                return None
            data += more
        return wire.number(data)


def _stopped(reason: str, progress: dict[str, Any], last: dict[str, Any]) -> StoppedEarly:
    if reason == "unexpected_error":
        log.error("The solving process failed: %s\n%s", progress["error"], progress["traceback"])
    return StoppedEarly(reason, {**last, **progress})
