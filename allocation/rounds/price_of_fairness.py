"""The price of fairness: what serving every group costs in value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from threading import Event
from typing import TYPE_CHECKING, Any

from allocation import fairness, optimiser
from allocation.optimiser import Fault, InvalidInput, StoppedEarly
from allocation.rounds import folder
from budgetpool import lazily

if TYPE_CHECKING:
    import pandas as pd

    from allocation.optimiser import Problem
else:
    pd = lazily.module("pandas")

Progress = Callable[[dict[str, Any]], None]


def curve(
    problem: Problem,
    *,
    steps: int = 4,
    progress: Progress | None = None,
    cancelled: Event | None = None,
) -> pd.DataFrame:
    """Divide a round once per fairness strength φ = 0, 1/steps, …, 1.

    The price is what the value loses against φ = 0, where only points count.
    The round's own policy and seed hold for the rest.

    Args:
        problem: a round whose policy names a coverage column.
        steps: how many steps from 0 to 1.
        progress: called with {"stage", "done", "total"} before each division.
        cancelled: set it to stop.

    Returns:
        One row per strength: `fairness`, `value` and `bound` (points × percent),
        `price` (a share of the value at φ = 0), `smallest_share` (coverage of the
        group that is worst off), `people`, `spent_cents`, and `verified`: whether
        the verifier, which needs no solver, finds that everything holds.

    Raises:
        InvalidInput: a fault in the frames, or no coverage column.
        StoppedEarly: one of the divisions was not finished.
    """
    column = problem.policy.coverage
    if column is None:
        remedy = "Name the column of the groups in the key coverage."
        raise InvalidInput(Fault("no_coverage", "policy.toml", remedy))
    rows = []
    for step in range(steps + 1):
        if progress is not None:
            progress({"stage": f"{step / steps:.2f}", "done": step, "total": steps + 1})
        strength = Fraction(step, steps)
        policy = replace(problem.policy, fairness=strength)
        changed = replace(problem, policy=policy)
        found = optimiser.allocate(changed, cancelled=cancelled)
        if found.outcome == "stopped_early":
            raise StoppedEarly(found.reason)
        table = fairness.coverage(problem.requests, found.decisions, column)
        rows.append(
            {
                "fairness": float(strength),
                "value": found.value,
                "bound": found.bound,
                "smallest_share": float(table["share"].min()),
                "people": found.people,
                "spent_cents": found.spent_cents,
                "verified": not folder.findings(changed, found),
            }
        )
    result = pd.DataFrame(rows)
    best = int(result["value"].iloc[0])
    result.insert(3, "price", (best - result["value"]) / max(1, best))
    return result
