"""No strict envy: nobody refused has more value, a price no higher and the same places than
somebody awarded.

An exact optimum has none, for swapping the two would gain value. Where a large round stopped
within its tolerance some may be left; they are swapped out. A swap keeps every limit: both
options count in the same edition, caps, pools, groups and floors, the new one costs no more, and
a floor that the awards' cents feed keeps what it needs.
"""

import numpy as np

from .model import Model
from .program import Integers


def swapped(model: Model, x: Integers, kept: dict[str, int]) -> tuple[Integers, int]:
    """Swap until nobody has reason for envy.

    Args:
        x: awards per option, one award per worker.
        kept: goal -> cents that must stay.

    Returns:
        the awards, and how many pairs are left that want to swap and cannot (0: none).
    """
    x = x.copy()
    if model.policy.awards_per_worker > 1 or not model.options_total:
        return x, 0
    spare = _spare(model, x, kept)
    for _ in range(len(x)):
        pairs = _pairs(model, x)
        done = False
        for refused, awarded in pairs:
            saved = int(model.amount[awarded] - model.amount[refused])
            feeds = model.goal_rows[:, [awarded]].toarray().ravel() > 0
            if saved and (spare[feeds] < saved).any():
                continue
            spare[feeds] -= saved
            x[refused] += 1
            x[awarded] -= 1
            done = True
            break
        if not done:
            return x, 0
    return x, len(_pairs(model, x))


def _spare(model: Model, x: Integers, kept: dict[str, int]) -> Integers:
    """Cents that each floor or give-back has above what it must keep."""
    reached = model.base_goals + model.goal_rows @ x
    least = np.array([kept.get(goal, 0) for goal in model.goals], dtype=np.int64)
    return np.asarray(reached - least, dtype=np.int64)


def _pairs(model: Model, x: Integers) -> list[tuple[int, int]]:
    """Pairs (refused option, awarded option) of one place where the refused one envies."""
    taken = np.zeros(model.classes_total, dtype=np.int64)
    np.add.at(taken, model.option_class, x)
    waiting = (model.capacity > 0) & (taken < model.size)
    open_ = waiting[model.option_class] & (x == 0) & (model.share == 100)
    given = (x > 0) & (model.share == 100)
    places = int(model.place.max(initial=-1)) + 1
    most = np.full(places, -1, dtype=np.int64)
    least = np.full(places, np.iinfo(np.int64).max, dtype=np.int64)
    np.maximum.at(most, model.place[open_], model.value[open_])
    np.minimum.at(least, model.place[given], model.value[given])
    pairs = []
    for place in np.flatnonzero(most > least).tolist():
        refused = np.flatnonzero(open_ & (model.place == place))
        awarded = np.flatnonzero(given & (model.place == place))
        for own in awarded[np.argsort(model.value[awarded], kind="stable")].tolist():
            envious = refused[
                (model.value[refused] > model.value[own])
                & (model.amount[refused] <= model.amount[own])
            ]
            if len(envious):
                best = envious[np.argmax(model.value[envious])]
                pairs.append((int(best), own))
                break
    return pairs
