"""Divide a published round again with one person's corrected facts, as of that moment."""

from typing import Any, Final

from allocation.models import Adjustment, Objection, PseudonymKey, Round, Scenario
from allocation.rounds import record, scenarios, snapshot
from allocation.rules import points, policies, waiting_credit
from budgetpool.refusals import NotReady
from workers.models import Worker

FACTS: Final = ("education", "contract", "sector", "hours_trained")


def replay(objection: Objection, facts: dict[str, Any]) -> dict[str, Any]:
    """What the round would have given this person, had the frozen file held these facts.

    The same snapshot, seed, rule and board's deviations; only the one person's columns differ.
    Others keep what they got: an objection takes from nobody.

    Returns:
        `awarded`, `choice` (key or None), `amount_cents`, `reason`, `points`, `points_before`.

    Raises:
        NotReady: `unknown_fact`; `replay_failed`.
    """
    unknown = sorted(set(facts) - set(FACTS))
    if unknown:
        raise NotReady("unknown_fact", facts=unknown, known=list(FACTS))
    decision = objection.decision
    round = Round.objects.select_related("fund__region", "policy", "snapshot", "proposal").get(
        pk=decision.round_id
    )
    scenario = round.proposal
    assert scenario is not None
    key = PseudonymKey.objects.get(round=round).key
    worker = decision.request.worker
    columns = _columns(round, worker, facts) if facts else {}
    adjusted = list(Adjustment.objects.filter(pk__in=scenario.adjusted).order_by("pk"))
    problem = scenarios.problem_of(
        round,
        scenario.variation,
        adjusted,
        corrections={snapshot.pseudonym(key, "worker", worker.pk): columns},
        instead_of=scenario.instead_of,
    )
    allocation = scenarios.divide(problem, scenario.rule)
    if allocation.outcome not in Scenario.DIVIDED:
        raise NotReady("replay_failed", reason=allocation.reason)
    outcome = record.of_request(round, allocation.decisions, decision.request_id, adjusted)
    return {
        "awarded": outcome.awarded,
        "choice": outcome.choice,
        "amount_cents": outcome.amount_cents,
        "reason": outcome.reason,
        "points": int(columns.get("points", decision.points)),
        "points_before": decision.points,
        "policy_sha256": policies.rule_of(round, scenario.variation).sha256(),
    }


def _columns(round: Round, worker: Worker, facts: dict[str, Any]) -> dict[str, Any]:
    """The person's columns of the frozen file, by the same rules that made them."""
    education = facts.get("education", worker.education)
    contract = facts.get("contract", worker.contract)
    hours = int(facts.get("hours_trained", worker.training_hours_two_years or 0))
    refused = waiting_credit.refused_rounds(fund=round.fund, before=round, workers=[worker.pk])
    target = points.is_target(education=education, hours_trained=hours)
    return {
        "education": education,
        "education_level": snapshot.LEVELS.get(education, "unknown"),
        "contract": contract,
        "sector": facts.get("sector", worker.sector),
        "first_timer": "no" if hours else "yes",
        "target": "yes" if target else "no",
        "points": points.points(
            education=education,
            contract=contract,
            hours_trained=hours,
            refused_rounds=refused.get(worker.pk, 0),
        ),
    }
