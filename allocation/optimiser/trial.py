"""A division to try a rule with: stages 1 to 3 as in a round, without proof and letters.

Promises, groups and value are those that `allocate` reaches: the value to the last point up to
2,000 rows, above that within a thousandth. People are counted only where they break ties of value
in the same search; lots decide inside the classes alone; no multipliers are made and no reasons
written. All that takes most of a round's time. So nobody may be told such a division; many of them
show what a rule does (allocation/laboratory).
"""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from allocation.optimiser.backend import Backend
from allocation.optimiser.inputs.problem import Problem, check
from allocation.optimiser.model import build
from allocation.optimiser.model.arrays import Integers
from allocation.optimiser.results import lots
from allocation.optimiser.stages import order
from allocation.optimiser.stages.run import Run

# Only against a search that never ends: a limit that bites would make figures of the machine.
SECONDS = 1_800.0
TOLERANCE = Fraction(1, 1_000)


def divide(problem: Problem, *, seconds: float = SECONDS) -> Integers:
    """Divide in this process.

    Returns:
        cents per row of the requests, 0 for a refusal.

    Raises:
        InvalidInput: the input is refused. StoppedEarly: a limit came before the end.
    """
    policy = problem.policy
    policy = replace(policy, tolerance=max(policy.tolerance, TOLERANCE))
    problem = check(replace(problem, policy=policy))
    arrays, book = build.build(problem)
    run = Run(arrays, Backend("highs", seconds), lambda event: None)
    option, place = lots.deal(
        awards=order.until_value(run).worth.result.x,
        class_of_option=arrays.option_class,
        class_size=arrays.size,
        class_start=book.start,
    )
    cents = np.zeros(len(problem.requests), dtype=np.int64)
    rows = book.rows[book.first_row[book.members[place]] + book.option_slot[option]]
    cents[rows] = arrays.amount[option]
    cents[book.given] = problem.requests["amount_cents"].to_numpy()[book.given]
    return cents
