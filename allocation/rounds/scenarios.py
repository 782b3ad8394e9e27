"""Compute scenarios of a closed round: divide, verify, measure, write down.

The solver runs in a process of its own and outside any transaction: no lock is held while it
thinks, and a run that is killed leaves nothing behind.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypedDict

from django.db import transaction
from django.db.models import QuerySet

from allocation import optimiser
from allocation.models import Adjustment, Round, Scenario
from allocation.rounds import folder, measures, record, snapshot, steps, verdicts
from allocation.rounds.lock import locked
from allocation.rules import access, policies
from budgetpool import lazily
from budgetpool.audit import trail
from budgetpool.jobs import work
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

if TYPE_CHECKING:
    from allocation.optimiser import Allocation, Problem
    from allocation.optimiser.baselines import rules
    from allocation.optimiser.division import Progress
else:
    rules = lazily.module("allocation.optimiser.baselines.rules")

MOST_SCENARIOS: Final = 4

type Stop = threading.Event


class Wanted(TypedDict):
    """A scenario to compute: what `compute` takes."""

    name: str
    rule: str
    variation: dict[str, Any]


def compute(
    *,
    round: Round,
    name: str,
    member: User | None,
    rule: str = Scenario.Rule.OPTIMISER,
    variation: dict[str, Any] | None = None,
    instead_of: Scenario | None = None,
    progress: Progress | None = None,
    cancelled: Stop | None = None,
) -> Scenario:
    """Divide the frozen round by the fund's rule, or by an old rule as a baseline, and verify it.

    Adjustments that stand are taken into account by the fund's rule; a baseline shows the old
    rule as it was.

    Args:
        name: what the board calls it, unique in the round.
        member: who asked; None for the operator's national round, which decides nothing.
        variation: keys of the policy with another value, such as `{"fairness": "1/2"}`.
        instead_of: for a small change (`{"unchanged": 1437}`): whose outcomes count as before.
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
    problem = problem_of(round, variation, adjusted, instead_of=instead_of)
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
            instead_of=instead_of,
            problem=problem,
            allocation=allocation,
            problems=found,
            measures=figures,
            member=member,
        )
        verdicts.write(scenario)
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


def require(
    *, round: Round, name: str, member: User | None, rule: str, variation: dict[str, Any]
) -> None:
    """Refuse a scenario that this member may not compute now; raises what `compute` raises."""
    if member is not None:
        access.require_step(member, round, "compute")
    steps.check(round, "compute")
    _check(round, name, rule, variation)


def require_all(*, round: Round, member: User | None, wanted: Sequence[Wanted]) -> None:
    """Refuse scenarios of which one would fail after the others; raises what `compute` raises."""
    for one in wanted:
        require(round=round, member=member, **one)
    names = [one["name"] for one in wanted]
    for name in names:
        if names.count(name) > 1:
            raise NotReady("name_taken", name=name)
    ours = sum(one["rule"] == Scenario.Rule.OPTIMISER for one in wanted)
    if ours:
        require_room(round, ours)


def problem_of(
    round: Round,
    variation: dict[str, Any],
    adjusted: list[Adjustment],
    corrections: dict[str, dict[str, Any]] | None = None,
    instead_of: Scenario | None = None,
) -> Problem:
    """The frozen round as the optimiser's problem, with the board's deviations.

    Args:
        corrections: for a replay: worker pseudonym -> columns with their right values.
        instead_of: the division whose outcomes count as before, for a small change.
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
        before=record.awards_frame(instead_of) if instead_of else None,
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
    return rules.allocate(problem, rule)


def _check(round: Round, name: str, rule: str, variation: dict[str, Any]) -> None:
    if not round.draw_outcome:
        raise NotReady("not_drawn", round=round.code)
    if "ceiling_cents" in variation or "seed" in variation or "name" in variation:
        raise NotReady("ceiling_not_varied", round=round.code)
    if round.scenarios.filter(name=name).exists():
        raise NotReady("name_taken", name=name)
    changed = policies.rule_of(round, variation)
    frozen = round.snapshot.requests_csv.partition("\n")[0].split(",")
    if changed.waiting is not None and changed.waiting.column not in frozen:
        # A round that was closed before refusals for lack of money were counted.
        raise NotReady("rules_invalid", faults=[f"{changed.waiting.column} was not counted."])
    if rule == Scenario.Rule.OPTIMISER:
        require_room(round, 1)


def require_room(round: Round, wanted: int) -> None:
    """Refuse more scenarios than can be compared; those from before a decision do not count.

    Raises:
        NotReady: `too_many_scenarios`.
    """
    old = outdated(round)
    ours = [row for row in ours_of(round) if row.verified and row.pk not in old]
    if len(ours) + wanted > MOST_SCENARIOS:
        raise NotReady("too_many_scenarios", most=MOST_SCENARIOS)


def ours_of(round: Round) -> QuerySet[Scenario]:
    """The scenarios by the fund's rule, without the files that grow with the round."""
    ours = round.scenarios.filter(rule=Scenario.Rule.OPTIMISER)
    return ours.only("pk", "round", "name", "rule", "verified", "adjusted").order_by("pk")


def outdated(round: Round) -> set[int]:
    """The scenarios by the fund's rule that know other decisions of the board than stand now."""
    standing = list(
        round.adjustments.filter(withdrawn_at__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return {row.pk for row in ours_of(round) if row.adjusted != standing}


def _findings(problem: Problem, allocation: Allocation) -> list[str]:
    """What the verifier finds wrong with a finished division; it shares no code with the model."""
    if allocation.outcome not in Scenario.DIVIDED:
        return []
    # That a division is not proven is no fault: the scenario says so, with its proven gap.
    found = folder.findings(problem, allocation)
    return [str(finding) for finding in found]
