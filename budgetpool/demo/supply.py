"""The supply side of the synthetic population: providers, trainings and editions.

Providers follow a Zipf-Mandelbrot law, so that the twenty largest draw more
than half of the demand, as in STAP 2022 (EUR 104 million of EUR 160 million).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from budgetpool.demo import catalogue

PROVIDER_KINDS = catalogue.PROVIDER_KINDS
PROVIDERS_MAX = len(PROVIDER_KINDS) * len(catalogue.PROVIDER_NAMES)
ZIPF_EXPONENT, ZIPF_SHIFT = 1.25, 3.0
# Weights of the price classes, and euros from and to. The published mixture of
# 45 / 30 / 20 / 5 % gives a mean far above the sourced EUR 800; the sourced
# numbers win.
PRICE_CLASSES = {
    "short": (0.51, 150, 600),
    "medium": (0.34, 600, 1_500),
    "long": (0.11, 1_500, 3_000),
    "bundle": (0.04, 900, 1_800),
}
OWN_SECTOR_FACTOR = 4.0
EDITIONS_MAX = 6


def text(values: np.ndarray) -> pd.Series:
    """Make a str column of an array of text."""
    return pd.Series(values.astype(object), dtype="str")


def pick(
    rng: np.random.Generator,
    values: Sequence[str],
    count: int,
    shares: Sequence[float] | None = None,
) -> pd.Series:
    """Draw `count` of the values, with the given shares (they need not sum to 1)."""
    weight = None if shares is None else np.asarray(shares) / np.sum(shares)
    index = rng.choice(len(values), size=count, p=weight)
    return pd.Series(np.asarray(values, dtype=object)[index], dtype="str")


def providers(rng: np.random.Generator, requests: int) -> pd.DataFrame:
    """Draw the providers of a region with so many requests, the largest first."""
    count = int(np.clip(requests // 15, 60, PROVIDERS_MAX))
    names = [f"{kind} {name}" for name in catalogue.PROVIDER_NAMES for kind in PROVIDER_KINDS]
    order = rng.permutation(len(names))[:count]
    rank = np.arange(1, count + 1)
    return pd.DataFrame(
        {
            "provider_id": pd.Series([f"p{number:04d}" for number in rank], dtype="str"),
            "name": text(np.asarray(names, dtype=object)[order]),
            "municipality": pick(rng, [name for name, _ in catalogue.MUNICIPALITIES], count),
            "kvk_number": pd.Series([f"9{number:07d}" for number in order], dtype="str"),
            "crkbo": text(np.where(rng.random(count) < 0.85, "yes", "no")),
            "_weight": (rank + ZIPF_SHIFT) ** -ZIPF_EXPONENT,
        }
    )


def trainings(rng: np.random.Generator, offered_by: pd.DataFrame) -> pd.DataFrame:
    """Draw what each provider offers: a large one nearly everything, a small one a few courses.

    `_weight` is the demand for the training when nothing is known of the worker.
    """
    courses = catalogue.COURSES
    rank = np.arange(len(offered_by))
    share = 12 / len(courses) * ((rank + 2) / 2) ** -0.5
    offers = rng.random((len(offered_by), len(courses))) < share[:, None]
    offers[rank, rank % len(courses)] = True  # nobody offers nothing, no course is without provider
    provider, course = np.nonzero(offers)
    price_class = np.array([c.price_class for c in courses], dtype=object)[course]
    price = _prices(rng, price_class)
    exam = np.where(price >= 20_000, price // 10 // 500 * 500, 0)
    books = np.where(price >= 40_000, price // 20 // 500 * 500, 0)
    frame = pd.DataFrame(
        {
            "training_id": pd.Series([f"t{n:05d}" for n in range(1, len(course) + 1)], dtype="str"),
            "provider_id": offered_by["provider_id"].to_numpy()[provider],
            "title": text(np.array([c.title for c in courses], dtype=object)[course]),
            "sector": text(np.array([c.sector for c in courses], dtype=object)[course]),
            "outcome": text(np.array([c.outcome for c in courses], dtype=object)[course]),
            "hours": np.array([c.hours for c in courses])[course],
            "price_class": text(price_class),
            "training_cents": price - exam - books,
            "exam_cents": exam,
            "books_cents": books,
            "price_cents": price,
        }
    )
    per_class = frame.groupby(["provider_id", "price_class"])["title"].transform("size").to_numpy()
    frame["_weight"] = offered_by["_weight"].to_numpy()[provider] / per_class
    return frame.astype({"provider_id": "str"})


def demand(offer: pd.DataFrame, own_sector: str) -> np.ndarray:
    """Give each training's share of the demand of workers of one sector (sums to 1).

    Own-sector trainings draw more, and the price classes keep their weights.
    """
    own = (offer["sector"] == own_sector).to_numpy()
    weight = offer["_weight"].to_numpy() * np.where(own, OWN_SECTOR_FACTOR, 1.0)
    price_class = offer["price_class"].to_numpy()
    for name, (share, _, _) in PRICE_CLASSES.items():
        of_class = price_class == name
        weight[of_class] *= share / weight[of_class].sum()
    return np.asarray(weight / weight.sum())


def editions(rng: np.random.Generator, offer: pd.DataFrame, wanted: np.ndarray) -> pd.DataFrame:
    """Draw the dates of each training and their seats, some too few and some plenty.

    Args:
        offer: the trainings.
        wanted: first choices per training.
    """
    many = dates(wanted)
    training = np.repeat(np.arange(len(offer)), many)
    roomy = rng.uniform(0.15, 1.0, size=len(training))
    seats = np.maximum(3, np.ceil(wanted[training] / many[training] * roomy)).astype(np.int64)
    week = rng.integers(6, 20, size=len(training))
    starts = np.datetime64("2027-01-04") + 7 * week.astype("timedelta64[D]")
    numbers = range(1, len(training) + 1)
    return pd.DataFrame(
        {
            "edition_id": pd.Series([f"e{n:06d}" for n in numbers], dtype="str"),
            "training_id": offer["training_id"].to_numpy()[training],
            "seats": seats,
            "starts_on": text(np.datetime_as_string(starts, unit="D")),
            "municipality": pick(
                rng, [name for name, _ in catalogue.MUNICIPALITIES], len(training)
            ),
        }
    ).astype({"training_id": "str"})


def dates(wanted: np.ndarray) -> np.ndarray:
    """Give how many editions each training has, by its number of first choices."""
    return np.asarray(np.clip(-(-wanted // 14), 1, EDITIONS_MAX))


def editions_of(editions: pd.DataFrame, offer: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Give per training the row of its first edition and how many it has."""
    many = np.bincount(training_of(editions, offer), minlength=len(offer))
    return np.concatenate([[0], np.cumsum(many)[:-1]]), many


def training_of(editions: pd.DataFrame, offer: pd.DataFrame) -> np.ndarray:
    """Give per edition the row of its training."""
    return np.asarray(
        np.searchsorted(offer["training_id"].to_numpy(), editions["training_id"].to_numpy())
    )


def _prices(rng: np.random.Generator, price_class: np.ndarray) -> np.ndarray:
    """Draw catalogue prices in cents, in steps of EUR 5, cheaper ones more often."""
    low = np.array([PRICE_CLASSES[name][1] for name in price_class], dtype=float)
    high = np.array([PRICE_CLASSES[name][2] for name in price_class], dtype=float)
    euros = low * (high / low) ** rng.random(len(price_class))
    return np.asarray(np.maximum(euros // 5 * 5, low) * 100, dtype=np.int64)
