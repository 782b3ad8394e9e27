"""One solve in one process of its own, with hard limits of time and memory.

A solver that hangs, crashes or eats memory ends with its process and takes nothing else down;
a solve can be cancelled; and every solve starts from the same fresh state. The process gets the
arrays through its standard input and answers on a pipe: progress events, then the outcome.
"""

import os
import pickle
import resource
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import stages
from .core import Backend
from .errors import StoppedEarly
from .model import Model
from .stages import Outcome

ROOT = Path(__file__).resolve().parents[2]
_TICK_SECONDS = 0.05
_HEADER = 8


def solve(
    model: Model,
    *,
    solver: str,
    seconds: float,
    memory_bytes: int,
    report: Callable[[dict[str, Any]], None],
    cancelled: threading.Event | None = None,
) -> Outcome:
    """Solve in a process of its own.

    Raises:
        StoppedEarly: `time_limit`, `memory_limit`, `cancelled`, `gap` or `solver_failed`, with
            the last progress event.
    """
    receive, send = os.pipe()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
    }
    command = [sys.executable, "-c", f"from {__name__} import serve; serve({send})"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[send],
        env=environment,
        start_new_session=True,
    ) as child:
        os.close(send)
        try:
            return _watch(child, receive, (model, solver, memory_bytes), seconds, report, cancelled)
        finally:
            _end(child)
            os.close(receive)


def _watch(
    child: "subprocess.Popen[bytes]",
    receive: int,
    task: tuple[Model, str, int],
    seconds: float,
    report: Callable[[dict[str, Any]], None],
    cancelled: threading.Event | None,
) -> Outcome:
    """Hand over the task and read the answers until the outcome, a limit, or the end."""
    deadline = time.monotonic() + seconds
    last: dict[str, Any] = {}
    feeder = threading.Thread(target=_feed, args=(child, (*task, seconds)), daemon=True)
    feeder.start()
    buffer = bytearray()
    while True:
        if cancelled is not None and cancelled.is_set():
            raise StoppedEarly("cancelled", last)
        left = deadline - time.monotonic()
        if left <= 0:
            raise StoppedEarly("time_limit", last)
        if not select.select([receive], [], [], min(left, _TICK_SECONDS))[0]:
            continue
        data = os.read(receive, 1 << 20)
        if not data:
            reason = (
                "memory_limit"
                if child.wait() in (-signal.SIGKILL, -signal.SIGABRT)
                else "solver_failed"
            )
            raise StoppedEarly(reason, last)
        buffer += data
        for kind, content in _messages(buffer):
            if kind == "outcome":
                assert isinstance(content, Outcome)
                return content
            if kind == "stopped":
                raise StoppedEarly(content[0], {**last, **content[1]})
            last = content
            report(content)


def _feed(child: "subprocess.Popen[bytes]", task: tuple[Any, ...]) -> None:
    assert child.stdin is not None
    try:
        pickle.dump(task, child.stdin, protocol=pickle.HIGHEST_PROTOCOL)
        child.stdin.close()
    except (BrokenPipeError, ValueError):
        return  # the process has ended; the reader finds out why


def _messages(buffer: bytearray) -> list[tuple[str, Any]]:
    """Take every complete message out of the buffer."""
    found = []
    while len(buffer) >= _HEADER:
        length = int.from_bytes(buffer[:_HEADER], "big")
        if len(buffer) < _HEADER + length:
            break
        found.append(pickle.loads(bytes(buffer[_HEADER : _HEADER + length])))  # noqa: S301
        del buffer[: _HEADER + length]
    return found


def _end(child: "subprocess.Popen[bytes]") -> None:
    """End the process and whatever solver it started."""
    if child.poll() is None:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        child.wait()


def serve(send: int) -> None:
    """The other side: read the task, solve, answer."""
    model, solver, memory_bytes, seconds = pickle.load(sys.stdin.buffer)  # noqa: S301
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))

    def answer(kind: str, content: Any) -> None:
        message = pickle.dumps((kind, content), protocol=pickle.HIGHEST_PROTOCOL)
        data = len(message).to_bytes(_HEADER, "big") + message
        while data:
            data = data[os.write(send, data) :]

    try:
        outcome = stages.solve(
            model, Backend(solver, seconds), lambda event: answer("progress", event)
        )
    except StoppedEarly as stop:
        answer("stopped", (stop.reason, stop.progress))
    except MemoryError:
        answer("stopped", ("memory_limit", {}))
    else:
        answer("outcome", outcome)
