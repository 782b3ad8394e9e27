"""How long each category is kept, as data; a nightly command destroys what is past its time.

Sources: Awb 4:49 and 4:57 (five years after the determination of an award), GDPR article 5(1)(e).
The other terms are proposals that the board sets in its rule.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from budgetpool.audit import reading
from budgetpool.mail.models import Message
from workers.data import erasing
from workers.data.destroying import destroy
from workers.models import (
    Arrangement,
    CaseNote,
    Document,
    FirstStep,
    Helper,
    HelpRequest,
    Intake,
    Peer,
    Referral,
    Reflection,
    Story,
    Strengths,
    TrainingRequest,
    Worker,
)


@dataclass(frozen=True)
class Category:
    """One kind of data: for what it is used, on what ground, how long it is kept.

    Attributes:
        days: how long after the moment that `past` looks at.
        past: the rows of that day and before.
        act: what is done with them; destroyed, where nothing of them must stay.
    """

    code: str
    purpose: str
    ground: str
    days: int
    past: Callable[[date], QuerySet[Any]]
    act: Callable[..., int] = destroy

    @property
    def rule(self) -> str:
        return f"{self.code}: kept {self.days} days; {self.ground}"


def categories(decided: QuerySet[Any]) -> tuple[Category, ...]:
    """Every category of personal data of the workers' side.

    Args:
        decided: keys of requests with a decision; upper layers keep these longer themselves.
    """
    requests = TrainingRequest.objects.exclude(pk__in=decided)
    return (
        Category(
            "intakes",
            "find out what help somebody needs",
            "consent (GDPR 6(1)(a))",
            0,
            lambda day: Intake.objects.filter(keep_until__lt=day),
        ),
        Category(
            "drafts",
            "let somebody go on later with a request",
            "request of the person (GDPR 6(1)(b))",
            183,
            lambda day: requests.filter(
                status__in=["draft", "withdrawn"], window__closes_at__date__lt=day
            ),
        ),
        Category(
            "undecided_requests",
            "answer a request that was not possible",
            "public task (GDPR 6(1)(e))",
            365,
            lambda day: requests.filter(status="ineligible", window__closes_at__date__lt=day),
        ),
        Category(
            "help_requests",
            "call somebody back",
            "request of the person (GDPR 6(1)(b))",
            92,
            lambda day: HelpRequest.objects.filter(asked_at__date__lt=day),
        ),
        Category(
            "notes",
            "help somebody who gave a mandate",
            "consent (GDPR 6(1)(a))",
            365,
            lambda day: CaseNote.objects.filter(written_at__date__lt=day),
        ),
        Category(
            "referrals",
            "know that help was arranged",
            "consent (GDPR 6(1)(a))",
            365,
            lambda day: Referral.objects.filter(made_on__lt=day),
        ),
        Category(
            "reflections",
            "build one's own portfolio",
            "consent (GDPR 6(1)(a))",
            5 * 365,
            lambda day: Reflection.objects.filter(written_at__date__lt=day),
        ),
        Category(
            "helpers",
            "let somebody of one's own choosing help",
            "consent (GDPR 6(1)(a))",
            31,
            lambda day: Helper.objects.filter(
                Q(until_date__lt=day)
                | Q(ended_at__date__lt=day)
                | Q(user__isnull=True, invited_at__date__lt=day)
            ),
        ),
        Category(
            "strengths",
            "say what somebody is good at",
            "consent (GDPR 6(1)(a))",
            2 * 365,
            lambda day: Strengths.objects.filter(written_at__date__lt=day),
        ),
        Category(
            "arrangements",
            "see that nobody loses by learning",
            "request of the person (GDPR 6(1)(b))",
            365,
            lambda day: Arrangement.objects.filter(changed_at__date__lt=day),
        ),
        Category(
            "stories",
            "show others how a training went",
            "consent (GDPR 6(1)(a))",
            2 * 365,
            lambda day: Story.objects.filter(consent_at__date__lt=day),
        ),
        Category(
            "first_steps",
            "arrange a first step at work",
            "public task (GDPR 6(1)(e))",
            730,
            lambda day: FirstStep.objects.filter(asked_at__date__lt=day),
        ),
        Category(
            "peers",
            "let people of one start know each other",
            "consent (GDPR 6(1)(a))",
            365,
            lambda day: Peer.objects.filter(edition__starts_on__lt=day),
        ),
        Category(
            "offers",
            "judge what a training costs",
            "public task (GDPR 6(1)(e))",
            730,
            lambda day: Document.objects.filter(
                purpose__in=["offer", "work", "other"], uploaded_at__date__lt=day
            ),
        ),
        Category(
            "messages",
            "reach somebody",
            "public task (GDPR 6(1)(e))",
            365,
            lambda day: Message.objects.filter(
                Q(state="sent", sent_at__date__lt=day) | Q(state="failed", due_at__date__lt=day)
            ).exclude(kind="data_erased"),
        ),
        Category(
            "looks",
            "say who looked at a file, and who signed in",
            "legitimate interest: answer for looking (GDPR 6(1)(f) and 32)",
            reading.LOOK_DAYS,
            reading.looks_before,
        ),
        Category(
            "people_without_requests",
            "let somebody ask who began to",
            "request of the person (GDPR 6(1)(b))",
            730,
            lambda day: Worker.objects.filter(
                erased_at__isnull=True, requests__isnull=True, created_at__date__lt=day
            ).exclude(user__last_login__date__gte=day),
            erasing.forget,
        ),
        Category(
            "last_messages",
            "say that somebody was erased",
            "request of the person (GDPR 17)",
            0,
            lambda day: Message.objects.filter(
                kind="data_erased", state__in=["sent", "failed"], due_at__date__lt=day
            ),
        ),
    )


def run(
    *,
    decided: QuerySet[Any],
    more: tuple[Category, ...] = (),
    today: date | None = None,
    dry: bool = False,
) -> dict[str, int]:
    """Destroy what is past its time, category by category; gives how many rows of each.

    Args:
        more: categories that upper layers know.
    """
    day = today or timezone.localdate()
    counts = {}
    for category in (*categories(decided), *more):
        rows = category.past(day - timedelta(days=category.days))
        counts[category.code] = (
            rows.count()
            if dry
            else category.act(category=category.code, rule=category.rule, rows=rows)
        )
    return counts
