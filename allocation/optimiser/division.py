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

from allocation.optimiser import files
from allocation.optimiser.allowance import MEMORY_BYTES, SECONDS
from allocation.optimiser.explanation import reasons as explain
from allocation.optimiser.inputs.problem import Problem, check
from allocation.optimiser.model import build
from allocation.optimiser.model.arrays import Book, Integers, Model
from allocation.optimiser.process.client import Solver
from allocation.optimiser.results import lots, summary
from allocation.optimiser.results.allocation import Allocation, no_decisions
from allocation.optimiser.stages.certificate import FORMAT

from .errors import StoppedEarly
from .records import EXACT_REQUESTS, Outcome

Progress = Callable[[dict[str, Any]], None]

# Stages that raise a share and no sum; their gap is what a fraction is rounded by.
LEVELS = ("give_back:", "coverage:")
# Stages of the certificate that show that nothing keeps more than what is kept.
NOTHING_KEEPS = ("give_back:awards", "coverage:most")
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
        an allocation that is `proven`, or `proven_within` a larger gap than the policy's
        tolerance, or `stopped_early` without decisions.

    Raises:
        InvalidInput: the input is refused, with file, row and remedy.
    """
    assert solver in SOLVERS
    started = time.monotonic()
    with ThreadPoolExecutor(1) as aside:
        try:
            with Solver() as process:
                problem = check(problem)
                arrays, book = build.build(problem)
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
        outcome=_outcome(problem, outcome),
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
            "stages": _named_requests(problem, arrays, book, outcome.entries),
        },
        classes=_classes(arrays, book, outcome.x),
        envy=outcome.envy,
        lots=outcome.lots,
        give_back_awards=outcome.give_back_awards,
        people_short=None
        if outcome.people_short is None
        else dict(zip(("most", "total"), outcome.people_short, strict=True)),
        unchanged=_unchanged(problem, outcome),
        multipliers=outcome.prices,
        **hashes,
        **figures,
    )


def _unchanged(problem: Problem, outcome: Outcome) -> dict[str, int] | None:
    if outcome.unchanged is None or problem.policy.unchanged is None:
        return None
    return {"required": problem.policy.unchanged, "reached": outcome.unchanged}


def _outcome(problem: Problem, outcome: Outcome) -> str:
    """`proven`, or `proven_within` where the certificate leaves more open than the tolerance.

    In a large round two people per started thousand who apply may be left open.
    """
    tolerance = problem.policy.tolerance
    applying = problem.requests["worker_id"].nunique()
    open_people = 0 if len(problem.requests) <= EXACT_REQUESTS else 2 * -(-applying // 1_000)
    for record in outcome.records:
        if record.name.startswith(LEVELS) and record.name != "coverage:people":
            continue
        left = record.bound - record.value
        people = record.name in ("people", "coverage:people") and left <= open_people
        if left > tolerance * max(1, record.bound) and not people:
            return "proven_within"
    nothing = [entry for entry in outcome.entries if entry["stage"] in NOTHING_KEEPS]
    return "proven" if all(entry["bound"] < 0 for entry in nothing) else "proven_within"


def _named_requests(
    problem: Problem, arrays: Model, book: Book, entries: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The entries with the requests' ids, where a sum of a tree counts one option of a class."""
    ids = problem.requests["request_id"].to_numpy()

    def requests(option: int) -> list[str]:
        number = arrays.option_class[option]
        first = int(book.start[number])
        members = book.members[first : first + int(arrays.size[number])]
        rows = book.rows[book.first_row[members] + book.option_slot[option]]
        return sorted(ids[rows].tolist())

    def sum_(words: dict[str, Any]) -> dict[str, Any]:
        if "option" not in words:
            return words
        option = words["option"]
        return {"requests": requests(option), "share": int(arrays.share[option])}

    def named(entry: dict[str, Any]) -> dict[str, Any]:
        if "tree" in entry:
            tree = entry["tree"]
            entry = {**entry, "tree": {**tree, "sums": [sum_(words) for words in tree["sums"]]}}
        if "fractions" in entry:
            awards = entry["fractions"]["awards"]
            rows = [
                [request, int(arrays.share[option]), parts]
                for option, parts in awards
                for request in requests(option)
            ]
            entry = {**entry, "fractions": {**entry["fractions"], "awards": sorted(rows)}}
        return entry

    return [named(entry) for entry in entries]


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
