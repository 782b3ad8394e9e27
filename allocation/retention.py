"""What an award's file keeps after the training, and how long (Awb 4:49 and 4:57: five years)."""

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When

from allocation.models import Award, Objection, PaperSignature
from workers.data import erasing
from workers.data.destroying import log
from workers.data.retention import Category
from workers.models import Document, Worker

FIVE_YEARS_DAYS: Final = 5 * 365 + 2
UNENDED: Final = ("granted", "accepted", "advanced", "completed")
TASK: Final = "public task (GDPR 6(1)(e)); recovery is possible for five years (Awb 4:57)"
GONE: Final = "-"


def ended_files(day: date) -> QuerySet[Worker]:
    """People whose last decision, award and sign-in all lie before a day, and who ask nothing."""
    awards = Award.objects.filter(
        Q(status__in=UNENDED) | Q(determined_at__date__gte=day) | Q(ended_at__date__gte=day)
    )
    return (
        Worker.objects.filter(erased_at__isnull=True, requests__decision__isnull=False)
        .exclude(requests__window__closes_at__date__gte=day)
        .exclude(requests__decision__decided_at__date__gte=day)
        .exclude(requests__decision__objection__decided_at__date__gte=day)
        .exclude(requests__award__in=awards)
        .exclude(user__last_login__date__gte=day)
        .distinct()
    )


@transaction.atomic
def clear_texts(*, category: str, rule: str, rows: QuerySet[Objection]) -> int:
    """Take the words out of objections; that there was one, and how it ended, stays."""
    keys = sorted(rows.values_list("pk", flat=True))
    if keys:
        Objection.objects.filter(pk__in=keys).update(
            grounds=GONE,
            late_reason=Case(When(is_late=True, then=Value(GONE)), default=Value("")),
            hearing_place="",
            hearing_report="",
            answer=Case(When(answer="", then=Value("")), default=Value(GONE)),
            corrections={},
            replay={},
        )
        log(category, rule, keys)
    return len(keys)


CATEGORIES: Final = (
    Category(
        "proofs",
        "show that a paid training was completed",
        TASK,
        FIVE_YEARS_DAYS,
        lambda day: Document.objects.filter(
            purpose=Document.Purpose.PROOF,
            request__in=Award.objects.filter(determined_at__date__lt=day).values("request"),
        ),
    ),
    Category(
        "paper_signatures",
        "show that a practice declaration was signed by three",
        TASK,
        FIVE_YEARS_DAYS,
        lambda day: PaperSignature.objects.filter(proof__award__determined_at__date__lt=day),
    ),
    Category(
        "objection_texts",
        "answer an objection, and account for the answer",
        "public task (GDPR 6(1)(e)); Awb 6:4 and 7:12",
        FIVE_YEARS_DAYS,
        lambda day: Objection.objects.filter(decided_at__date__lt=day).exclude(grounds=GONE),
        clear_texts,
    ),
    Category(
        "ended_files",
        "decide, pay, and reclaim where it must be",
        TASK,
        FIVE_YEARS_DAYS,
        ended_files,
        erasing.forget,
    ),
)
