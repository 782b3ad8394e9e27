"""What machines and sign-ins leave behind, and how long it is kept, as data.

The workers' own data has its terms in `workers/data/retention.py`. These are the technical traces:
they hold an address, an e-mail address or an answer, and serve safety or repair for a short while.
"""

from datetime import date, timedelta
from typing import Final

from django.contrib.sessions.models import Session
from django.utils import timezone
from oauth2_provider.models import AccessToken

from api.models import StoredAnswer, UsedAssertion
from budgetpool.limits.models import Counter
from budgetpool.users.models import SignInLink
from workers.data.destroying import destroy
from workers.data.retention import Category
from workers.models import UnmetSearch

SAFETY: Final = "legitimate interest: safe accounts (GDPR 6(1)(f) and 32)"

TRACES: Final = (
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
        "counters",
        "stop somebody who tries the same thing too often",
        SAFETY,
        0,
        lambda day: Counter.objects.filter(ends_at__date__lt=day),
    ),
    Category(
        "repeated_answers",
        "give a partner's program the same answer when it asks the same again",
        "legitimate interest: nothing is filed twice (GDPR 6(1)(f))",
        30,
        lambda day: StoredAnswer.objects.filter(made_at__date__lt=day),
    ),
    Category(
        "unmet_searches",
        "know which trainings people look for in vain; no persons",
        "no personal data",
        730,
        lambda day: UnmetSearch.objects.filter(month__lt=day),
    ),
    Category(
        "access_tokens",
        "let a partner's program in for a quarter of an hour",
        SAFETY,
        0,
        lambda day: AccessToken.objects.filter(expires__date__lt=day),
    ),
    Category(
        "used_assertions",
        "take a signed assertion of a program only once",
        SAFETY,
        0,
        lambda day: UsedAssertion.objects.filter(expires_at__date__lt=day),
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
