"""Find, for the scenario that is proposed, what would have changed each refusal."""

from django.db import transaction

from allocation.models import Adjustment, Explanation, Scenario
from allocation.optimiser import Allocation, Problem, allocate, counterfactual
from allocation.optimiser.counterfactual import Progress
from allocation.rounds import record
from allocation.rounds.lock import locked
from allocation.rounds.scenarios import Stop, problem_of
from budgetpool.audit import trail
from budgetpool.jobs import work


def explain(
    *, scenario: Scenario, progress: Progress | None = None, cancelled: Stop | None = None
) -> Explanation:
    """Confirm points, amounts and ceilings for every refusal of a scenario, and keep them.

    Asking again gives what was found before. The solver runs outside any transaction.

    Args:
        progress: called with {"stage", "done", "total"}.
        cancelled: set it to stop.

    Raises:
        Cancelled: it was stopped; nothing is kept.
    """
    known = Explanation.objects.filter(scenario=scenario).first()
    if known is not None:
        return known
    adjusted = list(Adjustment.objects.filter(pk__in=scenario.adjusted).order_by("pk"))
    problem = problem_of(scenario.round, scenario.variation, adjusted)
    found = counterfactual.changes(
        problem,
        _allocation_of(scenario, problem),
        divide=lambda changed: allocate(changed, cancelled=cancelled),
        progress=progress,
    )
    if cancelled is not None and cancelled.is_set():
        raise work.Cancelled
    told = found[list(counterfactual.KINDS)].gt(0).any(axis=1)
    with transaction.atomic():
        round = locked(scenario.round)
        known = Explanation.objects.filter(scenario=scenario).first()
        if known is not None:
            return known
        row = Explanation(
            scenario=scenario,
            changes_csv=found.to_csv(index=False, lineterminator="\n"),
            refused=len(found),
            told=int(told.sum()),
        )
        row.full_clean()
        row.save()
        trail.record(
            actor=None,
            action="round.explained",
            subject=round,
            region_code=round.fund.region.code,
            scenario=scenario.pk,
            refused=row.refused,
            told=row.told,
        )
    return row


def _allocation_of(scenario: Scenario, problem: Problem) -> Allocation:
    """The scenario as the optimiser's result, its decisions in the order of the frozen requests."""
    decisions = record.decisions_frame(scenario).set_index("request_id")
    result = scenario.result
    return Allocation(
        outcome=scenario.outcome,
        rule=scenario.rule,
        decisions=decisions.loc[problem.requests["request_id"]].reset_index(),
        value=result["value"],
        bound=result["bound"],
        coverage=result["coverage"],
        floors=result["floors"],
    )
