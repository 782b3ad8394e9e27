"""Waiting credit (wachttegoed): who was refused before counts a little more the next time.

And who was refused so often for lack of money only that a policy lets them go first (`waiting`).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from allocation.models import Award, Decision, Round
from budgetpool.fund.models import Fund

# With more money a choice with one of these reasons would have been made.
FOR_MONEY: Final = frozenset({Decision.Reason.BELOW_CUTOFF.value, Decision.Reason.LOT_LOST.value})


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
    return _counted(fund, before, workers, lambda reason, params: True)


def refused_for_money(*, fund: Fund, before: Round | None = None) -> dict[int, int]:
    """The same, of the rounds in which nothing but money stood in the way of one of their choices.

    Not counted is who was refused because every course was full, a maximum was reached, the amount
    was too large for the round, or the board withheld the request.
    """
    return _counted(fund, before, None, _lacked_money)


def _lacked_money(reason: str, params: dict[str, Any]) -> bool:
    if reason == Decision.Reason.WITHHELD_BY_BOARD:
        return False
    reasons = {choice.get("reason") for choice in params.get("choices", [])} or {reason}
    return not reasons.isdisjoint(FOR_MONEY)


def _counted(
    fund: Fund,
    before: Round | None,
    workers: list[int] | None,
    counts: Callable[[str, dict[str, Any]], bool],
) -> dict[int, int]:
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
    for worker, moment, reason, params in decisions.filter(awarded=False).values_list(
        "request__worker_id", "decided_at", "reason", "params"
    ):
        awarded_at = last_award.get(worker)
        if (awarded_at is None or moment > awarded_at) and counts(reason, params):
            counted[worker] = counted.get(worker, 0) + 1
    return counted
