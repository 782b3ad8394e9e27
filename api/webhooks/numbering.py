"""After the commit: events get their numbers, and a delivery for each address that listens."""

from django.db import transaction
from django.db.models import Max

from api.models import Delivery, Endpoint, Event
from api.webhooks import kinds


@transaction.atomic
def number(partner_id: int) -> int:
    """Give each new event of a partner the next number of its object; gives how many there were.

    The lock is on the partner's addresses, which nothing but this touches: whatever changes a
    request waits for nobody here.
    """
    endpoints = list(
        Endpoint.objects.select_for_update()
        .filter(partner=partner_id, ended_at__isnull=True)
        .order_by("pk")
    )
    events = list(
        Event.objects.filter(partner=partner_id, sequence__isnull=True).order_by("pk")[:1000]
    )
    if not events:
        return 0
    subjects = {event.subject for event in events}
    last: dict[str, int] = dict(
        Event.objects.filter(partner=partner_id, subject__in=subjects, sequence__isnull=False)
        .values_list("subject")
        .annotate(Max("sequence"))
    )
    for event in events:
        event.sequence = last[event.subject] = last.get(event.subject, 0) + 1
    Event.objects.bulk_update(events, ["sequence"], batch_size=500)
    Delivery.objects.bulk_create(
        (
            Delivery(endpoint=endpoint, event=event)
            for event in events
            for endpoint in endpoints
            if _wants(endpoint, event)
        ),
        batch_size=500,
    )
    return len(events)


def _wants(endpoint: Endpoint, event: Event) -> bool:
    if event.only_to_id is not None:
        return event.only_to_id == endpoint.pk
    return event.kind != kinds.TEST and event.kind in endpoint.kinds
