"""Who looked at a person's file, when and in which capacity."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from budgetpool.audit.models import AuditEvent
from workers.models import Worker

LOOKS: Final = (
    "worker.seen",
    "request.file_seen",
    "intake.seen",
    "portfolio.seen",
    "worker.data_taken",
)


@dataclass(frozen=True)
class Look:
    """One look at a file: who, when, and a code of what for."""

    at: datetime
    who: str
    action: str


def looks(worker: Worker, *, most: int = 200) -> list[Look]:
    """The latest looks at a worker's file by others, the newest first."""
    return [
        Look(event.at, event.actor.name if event.actor else "", event.action)
        for event in _about(worker)
        .filter(action__in=LOOKS)
        .exclude(actor=worker.user_id)
        .select_related("actor")[:most]
    ]


def _about(worker: Worker) -> QuerySet[AuditEvent]:
    requests = [str(pk) for pk in worker.requests.values_list("pk", flat=True)]
    return AuditEvent.objects.filter(
        Q(subject_type="workers.worker", subject_id=str(worker.pk))
        | Q(subject_type="workers.trainingrequest", subject_id__in=requests)
    )
