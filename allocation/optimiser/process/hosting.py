"""The program's side of the host (host.py): started once, when the first solve asks for it."""

import atexit
import os
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[3]
_ENVIRONMENT = {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
# PuLP imports every solver's package that it finds. OR-Tools, which is there for the benchmarks
# only, brings pandas and doubles the start; a module that is None counts as not installed.
# Nothing that is imported becomes garbage, so that nobody need look for it before the end.
CODE = """\
import gc, sys
gc.disable()
sys.modules["ortools"] = None
from allocation.optimiser import later
later.put_off(*later.UNUSED)
from {package}.host import host
host({control})
"""


class _Host:
    """A running host and the socket that it listens to."""

    def __init__(self) -> None:
        self.words: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed in `close`
        self.control, other = socket.socketpair()
        with other:
            code = CODE.format(package=__package__, control=other.fileno())
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", code],  # -P: modules of the folder we are in stay out
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.words,
                pass_fds=[other.fileno()],
                env={**os.environ, **_ENVIRONMENT},
                start_new_session=True,
            )

    def close(self) -> None:
        """Let go of it; it ends with its children when its socket closes."""
        self.control.close()
        self.process.wait()
        self.words.close()


_lock = threading.Lock()
_running: _Host | None = None


def fork(*descriptors: int) -> None:
    """Ask the host for a solving process that gets these descriptors, in the order of host.py."""
    global _running
    with _lock:
        for _ in range(2):
            if _running is None or _running.process.poll() is not None:
                end()
                _running = _Host()
            with suppress(BrokenPipeError, ConnectionResetError):  # it ended in this moment
                socket.send_fds(_running.control, [b"f"], list(descriptors))
                return


def last_words(limit: int) -> str:
    """The end of what the host itself wrote on its standard error, at most `limit` bytes."""
    with _lock:
        if _running is None:
            return ""
        end = _running.words.seek(0, os.SEEK_END)
        _running.words.seek(max(0, end - limit))
        return _running.words.read().decode(errors="replace").strip()


def end() -> None:
    """End the host and what it runs; the next solve starts another."""
    global _running
    if _running is not None:
        _running.close()
        _running = None


def _forget() -> None:
    """In a forked program: the host belongs to the parent."""
    global _lock, _running
    _lock = threading.Lock()
    if _running is not None:
        _running.control.close()
        _running.words.close()
        _running.process.returncode = 0  # it is no child of this process
        _running = None


atexit.register(end)
os.register_at_fork(after_in_child=_forget)
