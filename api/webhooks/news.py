"""An event to be: whose it is and what happened; added in the transaction of the change."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from api.models import Endpoint, Event, Partner
from api.webhooks import work


@dataclass(frozen=True)
class News:
    """One event to be: whose it is, what happened, and to which object of theirs."""

    partner: Partner
    kind: str
    change: str
    subject: str
    reference: str


def listeners() -> QuerySet[Partner]:
    """Partners with an address that gets events."""
    live = Endpoint.objects.filter(ended_at__isnull=True)
    return Partner.objects.filter(is_active=True, pk__in=live.values("partner"))


def note(news: Sequence[News]) -> None:
    """Add events; they are numbered and sent after the commit."""
    events = [
        Event(
            partner=one.partner,
            kind=one.kind,
            change=one.change,
            subject=one.subject,
            reference=one.reference,
        )
        for one in news
    ]
    if not events:
        return
    Event.objects.bulk_create(events, batch_size=500)
    for key in {event.partner_id for event in events}:
        transaction.on_commit(partial(work.wake, key))
