"""The solving process: what goes wrong in it is told, never swallowed."""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from allocation.optimiser import StoppedEarly
from allocation.optimiser.inputs.problem import check
from allocation.optimiser.model import build
from allocation.optimiser.process import hosting
from allocation.optimiser.process.client import Solver
from tests.optimiser import rounds

LIMITS = {"solver": "highs", "seconds": 60.0, "memory_bytes": 2**32, "report": lambda event: None}


@pytest.fixture
def model():
    return build.build(check(rounds.random_round(70, workers=30)))[0]


def test_an_unexpected_error_is_told_with_type_message_and_traceback(model, caplog):
    broken = replace(model, limit_rows=None)
    with (
        caplog.at_level(logging.ERROR),
        Solver() as process,
        pytest.raises(StoppedEarly, match="unexpected_error") as stop,
    ):
        process.solve(broken, **LIMITS)
    error, trace = (str(stop.value.progress[key]) for key in ("error", "traceback"))
    assert error.partition(":")[0] in ("AttributeError", "TypeError", "ValueError")
    assert "formulation.py" in trace
    assert error in caplog.text


def test_a_crash_is_told_with_its_exit_code(model, caplog):
    with caplog.at_level(logging.ERROR), Solver() as process:
        os.kill(process.pid, signal.SIGSEGV)
        with pytest.raises(StoppedEarly, match="solver_failed") as stop:
            process.solve(model, **LIMITS)
    assert stop.value.progress["exit_code"] == -signal.SIGSEGV
    assert str(-signal.SIGSEGV) in caplog.text


def test_nobody_waits_for_a_model_that_is_never_read(model):
    large = replace(model, place=np.zeros(200_000, dtype=np.int64))  # more than a pipe holds
    with Solver() as process:
        os.kill(process.pid, signal.SIGSTOP)
        with pytest.raises(StoppedEarly, match="time_limit"):
            process.solve(large, **{**LIMITS, "seconds": 0.2})
        assert not process.sent.is_set()
    assert process.sent.wait(20)


def test_leaving_the_context_ends_the_process():
    with Solver() as process:
        pid = process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def state_of(pid: int) -> list[str]:
    """State, parent, … of a process; a process that is gone counts as dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["X"]


def wait_for_the_end_of(*pids: int) -> None:
    until = time.monotonic() + 20
    for pid in pids:
        while state_of(pid)[0] not in "XZ":
            assert time.monotonic() < until, f"process {pid} outlived its program"
            time.sleep(0.02)


def test_the_process_leads_a_group():
    """What it starts, such as CBC, belongs to that group and ends with it."""
    with Solver() as process:
        until = time.monotonic() + 20
        while os.getpgid(process.pid) != process.pid:
            assert time.monotonic() < until
            time.sleep(0.01)


def test_solves_of_several_threads_at_once_are_apart(model):
    def solve(_) -> list[int]:
        with Solver() as process:
            return process.solve(model, **LIMITS).x.tolist()

    with ThreadPoolExecutor(3) as threads:
        first, *others = threads.map(solve, range(6))
    assert all(other == first for other in others)


def test_after_the_host_died_the_next_solve_starts_another(model):
    with Solver() as process:
        host = int(state_of(process.pid)[1])  # while it waits; afterwards it may be gone
        expected = process.solve(model, **LIMITS).x.tolist()
        os.kill(host, signal.SIGKILL)
    wait_for_the_end_of(process.pid, host)
    with Solver() as process:
        assert process.solve(model, **LIMITS).x.tolist() == expected


def test_the_host_and_its_children_end_with_the_program_even_when_that_is_killed():
    code = (
        "from allocation.optimiser.process.client import Solver\n"
        "import time\n"
        "solver = Solver()\n"
        "print(solver.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        pid = int(program.stdout.readline())
        host = int(state_of(pid)[1])
        program.kill()
    wait_for_the_end_of(pid, host)


def test_a_host_takes_no_modules_from_the_folder_that_a_program_runs_in(monkeypatch, tmp_path):
    (tmp_path / "allocation").mkdir()
    (tmp_path / "allocation" / "__init__.py").write_text("raise ImportError('not this one')")
    monkeypatch.setattr(hosting, "_running", None)
    monkeypatch.chdir(tmp_path)
    with Solver() as process:
        assert process.pid
    hosting.end()


def test_a_host_that_cannot_start_is_told_with_what_it_said(monkeypatch, caplog):
    monkeypatch.setattr(hosting, "_running", None)
    monkeypatch.setattr(hosting, "_ENVIRONMENT", {"PYTHONPATH": "/nowhere"})
    monkeypatch.chdir("/")
    with (
        caplog.at_level(logging.ERROR),
        Solver() as process,
        pytest.raises(StoppedEarly, match="solver_failed") as stop,
    ):
        assert process.pid
    assert "ModuleNotFoundError" in str(stop.value.progress["last_words"])
    hosting.end()


def test_the_host_starts_without_what_a_solve_does_not_need():
    """Each of them would double the time that the first solve of a program waits."""
    heavy = ("pandas", "scipy.optimize", "ortools", "django", "pydantic", "cpsat_logutils")
    control, other = socket.socketpair()
    with control, other:
        control.shutdown(socket.SHUT_RDWR)  # so that the host ends at once
        code = hosting.CODE.format(package=hosting.__package__, control=other.fileno())
        code += f"print([name for name in {heavy} if sys.modules.get(name)], 'pulp' in sys.modules)"
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, pass_fds=[other.fileno()]
        )
    assert done.stdout.strip() == "[] True"


def test_a_program_that_asks_for_solves_loads_no_solver_itself():
    code = "import sys\nimport allocation.optimiser.division\n"
    code += "print({'pulp', 'highspy'}.isdisjoint(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
