"""The division as plain arrays: options, classes, limits and goals.

An option is one way to award one request: whole, or one of the accepted parts. Workers whose
options are alike in everything that the model sees form one class, and the unknowns are

    X[o] in {0, 1, ..., size of o's class}      how many members of the class get option o

    sum of X[o] over a class's options          <= size x awards per worker
    sum of X[o] over one choice's options       <= size

Limits are rows  sum A[i, o] X[o] <= b[i]  (ceiling, editions, caps) and pools; goals are rows
that a stage raises and later stages keep (floors, give-back, coverage, value, people).

The process that solves needs this file and not the frames it came from (build.py).
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocation.optimiser.inputs.policy import Policy

Integers = NDArray[np.int64]


@dataclass
class Model:
    """Plain arrays, so that a solve can be handed to another process.

    Args:
        amount, value: per option, in cents and in points x percent (x cents).
        choice, share: per option; share in percent.
        option_class: per option; options stand by class in the order of dealing.
        size, capacity, newcomer: per class: members, awards that each may still get, and
            whether a first award makes a person that was not awarded before.
        limits: names of the <= limits; `limit_rows` (limits x options), `limit_rhs` in cents or
            awards, what given requests use already taken off; `units` holds for every limit and
            goal what all that the round offers uses of it in whole multiples.
        pools, pool_rhs, payers: pool names, cents, and per option the index into `payer_sets`
            (which pools may pay for it); empty without pools.
        goals: names of floors and give-backs; `goal_rows` (goals x options) in cents, `required`;
            `asked_amounts` per goal the amounts of the requests that count in it, each once.
        members: workers (by lot) by class, luckiest first.
        groups, applying: coverage groups and people in each; `group` per class (-1: none).
        base_*: what the given requests bring.
        forced: per class, whether every member is known to get an award (a part of a proof).
    """

    policy: Policy
    amount: Integers
    value: Integers
    choice: Integers
    share: Integers
    option_class: Integers
    size: Integers
    capacity: Integers
    newcomer: NDArray[np.bool_]
    limits: list[str]
    limit_rows: Any
    limit_rhs: Integers
    goals: list[str]
    goal_rows: Any
    required: Integers
    asked_amounts: list[Integers]
    groups: list[str]
    applying: Integers
    group: Integers
    members: Integers
    pools: list[str] = field(default_factory=list)
    pool_rhs: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    payer_sets: list[tuple[int, ...]] = field(default_factory=list)
    payers: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    base_value: int = 0
    base_people: int = 0
    base_amount: int = 0
    base_goals: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    base_groups: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    base_payers: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    requests_total: int = 0
    units: dict[str, int] = field(default_factory=dict)
    forced: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    # Per option a code of everything but points and amount: options of one place exclude no
    # other limit when they are swapped.
    place: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def options_total(self) -> int:
        return len(self.amount)

    @property
    def start(self) -> Integers:
        """Per class where its members begin."""
        return np.concatenate([[0], np.cumsum(self.size)])[:-1].astype(np.int64)

    @property
    def classes_total(self) -> int:
        return len(self.size)


@dataclass
class Book:
    """What links the model's classes back to workers and rows of the frames.

    Args:
        rows: position in `requests` of each row, workers by lot, a worker's rows by likeness.
        first_row: per worker (by lot) where its rows begin in `rows`.
        worker_class, worker_id, draw: per worker, by lot.
        members: workers by class, luckiest first; `start` per class.
        option_slot: per option the place of its request among a member's rows.
        given: positions in `requests` of given rows.
        option_of_row: per row of `requests` its option; see `model/rows.py`.
    """

    rows: Integers
    first_row: Integers
    worker_class: Integers
    worker_id: NDArray[Any]
    draw: Integers
    members: Integers
    start: Integers
    option_slot: Integers
    given: Integers
    option_of_row: Integers
