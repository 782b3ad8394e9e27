"""Reading the trail."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from budgetpool.audit.models import AuditEvent

# Events that change nothing: looks at somebody's file, and coming in. They go after eighteen
# months; the database lets no younger one go, and no event of a change ever.
LOOK_DAYS: Final = 548
LOOKS_BESIDE_SEEN: Final = ("request.file_seen", "worker.data_taken")
LOOK: Final = Q(action__endswith=".seen") | Q(action__in=LOOKS_BESIDE_SEEN)


def looks_before(day: date) -> QuerySet[AuditEvent]:
    """Every look and sign-in of an earlier day."""
    return AuditEvent.objects.filter(LOOK | Q(action="account.signed_in"), at__date__lt=day)


def of_region(
    region_code: str,
    *,
    since: date,
    until: date,
    who: str = "",
    looks: bool | None = None,
    kind: str = "",
    subjects: Iterable[tuple[str, str]] | None = None,
) -> QuerySet[AuditEvent]:
    """The trail of a region between two days, both counted, the newest first.

    Args:
        who: a part of the name or the e-mail address of who did it.
        looks: only looks, or only what is none; None for all.
        kind: what it was done to, such as `allocation.round`.
        subjects: the things meant, each by its kind and key; None for all.
    """
    found = AuditEvent.objects.filter(
        region_code=region_code,
        at__gte=_midnight(since),
        at__lt=_midnight(until + timedelta(days=1)),
    ).select_related("actor")
    if who:
        found = found.filter(Q(actor__name__icontains=who) | Q(actor__email__icontains=who))
    if looks is not None:
        found = found.filter(LOOK) if looks else found.exclude(LOOK)
    if kind:
        found = found.filter(subject_type=kind)
    if subjects is not None:
        meant = Q(pk__in=[])
        for name, key in subjects:
            meant |= Q(subject_type=name, subject_id=key)
        found = found.filter(meant)
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
