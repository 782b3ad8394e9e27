"""Policies as documents: a new version, its canonical text, and what a round adds to it."""

import hashlib
import json
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from allocation.models import Policy, Round
from allocation.optimiser import InvalidInput
from allocation.optimiser import Policy as Rule
from allocation.rules import access
from budgetpool.audit import trail
from budgetpool.fund.models import Fund
from budgetpool.money import to_cents
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

# What the round adds to the rule; a policy itself names neither.
OF_THE_ROUND: Final = ("seed", "ceiling_cents", "name")

STANDARD: Final[dict[str, Any]] = {
    "awards_per_worker": 1,
    "value": "points",
    "choice_percent": [100, 90, 80],
    "coverage": "education_level",
    "fairness": "1",
    "coverage_cap": "3/10",
    "tolerance": "1/10000",
    "floor": [
        {
            "name": "MBO without training",
            "column": "target",
            "equals": "yes",
            "share_of_ceiling": "3/5",
        }
    ],
    "cap": [
        {"name": "provider", "column": "provider_id", "share_of_ceiling": "1/5"},
        {"name": "training", "column": "training_id", "count": 300},
    ],
}


def new_version(
    *, fund: Fund, name: str, rules: dict[str, Any], explanation: str = "", member: User
) -> Policy:
    """Write down a new version of a fund's rule; older versions stay as they are.

    Args:
        rules: the keys of `policy.toml` without `name`, `seed` and `ceiling_cents`.

    Raises:
        NotAllowed: the person has no seat in the board.
        NotReady: `rules_invalid`, with each fault and its remedy; more than one award per worker
            is for rounds in files only.
    """
    access.require_seat(member, region=fund.region, roles=access.BOARD)
    clean = _checked(rules)
    text = json.dumps(clean, sort_keys=True, indent=1, ensure_ascii=False)
    with transaction.atomic():
        latest = Policy.objects.filter(fund=fund, name=name).aggregate(Max("version"))
        policy = Policy(
            fund=fund,
            name=name,
            version=(latest["version__max"] or 0) + 1,
            rules=clean,
            explanation=explanation,
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
        )
        policy.full_clean()
        policy.save()
        trail.record(
            actor=member,
            action="policy.written",
            subject=policy,
            region_code=fund.region.code,
            sha256=policy.sha256,
        )
    return policy


def rule_of(round: Round, variation: dict[str, Any] | None = None) -> Rule:
    """The optimiser's policy of a round: the frozen rule with the round's ceiling and seed.

    Args:
        variation: keys that replace those of the rule, for a scenario beside it.

    Raises:
        NotReady: `rules_invalid`.
    """
    rules = {**round.policy.rules, **(variation or {})}
    try:
        return Rule.from_dict(
            {
                **rules,
                "name": f"{round.fund.region.name} {round.code}",
                "seed": round.seed or round.seed_source,
                "ceiling_cents": to_cents(round.ceiling),
            }
        )
    except InvalidInput as error:
        raise NotReady("rules_invalid", faults=[str(fault) for fault in error.faults]) from error


def text_of(rule: Rule) -> str:
    """A rule as JSON text with sorted keys: what `Rule.sha256` is the fingerprint of."""
    return json.dumps(rule.to_dict(), sort_keys=True, separators=(",", ":"))


def _checked(rules: dict[str, Any]) -> dict[str, Any]:
    for key in OF_THE_ROUND:
        if key in rules:
            raise NotReady("rules_invalid", faults=[f"{key} belongs to the round."])
    if "unchanged" in rules:  # a question about a round that was divided before, not a rule
        raise NotReady("rules_invalid", faults=["unchanged belongs to one scenario."])
    try:
        rule = Rule.from_dict({**rules, "name": "rule", "seed": "seed", "ceiling_cents": 0})
    except InvalidInput as error:
        raise NotReady("rules_invalid", faults=[str(fault) for fault in error.faults]) from error
    clean = rule.to_dict()
    for key in OF_THE_ROUND:
        del clean[key]
    if clean["awards_per_worker"] != 1:
        # One request of one person leads to one decision, one account and one training. Several
        # are possible in rounds that stand in files (manage.py allocate).
        fault = "policy.toml: awards_per_worker must be 1: a person sends one request per round, "
        raise NotReady("rules_invalid", faults=[f"{fault}and a request leads to one training."])
    return clean
