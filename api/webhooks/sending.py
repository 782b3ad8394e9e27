"""Deliver what is due: signed, in order for each object, tried again by a fixed schedule.

At least once: a sender that dies between the answer and its record sends that event again, under
the same `webhook-id`.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from api.models import Attempt, Delivery, Endpoint, Event
from api.version import API_VERSION
from api.webhooks import addresses, signing
from api.webhooks.addresses import NotSent

# Seconds until the next try, after the first, the second … ; after the last we give up.
SCHEDULE: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, *(3600 * hours for hours in (2, 5, 10, 14, 20, 24)))
)
# Longer than a try can take.
LEASE: Final = timedelta(seconds=60)
GONE: Final = 410


def send_due(*, endpoint: Endpoint | None = None, limit: int = 1000) -> tuple[int, int]:
    """Try what is due, of one address or of all; gives how many arrived and how many did not."""
    arrived = missed = 0
    while arrived + missed < limit and (delivery := _claim(endpoint)) is not None:
        if _try(delivery):
            arrived += 1
        else:
            missed += 1
    return arrived, missed


def waiting() -> int:
    """How many deliveries are still to arrive."""
    return Delivery.objects.filter(state=Delivery.State.WAITING).count()


def identifier(event: Event) -> str:
    """The name of an event, the same for every try and every address."""
    return f"msg_{event.public_id.hex}"


def body_of(event: Event) -> str:
    """What is sent: no personal data, only what changed; the program reads the rest."""
    kind, _colon, key = event.subject.partition(":")
    data: dict[str, object] = {"sequence": event.sequence, "change": event.change}
    match kind:
        case "request":
            data |= {"requestId": int(key), "reference": event.reference}
        case "school_award":
            data["requestId"] = int(key)
        case "invoice":
            data |= {"invoiceId": int(key), "number": event.reference}
    moment = event.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps(
        {"type": event.kind, "timestamp": moment, "data": data}, separators=(",", ":")
    )


@transaction.atomic
def _claim(endpoint: Endpoint | None) -> Delivery | None:
    """One delivery that is due and that no other sender has in hand."""
    now = timezone.now()
    earlier = Delivery.objects.filter(
        endpoint=OuterRef("endpoint"),
        event__subject=OuterRef("event__subject"),
        event__sequence__lt=OuterRef("event__sequence"),
        state=Delivery.State.WAITING,
    )
    due = (
        Delivery.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("endpoint__partner", "event")
        .filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=now),
            ~Exists(earlier),
            state=Delivery.State.WAITING,
            next_at__lte=now,
            endpoint__ended_at__isnull=True,
            endpoint__partner__is_active=True,
        )
        .order_by("next_at", "pk")
    )
    found = (due if endpoint is None else due.filter(endpoint=endpoint)).first()
    if found is not None:
        found.claimed_until = now + LEASE
        found.save(update_fields=["claimed_until"])
    return found


def _try(delivery: Delivery) -> bool:
    endpoint, event = delivery.endpoint, delivery.event
    started = time.monotonic()
    status, problem = None, ""
    try:
        body = body_of(event)
        status = addresses.post(endpoint.url, body, _headers(endpoint, event, body))
    except NotSent as error:
        problem = error.problem
    milliseconds = round((time.monotonic() - started) * 1000)
    return _record(delivery, status, problem, milliseconds)


@transaction.atomic
def _record(delivery: Delivery, status: int | None, problem: str, milliseconds: int) -> bool:
    now = timezone.now()
    Attempt.objects.create(
        delivery=delivery, at=now, status=status, problem=problem, milliseconds=milliseconds
    )
    if status == GONE:
        end(delivery.endpoint, by="gone")
        return False
    delivery.tries += 1
    delivery.claimed_until = None
    has_arrived = status is not None and 200 <= status < 300
    if has_arrived:
        delivery.state, delivery.delivered_at = Delivery.State.DELIVERED, now
    elif delivery.tries > len(SCHEDULE):
        delivery.state = Delivery.State.FAILED
    else:
        delivery.next_at = now + SCHEDULE[delivery.tries - 1]
    # Somebody may have ended the address while we were sending.
    Delivery.objects.filter(pk=delivery.pk).exclude(state=Delivery.State.DROPPED).update(
        state=delivery.state,
        delivered_at=delivery.delivered_at,
        tries=delivery.tries,
        next_at=delivery.next_at,
        claimed_until=None,
    )
    return has_arrived


def end(endpoint: Endpoint, *, by: str) -> bool:
    """Tell an address nothing any more; what waits for it is dropped."""
    now = timezone.now()
    ended = Endpoint.objects.filter(pk=endpoint.pk, ended_at__isnull=True).update(
        ended_at=now, ended_by=by
    )
    Delivery.objects.filter(endpoint=endpoint, state=Delivery.State.WAITING).update(
        state=Delivery.State.DROPPED, claimed_until=None
    )
    return bool(ended)


def _headers(endpoint: Endpoint, event: Event, body: str) -> dict[str, str]:
    now = timezone.now()
    named, timestamp = identifier(event), int(now.timestamp())
    signatures = " ".join(
        signing.signature(
            secret=signing.unseal(sealed), identifier=named, timestamp=timestamp, body=body
        )
        for sealed in _secrets(endpoint, now)
    )
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Budgetpool/{API_VERSION}",
        "webhook-id": named,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signatures,
    }


def _secrets(endpoint: Endpoint, now: datetime) -> list[str]:
    has_old = endpoint.old_secret and endpoint.old_until and endpoint.old_until > now
    return [endpoint.secret, *([endpoint.old_secret] if has_old else [])]
