"""Random small rounds in which every feature may meet every other, and ties are common."""

from typing import Any

import numpy as np
import pandas as pd

from allocation.optimiser import Policy, Problem

GROUPS, SECTORS, PROVIDERS = ["mbo1", "mbo2", "hbo"], ["Q", "H", "F"], ["p1", "p2", "p3"]
PRICES = [10_000, 15_000, 20_000, 33_300, 45_000]


def featured_round(seed: int, *, workers: tuple[int, int] = (4, 18)) -> Problem:
    """Draw a round: coarse points, few prices, and each feature with a chance of its own."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(*workers))
    editions = [f"e{number}" for number in range(int(rng.integers(2, 5)))]
    requests = _rows(rng, count, editions)
    asked = int(requests.loc[requests["choice"] == 1, "amount_cents"].sum())
    ceiling = int(asked * rng.uniform(0.2, 0.8))
    problem: dict[str, Any] = {"requests": requests, "policy": _policy(rng, seed, ceiling)}
    if rng.random() < 0.8:
        seats = rng.integers(0, max(2, count // 2), size=len(editions))
        problem["editions"] = pd.DataFrame({"edition_id": editions, "seats": seats})
    if rng.random() < 0.4:
        parts = rng.dirichlet(np.ones(3)) * 1.2
        problem["pools"] = pd.DataFrame(
            {
                "pool_id": ["general", "q", "h"],
                "amount_cents": [int(ceiling * part) for part in parts],
                "column": ["", "sector", "sector"],
                "equals": ["", "Q", "H"],
            }
        )
    if problem["policy"].solidarity is not None:
        paid = rng.dirichlet(np.ones(len(SECTORS))) * ceiling * rng.uniform(0.8, 1.6)
        problem["contributions"] = pd.DataFrame(
            {"value": SECTORS, "amount_cents": paid.astype(int)}
        )
    if rng.random() < 0.2:
        problem["withheld"] = frozenset(requests["request_id"].sample(1, random_state=seed))
    return Problem(**problem)


def _policy(rng: np.random.Generator, seed: int, ceiling: int) -> Policy:
    keys: dict[str, Any] = {
        "name": f"featured {seed}",
        "seed": f"draw {seed}",
        "ceiling_cents": ceiling,
        "choice_percent": [100, 90, 80],
        "value": str(rng.choice(["points", "points", "points_times_amount"])),
        "awards_per_worker": int(rng.choice([1, 1, 1, 2])),
        "floor": [],
        "cap": [],
    }
    if rng.random() < 0.6:
        keys["coverage"] = "education"
        keys["fairness"] = str(rng.choice(["1", "1", "1/2"]))
        keys["coverage_cap"] = str(rng.choice(["1", "1/2"]))
    for number in range(int(rng.integers(0, 3))):
        column, equals = [("target", "yes"), ("sector", "Q")][number]
        share = str(rng.choice(["3/10", "3/5", "9/10"]))
        keys["floor"].append(
            {"name": column, "column": column, "equals": equals, "share_of_ceiling": share}
        )
    if rng.random() < 0.5:
        keys["cap"].append({"name": "provider", "column": "provider_id", "share_of_ceiling": "1/2"})
    if rng.random() < 0.4:
        keys["cap"].append({"name": "places", "column": "provider_id", "count": 3})
    if rng.random() < 0.5:
        keys["solidarity"] = {"column": "sector", "give_back": str(rng.choice(["1/2", "9/10"]))}
    if rng.random() < 0.25:
        keys["part_awards"] = {"column": "accepts", "value_percent": {"50": 40}}
    return Policy.from_dict(keys)


def _rows(rng: np.random.Generator, count: int, editions: list[str]) -> pd.DataFrame:
    price = {edition: int(rng.choice(PRICES)) for edition in editions}
    provider = {edition: str(rng.choice(PROVIDERS)) for edition in editions}
    coarse = int(rng.integers(1, 4))
    rows = []
    for worker in rng.permutation(count):
        person = {
            "worker_id": f"w{worker:02d}",
            "education": str(rng.choice(GROUPS)),
            "sector": str(rng.choice(SECTORS)),
            "target": str(rng.choice(["yes", "no"])),
            "points": int(rng.integers(1, coarse + 1)) * 10,
            "accepts": str(rng.choice(["", "50"])),
        }
        wanted = rng.permutation(editions)[: int(rng.integers(1, 4))]
        for choice, edition in enumerate(wanted, start=1):
            rows.append(
                {
                    "request_id": f"{person['worker_id']}-{choice}",
                    **person,
                    "choice": choice,
                    "amount_cents": price[edition],
                    "edition_id": str(edition),
                    "provider_id": provider[edition],
                }
            )
    return pd.DataFrame(rows)
