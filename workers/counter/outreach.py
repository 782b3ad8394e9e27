"""Codes of the counter, each for one place or event: they show which channel reaches people."""

from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.fund import seats
from budgetpool.fund.models import Region, Seat
from budgetpool.refusals import NotAllowed
from budgetpool.users.models import User
from employers import posters
from employers.models import InviteCode
from workers.models import OutreachCode

# One shorter than an employer's code, so that the two never meet.
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
        code=posters.draw(CODE_LENGTH),
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
    """Count a visit by a code of the counter; None where there is none or it leads nowhere."""
    return posters.visit(OutreachCode.objects.select_related("region"), text)


def known(region: Region, text: str) -> str:
    """The code that somebody typed, of the counter or an employer; empty where none is in use.

    Who saw it on a poster may ask on another device. No visit is counted.
    """
    typed = text.strip().upper()
    if not typed or set(typed) - set(posters.ALPHABET):  # a database refuses some signs
        return ""
    codes = (
        OutreachCode.objects.filter(region=region, code=typed, ended_at__isnull=True),
        InviteCode.objects.filter(fund__region=region, code=typed, ended_at__isnull=True),
    )
    return typed if any(rows.exists() for rows in codes) else ""


def of_region(region: Region) -> QuerySet[OutreachCode]:
    """The counter's codes, those in use first."""
    return posters.in_use_first(OutreachCode.objects.filter(region=region))


def _require_seat(adviser: User, region: Region) -> None:
    if not seats.holds(adviser, region=region, roles={Seat.Role.ADVISER}):
        raise NotAllowed("not_yours", act="outreach")
