"""What the clock does with rounds: it closes those whose window is over."""

from dataclasses import dataclass

from django.utils import timezone

from allocation.models import Round
from allocation.rounds.closing import close
from budgetpool.refusals import Refusal


@dataclass(frozen=True)
class Waits:
    """A round that stays open although its window is over, and why."""

    round: Round
    why: Refusal


def due() -> list[Round]:
    """The open rounds whose window is over, the oldest first."""
    rows = Round.objects.filter(
        status=Round.Status.OPEN, window__closes_at__lte=timezone.now()
    ).select_related("fund__region", "window", "policy")
    return list(rows.order_by("window__closes_at", "pk"))


def close_due() -> tuple[list[Round], list[Waits]]:
    """Close every round that is due; what somebody may still mend keeps its round open.

    Returns:
        the rounds that were closed, and those that wait.
    """
    closed, waiting = [], []
    for round in due():
        try:
            closed.append(close(round=round, member=None))
        except Refusal as refused:
            waiting.append(Waits(round, refused))
    return closed, waiting
