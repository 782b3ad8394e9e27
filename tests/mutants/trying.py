"""One change, the tests that touch it, and whether one of them fails."""

import contextlib
import importlib
import math
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.mutants.changes import Mutation, RefusalTakenOut
from tests.mutants.touching import Touched

ROOT = Path(__file__).resolve().parents[2]
# Loaded once, for all that follow.
for library in ("django.db.models", "django.forms", "django.test", "hypothesis", "pandas", "pulp"):
    importlib.import_module(library)
# A change may let a loop run for ever; that is noticed, too.
LEAST_SECONDS, TIMES_AS_LONG = 120, 10


def noticed(change: Mutation | RefusalTakenOut, touched: Touched) -> bool:
    """Run what touches the place of the change until one test fails; print what none notices."""
    tests = touched.by(change.path, change.line)
    place = f"{change.path}:{change.line}"
    if not tests:
        print(f"  missed  {place} {change.name}: no test runs this line", flush=True)
        return False
    most = LEAST_SECONDS + TIMES_AS_LONG * sum(touched.seconds[test] for test in tests)
    with change.made() as (before, after):
        code = run(tests, most)
    if code == pytest.ExitCode.OK:
        print(f"  missed  {place} {change.name}, {len(tests)} tests", flush=True)
        for old, new in zip(before.splitlines(), after.splitlines(), strict=False):
            if old != new:
                print(f"    - {old.strip()}\n    + {new.strip()}", flush=True)
                break
        return False
    if code in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED):
        sys.exit(f"{place}: no test was found, so that nothing was learnt: {tests[:3]}")
    return True


def run(tests: list[str], most: float) -> int:
    """The exit code of these tests in a process of their own; it starts where this one is, so that
    pytest and its parts need not be loaded anew for each change."""
    child = os.fork()
    if child == 0:
        os.setsid()
        os._exit(in_child(tests))
    end = time.monotonic() + most
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return int(pytest.ExitCode.TESTS_FAILED)


def in_child(tests: list[str]) -> int:
    """Here, in the copy, nothing of the project was loaded yet, save this very program."""
    sys.dont_write_bytecode = True
    sys.path[:] = [str(Path.cwd()), *(path for path in sys.path if path not in ("", str(ROOT)))]
    for name in [name for name in sys.modules if name.split(".")[0] == "tests"]:
        del sys.modules[name]
    with (
        tempfile.TemporaryFile("w") as said,
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        try:
            return int(pytest.main(["-n0", "-x", "-q", *tests]))
        except BaseException:  # a change that breaks the loading of a plugin is noticed as well
            return int(pytest.ExitCode.TESTS_FAILED)


def interval(hits: int, of: int) -> tuple[float, float]:
    """The share's interval of 95 % (Wilson 1927): it stays within 0 and 1 for small numbers."""
    z, share = 1.959964, hits / of
    middle = share + z * z / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    below = 1 + z * z / of
    return (middle - half) / below, (middle + half) / below
