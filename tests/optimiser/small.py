"""Rounds so small that every division can be tried by hand."""

import itertools

import pandas as pd
from hypothesis import strategies as st

from allocation.optimiser import Policy, Problem


@st.composite
def small_rounds(draw, *, choices: int = 2, workers: int = 7, floor: bool = True) -> Problem:
    """A few workers, three editions, two providers; little money."""
    rows = []
    count = draw(st.integers(1, workers))
    for worker in range(count):
        points = draw(st.integers(0, 6))
        target = draw(st.sampled_from(["yes", "no"]))
        for choice in range(1, draw(st.integers(1, choices)) + 1):
            rows.append(
                {
                    "request_id": f"r{worker}-{choice}",
                    "worker_id": f"w{worker}",
                    "choice": choice,
                    "amount_cents": draw(st.integers(1, 8)) * 10_000,
                    "points": points,
                    "edition_id": draw(st.sampled_from(["", "e1", "e2", "e3"])),
                    "provider_id": draw(st.sampled_from(["p1", "p2"])),
                    "target": target,
                }
            )
    keys = {
        "name": "small",
        "seed": draw(st.sampled_from(["one", "other"])),
        "ceiling_cents": draw(st.integers(0, 25)) * 10_000,
        "choice_percent": [100, 90],
        "cap": [{"name": "provider", "column": "provider_id", "count": draw(st.integers(0, 4))}],
    }
    if floor:
        share = draw(st.sampled_from(["0.3", "0.8"]))
        keys["floor"] = [
            {"name": "target", "column": "target", "equals": "yes", "share_of_ceiling": share}
        ]
    editions = pd.DataFrame({"edition_id": ["e1", "e2", "e3"], "seats": [1, 2, 0]})
    return Problem(requests=pd.DataFrame(rows), policy=Policy.from_dict(keys), editions=editions)


def by_hand(problem: Problem) -> tuple[int, int, int]:
    """The best (promise kept, value, people) of all divisions, by trying each one."""
    rows = problem.requests.to_dict("records")
    policy = problem.policy
    seats = dict(zip(*problem.editions[["edition_id", "seats"]].values.T, strict=True))
    best = (0, 0, 0)
    for taken in itertools.product((0, 1), repeat=len(rows)):
        chosen = [row for row, yes in zip(rows, taken, strict=True) if yes]
        workers = [row["worker_id"] for row in chosen]
        places = [row["edition_id"] for row in chosen if row["edition_id"]]
        providers = [row["provider_id"] for row in chosen]
        if (
            sum(row["amount_cents"] for row in chosen) > policy.ceiling_cents
            or len(set(workers)) < len(workers)
            or any(places.count(edition) > seats[edition] for edition in set(places))
            or any(providers.count(name) > policy.caps[0].count for name in set(providers))
        ):
            continue
        promised = 0
        for floor in policy.floors:
            spent = sum(row["amount_cents"] for row in chosen if row["target"] == floor.equals)
            promised = min(spent, floor.required_cents(policy.ceiling_cents))
        value = sum(row["points"] * (100, 90)[row["choice"] - 1] for row in chosen)
        best = max(best, (promised, value, len(workers)))
    return best
