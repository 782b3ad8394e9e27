"""What providers offer in one synthetic region, what it costs as years pass, and who games.

Popularity follows a Zipf-Mandelbrot law; the largest providers are online and have no last seat.
A provider that games raises its low prices towards EUR 1,000 and recruits people; one and the
same provider exists in both worlds, so that the difference of its money is what gaming pays.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocation.laboratory import assumptions
from allocation.laboratory.workforce import SECTORS

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

SECTOR_CODES = np.array(list(SECTORS), dtype=object)
CENTS_STEP = 500


@dataclass(frozen=True)
class Supply:
    """Trainings of one region, one entry each; `weight` is their share of all demand.

    `provider` counts from 0, the largest first; `sector` is an index of SECTOR_CODES; `seats` of
    one round, -1 without a limit; `games` says whether its provider games where it can.
    """

    provider: Integers
    sector: Integers
    price_cents: Integers
    weight: Floats
    seats: Integers
    games: NDArray[np.bool_]


def draw(seed: int, requests: int) -> Supply:
    """Draw a region's providers: some thousand trainings, up to twelve of a large provider."""
    rng = np.random.default_rng([seed, 1])
    rank = np.arange(1, assumptions.PROVIDERS + 1)
    popularity = (rank + assumptions.ZIPF_SHIFT) ** -assumptions.ZIPF_EXPONENT
    many = np.maximum(1, np.round(12 * (rank / 2) ** -0.5)).astype(np.int64)
    provider = np.repeat(rank - 1, many)
    count = len(provider)
    names = list(assumptions.PRICE_CLASSES.values())
    share = np.array([weight for weight, _, _ in names])
    kind = rng.choice(len(names), size=count, p=share)
    low = np.array([from_ for _, from_, _ in names], dtype=float)[kind]
    high = np.array([to for _, _, to in names], dtype=float)[kind]
    euros = low * (high / low) ** rng.random(count)
    weight = popularity[provider] / many[provider]
    weight /= weight.sum()
    online = provider < assumptions.ONLINE_PROVIDERS
    roomy = rng.uniform(0.3, 1.5, size=count)
    seats = np.maximum(3, np.ceil(weight * requests * roomy)).astype(np.int64)
    return Supply(
        provider=provider,
        sector=rng.choice(len(SECTORS), size=count, p=list(SECTORS.values())),
        price_cents=_rounded(euros * 100),
        weight=weight,
        seats=np.where(online, -1, seats),
        games=np.isin(provider + 1, assumptions.GAMING_RANKS),
    )


def prices(supply: Supply, year: int, *, gaming: bool) -> Integers:
    """What each training costs in a year, counted from 0, in cents and steps of EUR 5."""
    usual = _rounded(supply.price_cents * (1 + assumptions.PRICES_RISE) ** year)
    if not gaming:
        return usual
    left = (1 - assumptions.GAMING_STEP) ** (year + 1)
    top = assumptions.GAMING_PRICE_CENTS
    raised = _rounded(top - (top - usual) * left)
    return np.where(supply.games & (usual < top), raised, usual)


def _rounded(cents: NDArray[np.floating[Any]]) -> Integers:
    return (np.round(np.asarray(cents) / CENTS_STEP) * CENTS_STEP).astype(np.int64)
