"""From frames to arrays: the model of a checked problem, and the book that leads back to it."""

import numpy as np

from allocation.optimiser.inputs.problem import Problem
from allocation.optimiser.model import goals, limits
from allocation.optimiser.model.arrays import Book, Model
from allocation.optimiser.model.options import Options
from allocation.optimiser.model.rows import Rows


def build(problem: Problem) -> tuple[Model, Book]:
    """Make the model of a checked problem.

    Raises:
        InvalidInput: the requests that the board gave pass a limit on their own.
    """
    rows = Rows(problem)
    options = Options(rows)
    model = _model(options)
    limits.write(options, model)
    goals.write_groups(options, model)
    goals.write(options, model)
    limits.write_pools(options, model)
    book = Book(
        rows=rows.position,
        first_row=rows.first,
        worker_class=options.worker_class,
        worker_id=rows.text("worker_id")[rows.first],
        draw=rows.table["draw"].to_numpy()[rows.first],
        members=options.members,
        start=options.start,
        option_slot=options.slot,
        given=rows.position[rows.features["decided"] == 1],
        option_of_row=options.of_rows(),
    )
    return model, book


def _model(options: Options) -> Model:
    """The model without its limits and goals."""
    rows, given = options.rows, options.given_row
    nothing = np.zeros(0, dtype=np.int64)
    return Model(
        policy=options.policy,
        amount=options.amount,
        value=options.values(options.row, options.share),
        choice=options.choice,
        share=options.share,
        option_class=options.owner,
        size=options.size,
        capacity=options.capacity,
        newcomer=options.newcomer,
        limits=[],
        limit_rows=None,
        limit_rhs=nothing,
        goals=[],
        goal_rows=None,
        required=nothing,
        asked_amounts=[],
        groups=[],
        applying=nothing,
        group=np.full(len(options.size), -1, dtype=np.int64),
        members=options.members,
        base_value=int(options.values(given, np.full(len(given), 100)).sum()),
        base_people=len(np.unique(rows.worker[given])),
        base_amount=int(rows.amount[given].sum()),
        requests_total=len(rows.position),
        units={"value": _step(options)},
        forced=np.zeros(len(options.size), dtype=bool),
        place=options.place,
    )


def _step(options: Options) -> int:
    """The greatest number of which every value on offer is a multiple (at least 1)."""
    values = options.values(options.offered_row, options.offered_share)
    return max(1, int(np.gcd.reduce(values))) if len(values) else 1
