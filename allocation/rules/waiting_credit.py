"""Waiting credit (wachttegoed): who was refused before counts a little more the next time."""

from datetime import datetime

from allocation.models import Award, Decision, Round
from budgetpool.fund.models import Fund


def refused_rounds(
    *, fund: Fund, before: Round | None = None, workers: list[int] | None = None
) -> dict[int, int]:
    """Per worker the earlier rounds of this fund that refused them since their last award.

    Whoever got an award afterwards after all (next in line, an objection) is not counted as
    refused; the credit ends with an award, not with a declined or cancelled one.

    Args:
        before: leave this round out.
        workers: only these keys; everybody if absent.
    """
    decisions = Decision.objects.filter(round__fund=fund)
    awards = Award.objects.filter(round__fund=fund).exclude(
        status__in=[Award.Status.DECLINED, Award.Status.CANCELLED]
    )
    if before is not None:
        decisions, awards = decisions.exclude(round=before), awards.exclude(round=before)
    if workers is not None:
        decisions = decisions.filter(request__worker__in=workers)
        awards = awards.filter(request__worker__in=workers)
    last_award: dict[int, datetime] = dict(
        awards.order_by("granted_at").values_list("request__worker_id", "granted_at")
    )
    counted: dict[int, int] = {}
    for worker, moment in decisions.filter(awarded=False).values_list(
        "request__worker_id", "decided_at"
    ):
        awarded_at = last_award.get(worker)
        if awarded_at is None or moment > awarded_at:
            counted[worker] = counted.get(worker, 0) + 1
    return counted
