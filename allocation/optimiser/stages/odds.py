"""Odds beforehand: how many members of each class are served, over many draws of the lots.

What is reached before the lots does not depend on them, so it is found once; for each draw only
the lots decide anew. A class in which nothing is open has the same awards in every division that
is as good: there the lots decide inside the class alone, and its chance is exact. So it is for a
class that is open, when a search finds no division as good with more of it served, or with fewer.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocation.optimiser.integer import mip
from allocation.optimiser.integer.core_search import Incumbent
from allocation.optimiser.integer.mip import Undecided
from allocation.optimiser.model.arrays import Integers, Model
from allocation.optimiser.relaxation.program import Infeasible
from allocation.optimiser.stages.by_lot import EXACT, NODES, ByLot, Equals
from allocation.optimiser.stages.people import People
from allocation.optimiser.stages.run import Keep, Run
from allocation.optimiser.stages.value import Value

# Draws after which it is tried to settle the classes in which nothing changed so far.
FIRST = 20


@dataclass(frozen=True)
class Served:
    """Over all draws together.

    Args:
        people: per class the members served; settled: whether it is the same in each draw.
        draws: how many; swap_stable: of how many the lots were not searched to the end.
    """

    people: Integers
    settled: NDArray[np.bool_]
    draws: int
    swap_stable: int


def over(
    lots: Integers, run: Run, worth: Value, people: People, keep: Keep, result: Incumbent
) -> Served:
    """Decide by each of these draws.

    Args:
        lots: draws x workers (in the model's order): the number that each draws.
        result: a division that is as good as can be, before the lots.
    """
    model = run.model
    lottery = ByLot(run, worth, people)
    equals = lottery.equals(keep, result)
    settled = np.ones(model.classes_total, dtype=bool)
    settled[model.option_class[equals.options]] = False
    total, unfinished, drawn = np.zeros(model.classes_total, dtype=np.int64), 0, 0
    same, first = np.ones(model.classes_total, dtype=bool), total
    for draw in lots:
        redrawn = ByLot(run, worth, people, _with(model, draw))
        found, how = redrawn.decide(equals, keep, result)
        unfinished += how != EXACT
        awards = np.zeros(model.classes_total, dtype=np.int64)
        np.add.at(awards, model.option_class, found.x)
        served = np.minimum(awards, model.size)
        first = first if drawn else served
        total, same, drawn = total + served, same & (served == first), drawn + 1
        if drawn == FIRST:
            for number in np.flatnonzero(same & ~settled).tolist():
                settled[number] = _settled(run, equals, found, number)
        run.say("odds", drawn)
        if settled.all():
            break
    return Served(total, settled, drawn, unfinished)


def _settled(run: Run, equals: Equals, found: Incumbent, number: int) -> bool:
    """Whether all divisions that are as good serve as many of a class: neither more nor fewer."""
    mine = (run.model.option_class[equals.options] == number).astype(np.float64)
    if run.model.capacity[number] > 1:
        return False
    x = found.x[equals.options]
    program, awards = equals.program, mine @ x
    for sign in (1.0, -1.0):
        asked = replace(program, cost=sign * mine, side_cost=np.zeros(len(program.side_cost)))
        try:
            solved = mip.solve(
                asked,
                np.arange(asked.options_total),
                asked.rhs,
                backend=run.backend,
                upper=asked.upper,
                gap=0.49,
                nodes=NODES,
                proving=True,
                start=(x.astype(np.float64), found.y),
            )
        except (Infeasible, Undecided):
            return False
        if not solved.optimal or mine @ np.rint(solved.x) != awards:
            return False
    return True


def _with(model: Model, lots: Integers) -> Model:
    """The model with other lots: of each class its members' numbers, the lowest first."""
    owner = np.repeat(np.arange(model.classes_total), model.size)
    drawn = lots[model.members]
    return replace(model, members=drawn[np.lexsort((drawn, owner))])
