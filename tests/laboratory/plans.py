"""Plans that are small enough for a test, and regions that live through one."""

from typing import Any

from allocation.laboratory import rounds
from allocation.laboratory.plan import Plan

STANDARD: dict[str, Any] = {
    "choice_percent": [100, 90, 80],
    "coverage": "education_level",
    "fairness": "1",
    "coverage_cap": "3/10",
    "floor": [
        {"name": "target", "column": "target", "equals": "yes", "share_of_ceiling": "3/5"},
    ],
    "cap": [{"name": "provider", "column": "provider_id", "share_of_ceiling": "1/5"}],
}
# No promise, no groups: only what a training costs decides.
BLIND: dict[str, Any] = {"choice_percent": [100, 90, 80]}


def plan(rules: dict[str, Any] = STANDARD, **changed: Any) -> Plan:
    return Plan.of(
        rules=rules,
        **{"seeds": [1], "requests": 100, "rounds": 1, "years": 1, **changed},
    )


def lived(plan: Plan, rule: str, world: str = "honest") -> dict[str, list[dict[str, Any]]]:
    """The tables of all seeds under one rule."""
    lives = [rounds.live(plan, seed=seed, rule=rule, world=world) for seed in plan.seeds]
    return {
        "rounds": [row for life in lives for row in life["rounds"]],
        "waits": [row for life in lives for row in life["waits"]],
        "runs": [life["run"] for life in lives],
    }
