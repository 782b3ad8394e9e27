"""Which rounds the public sees, and in which words their state is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allocation.models import Round, Scenario, Snapshot
from budgetpool.fund.models import Fund

Status = Round.Status
# A draft is nobody's business yet; it may still change.
VISIBLE = [status for status in Status if status != Status.DRAFT]
PUBLISHED = (Status.PUBLISHED, Status.FINISHED)

STATE: dict[str, tuple[Any, str]] = {
    "coming": (_("Opens soon"), "neutral"),
    Status.OPEN: (_("You can ask now"), "success"),
    Status.CLOSED: (_("Is being divided"), "warning"),
    Status.PROPOSED: (_("Is being divided"), "warning"),
    Status.SIGNED: (_("Is being divided"), "warning"),
    Status.PUBLISHED: (_("Outcome known"), "success"),
    Status.FINISHED: (_("Finished"), "inactive"),
    Status.CANCELLED: (_("Cancelled"), "error"),
}


@dataclass(frozen=True)
class State:
    """A round's state in the public's words, with the kind of its badge."""

    text: Any
    kind: str


def visible(fund: Fund) -> QuerySet[Round]:
    """The fund's rounds that were announced, the newest first."""
    return (
        Round.objects.filter(fund=fund, status__in=VISIBLE)
        .select_related("window", "policy", "fund__region", "proposal", "snapshot")
        .defer(*(f"proposal__{name}" for name in (*Scenario.FILES, "result", "measures")))
        .defer(*(f"snapshot__{name}" for name in Snapshot.FILES))
        .order_by("-window__opens_at")
    )


def state(round: Round, at: datetime | None = None) -> State:
    """How the public calls the round's state at a moment (now, unless given)."""
    now = at or timezone.now()
    code: str = round.status
    if code == Status.OPEN:
        if now < round.window.opens_at:
            code = "coming"
        elif now >= round.window.closes_at:
            code = Status.CLOSED
    return State(*STATE[code])
