"""Invite codes for flex workers: a short code per poster or text, and how many came by it."""

from django.db import transaction
from django.db.models.query import QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.fund.models import Fund
from budgetpool.users.models import User
from employers import access, posters
from employers.models import Employer, InviteCode
from employers.models.employer import Role

CODE_LENGTH = 7


@transaction.atomic
def make_code(*, employer: Employer, fund: Fund, channel: str, by: User) -> InviteCode:
    """Make a code for one place where flex workers see it.

    Args:
        channel: where it hangs or goes, such as "poster in the canteen".

    Raises:
        NotAllowed: no payer or manager of this employer.
        ValidationError: no channel.
    """
    access.require(actor=by, employer=employer, role=Role.PAYER)
    code = InviteCode(
        employer=employer,
        fund=fund,
        code=posters.draw(CODE_LENGTH),
        channel=channel.strip(),
        made_by=by,
    )
    code.full_clean()
    code.save()
    trail.record(actor=by, action="invite_code.made", subject=code, region_code=fund.region.code)
    return code


@transaction.atomic
def end_code(*, code: InviteCode, by: User) -> None:
    """Let a code lead nowhere any more.

    Raises:
        NotAllowed: no payer or manager of its employer.
    """
    access.require(actor=by, employer=code.employer, role=Role.PAYER)
    code.ended_at = code.ended_at or timezone.now()
    code.save()
    trail.record(
        actor=by, action="invite_code.ended", subject=code, region_code=code.fund.region.code
    )


def visit(text: str) -> InviteCode | None:
    """Count a visit by an employer's code; None where there is none or it leads nowhere."""
    return posters.visit(InviteCode.objects.select_related("employer", "fund__region"), text)


def codes_of(employer: Employer) -> QuerySet[InviteCode]:
    """The employer's codes, those in use first."""
    return posters.in_use_first(employer.invite_codes.select_related("fund__region"))
