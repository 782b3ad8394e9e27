"""Codes of the counter, each for one place or event: they show which channel reaches people."""

import secrets
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.fund import seats
from budgetpool.fund.models import Region, Seat
from budgetpool.users.models import User
from workers.errors import NotYours
from workers.models import OutreachCode

# Letters and digits that nobody confuses; one shorter than an employer's code.
ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH: Final = 6


@transaction.atomic
def make(*, adviser: User, region: Region, channel: str) -> OutreachCode:
    """Make a code for one place where people are met, such as a match of the football club.

    Raises:
        NotYours: no adviser of the region.
        ValidationError: no channel.
    """
    _require_seat(adviser, region)
    code = OutreachCode(
        region=region,
        code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        channel=channel.strip(),
        made_by=adviser,
    )
    code.full_clean()
    code.save()
    trail.record(actor=adviser, action="outreach_code.made", subject=code, region_code=region.code)
    return code


@transaction.atomic
def end(*, adviser: User, code: OutreachCode) -> None:
    """Let a code lead nowhere any more; its numbers stay.

    Raises:
        NotYours: no adviser of its region.
    """
    _require_seat(adviser, code.region)
    code.ended_at = code.ended_at or timezone.now()
    code.save(update_fields=["ended_at"])
    trail.record(
        actor=adviser, action="outreach_code.ended", subject=code, region_code=code.region.code
    )


def visit(text: str) -> OutreachCode | None:
    """Count a visit by a code, however it was typed; nothing about the visitor is kept."""
    code = (
        OutreachCode.objects.filter(code=text.strip().upper(), ended_at__isnull=True)
        .select_related("region")
        .first()
    )
    if code is not None:
        OutreachCode.objects.filter(pk=code.pk).update(visits_count=F("visits_count") + 1)
    return code


def of_region(region: Region) -> QuerySet[OutreachCode]:
    """The counter's codes, those in use first."""
    return OutreachCode.objects.filter(region=region).order_by(
        F("ended_at").desc(nulls_first=True), "-made_at"
    )


def _require_seat(adviser: User, region: Region) -> None:
    if not seats.holds(adviser, region=region, roles={Seat.Role.ADVISER}):
        raise NotYours(act="outreach")
