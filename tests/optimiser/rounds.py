"""Random rounds: small enough for an exact oracle, rich enough to hit every limit."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from allocation.optimiser import Policy, Problem

EDUCATION = ["vmbo", "mbo1", "mbo2", "mbo3", "mbo4", "hbo"]
SECTORS = ["C", "G", "H", "Q"]


def random_round(
    seed: int, *, workers: int | None = None, variant: str = "plain", **keys: Any
) -> Problem:
    """Draw a round of 220 to 400 workers, three choices, 40 editions, caps, a floor, six groups.

    Args:
        seed: the same seed gives the same round.
        workers: how many, if not by chance.
        variant: `plain`, or what it adds: `pools`, `solidarity`, `dear` (points times
            amount), `two_awards`, `parts`, `board` (given and withheld requests).
        keys: policy keys that replace the drawn ones.
    """
    rng = np.random.default_rng(seed)
    count = workers or int(rng.integers(220, 401))
    editions = 40
    price = rng.integers(30, 301, size=editions) * 500
    provider = rng.integers(0, 8, size=editions)
    people = _people(rng, count)
    requests = _rows(rng, people, price, provider)
    asked = int(requests.loc[requests["choice"] == 1, "amount_cents"].sum())
    ceiling = int(asked * rng.uniform(0.25, 0.6))
    policy = {
        "name": f"random {seed}",
        "seed": f"draw {seed}",
        "ceiling_cents": ceiling,
        "choice_percent": [100, 90, 80],
        "coverage": "education",
        "fairness": "1",
        "tolerance": "0.0001",
        "floor": [
            {"name": "target", "column": "target", "equals": "yes", "share_of_ceiling": "0.6"}
        ],
        "cap": [
            {"name": "provider", "column": "provider_id", "share_of_ceiling": "0.2"},
            {"name": "edition", "column": "edition_id", "count": 12},
        ],
        **_extra(variant),
        **keys,
    }
    seats = rng.integers(1, max(2, count // 20), size=editions)
    problem = {
        "requests": requests,
        "policy": Policy.from_dict(policy),
        "editions": pd.DataFrame(
            {"edition_id": [f"e{number:02d}" for number in range(editions)], "seats": seats}
        ),
    }
    if variant == "pools":
        parts = {"": 0.55, "Q": 0.25, "H": 0.2}
        problem["pools"] = pd.DataFrame(
            {
                "pool_id": [f"pool {name}" for name in parts],
                "amount_cents": [int(ceiling * part) for part in parts.values()],
                "column": ["sector" if name else "" for name in parts],
                "equals": list(parts),
            }
        )
    if variant == "solidarity":
        share = rng.dirichlet(np.ones(len(SECTORS)))
        problem["contributions"] = pd.DataFrame(
            {"value": SECTORS, "amount_cents": (share * ceiling).astype(int)}
        )
    if variant == "board":
        ids = requests["request_id"].sample(8, random_state=seed)
        first = requests.set_index("request_id").loc[ids, "choice"] == 1
        problem["given"] = frozenset(ids[first.to_numpy()][:2])
        problem["withheld"] = frozenset(ids[~first.to_numpy()])
    return Problem(**problem)


def mixed_round(seed: int) -> Problem:
    """A round of 100 to 1,600 rows in which every feature stands beside most others."""
    rng = np.random.default_rng(10_000 + seed)
    variants = [v for v in ("solidarity", "parts", "two_awards", "dear") if rng.random() < 0.5]
    keys: dict[str, Any] = {}
    for variant in variants:
        keys |= _extra(variant)
    keys["floor"] = [
        {"name": "target", "column": "target", "equals": "yes", "share_of_ceiling": "0.5"}
    ]
    if rng.random() < 0.5:
        keys["floor"].append(
            {"name": "care", "column": "sector", "equals": "Q", "share_of_ceiling": "0.3"}
        )
    keys["cap"] = [
        {"name": "provider", "column": "provider_id", "share_of_ceiling": "0.2"},
        {"name": "edition", "column": "edition_id", "count": int(rng.integers(3, 13))},
        {"name": "sector", "column": "sector", "share_of_ceiling": "0.45"},
    ][: int(rng.integers(1, 4))]
    keys["fairness"] = str(rng.choice(["1", "0.8", "0"], p=[0.6, 0.2, 0.2]))
    workers = int(rng.integers(50, 820))
    problem = random_round(seed, workers=workers, **keys)
    if "solidarity" in variants:
        paid = random_round(seed, workers=workers, variant="solidarity").contributions
        problem = replace(problem, contributions=paid)
    if rng.random() < 0.5:
        pools = random_round(seed, workers=workers, variant="pools").pools
        problem = replace(problem, pools=pools)
    return problem


def _extra(variant: str) -> dict[str, Any]:
    return {
        "solidarity": {"solidarity": {"column": "sector", "give_back": "0.9"}},
        "dear": {"value": "points_times_amount"},
        "two_awards": {"awards_per_worker": 2},
        "parts": {"part_awards": {"column": "accepts", "value_percent": {"50": 40}}},
    }.get(variant, {})


def _people(rng: np.random.Generator, count: int) -> pd.DataFrame:
    education = rng.choice(EDUCATION, size=count, p=[0.12, 0.08, 0.2, 0.15, 0.25, 0.2])
    return pd.DataFrame(
        {
            "worker_id": [f"w{number:04d}" for number in rng.permutation(count)],
            "education": education,
            "sector": rng.choice(SECTORS, size=count),
            "target": np.where(
                (education != "hbo") & (rng.random(count) < 0.5), "yes", "no"
            ).astype(object),
            "points": rng.integers(1, 21, size=count) * 5,
            "accepts": rng.choice(["", "50", "50 75"], size=count),
        }
    )


def _rows(
    rng: np.random.Generator, people: pd.DataFrame, price: np.ndarray, provider: np.ndarray
) -> pd.DataFrame:
    """Two of the groups want a few editions only: seats hold them at a level of their own."""
    rows = []
    popular = 1 / np.arange(1, len(price) + 1) ** 0.7
    narrow = {group: rng.choice(len(price), 4, replace=False) for group in rng.choice(EDUCATION, 2)}
    for person in people.itertuples():
        if person.education in narrow:
            wanted = rng.choice(narrow[person.education], size=3, replace=False)
        else:
            wanted = rng.choice(len(price), size=3, replace=False, p=popular / popular.sum())
        for choice, edition in enumerate(wanted[: rng.integers(1, 4)], start=1):
            rows.append(
                {
                    "request_id": f"{person.worker_id}-{choice}",
                    "worker_id": person.worker_id,
                    "choice": choice,
                    "amount_cents": int(price[edition]),
                    "points": person.points,
                    "edition_id": f"e{edition:02d}",
                    "provider_id": f"p{provider[edition]}",
                    "education": person.education,
                    "sector": person.sector,
                    "target": person.target,
                    "accepts": person.accepts,
                }
            )
    return pd.DataFrame(rows)
