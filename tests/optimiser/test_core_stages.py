"""Each stage against every possible division of small rounds, and the order of the stages."""

import itertools
import random
from collections import Counter

import pandas as pd
import pytest

from allocation.optimiser import Allocation, Policy, Problem, allocate

AMOUNTS = [100, 250, 333, 400, 1000]


def _round(seed: int) -> Problem:
    """Six workers, up to two choices, three editions, a floor, caps, groups."""
    rng = random.Random(seed)
    rows = []
    for worker in range(6):
        group, target = rng.choice("ab"), rng.choice(["yes", "no"])
        points = rng.randrange(6)
        for choice in range(1, rng.randint(1, 2) + 1):
            rows.append(
                {
                    "request_id": f"r{len(rows)}",
                    "worker_id": f"w{worker}",
                    "choice": choice,
                    "amount_cents": rng.choice(AMOUNTS),
                    "points": points,
                    "edition_id": rng.choice(["e0", "e1", "e2", ""]),
                    "education": group,
                    "target": target,
                    "provider_id": rng.choice("pq"),
                }
            )
    asked = sum(row["amount_cents"] for row in rows)
    policy = {
        "name": f"round {seed}",
        "seed": "4 11 19",
        "ceiling_cents": int(asked * rng.uniform(0.15, 0.7)),
        "choice_percent": [100, 90],
        "coverage": "education",
        "fairness": rng.choice(["1", "1/2"]),
        "floor": [
            {
                "name": "target",
                "column": "target",
                "equals": "yes",
                "share_of_ceiling": rng.choice(["3/10", "9/10"]),
            }
        ],
        "cap": [{"name": "provider", "column": "provider_id", "share_of_ceiling": "7/10"}],
    }
    seats = pd.DataFrame(
        {"edition_id": ["e0", "e1", "e2"], "seats": [rng.randrange(3) for _ in range(3)]}
    )
    return Problem(pd.DataFrame(rows), Policy.from_dict(policy), editions=seats)


def _divisions(problem: Problem) -> list[list[dict[str, object]]]:
    """Every division that keeps the hard limits, each as its awarded rows."""
    workers: dict[str, list[dict[str, object]]] = {}
    for row in problem.requests.to_dict("records"):
        workers.setdefault(row["worker_id"], []).append(row)
    seats = dict(problem.editions.itertuples(index=False))
    ceiling = problem.policy.ceiling_cents
    found = []
    for picked in itertools.product(*[[None, *rows] for rows in workers.values()]):
        rows = [row for row in picked if row is not None]
        providers: Counter[str] = Counter()
        for row in rows:
            providers[row["provider_id"]] += row["amount_cents"]
        editions = Counter(row["edition_id"] for row in rows if row["edition_id"])
        if (
            sum(providers.values()) <= ceiling
            and all(cents <= ceiling * 7 // 10 for cents in providers.values())
            and all(count <= seats[edition] for edition, count in editions.items())
        ):
            found.append(rows)
    return found


def _best(problem: Problem, allocation: Allocation) -> tuple[int, int, int, int]:
    """Cents of the floor, people short of the targets, value and people, by trying everything."""
    required = problem.policy.floors[0].required_cents(problem.policy.ceiling_cents)
    percent = problem.policy.choice_percent
    targets = {group: row["target"] for group, row in allocation.coverage.items()}

    def figures(rows: list[dict[str, object]]) -> tuple[int, int, int, int]:
        floor = sum(row["amount_cents"] for row in rows if row["target"] == "yes")
        served = Counter(row["education"] for row in rows)
        short = sum(max(0, target - served[group]) for group, target in targets.items())
        value = sum(row["points"] * percent[row["choice"] - 1] for row in rows)
        return min(required, floor), -short, value, len(rows)

    return max(map(figures, _divisions(problem)))


@pytest.mark.parametrize("seed", range(12))
def test_every_stage_is_the_best_of_all_divisions_that_keep_the_stages_before(seed: int) -> None:
    problem = _round(seed)
    allocation = allocate(problem)
    assert allocation.outcome == "proven"
    floor, short, value, people = _best(problem, allocation)
    reached = min(allocation.floors[0]["reached_cents"], allocation.floors[0]["required_cents"])
    missing = sum(max(0, row["target"] - row["awarded"]) for row in allocation.coverage.values())
    assert (reached, -missing, allocation.value, allocation.people) == (
        floor,
        short,
        value,
        people,
    )
    assert all(stage.gap == 0 for stage in allocation.stages if stage.name in ("value", "people"))


def _two_groups(**changes: object) -> Problem:
    """Group a asks 100 each, group b 300 each; there is money for 1,200."""
    rows = [
        {
            "request_id": f"{group}{number}",
            "worker_id": f"{group}{number}",
            "choice": 1,
            "amount_cents": cents,
            "points": 10 if group == "a" else 1,
            "education": group,
        }
        for group, cents in (("a", 100), ("b", 300))
        for number in range(6)
    ]
    policy = {
        "name": "two groups",
        "seed": "s",
        "ceiling_cents": 1200,
        "coverage": "education",
        "fairness": "1",
        **changes,
    }
    return Problem(pd.DataFrame(rows), Policy.from_dict(policy))


def test_coverage_serves_the_group_that_costs_more_as_far_as_the_other() -> None:
    served = allocate(_two_groups()).coverage
    assert {group: row["awarded"] for group, row in served.items()} == {"a": 3, "b": 3}


def test_fairness_zero_leaves_everything_to_value() -> None:
    served = allocate(_two_groups(fairness="0")).coverage
    assert {group: row["awarded"] for group, row in served.items()} == {"a": 6, "b": 2}


def test_half_the_fairness_keeps_half_of_the_share() -> None:
    served = allocate(_two_groups(fairness="2/3")).coverage
    assert served["b"]["target"] == 2
    assert served["a"]["awarded"] == 6


def test_the_coverage_cap_stops_lifting_a_group_at_the_cost_of_value() -> None:
    served = allocate(_two_groups(coverage_cap="1/3")).coverage
    assert {group: row["target"] for group, row in served.items()} == {"a": 2, "b": 2}
    assert served["a"]["awarded"] == 6


def test_a_floor_that_nobody_asks_for_is_reported_with_its_cause() -> None:
    problem = _two_groups(
        floor=[{"name": "c", "column": "education", "equals": "c", "share_of_ceiling": "1/2"}]
    )
    floor = allocate(problem).floors[0]
    assert (floor["required_cents"], floor["reached_cents"]) == (600, 0)
    assert floor["cause"] == "impossible_demand"


def test_a_floor_gives_way_to_the_floor_before_it() -> None:
    shares = [
        {"name": "b", "column": "education", "equals": "b", "share_of_ceiling": "1"},
        {"name": "a", "column": "education", "equals": "a", "share_of_ceiling": "1/2"},
    ]
    first, second = allocate(_two_groups(floor=shares, fairness="0")).floors
    assert (first["reached_cents"], first["cause"]) == (1200, None)
    assert (second["reached_cents"], second["cause"]) == (0, "traded")
