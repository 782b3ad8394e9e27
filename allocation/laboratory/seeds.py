"""All that one seed brings: the same region under every rule, with and without gaming."""

from collections.abc import Callable
from typing import Any

from allocation.laboratory import rounds, rules
from allocation.laboratory.plan import Plan


def steps(plan: Plan) -> int:
    """How often `told` is called for one seed."""
    return plan.rounds * plan.years * len(rules.RULES) * len(rounds.WORLDS)


def simulate(
    plan: Plan, seed: int, *, told: Callable[[], None] = lambda: None
) -> dict[str, list[dict[str, Any]]]:
    """Simulate one seed.

    Returns:
        rows of three tables: `rounds`, `waits`, `runs`.
    """
    found: dict[str, list[dict[str, Any]]] = {"rounds": [], "waits": [], "runs": []}
    for world in rounds.WORLDS:
        for rule in rules.RULES:
            lived = rounds.live(plan, seed=seed, rule=rule, world=world, told=told)
            found["rounds"] += lived["rounds"]
            found["waits"] += lived["waits"]
            found["runs"].append(lived["run"])
    return found
