"""The daily e-mail: what waits at a person's desks, in kinds and numbers.

It names no worker, request, amount or organisation that something is about: only how many of what
wait, and until when the first. What it is about stands behind the sign-in.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from api import administrators
from budgetpool.fund.models import Seat
from budgetpool.mail import languages, outbox
from budgetpool.mail.models import Message
from budgetpool.portals import desks
from budgetpool.portals.account import stopping
from budgetpool.portals.components import numbers
from budgetpool.portals.components.waits import KINDS, Item, until
from budgetpool.register import seats as provider_seats
from budgetpool.users.models import User
from employers.models import EmployerMember

KIND = "what_waits"


def tell_all(*, is_dry: bool = False) -> dict[str, int]:
    """Queue the e-mail of today to everybody for whom something waits.

    Its key holds person and day, and is unique in the database: whoever comes second, in another
    process or an hour later, queues nothing.

    Returns:
        How many got one (`told`), had one today (`before`), and have nothing that waits (`idle`).
    """
    told = {"told": 0, "before": 0, "idle": 0}
    today = timezone.localdate().isoformat()
    had = set(
        Message.objects.filter(kind=KIND, key__endswith=f":{today}").values_list("key", flat=True)
    )
    for user in people():
        key = f"waits:{user.pk}:{today}"
        if key in had:
            told["before"] += 1
            continue
        with translation.override(languages.readable(user.language)):
            params = words(user)
        if not params["desks"]:
            told["idle"] += 1
            continue
        if not is_dry:
            to = outbox.Address(user.name, email=user.email, language=user.language, user=user)
            outbox.queue(key=key, kind=KIND, to=to, params=params)
        told["told"] += 1
    return told


def people() -> Iterator[User]:
    """Who has a desk somewhere today, an e-mail address, and did not stop the e-mails."""
    today = timezone.localdate()
    seated = Seat.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today), user=OuterRef("pk"), since__lte=today
    )
    places = [
        seated,
        EmployerMember.objects.filter(user=OuterRef("pk"), ended_at__isnull=True),
        provider_seats.live().filter(user=OuterRef("pk")),
        administrators.live().filter(user=OuterRef("pk")),
    ]
    somewhere = Q(is_staff=True)
    for rows in places:
        somewhere |= Q(Exists(rows))
    found = User.objects.filter(somewhere, is_active=True, wants_daily_mail=True)
    return found.exclude(email="").order_by("pk").iterator()


def words(user: User) -> dict[str, Any]:
    """What the e-mail says, in the language that is active."""
    found = [desk for desk in desks.of_person(user) if desk.inbox.own]
    return {
        "count": sum(len(desk.inbox.own) for desk in found),
        "desks": [
            {"name": desk.name, "path": desk.url, "lines": list(_lines(desk.inbox.own))}
            for desk in found
        ],
        "stop_path": reverse("stop-daily", args=[stopping.token_of(user)]),
    }


def _lines(items: list[Item]) -> Iterator[str]:
    """One line per kind: how many, and the first of their last days."""
    by_kind: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_kind[item.kind].append(item)
    for kind, rows in by_kind.items():
        said = {"what": KINDS[kind].name, "count": numbers.count(sum(row.count for row in rows))}
        line = _("%(what)s: %(count)s") % said
        days = [row.until for row in rows if row.until is not None]
        if days:
            line = _("%(line)s (the first until %(day)s)") % {
                "line": line,
                "day": until(min(days)),
            }
        yield line[:1].upper() + line[1:]
