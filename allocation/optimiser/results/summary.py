"""The figures of `result.json`, added up from the decisions and nothing else.

Every rule's result is summed here, so that the figures of two rules differ
only where their decisions do.
"""

from typing import Any, TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from allocation.optimiser.inputs.clauses import Cap
from allocation.optimiser.inputs.problem import Problem

Integers = NDArray[np.int64]


class Figures(TypedDict):
    """The sums of a division: value in points × percent, money in cents."""

    value: int
    spent_cents: int
    people: int
    coverage: dict[str, dict[str, Any]]
    floors: list[dict[str, Any]]
    caps: list[dict[str, Any]]
    waiting: list[dict[str, int]] | None


def figures(problem: Problem, cents: Integers) -> Figures:
    """Add up a division.

    Args:
        problem: a checked problem.
        cents: per request what it is awarded, 0 for a refusal. A part of the
            amount is worth the same part of the value, rounded down.
    """
    requests, policy = problem.requests, problem.policy
    awarded = cents > 0
    return Figures(
        value=_value(problem, cents),
        spent_cents=int(cents.sum()),
        people=int(requests["worker_id"][awarded].nunique()),
        coverage=_coverage(requests, policy.coverage, awarded),
        floors=_floors(problem, cents),
        caps=[row for cap in policy.caps for row in _cap(problem, cap, cents)],
        waiting=_waiting(problem, awarded),
    )


def _value(problem: Problem, cents: Integers) -> int:
    requests, policy = problem.requests, problem.policy
    rows = np.flatnonzero(cents)
    percent = np.array(policy.choice_percent)[requests["choice"].to_numpy()[rows] - 1]
    asked = requests["amount_cents"].to_numpy()[rows].tolist()
    worth = (requests["points"].to_numpy()[rows] * percent).tolist()
    if policy.value == "points_times_amount":
        worth = [value * amount for value, amount in zip(worth, asked, strict=True)]
    parts = zip(worth, asked, cents[rows].tolist(), strict=True)
    return sum(value * given // amount for value, amount, given in parts)


def _coverage(
    requests: pd.DataFrame, column: str | None, awarded: NDArray[np.bool_]
) -> dict[str, dict[str, Any]]:
    if column is None:
        return {}
    applying = requests.groupby(column)["worker_id"].nunique()
    served = requests[awarded].groupby(column)["worker_id"].nunique()
    return {
        str(group): {
            "applying": int(people),
            "awarded": int(served.get(group, 0)),
            "share": int(served.get(group, 0)) / int(people),
        }
        for group, people in applying.items()
    }


def _waiting(problem: Problem, awarded: NDArray[np.bool_]) -> list[dict[str, int]] | None:
    """Of who waited at least so many rounds as the bound, how many apply and are served."""
    rule, requests = problem.policy.waiting, problem.requests
    if rule is None:
        return None
    rounds = requests[rule.column].astype("int64")
    people = requests["worker_id"].groupby(rounds).nunique()
    served = requests["worker_id"][awarded].groupby(rounds[awarded]).nunique()
    return [
        {"rounds": int(n), "people": int(people[n]), "served": int(served.get(n, 0))}
        for n in sorted(people.index, reverse=True)
        if n >= rule.bound
    ]


def _floors(problem: Problem, cents: Integers) -> list[dict[str, Any]]:
    """Floors, then give-back; a rule that has no step for them names no other cause."""
    requests, policy = problem.requests, problem.policy
    rows = []
    for floor in policy.floors:
        reached = cents[(requests[floor.column] == floor.equals).to_numpy()]
        required = floor.required_cents(policy.ceiling_cents)
        rows.append(_promise(floor.name, "floor", required, int(reached.sum())))
    solidarity, contributions = policy.solidarity, problem.contributions
    if solidarity is not None and contributions is not None:
        asked = _asked(problem, solidarity.column)
        spent = pd.Series(cents).groupby(requests[solidarity.column].to_numpy()).sum()
        for value, paid in zip(contributions["value"], contributions["amount_cents"], strict=True):
            due = min(int(paid), int(asked.get(value, 0)))
            share = solidarity.give_back
            required = due * share.numerator // share.denominator
            rows.append(_promise(value, "give_back", required, int(spent.get(value, 0))))
    return rows


def _asked(problem: Problem, column: str) -> "pd.Series[int]":
    """Per value: each worker's dearest choices, as many as it may be awarded."""
    keys = [column, "worker_id"]
    dearest = problem.requests.groupby([*keys, "choice"])["amount_cents"].max()
    most = dearest.sort_values(ascending=False).groupby(level=keys)
    return most.head(problem.policy.awards_per_worker).groupby(level=column).sum()


def _promise(name: str, kind: str, required: int, reached: int) -> dict[str, Any]:
    cause = "not_enforced" if reached < required else None
    return {
        "name": name,
        "kind": kind,
        "required_cents": required,
        "reached_cents": reached,
        "cause": cause,
    }


def _cap(problem: Problem, cap: Cap, cents: Integers) -> list[dict[str, Any]]:
    """One row per value of the cap's column that has an award."""
    limit = cap.limit_cents(problem.policy.ceiling_cents)
    used = pd.Series(cents if limit is not None else (cents > 0).astype(np.int64))
    values = problem.requests[cap.column].to_numpy()
    sums = used[cents > 0].groupby(values[cents > 0]).sum()
    return [
        {
            "name": cap.name,
            "value": str(value),
            "limit": cap.count if limit is None else limit,
            "reached": int(reached),
            "unit": "count" if limit is None else "cents",
        }
        for value, reached in sums.items()
        if value != "" and (cap.equals is None or value == cap.equals)
    ]
