"""Two persons accept a file whose balances or control sums do not fit."""

from django.db import transaction
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.bank.errors import NotTreasurer, SecondPersonNeeded
from budgetpool.bank.importing import SourceFile, lock_funds
from budgetpool.bank.models import UnprovenAcceptance
from budgetpool.fund import seats
from budgetpool.fund.models import Fund, Seat
from budgetpool.users.models import User


@transaction.atomic
def accept(*, source: SourceFile, fund: Fund, reason: str, by: User) -> UnprovenAcceptance:
    """Ask to accept an unproven file, or confirm what somebody else asked.

    The first call keeps the request and its reason; a call by another treasurer confirms it.
    Only a confirmed file can be booked.

    Raises:
        NotTreasurer: the person is no treasurer of the fund's region.
        SecondPersonNeeded: the person who asked cannot confirm it too.
        ValidationError: no reason, or one that is too long.
    """
    if not seats.holds(by, region=fund.region, roles={Seat.Role.TREASURER}):
        raise NotTreasurer(region=fund.region.name)
    lock_funds([fund.pk])
    earlier = UnprovenAcceptance.objects.filter(fund=fund, file_sha256=source.sha256).first()
    if earlier is None:
        asked = UnprovenAcceptance(
            fund=fund,
            file_name=source.name[-255:],
            file_sha256=source.sha256,
            reason=reason,
            asked_by=by,
        )
        asked.full_clean()
        asked.save()
        trail.record(
            actor=by,
            action="statement.acceptance_asked",
            subject=asked,
            region_code=fund.region.code,
        )
        return asked
    if earlier.confirmed_by_id is not None:
        return earlier
    if earlier.asked_by_id == by.pk:
        raise SecondPersonNeeded(asked_by=by.name)
    earlier.confirmed_by = by
    earlier.confirmed_at = timezone.now()
    earlier.full_clean()
    earlier.save()
    trail.record(
        actor=by,
        action="statement.acceptance_confirmed",
        subject=earlier,
        region_code=fund.region.code,
    )
    return earlier
