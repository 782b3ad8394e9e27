"""What waits for the administrator of a partner's program."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from api.models import Credential, Delivery, Partner
from budgetpool.portals.components.waits import Item, piled
from budgetpool.users.models import User


def of(partner: Partner, member: User) -> Iterator[Item]:
    """Secrets and keys that end within the month, and events that nobody took."""
    ours = Credential.objects.filter(client__partner=partner, revoked_at=None)
    for one in ours.filter(client__withdrawn_at=None, expires_at__gt=timezone.now()):
        if one.ends_soon:
            words = _("Make another secret in the place of %(label)s")
            yield Item(
                "credentials",
                words % {"label": one.label},
                reverse("partner:credential-rotate", args=[partner.pk, one.pk]),
                until=timezone.localdate(one.expires_at),
            )
    lost = Delivery.objects.filter(
        endpoint__partner=partner, endpoint__ended_at=None, state=Delivery.State.FAILED
    )
    first = lost.order_by("pk").values_list("next_at", flat=True).first()
    if first is not None:
        where = reverse("partner:webhooks", args=[partner.pk])
        yield piled("deliveries", where, lost.count(), since=first)
