"""What has to come back, from the provider first."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from allocation.decisions import awards, terms
from allocation.errors import NotAllowed, NotReady, TooLate
from allocation.models import Award, Payout, Recovery, RecoveryReceipt
from allocation.payouts import doors
from budgetpool.audit import trail
from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Fund
from budgetpool.money import to_cents
from budgetpool.register.models import Provider
from budgetpool.users.models import User
from employers.deposits import desk
from employers.models import Deposit
from workers.models import Worker

LIMITATION_YEARS: Final = 5
PAY_WITHIN_WEEKS: Final = 6
BATCH: Final = 500


def reclaim(
    *,
    award: Award,
    cause: Recovery.Cause,
    cents: int,
    goes_to: Account,
    reason: str,
    actor: User,
    own_fault: bool = False,
) -> list[Recovery]:
    """Ask money back for an award, in the caller's transaction.

    The provider owes what providers got; with `own_fault` the person owes it all.

    Raises:
        NotReady: `nobody_to_reclaim_from` with `most_cents`: more than the providers got, and the
            person is not to blame.
        TooLate: five years after the determination (Awb 4:57, fourth paragraph).
    """
    if not reason.strip():
        raise NotReady("reason_missing", award=award.pk)
    _require_in_time(award)
    fund = doors.fund_of(award)
    if own_fault:
        return [_reclaim_from(award, None, cents, cause, goes_to, reason, fund, actor)]
    made = []
    left = cents
    for provider, got in _paid_to_providers(award):
        part = min(got, left)
        if part > 0:
            made.append(_reclaim_from(award, provider, part, cause, goes_to, reason, fund, actor))
            left -= part
    if left:
        raise NotReady("nobody_to_reclaim_from", award=award.pk, most_cents=cents - left)
    return made


def reclaim_from(
    *, provider: Provider, awards: Sequence[Award], cause: Recovery.Cause, reason: str, actor: User
) -> list[Recovery]:
    """Ask back at once what one provider got for many awards of a fund, each into its award.

    Awards for which it got nothing are left out. Runs in the caller's transaction.

    Raises:
        NotReady: `reason_missing`.
        TooLate: as `reclaim`.
    """
    if not reason.strip():
        raise NotReady("reason_missing", provider=provider.pk)
    got = got_by(provider, awards)
    concerned = [award for award in awards if got.get(award.pk)]
    if not concerned:
        return []
    for award in concerned:
        _require_in_time(award)
    fund = doors.fund_of(concerned[0])
    account = _account_of(fund, provider)
    rows = [
        _row(award, provider, got[award.pk], cause, account, award.account, reason, actor)
        for award in concerned
    ]
    for row in rows:
        row.clean_fields(exclude=["award", "from_provider", "account", "goes_to", "decided_by"])
    made = Recovery.objects.bulk_create(rows, batch_size=BATCH)
    ledger.post_many(_entry(row, actor) for row in made)
    trail.record_many(
        actor=actor,
        action="recovery.decided",
        region_code=fund.region.code,
        rows=[(row, {"award": row.award_id, "amount_cents": row.amount_cents}) for row in made],
    )
    return made


def receive(*, recovery: Recovery, deposit: Deposit, actor: User) -> RecoveryReceipt:
    """Say that a deposit in suspense pays a recovery, wholly or in part.

    Raises:
        NotAllowed: no treasurer of the fund.
        NotReady: `more_than_owed` with `open_cents`: pay the difference back first.
        AlreadyMatched: somebody said otherwise about the deposit before.
    """
    fund = doors.fund_of(recovery.award)
    doors.require_treasurer(actor, fund)
    with transaction.atomic():
        fresh = Recovery.objects.select_for_update(of=("self",)).get(pk=recovery.pk)
        still = open_cents(fresh)
        if desk.free_cents(deposit) > still:
            raise NotReady("more_than_owed", open_cents=still)
        match = desk.assign(deposit=deposit, account=fresh.account, memo="recovered", by=actor)
        receipt = RecoveryReceipt.objects.create(
            recovery=fresh, match=match, amount_cents=match.amount_cents
        )
        _record(actor, "recovery.received", fresh, fund, cents=match.amount_cents)
        _close(fresh, actor)
    return receipt


def receive_all(*, provider: Provider, deposit: Deposit, actor: User) -> list[RecoveryReceipt]:
    """Say that a deposit in suspense pays several debts of one provider, what is due first first.

    A provider that drops out owes for each award of its group, and pays in one sum: EUR 1,500
    settles two debts of EUR 640 and EUR 220 of a third.

    Raises: as `receive`; `more_than_owed` when it is more than all its debts to the fund.
    """
    fund = deposit.fund
    doors.require_treasurer(actor, fund)
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
    fund = doors.fund_of(recovery.award)
    doors.require_payer(actor, fund)
    if not reason.strip():
        raise NotReady("reason_missing", recovery=recovery.pk)
    with transaction.atomic():
        fresh = Recovery.objects.select_for_update(of=("self",)).get(pk=recovery.pk)
        if fresh.decided_by_id == actor.pk:
            raise NotAllowed("same_person", recovery=fresh.pk)
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
        _record(actor, "recovery.written_off", fresh, fund, cents=cents)
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


def got_by(provider: Provider, awards: Sequence[Award]) -> dict[int, int]:
    """What one provider got for each award and was not asked back, in cents by award."""
    paid = Payout.objects.filter(
        award__in=awards, status=Payout.Status.PAID, invoice__provider=provider
    )
    asked = Recovery.objects.filter(award__in=awards, from_provider=provider)
    got = Counter(dict(_sums(paid)))
    got.subtract(dict(_sums(asked)))
    return {award: cents for award, cents in got.items() if cents > 0}


def _sums(rows: "QuerySet[Payout] | QuerySet[Recovery]") -> list[tuple[int, int]]:
    by_award = rows.order_by().values_list("award").annotate(cents=Sum("amount_cents"))
    return [(award, cents) for award, cents in by_award]


def _reclaim_from(
    award: Award,
    provider: Provider | None,
    cents: int,
    cause: Recovery.Cause,
    goes_to: Account,
    reason: str,
    fund: Fund,
    actor: User,
) -> Recovery:
    account = _account_of(fund, provider or award.request.worker)
    recovery = _row(award, provider, cents, cause, account, goes_to, reason, actor)
    recovery.full_clean()
    recovery.save()
    ledger.post_many([_entry(recovery, actor)])
    _record(actor, "recovery.decided", recovery, fund, cents=cents)
    return recovery


def _account_of(fund: Fund, debtor: Provider | Worker) -> Account:
    """The account of what somebody owes the fund; a worker's has no name."""
    if isinstance(debtor, Provider):
        kind, code, name = Account.Kind.PROVIDER, f"provider-{debtor.pk}", debtor.name[:120]
    else:
        kind, code, name = Account.Kind.PERSON, f"worker-{debtor.pk}", ""
    return ledger.open_account(fund=fund, kind=kind, code=code, name=name)


def _row(
    award: Award,
    provider: Provider | None,
    cents: int,
    cause: Recovery.Cause,
    account: Account,
    goes_to: Account,
    reason: str,
    actor: User,
) -> Recovery:
    today = timezone.localdate()
    return Recovery(
        award=award,
        cause=cause,
        from_provider=provider,
        amount_cents=cents,
        reason=reason,
        account=account,
        goes_to=goes_to,
        decided_by=actor,
        decided_on=today,
        due_on=terms.extended(today + timedelta(weeks=PAY_WITHIN_WEEKS)),
        lapses_on=_years_later(today, LIMITATION_YEARS),
    )


def _entry(recovery: Recovery, actor: User) -> ledger.Entry:
    return ledger.Entry(
        debit=recovery.account,
        credit=recovery.goes_to,
        amount=recovery.amount_cents,
        reference=f"recovery:{recovery.pk}:reclaimed",
        memo="reclaimed",
        posted_by=actor,
    )


def _paid_to_providers(award: Award) -> list[tuple[Provider, int]]:
    """What each provider got for an award and was not asked back, the latest provider first."""
    paid = Payout.objects.filter(
        award=award, status=Payout.Status.PAID, invoice__isnull=False
    ).select_related("invoice__provider")
    got: dict[Provider, int] = {}
    for payout in paid.order_by("-pk"):
        assert payout.invoice is not None
        provider = payout.invoice.provider
        got[provider] = got.get(provider, 0) + payout.amount_cents
    for recovery in award.recoveries.exclude(from_provider=None).select_related("from_provider"):
        debtor = recovery.from_provider
        assert debtor is not None
        got[debtor] = got.get(debtor, 0) - recovery.amount_cents
    return list(got.items())


def last_day(award: Award) -> date | None:
    """The last day on which something of an award can be reclaimed (Awb 4:57, fourth paragraph)."""
    if award.determined_at is None:
        return None
    return _years_later(timezone.localdate(award.determined_at), LIMITATION_YEARS)


def _require_in_time(award: Award) -> None:
    last = last_day(award)
    if last is not None and timezone.localdate() > last:
        raise TooLate("limitation", deadline=last.isoformat())


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


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _record(actor: User, action: str, recovery: Recovery, fund: Fund, *, cents: int) -> None:
    trail.record(
        actor=actor,
        action=action,
        subject=recovery,
        region_code=fund.region.code,
        award=recovery.award_id,
        amount_cents=cents,
    )
