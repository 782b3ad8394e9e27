"""Whose money reaches whom: each payer's own people first, and only what is left goes to others.

A euro in a common pool has no name on it. So the flow follows one rule that anybody can recompute,
the one by which the most stays with those who paid: what a payer's own people get is paid by that
payer as far as it goes; what payers have left pays the others, each in proportion to what it has
left, to each in proportion to what it still lacks. In whole cents, and every sum is kept.
"""

from collections.abc import Mapping
from typing import Final

# A payer for what nobody of this table paid, and a receiver for what nobody got.
OTHER_MONEY: Final = ""
LEFT_IN_POT: Final = ""

type Flows = dict[tuple[str, str], int]


def flows(paid: Mapping[str, int], got: Mapping[str, int]) -> Flows:
    """From each payer to each receiver, in cents; no flow of nothing.

    Args:
        paid: cents per payer; got: cents per receiver, by the same names.

    Returns:
        (payer, receiver) -> cents. What is paid and not given goes to `LEFT_IN_POT`; what is given
        and not paid by them comes from `OTHER_MONEY`.

    >>> flows({"care": 600, "building": 400}, {"care": 300, "food": 200})
    {('care', 'care'): 300, ('care', 'food'): 85, ('building', 'food'): 115, ('care', ''): 215, \
('building', ''): 285}
    """
    found = {(name, name): own for name in paid if (own := min(paid[name], got.get(name, 0)))}
    rest = {name: cents - found.get((name, name), 0) for name, cents in paid.items()}
    lack = {name: cents - found.get((name, name), 0) for name, cents in got.items()}
    missing = sum(lack.values()) - sum(rest.values())
    if missing > 0:
        rest[OTHER_MONEY] = missing
    given = _parts(sum(lack.values()), rest)
    for receiver, cents in lack.items():
        for payer, part in _parts(cents, given).items():
            if part:
                found[payer, receiver] = found.get((payer, receiver), 0) + part
                given[payer] -= part
                rest[payer] -= part
    found |= {(payer, LEFT_IN_POT): cents for payer, cents in rest.items() if cents}
    return found


def _parts(cents: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Split an amount in proportion to weights, no part above its weight; the sum is exact.

    The amount is at most the sum of the weights.
    """
    whole, before, parts = sum(weights.values()), 0, {}
    passed = 0
    for name, weight in weights.items():
        passed += weight
        until = cents * passed // whole if whole else 0
        parts[name], before = until - before, until
    return parts
