"""What machines and sign-ins leave behind, and how long it is kept, as data.

The workers' own data has its terms in `workers/data/retention.py`. These are the technical traces:
they hold an address, an e-mail address or an answer, and serve safety or repair for a short while.
"""

from datetime import date, timedelta
from typing import Final

from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.sessions.models import Session
from django.utils import timezone

from api.models import StoredAnswer
from budgetpool.users.models import SignInLink
from workers.data.destroying import destroy
from workers.data.retention import Category

SAFETY: Final = "legitimate interest: safe accounts (GDPR 6(1)(f) and 32)"

TRACES: Final = (
    Category(
        "sign_in_attempts",
        "stop somebody who guesses passwords, and see afterwards that it was tried",
        SAFETY,
        30,
        lambda day: AccessAttempt.objects.filter(attempt_time__date__lt=day),
    ),
    Category(
        "sign_in_failures",
        "see afterwards that passwords were guessed",
        SAFETY,
        30,
        lambda day: AccessFailureLog.objects.filter(attempt_time__date__lt=day),
    ),
    Category(
        "sessions",
        "stay signed in",
        "request of the person (GDPR 6(1)(b))",
        0,
        lambda day: Session.objects.filter(expire_date__date__lt=day),
    ),
    Category(
        "sign_in_links",
        "sign in by a link in an e-mail",
        "request of the person (GDPR 6(1)(b))",
        0,
        lambda day: SignInLink.objects.filter(made_at__date__lt=day),
    ),
    Category(
        "repeated_answers",
        "give a partner's program the same answer when it asks the same again",
        "legitimate interest: nothing is filed twice (GDPR 6(1)(f))",
        30,
        lambda day: StoredAnswer.objects.filter(made_at__date__lt=day),
    ),
)


def forget(*, today: date | None = None, dry: bool = False) -> dict[str, int]:
    """Destroy traces that are past their time; gives how many rows of each category.

    Each leaves one line in the log of destructions, as a worker's data does.
    """
    day = today or timezone.localdate()
    counts = {}
    for category in TRACES:
        rows = category.past(day - timedelta(days=category.days))
        counts[category.code] = (
            rows.count() if dry else destroy(category=category.code, rule=category.rule, rows=rows)
        )
    return counts
