"""Compute scenarios of a closed round: divide, verify, measure, write down.

The solver runs in a process of its own and outside any transaction: no lock is held while it
thinks, and a run that is killed leaves nothing behind.
"""

import threading
from typing import Any, Final

from django.db import transaction

from allocation import access, optimiser, policies
from allocation.errors import NotReady
from allocation.models import Adjustment, Round, Scenario
from allocation.optimiser import Allocation, Problem, baselines
from allocation.optimiser.division import Progress
from allocation.rounds import folder, measures, record, snapshot, steps
from allocation.rounds.lock import locked
from budgetpool.audit import trail
from budgetpool.jobs import work
from budgetpool.users.models import User

MOST_SCENARIOS: Final = 4

type Stop = threading.Event


def compute(
    *,
    round: Round,
    name: str,
    member: User,
    rule: str = Scenario.Rule.OPTIMISER,
    variation: dict[str, Any] | None = None,
    progress: Progress | None = None,
    cancelled: Stop | None = None,
) -> Scenario:
    """Divide the frozen round by the fund's rule, or by an old rule as a baseline, and verify it.

    Adjustments that stand are taken into account by the fund's rule; a baseline shows the old
    rule as it was.

    Args:
        name: what the board calls it, unique in the round.
        variation: keys of the policy with another value, such as `{"fairness": "1/2"}`.
        progress: called with {"stage", "value", "bound", "gap", "seconds"} while it computes.
        cancelled: set it to stop.

    Raises:
        NotAllowed: no seat, or an own interest.
        WrongStep: the round is not closed.
        NotReady: `not_drawn`; `too_many_scenarios`: at most four stand side by side;
            `name_taken`; `rules_invalid`; `ceiling_not_varied`: a scenario with more money
            than the published ceiling would be no choice of this board.
        Cancelled: it was stopped; nothing is kept.
    """
    variation = variation or {}
    round = Round.objects.select_related("fund__region", "policy", "window").get(pk=round.pk)
    require(round=round, name=name, member=member, rule=rule, variation=variation)
    adjusted = list(
        round.adjustments.filter(withdrawn_at__isnull=True).order_by("pk")
        if rule == Scenario.Rule.OPTIMISER
        else Adjustment.objects.none()
    )
    problem = problem_of(round, variation, adjusted)
    allocation = divide(problem, rule, progress=progress, cancelled=cancelled)
    if allocation.reason == "cancelled":
        raise work.Cancelled
    found = _findings(problem, allocation)
    figures = measures.of(problem, allocation, policies.rule_of(round))
    with transaction.atomic():
        fresh = locked(round)
        steps.take(fresh, "compute")
        _check(fresh, name, rule, variation)
        scenario = record.scenario(
            round=fresh,
            name=name,
            rule=rule,
            variation=variation,
            adjusted=[row.pk for row in adjusted],
            problem=problem,
            allocation=allocation,
            problems=found,
            measures=figures,
            member=member,
        )
        trail.record(
            actor=member,
            action="round.computed",
            subject=fresh,
            region_code=fresh.fund.region.code,
            scenario=scenario.pk,
            rule=rule,
            outcome=scenario.outcome,
            verified=scenario.verified,
        )
    return scenario


def require(*, round: Round, name: str, member: User, rule: str, variation: dict[str, Any]) -> None:
    """Refuse a scenario that this member may not compute now; raises what `compute` raises."""
    access.require_vote(member, round)
    steps.check(round, "compute")
    _check(round, name, rule, variation)


def problem_of(
    round: Round,
    variation: dict[str, Any],
    adjusted: list[Adjustment],
    corrections: dict[str, dict[str, Any]] | None = None,
) -> Problem:
    """The frozen round as the optimiser's problem, with the board's deviations.

    Args:
        corrections: for a replay: worker pseudonym -> columns with their right values.
    """
    frozen = round.snapshot
    choices: dict[int, list[str]] = {}
    for name, (request, _) in snapshot.request_ids(round).items():
        choices.setdefault(request, []).append(name)
    given = [
        min(choices[row.request_id], key=lambda name: int(name.rpartition("-")[2]))
        for row in adjusted
        if row.kind == Adjustment.Kind.GIVE
    ]
    withheld = [
        name
        for row in adjusted
        if row.kind == Adjustment.Kind.WITHHOLD
        for name in choices[row.request_id]
    ]
    return snapshot.read(
        frozen,
        policies.rule_of(round, variation),
        given=frozenset(given),
        withheld=frozenset(withheld),
        corrections=corrections,
    )


def divide(
    problem: Problem,
    rule: str,
    *,
    progress: Progress | None = None,
    cancelled: Stop | None = None,
) -> Allocation:
    """One division by one rule; never inside a transaction."""
    if rule == Scenario.Rule.OPTIMISER:
        return optimiser.allocate(problem, progress=progress, cancelled=cancelled)
    return baselines.allocate(problem, rule)


def _check(round: Round, name: str, rule: str, variation: dict[str, Any]) -> None:
    if not round.draw_outcome:
        raise NotReady("not_drawn", round=round.code)
    if "ceiling_cents" in variation or "seed" in variation or "name" in variation:
        raise NotReady("ceiling_not_varied", round=round.code)
    if round.scenarios.filter(name=name).exists():
        raise NotReady("name_taken", name=name)
    ours = round.scenarios.filter(rule=Scenario.Rule.OPTIMISER, verified=True)
    if rule == Scenario.Rule.OPTIMISER and ours.count() >= MOST_SCENARIOS:
        raise NotReady("too_many_scenarios", most=MOST_SCENARIOS)


def _findings(problem: Problem, allocation: Allocation) -> list[str]:
    """What the verifier finds wrong with a finished division; it shares no code with the model."""
    if allocation.outcome != Scenario.Outcome.PROVEN:
        return []
    return [str(finding) for finding in folder.findings(problem, allocation)]
