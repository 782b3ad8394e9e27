"""What has to come back, from the provider first; repaying.py is about what does."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet, Sum
from django.utils import timezone

from allocation.models import Award, Payout, Recovery
from allocation.rules import payer_access, terms
from budgetpool.audit import trail
from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Fund
from budgetpool.refusals import NotReady, TooLate
from budgetpool.register.models import Provider
from budgetpool.users.models import User
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
    fund = payer_access.fund_of(award)
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
    fund = payer_access.fund_of(concerned[0])
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
    record(actor, "recovery.decided", recovery, fund, cents=cents)
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
        raise TooLate("limitation", deadline_on=last.isoformat())


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def record(actor: User, action: str, recovery: Recovery, fund: Fund, *, cents: int) -> None:
    """Write an audit event about a recovery."""
    trail.record(
        actor=actor,
        action=action,
        subject=recovery,
        region_code=fund.region.code,
        award=recovery.award_id,
        amount_cents=cents,
    )
