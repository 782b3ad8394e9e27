"""What the audit trail holds about one row."""

from django.db.models import Model, QuerySet

from budgetpool.audit.models import AuditEvent


def trail_of(subject: Model) -> QuerySet[AuditEvent]:
    """Everything that was done to one row, and every look at it; the latest first."""
    return AuditEvent.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk)
    )
