"""What comes back of what was reclaimed: paid by a deposit, or given up."""

from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from allocation.decisions import awards
from allocation.models import Award, Recovery, RecoveryReceipt
from allocation.payouts.recovering import BATCH, record
from allocation.rules import payer_access
from budgetpool.audit import trail
from budgetpool.fund import ledger, second_person
from budgetpool.fund.models import Account, Fund
from budgetpool.money import to_cents
from budgetpool.refusals import NotReady
from budgetpool.register.models import Provider
from budgetpool.users.models import User
from employers.deposits import desk
from employers.models import Deposit


def receive(
    *, recovery: Recovery, deposit: Deposit, actor: User, amount_cents: int | None = None
) -> RecoveryReceipt:
    """Say that a deposit in suspense pays a recovery, wholly or in part.

    Args:
        amount_cents: a part of the deposit; all that is left of it if absent.

    Raises:
        NotAllowed: no treasurer of the fund.
        NotReady: `more_than_owed` with `open_cents`: pay the difference back first.
        AlreadyMatched: somebody said otherwise about the deposit before.
    """
    fund = payer_access.fund_of(recovery.award)
    payer_access.require_treasurer(actor, fund)
    with transaction.atomic():
        fresh = Recovery.objects.select_for_update(of=("self",)).get(pk=recovery.pk)
        still = open_cents(fresh)
        if (desk.free_cents(deposit) if amount_cents is None else amount_cents) > still:
            raise NotReady("more_than_owed", open_cents=still)
        match = desk.assign(
            deposit=deposit,
            account=fresh.account,
            memo="recovered",
            by=actor,
            amount_cents=amount_cents,
        )
        receipt = RecoveryReceipt.objects.create(
            recovery=fresh, match=match, amount_cents=match.amount_cents
        )
        record(actor, "recovery.received", fresh, fund, cents=match.amount_cents)
        _close(fresh, actor)
    return receipt


def receive_all(*, provider: Provider, deposit: Deposit, actor: User) -> list[RecoveryReceipt]:
    """Say that a deposit in suspense pays several debts of one provider, what is due first first.

    A provider that drops out owes for each award of its group, and pays in one sum: EUR 1,500
    settles two debts of EUR 640 and EUR 220 of a third.

    Raises: as `receive`; `more_than_owed` when it is more than all its debts to the fund.
    """
    fund = deposit.fund
    payer_access.require_treasurer(actor, fund)
    with transaction.atomic():
        owed = still_open(fund).filter(from_provider=provider).order_by("due_on", "pk")
        keys = list(owed.values_list("pk", flat=True))
        list(Recovery.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
        debts = list(owed.select_related("account", "award"))
        left = desk.free_cents(deposit)
        if left > sum(debt.owed_cents for debt in debts):
            raise NotReady("more_than_owed", open_cents=sum(debt.owed_cents for debt in debts))
        match = desk.assign(deposit=deposit, account=debts[0].account, memo="recovered", by=actor)
        receipts, settled = [], []
        for debt in debts:
            part = min(debt.owed_cents, left)
            if part:
                receipts.append(RecoveryReceipt(recovery=debt, match=match, amount_cents=part))
                left -= part
                if part == debt.owed_cents:
                    settled.append(debt)
        made = RecoveryReceipt.objects.bulk_create(receipts, batch_size=BATCH)
        trail.record_many(
            actor=actor,
            action="recovery.received",
            region_code=fund.region.code,
            rows=[
                (r.recovery, {"award": r.recovery.award_id, "amount_cents": r.amount_cents})
                for r in made
            ],
        )
        for debt in settled:
            if debt.award.status == Award.Status.DETERMINED:
                _close(debt, actor)
    return made


def write_off(*, recovery: Recovery, reason: str, actor: User) -> Recovery:
    """Give up what is still open of a recovery; the pool bears it. Not by who reclaimed it.

    Raises:
        NotAllowed: no treasurer or board member, or `same_person`.
        NotReady: `settled`, or `reason_missing`.
        NotEnoughMoney: the pool holds less.
    """
    fund = payer_access.fund_of(recovery.award)
    second_person.require_second("write_off", by=actor, fund=fund, first=recovery.decided_by_id)
    if not reason.strip():
        raise NotReady("reason_missing", recovery=recovery.pk)
    with transaction.atomic():
        fresh = Recovery.objects.select_for_update(of=("self",)).get(pk=recovery.pk)
        cents = open_cents(fresh)
        if cents == 0:
            raise NotReady("settled", recovery=fresh.pk)
        ledger.post(
            debit=Account.objects.get(fund=fund, kind=Account.Kind.POOL, earmark_column=""),
            credit=fresh.account,
            amount=cents,
            reference=f"recovery:{fresh.pk}:written-off",
            memo="written_off",
            posted_by=actor,
        )
        fresh.written_off_cents, fresh.written_off_by = cents, actor
        fresh.written_off_reason = reason
        fresh.full_clean()
        fresh.save()
        record(actor, "recovery.written_off", fresh, fund, cents=cents)
        _close(fresh, actor)
    return fresh


def received_cents(recovery: Recovery) -> int:
    """What was paid back and not undone, in cents."""
    receipts = recovery.receipts.filter(match__undone_at__isnull=True)
    return receipts.aggregate(sum=Sum("amount_cents"))["sum"] or 0


def open_cents(recovery: Recovery) -> int:
    """What is still owed, in cents."""
    return recovery.amount_cents - recovery.written_off_cents - received_cents(recovery)


def still_open(fund: Fund) -> QuerySet[Any]:
    """The fund's recoveries of which something is owed, each with `owed_cents`, by their day."""
    valid = RecoveryReceipt.objects.filter(recovery=OuterRef("pk"), match__undone_at__isnull=True)
    sums = valid.order_by().values("recovery").annotate(cents=Sum("amount_cents"))
    received = Coalesce(Subquery(sums.values("cents")), 0)
    return (
        Recovery.objects.filter(award__round__fund=fund)
        .annotate(owed_cents=F("amount_cents") - F("written_off_cents") - received)
        .filter(owed_cents__gt=0)
    )


def _close(recovery: Recovery, actor: User) -> None:
    """An award that cost nothing in the end and whose money is all back is `recovered`."""
    award = recovery.award
    award.refresh_from_db()
    nothing_kept = award.determined_amount is not None and to_cents(award.determined_amount) == 0
    if (
        award.status == Award.Status.DETERMINED
        and nothing_kept
        and all(open_cents(other) == 0 for other in award.recoveries.all())
    ):
        awards.take(award=award, step="recover", actor=actor, reason=recovery.reason)
