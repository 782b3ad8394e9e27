"""Reading the trail."""

from django.db.models import Model, QuerySet

from budgetpool.audit.models import AuditEvent


def trail_of(subject: Model) -> QuerySet[AuditEvent]:
    """Everything that was done to one row, and every look at it; the latest first."""
    return AuditEvent.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk)
    ).select_related("actor")


def looks_at(subject: Model) -> QuerySet[AuditEvent]:
    """Who opened one person's file, when, and why (`details["why"]`); the latest first."""
    return trail_of(subject).filter(action__endswith=".seen")
