"""What an award's file keeps after the training, and how long (Awb 4:49 and 4:57: five years)."""

from typing import Final

from allocation.models import Award
from workers.data.retention import Category
from workers.models import Document

FIVE_YEARS_DAYS: Final = 5 * 365 + 2

PROOFS: Final = Category(
    "proofs",
    "show that a paid training was completed",
    "public task (GDPR 6(1)(e)); recovery is possible for five years (Awb 4:57)",
    FIVE_YEARS_DAYS,
    lambda day: Document.objects.filter(
        purpose=Document.Purpose.PROOF,
        request__in=Award.objects.filter(determined_at__date__lt=day).values("request"),
    ),
)
