"""The goals of a round as rows over the options: who waits, floors, give-backs, groups."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from allocation.optimiser.model.arrays import Integers, Model
from allocation.optimiser.model.limits import sparse_rows, units
from allocation.optimiser.model.options import Options


def write(options: Options, model: Model) -> None:
    """Write all promises into the model, in their order, with what each requires."""
    rows, policy, problem = options.rows, options.policy, options.rows.problem
    waiting = _waiting(options)
    goals: list[tuple[str, int, NDArray[np.bool_]]] = [*waiting]
    for floor in policy.floors:
        need = floor.required_cents(policy.ceiling_cents)
        goals.append((f"floor:{floor.name}", need, rows.features[f"floor:{floor.name}"] == 1))
    solidarity, paid = policy.solidarity, problem.contributions
    if solidarity is not None and paid is not None:
        values = rows.text(solidarity.column)
        for value, paid_in in zip(paid["value"], paid["amount_cents"], strict=True):
            inside = values == value
            share, asked = solidarity.give_back, _asked(options, inside)
            need = min(int(paid_in), asked) * share.numerator // share.denominator
            goals.append((f"give_back:{value}", need, inside))
    parts: list[tuple[Integers, Integers, Integers]] = []
    base = []
    for number, (name, _, inside) in enumerate(goals):
        chosen = np.flatnonzero(inside[options.row])
        given = options.given_row[inside[options.given_row]]
        if number < len(waiting):  # people count, not cents
            parts.append((np.full(len(chosen), number), chosen, np.ones_like(chosen)))
            base.append(len(given))
            continue
        model.units |= units([name], np.where(inside, 0, -1), options)
        parts.append((np.full(len(chosen), number), chosen, options.amount[chosen]))
        base.append(int(rows.amount[given].sum()))
    if policy.unchanged is not None:
        chosen, units_, start = _unchanged(options)
        nobody = np.zeros(len(rows.position), dtype=bool)
        parts.append((np.full(len(chosen), len(goals)), chosen, units_))
        base.append(start)
        goals.append(("unchanged", policy.unchanged, nobody))
    model.goals = [name for name, _, _ in goals]
    model.asked_amounts = [
        np.unique(rows.amount[inside]) if name.startswith("give_back:") else rows.amount[:0]
        for name, _, inside in goals
    ]
    model.required = np.array([need for _, need, _ in goals], dtype=np.int64)
    model.base_goals = np.array(base, dtype=np.int64)
    model.goal_rows = sparse_rows(parts, len(goals), len(options.row))


def _waiting(options: Options) -> list[tuple[str, int, NDArray[np.bool_]]]:
    """Per number of rounds that somebody waited, at the bound or above, the longest first: its
    goal, its people, and their rows.
    """
    rows = options.rows
    if options.policy.waiting is None:
        return []
    waited = rows.features["waiting"]
    people = waited[rows.first]
    return [
        (f"waiting:{rounds}", int((people == rounds).sum()), waited == rounds)
        for rounds in np.unique(people[people >= 0])[::-1].tolist()
    ]


def _unchanged(options: Options) -> tuple[Integers, Integers, int]:
    """People who keep exactly what they had: options that count, what each adds, and the start.

    Who had nothing is unchanged until it gets something; who had an award is when it gets it.
    """
    rows = options.rows
    before = rows.features["before"]
    of = before[options.row]
    adds = np.where(of < 0, -1, (of == options.amount).astype(np.int64))
    first = before[rows.first]
    kept = before[options.given_row] == rows.amount[options.given_row]
    chosen = np.flatnonzero(adds)
    return chosen, adds[chosen], int((first < 0).sum() + kept.sum())


def _asked(options: Options, inside: NDArray[np.bool_]) -> int:
    """What these rows ask at most: per worker the dearest choices that may be awarded."""
    if not inside.any():
        return 0
    rows = options.rows
    frame = pd.DataFrame(
        {
            "worker": rows.worker[inside],
            "choice": rows.choice[inside],
            "amount": rows.amount[inside],
        }
    )
    dearest = frame.groupby(["worker", "choice"])["amount"].max().sort_values(ascending=False)
    return int(dearest.groupby("worker").head(options.policy.awards_per_worker).sum())


def write_groups(options: Options, model: Model) -> None:
    """Write the coverage groups, and who belongs to them, into the model."""
    rows, policy = options.rows, options.policy
    if policy.coverage is None:
        return
    codes = rows.features["coverage"]
    per_worker = codes[rows.first]
    names = rows.text(policy.coverage)
    model.groups = [str(names[row]) for row in np.unique(codes, return_index=True)[1]]
    total = len(model.groups)
    model.applying = np.bincount(per_worker, minlength=total).astype(np.int64)
    model.group = per_worker[options.luckiest]
    awarded = np.unique(rows.worker[options.given_row])
    model.base_groups = np.bincount(per_worker[awarded], minlength=total).astype(np.int64)
