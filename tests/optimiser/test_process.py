"""The solving process: what goes wrong in it is told, never swallowed."""

import logging
import os
import signal
from dataclasses import replace

import pytest

from allocation.optimiser import StoppedEarly, building
from allocation.optimiser.problem import check
from allocation.optimiser.process import Solver
from tests.optimiser import rounds

LIMITS = {"solver": "highs", "seconds": 60.0, "memory_bytes": 2**32, "report": lambda event: None}


@pytest.fixture
def model():
    return building.build(check(rounds.random_round(70, workers=30)))[0]


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


def test_leaving_the_context_ends_the_process():
    with Solver() as process:
        pid = process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
