"""The one door: from a problem to an allocation, or to the reason why there is none."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from . import building, explain, files, lots, summary
from .certificate import FORMAT
from .errors import StoppedEarly
from .model import Book, Integers, Model
from .problem import Problem, check
from .process import Solver
from .records import Outcome
from .result import Allocation, no_decisions

Progress = Callable[[dict[str, Any]], None]

SECONDS = 900.0
MEMORY_BYTES = 4 * 1024**3
# What each solver is called, and the package that brings it.
SOLVERS = {"highs": ("HiGHS", "highspy"), "cbc": ("CBC", "cbcbox")}


def allocate(
    problem: Problem,
    *,
    progress: Progress | None = None,
    seconds: float = SECONDS,
    memory_bytes: int = MEMORY_BYTES,
    solver: str = "highs",
    cancelled: threading.Event | None = None,
) -> Allocation:
    """Divide a round's money: floors, coverage, value, people, lots, in that order.

    Args:
        progress: called with {"stage", "value", "bound", "gap", "seconds"} while it computes.
        seconds, memory_bytes: hard limits of the process that solves.
        solver: `highs` or `cbc`; both give the same value.
        cancelled: set it from another thread to stop.

    Returns:
        an allocation that is `proven`, or `stopped_early` without decisions.

    Raises:
        InvalidInput: the input is refused, with file, row and remedy.
    """
    assert solver in SOLVERS
    started = time.monotonic()
    with ThreadPoolExecutor(1) as aside:
        try:
            with Solver() as process:
                problem = check(problem)
                arrays, book = building.build(problem)
                hashes = aside.submit(_hashes, problem, solver, process.sent)
                outcome = process.solve(
                    arrays,
                    solver=solver,
                    seconds=seconds - (time.monotonic() - started),
                    memory_bytes=memory_bytes,
                    report=progress or (lambda event: None),
                    cancelled=cancelled,
                )
        except StoppedEarly as stop:
            return Allocation(
                outcome="stopped_early",
                rule="optimiser",
                decisions=no_decisions(),
                reason=stop.reason,
                progress=stop.progress,
                seconds=time.monotonic() - started,
                **hashes.result(),
            )
    allocation = _decided(problem, arrays, book, outcome, hashes.result())
    return replace(allocation, seconds=time.monotonic() - started)


def _hashes(problem: Problem, solver: str, sent: threading.Event) -> dict[str, Any]:
    """What a result says of its origin: the hash of each input, and the solver.

    It waits until the model is sent, which it would slow down, and is done before that is solved.
    """
    sent.wait()
    return {
        "snapshot_sha256": files.snapshot_sha256(problem),
        "policy_sha256": problem.policy.sha256(),
        "solver": _named(solver),
    }


def _named(solver: str) -> str:
    name, package = SOLVERS[solver]
    return f"PuLP {version('pulp')}, {name} {version(package)}"


def _decided(
    problem: Problem, arrays: Model, book: Book, outcome: Outcome, hashes: dict[str, Any]
) -> Allocation:
    """Deal the awards inside the classes by lot, and write everything down."""
    option, place = lots.deal(
        awards=outcome.x,
        class_of_option=arrays.option_class,
        class_size=arrays.size,
        class_start=book.start,
    )
    row = book.rows[book.first_row[book.members[place]] + book.option_slot[option]]
    cents = np.zeros(len(problem.requests), dtype=np.int64)
    cents[row] = arrays.amount[option]
    cents[book.given] = problem.requests["amount_cents"].to_numpy()[book.given]
    taken = np.full(len(problem.requests), -1, dtype=np.int64)
    taken[row] = option
    figures = summary.figures(problem, cents)
    figures["value"] = arrays.base_value + int((arrays.value * outcome.x).sum())
    for group, target in outcome.targets.items():
        figures["coverage"][group.removeprefix("coverage:")]["target"] = target
    for floor in figures["floors"]:
        floor["cause"] = outcome.causes[f"{floor['kind']}:{floor['name']}"]
    value = next(record for record in outcome.records if record.name == "value")
    reasons, params = explain.reasons(problem, arrays, book, outcome, cents, taken)
    return Allocation(
        outcome="proven",
        rule="optimiser",
        decisions=pd.DataFrame(
            {
                "request_id": problem.requests["request_id"],
                "awarded": (cents > 0).astype(np.int64),
                "amount_cents": cents,
                "reason": pd.Series(reasons, dtype="str"),
                "reason_params": pd.Series(params, dtype="str"),
            }
        ),
        bound=value.bound,
        gap=value.gap,
        stages=outcome.records,
        certificate={
            "format": FORMAT,
            "snapshot_sha256": hashes["snapshot_sha256"],
            "policy_sha256": hashes["policy_sha256"],
            "given": sorted(problem.given),
            "withheld": sorted(problem.withheld),
            "stages": outcome.entries,
        },
        classes=_classes(arrays, book, outcome.x),
        envy=outcome.envy,
        multipliers=outcome.prices,
        **hashes,
        **figures,
    )


def _classes(arrays: Model, book: Book, x: Integers) -> pd.DataFrame:
    """Per worker the class, the place by lot in it, its size and its awards (given ones aside)."""
    awards = np.zeros(arrays.classes_total, dtype=np.int64)
    np.add.at(awards, arrays.option_class, x)
    number = book.worker_class[book.members]
    return pd.DataFrame(
        {
            "worker_id": book.worker_id[book.members],
            "class_id": number,
            "place": np.arange(len(number)) - book.start[number] + 1,
            "size": arrays.size[number],
            "awards": awards[number],
        }
    )
