"""Bank accounts that may be paid to: entered by one, verified by another, and then a day's wait."""

from django.db import transaction
from django.utils import timezone

from allocation.models import Payee
from allocation.rules import payer_access
from budgetpool.audit import trail
from budgetpool.fund.iban import clean_iban
from budgetpool.fund.models import Fund
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.register.models import Provider
from budgetpool.users.models import User
from workers.models import Worker


def enter(
    *,
    fund: Fund,
    iban: str,
    holder_name: str,
    actor: User,
    provider: Provider | None = None,
    worker: Worker | None = None,
) -> Payee:
    """Write down a provider's or a worker's bank account; an earlier one ends.

    Entering the account that is in use already changes nothing.

    Raises:
        NotAllowed: no treasurer of the fund.
        ValidationError: no valid IBAN, or neither provider nor worker.
    """
    payer_access.require_treasurer(actor, fund)
    compact = clean_iban(iban)
    with transaction.atomic():
        Fund.objects.select_for_update().get(pk=fund.pk)
        present = current(fund=fund, provider=provider, worker=worker)
        if present is not None:
            if (present.iban, present.holder_name) == (compact, holder_name):
                return present
            present.ended_at = timezone.now()
            present.save()
        payee = Payee(
            fund=fund,
            provider=provider,
            worker=worker,
            iban=compact,
            holder_name=holder_name,
            entered_by=actor,
        )
        payee.full_clean()
        payee.save()
        _record(actor, "payee.entered", payee)
    return payee


def verify(*, payee: Payee, how: str, actor: User) -> Payee:
    """A second person says how they made sure that the account is the payee's.

    Raises:
        NotAllowed: no treasurer or board member of the fund, or `same_person` as entered it.
        NotReady: `payee_ended`, or `how_missing`.
    """
    payer_access.require_payer(actor, payee.fund)
    if not how.strip():
        raise NotReady("how_missing", payee=payee.pk)
    with transaction.atomic():
        fresh = Payee.objects.select_for_update(of=("self",)).get(pk=payee.pk)
        if fresh.entered_by_id == actor.pk:
            raise NotAllowed("same_person", payee=payee.pk)
        if fresh.ended_at is not None:
            raise NotReady("payee_ended", payee=payee.pk)
        if fresh.verified_at is None:
            fresh.verified_by, fresh.verified_at, fresh.verified_how = actor, timezone.now(), how
            fresh.full_clean()
            fresh.save()
            _record(actor, "payee.verified", fresh)
    return fresh


def current(
    *, fund: Fund, provider: Provider | None = None, worker: Worker | None = None
) -> Payee | None:
    """The account in use, verified or not."""
    return Payee.objects.filter(
        fund=fund, provider=provider, worker=worker, ended_at__isnull=True
    ).first()


def require_usable(payee: Payee) -> None:
    """Refuse an account to which no money may go yet.

    Raises:
        NotReady: `payee_ended`, `payee_not_verified`, or `payee_waits` with `until`.
    """
    if payee.ended_at is not None:
        raise NotReady("payee_ended", payee=payee.pk)
    if payee.usable_from is None:
        raise NotReady("payee_not_verified", payee=payee.pk)
    if timezone.now() < payee.usable_from:
        raise NotReady("payee_waits", payee=payee.pk, until_at=payee.usable_from.isoformat())


def _record(actor: User, action: str, payee: Payee) -> None:
    trail.record(
        actor=actor,
        action=action,
        subject=payee,
        region_code=payee.fund.region.code,
        provider=payee.provider_id,
        worker=payee.worker_id,
    )
