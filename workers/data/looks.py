"""Who looked at a person's file, when and in which capacity."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model, Q

from budgetpool.audit import reading
from budgetpool.audit.models import AuditEvent
from workers.models import Worker


@dataclass(frozen=True)
class Look:
    """One look at a file: who, when, and a code of what for."""

    at: datetime
    who: str
    action: str


def looks(worker: Worker, *, beside: Iterable[Model] = ()) -> list[Look]:
    """All looks at a worker's file by others, the newest first.

    Every event of the trail that is a look counts, whatever its code: a new kind of look needs no
    line here. `beside` are the person's rows of the layers above, such as awards and objections.
    """
    requests = [str(pk) for pk in worker.requests.values_list("pk", flat=True)]
    about = Q(subject_type="workers.worker", subject_id=str(worker.pk))
    about |= Q(subject_type="workers.trainingrequest", subject_id__in=requests)
    for row in beside:
        about |= Q(subject_type=row._meta.label_lower, subject_id=str(row.pk))
    return [
        Look(event.at, event.actor.name if event.actor else "", event.action)
        for event in AuditEvent.objects.filter(reading.LOOK, about)
        .exclude(actor=worker.user_id)
        .select_related("actor")
    ]
