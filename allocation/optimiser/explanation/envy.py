"""No strict envy: nobody refused has more value, a price no higher and the same places than
somebody awarded.

An exact optimum has none, for swapping the two would gain value. Where a large round stopped
within its tolerance some may be left; they are swapped out. A swap keeps every limit: both
options count in the same edition, caps, pools, groups and floors, the new one costs no more, and
a floor that the awards' cents feed keeps what it needs.
"""

import numpy as np

from allocation.optimiser.model.arrays import Model
from allocation.optimiser.relaxation.program import Integers


def swapped(model: Model, x: Integers, kept: dict[str, int]) -> tuple[Integers, int]:
    """Swap until nobody has reason for envy; each swap gains value, so there is an end.

    Args:
        x: awards per option, one award per worker.
        kept: goal -> cents that must stay.

    Returns:
        the awards, and how many swaps that took.
    """
    x, swaps = x.copy(), 0
    spare = _spare(model, x, kept)
    while pairs := _pairs(model, x, spare):
        for refused, awarded in {int(model.place[own]): (r, own) for r, own in pairs}.values():
            feeds, saved = _feeds(model, awarded), model.amount[awarded] - model.amount[refused]
            if (spare[feeds] >= saved).all():  # a swap before it may have used what was spare
                spare[feeds] -= saved
                x[refused] += 1
                x[awarded] -= 1
                swaps += 1
    return x, swaps


def awards(model: Model, x: Integers, kept: dict[str, int]) -> int:
    """How many awards a refused request has reason to envy (0 where swaps were made)."""
    pairs = _pairs(model, x, _spare(model, x, kept))
    return sum(int(x[awarded]) for _, awarded in pairs)


def _spare(model: Model, x: Integers, kept: dict[str, int]) -> Integers:
    """Cents that each floor or give-back has above what it must keep."""
    reached = model.base_goals + model.goal_rows @ x
    least = np.array([kept.get(goal, 0) for goal in model.goals], dtype=np.int64)
    return np.asarray(reached - least, dtype=np.int64)


def _feeds(model: Model, option: int) -> Integers:
    """The goals that an option's cents count in."""
    feeds = model.goal_rows[:, [option]].toarray().ravel() > 0
    # Options of one place are alike in goals that count people: no swap between them moves those.
    cents = [not goal.startswith(("waiting:", "unchanged")) for goal in model.goals]
    feeds &= np.array(cents, dtype=bool)
    return np.flatnonzero(feeds)


def _pairs(model: Model, x: Integers, spare: Integers) -> list[tuple[int, int]]:
    """Each envied option with the best refused option that could swap: (refused, awarded)."""
    if model.policy.awards_per_worker > 1 or not model.options_total:
        return []
    taken = np.zeros(model.classes_total, dtype=np.int64)
    np.add.at(taken, model.option_class, x)
    waiting = (model.capacity > 0) & (taken < model.size)
    whole = model.share == 100
    refused = np.flatnonzero(waiting[model.option_class] & whole)
    pairs = []
    for own in _envied(model, refused, np.flatnonzero((x > 0) & whole)).tolist():
        most, worth = int(model.amount[own]), int(model.value[own])
        least = most - int(spare[_feeds(model, own)].min(initial=most))
        near = refused[model.place[refused] == model.place[own]]
        amount, value = model.amount[near], model.value[near]
        able = (amount <= most) & (amount >= least) & (value > worth)
        if able.any():
            pairs.append((int(near[able][np.argmax(value[able])]), own))
    return pairs


def _envied(model: Model, refused: Integers, awarded: Integers) -> Integers:
    """The awarded options that a refused one of their place, no dearer, is worth more than.

    Of the refused ones, sorted by place and amount, the largest value up to each is kept; as the
    place counts most in it, it starts anew with every place.
    """
    if not len(refused) or not len(awarded):
        return awarded[:0]
    width = model.options_total + 1
    values, amounts = (np.unique(of, return_inverse=True)[1] for of in (model.value, model.amount))
    by_amount = model.place * width + amounts
    refused = refused[np.argsort(by_amount[refused], kind="stable")]
    most = np.maximum.accumulate(model.place[refused] * width + values[refused])
    before = np.searchsorted(by_amount[refused], by_amount[awarded], side="right") - 1
    envied = (before >= 0) & (most[before] > model.place[awarded] * width + values[awarded])
    found = awarded[envied]
    return found[np.argsort(-model.value[found], kind="stable")]
