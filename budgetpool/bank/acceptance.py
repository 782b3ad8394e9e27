"""Two persons decide about a file that does not add up or does not fit the chain."""

from django.db import transaction
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.bank import holding
from budgetpool.bank.importing import lock_funds
from budgetpool.bank.models import UnprovenAcceptance
from budgetpool.bank.sources import SourceFile
from budgetpool.fund import second_person
from budgetpool.fund.models import Fund
from budgetpool.refusals import NotReady, WrongStep
from budgetpool.users.models import User


@transaction.atomic
def accept(
    *, source: SourceFile, fund: Fund, reason: str, by: User, sets_aside: bool = False
) -> UnprovenAcceptance:
    """Ask to accept a file that does not fit, or confirm what somebody else asked.

    The first call keeps the request and its reason; a call by another treasurer, or by somebody
    of the board, confirms it. Only a confirmed file can be booked.

    Args:
        sets_aside: it is not to be booked at all: it is false, or of somebody else.

    Raises:
        NotTreasurer, NotSecond: see `budgetpool.fund.second_person`.
        OtherDecision: somebody asked the opposite.
        SamePerson: the person who asked cannot confirm it too.
        ValidationError: no reason, or one that is too long.
    """
    lock_funds([fund.pk])
    earlier = UnprovenAcceptance.objects.filter(fund=fund, file_sha256=source.sha256).first()
    if earlier is None:
        second_person.require_first("unproven_file", by=by, fund=fund)
        asked = UnprovenAcceptance(
            fund=fund,
            file_name=source.name[-255:],
            file_sha256=source.sha256,
            reason=reason,
            asked_by=by,
            sets_aside=sets_aside,
        )
        asked.full_clean()
        asked.save()
        trail.record(
            actor=by,
            action="statement.acceptance_asked",
            subject=asked,
            region_code=fund.region.code,
            reason=reason,
            sets_aside=sets_aside,
        )
        return asked
    second_person.require_second("unproven_file", by=by, fund=fund, first=None)
    if earlier.confirmed_by_id is not None:
        return earlier
    if earlier.sets_aside != sets_aside:
        raise NotReady("other_decision", asked_by=earlier.asked_by.name)
    second_person.require_second("unproven_file", by=by, fund=fund, first=earlier.asked_by_id)
    earlier.confirmed_by = by
    earlier.confirmed_at = timezone.now()
    earlier.full_clean()
    earlier.save()
    trail.record(
        actor=by,
        action="statement.acceptance_confirmed",
        subject=earlier,
        region_code=fund.region.code,
        reason=earlier.reason,
        sets_aside=sets_aside,
    )
    if sets_aside:
        holding.settle(fund=fund, sha256=source.sha256, by=by)
    return earlier


@transaction.atomic
def withdraw(*, accepted: UnprovenAcceptance, by: User) -> None:
    """Drop what was asked and not confirmed, so that something else can be asked.

    Raises:
        NotSecond: neither a treasurer nor in the board of the region.
        WrongState: it is confirmed.
    """
    fund = accepted.fund
    second_person.require_second("unproven_file", by=by, fund=fund, first=None)
    lock_funds([fund.pk])
    open_one = UnprovenAcceptance.objects.filter(pk=accepted.pk, confirmed_by=None).first()
    if open_one is None:
        raise WrongStep("wrong_state")
    trail.record(
        actor=by,
        action="statement.acceptance_withdrawn",
        subject=open_one,
        region_code=fund.region.code,
    )
    open_one.delete()
