"""All that one seed brings: the same region under every rule, with and without gaming."""

from collections.abc import Callable
from typing import Any

from allocation.laboratory import rounds
from allocation.laboratory.plan import RULES, WORLDS, Plan


def simulate(
    plan: Plan, seed: int, *, told: Callable[[], None] = lambda: None
) -> dict[str, list[dict[str, Any]]]:
    """Simulate one seed.

    Args:
        told: called after each division.

    Returns:
        rows of three tables: `rounds`, `waits`, `runs`.
    """
    found: dict[str, list[dict[str, Any]]] = {"rounds": [], "waits": [], "runs": []}
    for world in WORLDS:
        for rule in RULES:
            lived = rounds.live(plan, seed=seed, rule=rule, world=world, told=told)
            found["rounds"] += lived["rounds"]
            found["waits"] += lived["waits"]
            found["runs"].append(lived["run"])
    return found
