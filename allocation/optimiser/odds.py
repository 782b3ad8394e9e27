"""Odds beforehand: the chance of an award of each class, under the rule and before the draw.

Everybody of a class is alike in all that the rule sees, so they have one chance. Where the number
of awards of a class is the same in every division that is as good, the lots decide inside it alone
and the chance is exact: awards ÷ members. Else it is counted over draws of the lots, each made like
the public one, with the seeds "odds 1", "odds 2", and so on, so that anybody counts the same.
"""

import json
import threading
from dataclasses import replace

import numpy as np
import pandas as pd

from allocation.optimiser.allowance import DRAWS, MEMORY_BYTES, SECONDS
from allocation.optimiser.division import Progress
from allocation.optimiser.inputs.problem import Problem, check
from allocation.optimiser.model import build
from allocation.optimiser.model.arrays import Book, Integers
from allocation.optimiser.process.client import Solver
from allocation.optimiser.results import lots

EXACT, DRAWN = "exact", "drawn"
MILLION = 1_000_000
# What the members of a class ask, by the columns that may stand in requests.csv.
ASKED = ("choice", "amount_cents", "points", "edition_id")


def odds(
    problem: Problem,
    *,
    draws: int = DRAWS,
    progress: Progress | None = None,
    seconds: float = SECONDS,
    memory_bytes: int = MEMORY_BYTES,
    cancelled: threading.Event | None = None,
) -> pd.DataFrame:
    """The chance of each class; a column `draw` of the requests is left aside.

    Args:
        draws: over how many draws is counted where the lots decide between classes.
        cancelled: set it from another thread to stop.

    Returns:
        one row per class, the lowest chance first: `members`; `chance_millionths` of getting at
        least one award; `basis`: `exact`, or `drawn`; `draws`; `swap_stable`: of how many draws
        the lots were not searched to the end; `asked`: what each of them asks (JSON, a table
        per request).

    Raises:
        InvalidInput: the input is refused. StoppedEarly: a limit came before the end.
    """
    requests = problem.requests.drop(columns="draw", errors="ignore")
    first = replace(problem.policy, seed="odds 0")
    with Solver() as process:
        problem = check(replace(problem, requests=requests, policy=first))
        arrays, book = build.build(problem)
        served = process.solve(
            arrays,
            solver="highs",
            seconds=seconds,
            memory_bytes=memory_bytes,
            report=progress or (lambda event: None),
            cancelled=cancelled,
            lots=_draws(problem, book, draws),
        ).served
    chance = served.people * MILLION // np.maximum(1, arrays.size * served.draws)
    table = pd.DataFrame(
        {
            "members": arrays.size,
            "chance_millionths": chance,
            "basis": np.where(served.settled, EXACT, DRAWN),
            "draws": np.where(served.settled, 0, served.draws),
            "swap_stable": np.where(served.settled, 0, served.swap_stable),
            "asked": [_asked(problem, book, number) for number in range(arrays.classes_total)],
        }
    )
    return table.sort_values(["chance_millionths", "asked"], ignore_index=True)


def _draws(problem: Problem, book: Book, draws: int) -> Integers:
    """Draws x workers (in the book's order): the number that each draws."""
    people = pd.DataFrame({"worker_id": book.worker_id})
    drawn = [
        lots.drawn(people, replace(problem.policy, seed=f"odds {number}"))
        for number in range(1, draws + 1)
    ]
    return np.array(drawn, dtype=np.int64).reshape(draws, len(people))


def _asked(problem: Problem, book: Book, number: int) -> str:
    """What a member of the class asks, without a name, as JSON."""
    member = int(book.members[book.start[number]])
    ends = np.append(book.first_row, len(book.rows))
    rows = problem.requests.iloc[book.rows[ends[member] : ends[member + 1]]]
    columns = [name for name in ASKED if name in rows]
    return json.dumps(rows[columns].sort_values(columns).to_dict("records"))
