"""What an award's file keeps after the training, and how long.

Five years for what proves an award (Awb 4:49 and 4:57); seven for what belongs to the books, from
the end of the year that it belongs to (general tax law, article 52).
"""

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from allocation.models import Award, Objection, PaperSignature, Payee, PaymentBatch, Payout
from budgetpool.audit import trail
from workers.data import erasing
from workers.data.destroying import log
from workers.data.retention import Category
from workers.models import Document, Worker

FIVE_YEARS_DAYS: Final = 5 * 365 + 2
SEVEN_YEARS_DAYS: Final = 7 * 365 + 2
BOOKS: Final = "general tax law, article 52: seven years"
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


def unused_payees(day: date) -> QuerySet[Payee]:
    """Bank accounts to which nothing was, or is to be, paid since the beginning of a day's year."""
    since = date(day.year, 1, 1)
    used = Payout.objects.filter(
        Q(paid_on__gte=since)
        | Q(made_at__date__gte=since)
        | Q(status__in=[Payout.Status.PLANNED, Payout.Status.BATCHED])
    )
    return Payee.objects.filter(entered_at__date__lt=since).exclude(
        Q(iban="") | Q(pk__in=used.values("payee"))
    )


@transaction.atomic
def clear_payees(*, category: str, rule: str, rows: QuerySet[Payee]) -> int:
    """Take number and name out of bank accounts; that each was verified, and by whom, stays."""
    payees = list(rows.select_related("fund__region").order_by("pk"))
    keys = [payee.pk for payee in payees]
    for payee in payees:
        trail.record(
            actor=None,
            action="payee.forgotten",
            subject=payee,
            region_code=payee.fund.region.code,
        )
    if keys:
        cleared = Payee.objects.filter(pk__in=keys)
        cleared.filter(ended_at__isnull=True).update(ended_at=timezone.now())
        cleared.update(
            iban="",
            holder_name="",
            name_suggestion="",
            warnings="",
            entered_answer="",
            verified_how="",
            verified_answer="",
        )
        log(category, rule, keys)
    return len(keys)


@transaction.atomic
def clear_bank_files(*, category: str, rule: str, rows: QuerySet[PaymentBatch]) -> int:
    """Take the bytes out of files for the bank; their digest, count and total stay."""
    keys = sorted(rows.values_list("pk", flat=True))
    if keys:
        PaymentBatch.objects.filter(pk__in=keys).update(xml=b"")
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
    Category(
        "payees",
        "pay, and account for what was paid to whom",
        BOOKS,
        SEVEN_YEARS_DAYS,
        unused_payees,
        clear_payees,
    ),
    Category(
        "bank_files",
        "prove what the bank was asked to pay",
        BOOKS,
        SEVEN_YEARS_DAYS,
        lambda day: PaymentBatch.objects.filter(execution_on__lt=date(day.year, 1, 1)).exclude(
            xml=b""
        ),
        clear_bank_files,
    ),
)
