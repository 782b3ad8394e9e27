"""Reading the trail."""

from datetime import date
from typing import Final

from django.db.models import Model, Q, QuerySet

from budgetpool.audit.models import AuditEvent

# Events that change nothing: looks at somebody's file, and coming in. They go after eighteen
# months; the database lets no younger one go, and no event of a change ever.
LOOK_DAYS: Final = 548
LOOKS_BESIDE_SEEN: Final = ("request.file_seen", "worker.data_taken", "account.signed_in")


def looks_before(day: date) -> QuerySet[AuditEvent]:
    """Every look and sign-in of an earlier day."""
    return AuditEvent.objects.filter(
        Q(action__endswith=".seen") | Q(action__in=LOOKS_BESIDE_SEEN), at__date__lt=day
    )


def trail_of(subject: Model) -> QuerySet[AuditEvent]:
    """Everything that was done to one row, and every look at it; the latest first."""
    return AuditEvent.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk)
    ).select_related("actor")


def looks_at(subject: Model) -> QuerySet[AuditEvent]:
    """Who opened one person's file, when, and why (`details["why"]`); the latest first."""
    return trail_of(subject).filter(action__endswith=".seen")
