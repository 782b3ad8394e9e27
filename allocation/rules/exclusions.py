"""Who gets no award for a term: a worker after their own fault, a provider after abuse.

Two years at most, as in article 14 of the STAP scheme's rules. The term binds when a round closes:
requests of an excluded worker are left out with that reason, and so are choices at a provider that
was excluded before the window opened. Who asked before the exclusion keeps what they asked.
"""

from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.query import QuerySet
from django.utils import timezone

from allocation.models import Exclusion, Round
from allocation.rules import payer_access
from budgetpool.audit import trail
from budgetpool.fund.models import Fund
from budgetpool.refusals import NotReady, WrongStep
from budgetpool.register.models import Provider
from budgetpool.users.models import User
from workers.models import Choice, TrainingRequest, Window, Worker
from workers.requests import leaving_out

YEARS_MOST: Final = 2


def exclude(
    *,
    fund: Fund,
    until: date,
    reason: str,
    actor: User,
    worker: Worker | None = None,
    provider: Provider | None = None,
) -> Exclusion:
    """Keep a worker or a provider out of new awards for a term; two years at most.

    Raises:
        NotAllowed: no treasurer or board member of the fund.
        NotReady: `term_too_long` with `most`; `reason_missing`; `excluded_before`.
        ValidationError: neither or both of worker and provider, or a last day that has passed.
    """
    payer_access.require_payer(actor, fund)
    today = timezone.localdate()
    most = _years_later(today, YEARS_MOST)
    if until > most:
        raise NotReady("term_too_long", most_on=most.isoformat())
    if not reason.strip():
        raise NotReady("reason_missing")
    if is_excluded(fund=fund, day=today, worker=worker, provider=provider):
        raise NotReady("excluded_before")
    exclusion = Exclusion(
        fund=fund,
        worker=worker,
        provider=provider,
        from_date=today,
        until_date=until,
        reason=reason,
        decided_by=actor,
    )
    with transaction.atomic():
        exclusion.full_clean()
        exclusion.save()
        _record(actor, "exclusion.decided", exclusion)
    return exclusion


def lift(*, exclusion: Exclusion, reason: str, actor: User) -> Exclusion:
    """End an exclusion before its last day; the reason stands in the trail.

    Raises:
        NotAllowed: no treasurer or board member of the fund.
        NotReady: `reason_missing`.
        WrongStep: it ended before.
    """
    fund = Fund.objects.select_related("region").get(pk=exclusion.fund_id)
    payer_access.require_payer(actor, fund)
    if not reason.strip():
        raise NotReady("reason_missing")
    with transaction.atomic():
        fresh = Exclusion.objects.select_for_update(of=("self",)).get(pk=exclusion.pk)
        if fresh.lifted_at is not None or fresh.until_date < timezone.localdate():
            raise WrongStep("wrong_state", step="lift", status="ended")
        fresh.lifted_at = timezone.now()
        fresh.save()
        _record(actor, "exclusion.lifted", fresh, reason=reason)
    return fresh


def of_fund(fund: Fund) -> QuerySet[Exclusion]:
    """All exclusions of a fund, the latest first."""
    return Exclusion.objects.filter(fund=fund).select_related("provider", "worker", "decided_by")


def running(fund: Fund, day: date) -> QuerySet[Exclusion]:
    """The exclusions that hold on a day."""
    return Exclusion.objects.filter(
        fund=fund, from_date__lte=day, until_date__gte=day, lifted_at__isnull=True
    )


def is_excluded(
    *, fund: Fund, day: date, worker: Worker | None = None, provider: Provider | None = None
) -> bool:
    """Whether one of them is excluded in this fund on `day`."""
    who = Q(worker=worker) if worker else Q(pk__in=[])
    if provider:
        who |= Q(provider=provider)
    return running(fund, day).filter(who).exists()


def barred_providers(window: Window) -> QuerySet[Exclusion, Any]:
    """The keys of providers whose trainings cannot be asked for, nor divided, in this window."""
    opened_on = timezone.localdate(window.opens_at)
    rows = running(window.fund, timezone.localdate()).filter(
        provider__isnull=False, from_date__lt=opened_on + timedelta(days=1)
    )
    return rows.values("provider")


def leave_out(round: Round) -> list[TrainingRequest]:
    """Leave the requests out that the exclusions bar; call inside the closing transaction."""
    sent = TrainingRequest.objects.filter(
        window=round.window_id, status=TrainingRequest.Status.SUBMITTED
    )
    today = timezone.localdate()
    excluded = {
        row.worker_id: row.until_date
        for row in running(round.fund, today).filter(worker__isnull=False)
    }
    left_out = [
        leaving_out.leave_out(
            request=request, reason="excluded", until=excluded[request.worker_id].isoformat()
        )
        for request in sent.filter(worker__in=excluded)
    ]
    barred = barred_providers(round.window)
    open_choice = Choice.objects.filter(request=OuterRef("pk")).exclude(
        training__provider__in=barred
    )
    for request in sent.filter(~Exists(open_choice), choices__training__provider__in=barred):
        left_out.append(leaving_out.leave_out(request=request, reason="provider_excluded"))
    return left_out


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _record(actor: User, action: str, exclusion: Exclusion, **facts: Any) -> None:
    trail.record(
        actor=actor,
        action=action,
        subject=exclusion,
        region_code=exclusion.fund.region.code,
        **facts,
    )
