"""Find, for the scenario that is proposed, what would have changed each refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from allocation import optimiser
from allocation.models import Adjustment, Explanation, Scenario
from allocation.rounds import record, verdicts
from allocation.rounds.lock import locked
from allocation.rounds.scenarios import Stop, problem_of
from allocation.rules import points
from budgetpool import lazily
from budgetpool.audit import trail
from budgetpool.jobs import work

if TYPE_CHECKING:
    from allocation.optimiser.counterfactual import changes
    from allocation.optimiser.counterfactual.changes import Progress
else:
    changes = lazily.module("allocation.optimiser.counterfactual.changes")


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
    problem = problem_of(
        scenario.round, scenario.variation, adjusted, instead_of=scenario.instead_of
    )
    found = changes.changes(
        problem,
        record.allocation_of(scenario, problem),
        divide=lambda changed: optimiser.allocate(changed, cancelled=cancelled),
        progress=progress,
        # No person can have more than the published rule gives: such a number is no advice.
        most_points=points.MOST,
        cancelled=cancelled,
    )
    if cancelled is not None and cancelled.is_set():
        raise work.Cancelled
    # Files may hold more points than the rule gives.
    found.loc[found["points"] > points.MOST, "points"] = 0
    told = found[list(changes.KINDS)].gt(0).any(axis=1) | found["reach_limit"].ne("")
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
    verdicts.tell(scenario)
    return row
