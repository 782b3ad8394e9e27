"""What the prices of a stage settle: awards that every division good enough has, or has not.

For every class the worth of its best option at the multipliers of the certificate is part of the
bound. An option that is worth so much less that the bound minus the difference falls below what
is asked for stands in no division that is good enough; nor does a class that would lose as much
without any award. What is left is the core, and it is small in large rounds, too. All of it is
decided in the whole numbers of the certificate, so that a verifier settles the same.

Compare the reduced-cost fixing of Dantzig, Fulkerson and Johnson (1954).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from allocation.optimiser.model.arrays import Integers, Model
from allocation.optimiser.stages.certificate import Sums


def core(model: Model, sums: Sums, least: int) -> tuple[Model, Integers]:
    """The part of the model that is open when the objective has to be at least `least`.

    Args:
        sums: the certificate's sums of the stage whose objective it is.

    Returns:
        the model with everything settled taken off, and its options in the model.
    """
    options = np.arange(model.options_total)
    nobody = np.zeros(model.classes_total, dtype=bool)
    if model.policy.awards_per_worker > 1 or not len(options):
        return _without(model, options, np.zeros(len(options), dtype=np.int64), nobody), options
    award, person = sums.award(), sums.person()
    worth = sums.worth(award, person)
    owner = model.option_class
    slack = min(max(-1, sums.numerator() - sums.denominator * least), 2**62)
    loss = worth[owner] - (award + person[owner])
    open_ = loss <= slack
    nothing = worth <= slack  # per class: a member may have no award
    ways = np.bincount(owner[open_], minlength=model.classes_total) + nothing
    inside = open_ & (ways[owner] > 1)
    fixed = np.where(open_ & (ways[owner] == 1), model.size[owner], 0)
    return _without(model, np.flatnonzero(inside), fixed, ~nothing), np.flatnonzero(inside)


def _without(model: Model, options: Integers, fixed: Integers, forced: NDArray[np.bool_]) -> Model:
    """The model over some options, when `fixed` holds the awards of all others."""
    owner = model.option_class
    served = np.zeros(model.classes_total, dtype=np.int64)
    np.add.at(served, owner, fixed)
    people = served * model.newcomer
    groups = model.base_groups.copy()
    counted = model.group >= 0
    if len(groups):
        np.add.at(groups, model.group[counted], people[counted])
    payers = model.base_payers.copy()
    if len(payers):
        np.add.at(payers, model.payers, model.amount * fixed)
    owned = {name: model.limit_rows[n, options] for n, name in enumerate(model.limits)}
    owned |= {name: model.goal_rows[n, options] for n, name in enumerate(model.goals)}
    units = {name: int(np.gcd.reduce(row.data)) for name, row in owned.items() if row.nnz}
    return replace(
        model,
        units={**units, "value": max(1, int(np.gcd.reduce(model.value[options], initial=0)))},
        amount=model.amount[options],
        value=model.value[options],
        choice=model.choice[options],
        share=model.share[options],
        option_class=owner[options],
        limit_rows=model.limit_rows[:, options],
        limit_rhs=model.limit_rhs - np.asarray(model.limit_rows @ fixed, dtype=np.int64),
        goal_rows=model.goal_rows[:, options],
        payers=model.payers[options] if len(model.payers) else model.payers,
        place=model.place[options] if len(model.place) else model.place,
        base_value=model.base_value + int(model.value @ fixed),
        base_people=model.base_people + int(people.sum()),
        base_amount=model.base_amount + int(model.amount @ fixed),
        base_goals=model.base_goals + np.asarray(model.goal_rows @ fixed, dtype=np.int64),
        base_groups=groups,
        base_payers=payers,
        forced=forced,
    )
