"""The figures of a division that a board compares: computed once, kept with the scenario."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from allocation import fairness
from allocation.models import Scenario
from budgetpool import lazily

if TYPE_CHECKING:
    import pandas as pd

    from allocation.optimiser import Allocation, Policy, Problem
else:
    pd = lazily.module("pandas")

GROUPS: Final = ("education_level", "education", "contract", "sector", "target", "first_timer")
SPENDING: Final = ("sector", "training_sector", "provider_id")
LARGEST_PROVIDERS: Final = 20


def of(problem: Problem, allocation: Allocation, base: Policy) -> dict[str, Any]:
    """All figures of one division, in JSON's own types; nothing for a run without decisions.

    `numbers` (people, spent, Gini, shares), `coverage` per column (group, applying, awarded,
    share), `spending` per column, `lorenz` (two lists), and `give_back` per sector where
    employers' payments are known. `numbers` holds a `value` too: what the division is worth by the
    round's own rule, so that scenarios with another rule can be compared at all.

    Args:
        base: the round's own rule, without the scenario's variation.
    """
    if allocation.outcome not in Scenario.DIVIDED:
        return {}
    requests, decisions = problem.requests, allocation.decisions
    present = [column for column in GROUPS if column in requests]
    figures: dict[str, Any] = {
        "numbers": {
            **asdict(fairness.measures(requests, decisions)),
            "value": _value(problem, allocation, base),
        },
        "coverage": {
            column: _rows(
                fairness.coverage(requests, decisions, column).rename(columns={column: "group"})
            )
            for column in present
        },
        "spending": {
            column: _rows(
                fairness.spending(requests, decisions, column)
                .rename(columns={column: "group"})
                .head(LARGEST_PROVIDERS)
            )
            for column in SPENDING
            if column in requests
        },
        "lorenz": fairness.lorenz(requests, decisions).to_dict("list"),
    }
    paid = problem.contributions
    if paid is not None and len(paid) and "sector" in requests:
        table = fairness.give_back(requests, decisions, paid, "sector")
        figures["give_back"] = _rows(table.astype({"ratio": object}).where(table.notna(), None))
    return figures


def _value(problem: Problem, allocation: Allocation, base: Policy) -> int:
    """Points × choice percent (× cents where the rule says so) of what was awarded."""
    awards = fairness.awarded(problem.requests, allocation.decisions)
    percent = [base.choice_percent[min(c, len(base.choice_percent)) - 1] for c in awards["choice"]]
    points = [int(p) * share for p, share in zip(awards["points"], percent, strict=True)]
    if base.value == "points":
        return sum(points)
    return sum(p * int(a) for p, a in zip(points, awards["awarded_cents"], strict=True))


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return table.to_dict("records")  # type: ignore[return-value]
