"""Reading the trail."""

from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from budgetpool.audit.models import AuditEvent

# Events that change nothing: looks at somebody's file, and coming in. They go after eighteen
# months; the database lets no younger one go, and no event of a change ever.
LOOK_DAYS: Final = 548
LOOKS_BESIDE_SEEN: Final = ("request.file_seen", "worker.data_taken")
LOOK: Final = Q(action__endswith=".seen") | Q(action__in=LOOKS_BESIDE_SEEN)


def looks_before(day: date) -> QuerySet[AuditEvent]:
    """Every look and sign-in of an earlier day."""
    return AuditEvent.objects.filter(LOOK | Q(action="account.signed_in"), at__date__lt=day)
