"""Addresses that a partner's program registers: added, tried, rotated, ended; deliveries anew."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from api.models import Delivery, Endpoint, Event, Partner
from api.webhooks import addresses, kinds, sending, signing, work
from budgetpool.audit import trail
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

MOST: Final = 10
OVERLAP_HOURS: Final = 24
# So many deliveries are sent anew by one call.
MOST_ANEW: Final = 1000


@transaction.atomic
def add(
    *,
    partner: Partner,
    url: str,
    listens_to: Sequence[str],
    label: str = "",
    actor: User | None = None,
) -> tuple[Endpoint, str]:
    """An address from now on, with the secret that signs: shown now and never again.

    Raises:
        ValidationError: an address that is not HTTPS, or leads to a network that is not public.
        NotReady: `too_many_webhooks`.
    """
    Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
    if partner.endpoints.filter(ended_at__isnull=True).count() >= MOST:
        raise NotReady("too_many_webhooks", most=MOST)
    try:
        addresses.checked(addresses.parts_of(url))
    except addresses.NotSent as refused:
        raise ValidationError(
            {"url": ValidationError(_words(refused.problem), code="url")}
        ) from None
    secret = signing.new_secret()
    made = Endpoint(
        partner=partner,
        url=url,
        label=label,
        kinds=sorted(set(listens_to)),
        secret=signing.seal(secret),
    )
    made.full_clean(exclude=["url"])
    made.save()
    trail.record(actor=actor, action="webhook.made", subject=made, partner=partner.pk)
    return made, secret


@transaction.atomic
def rotate(
    *, endpoint: Endpoint, overlap_hours: int = OVERLAP_HOURS, actor: User | None = None
) -> str:
    """Another secret; for the overlap each event is signed with both."""
    locked = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    if locked.ended_at is not None:
        raise NotReady("webhook_ended")
    secret = signing.new_secret()
    locked.old_secret = locked.secret
    locked.old_until = timezone.now() + timedelta(hours=overlap_hours)
    locked.secret = signing.seal(secret)
    locked.save(update_fields=["secret", "old_secret", "old_until"])
    trail.record(actor=actor, action="webhook.rotated", subject=locked, partner=locked.partner_id)
    return secret


@transaction.atomic
def end(*, endpoint: Endpoint, actor: User | None = None) -> None:
    """Tell the address nothing any more; twice is harmless."""
    if sending.end(endpoint, by="partner"):
        trail.record(
            actor=actor, action="webhook.ended", subject=endpoint, partner=endpoint.partner_id
        )


@transaction.atomic
def test(*, endpoint: Endpoint) -> Event:
    """An event for this address alone, sent as any other.

    Raises:
        NotReady: `webhook_ended`.
    """
    if endpoint.ended_at is not None:
        raise NotReady("webhook_ended")
    event = Event.objects.create(
        partner_id=endpoint.partner_id,
        kind=kinds.TEST,
        change="test",
        subject=f"test:{uuid.uuid4().hex}",  # of its own, so that tests do not wait for one another
        only_to=endpoint,
    )
    partner_id = endpoint.partner_id
    transaction.on_commit(lambda: work.wake(partner_id))
    return event


@transaction.atomic
def send_anew(
    *, endpoint: Endpoint, delivery: int | None = None, since: datetime | None = None
) -> int:
    """Send one delivery, or all since a moment, once more; gives how many.

    Raises:
        NotReady: `webhook_ended`.
    """
    if endpoint.ended_at is not None:
        raise NotReady("webhook_ended")
    found = endpoint.deliveries.exclude(state=Delivery.State.WAITING)
    found = (
        found.filter(pk=delivery) if delivery is not None else found.filter(event__at__gte=since)
    )
    keys = list(found.order_by("pk").values_list("pk", flat=True)[:MOST_ANEW])
    Delivery.objects.filter(pk__in=keys).update(
        state=Delivery.State.WAITING, tries=0, next_at=timezone.now(), delivered_at=None
    )
    partner_id = endpoint.partner_id
    transaction.on_commit(lambda: work.wake(partner_id))
    return len(keys)


def _words(problem: str) -> str:
    if problem == "not_https":
        return _("Give an address that begins with https://.")
    if problem == "name_unknown":
        return _("Nobody knows the name of this machine.")
    if problem == "address_not_public":
        return _("This address is not on the public internet.")
    return _("This is no address that we can send to.")
