"""Contribution requests: made from pledges, each with its own reference, term by term."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.db.models.query import QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.bank.importing import lock_funds
from budgetpool.fund.models import Fund
from budgetpool.refusals import NotReady
from budgetpool.users.models import User
from employers import access
from employers.models import Contribution, Employer, Pledge
from employers.pledges import letters, promising
from employers.pledges.terms import Term, terms_until
from employers.pledges.workdays import add_business_days
from employers.references import make_reference

PAYMENT_TERM_BUSINESS_DAYS = 20
LOOK_AHEAD_DAYS = 366


@transaction.atomic
def ask_due(*, fund: Fund, day: datetime.date | None = None) -> list[Contribution]:
    """Ask every term of every running pledge that begins on or before `day`; each only once.

    Running it again asks nothing twice: a term is known by its pledge number and first day,
    whatever version of the pledge asked it.
    """
    on = day or timezone.localdate()
    lock_funds([fund.pk])
    asked: list[Contribution] = []
    for employer in Employer.objects.filter(pledges__fund=fund).distinct().order_by("pk"):
        for pledge in promising.current(employer, fund):
            asked += _ask_terms(pledge, on)
    return asked


@dataclass(frozen=True, slots=True)
class Expected:
    """A request that is not made yet, but follows from a pledge."""

    day: datetime.date
    amount_cents: int
    fund: Fund


def next_expected(employer: Employer, *, day: datetime.date | None = None) -> Expected | None:
    """The first request that the pledges will bring within a year after `day`; today if absent."""
    until = (day or timezone.localdate()) + datetime.timedelta(days=LOOK_AHEAD_DAYS)
    coming = [
        Expected(term.start, term.amount_cents, pledge.fund)
        for pledge in promising.current(employer)
        for term in _terms_to_ask(pledge, until)
    ]
    return min(coming, key=lambda one: one.day, default=None)


def _ask_terms(pledge: Pledge, day: datetime.date) -> list[Contribution]:
    return [
        ask(
            employer=pledge.employer,
            fund=pledge.fund,
            pledge=pledge,
            period_start=term.start,
            period_end=term.end,
            amount_cents=term.amount_cents,
            day=day,
        )
        for term in _terms_to_ask(pledge, day)
    ]


def _terms_to_ask(pledge: Pledge, day: datetime.date) -> list[Term]:
    """The terms that begin on or before `day` and were not asked yet."""
    known = set(
        Contribution.objects.filter(
            pledge__employer=pledge.employer,
            pledge__number=pledge.number,
            withdrawn_at__isnull=True,
        ).values_list("period_start", flat=True)
    )
    # What a pledge's earlier version already asked for is never asked again by the new one.
    latest = max(known, default=None)
    return [
        term
        for term in terms_until(pledge, day)
        if (latest is None or term.start > latest) and term.amount_cents > 0
    ]


@transaction.atomic
def ask(
    *,
    employer: Employer,
    fund: Fund,
    amount_cents: int,
    period_start: datetime.date,
    period_end: datetime.date,
    pledge: Pledge | None = None,
    by: User | None = None,
    day: datetime.date | None = None,
) -> Contribution:
    """Ask an employer for one amount, under a reference of its own.

    Args:
        day: the day on which it counts as asked; today if absent.

    Raises:
        ValidationError: a negative or empty amount, or days in the wrong order.
    """
    lock_funds([fund.pk])
    count = Contribution.objects.filter(employer=employer, fund=fund).count()
    asked_on = day or timezone.localdate()
    contribution = Contribution(
        employer=employer,
        fund=fund,
        pledge=pledge,
        earmark=pledge.earmark if pledge else None,
        period_start=period_start,
        period_end=period_end,
        amount_cents=amount_cents,
        due_on=add_business_days(asked_on, PAYMENT_TERM_BUSINESS_DAYS),
        asked_on=asked_on,
        reference=make_reference(fund_id=fund.pk, employer_id=employer.pk, number=count + 1),
        asked_by=by,
    )
    contribution.full_clean()
    contribution.save()
    letters.queue(contribution, kind="contribution_asked", key="asked")
    trail.record(
        actor=by,
        action="contribution.asked",
        subject=contribution,
        region_code=fund.region.code,
        amount_cents=amount_cents,
    )
    return contribution


@transaction.atomic
def withdraw(*, contribution: Contribution, reason: str, by: User) -> Contribution:
    """Take a request back that nothing was paid on.

    Raises:
        NotTreasurer, ContributionPaid; ValidationError: no reason.
    """
    access.require_treasurer(actor=by, fund=contribution.fund)
    lock_funds([contribution.fund_id])
    if with_paid(Contribution.objects.filter(pk=contribution.pk)).get().paid_cents:
        raise NotReady("contribution_paid")
    contribution.withdrawn_at = contribution.withdrawn_at or timezone.now()
    contribution.withdrawn_reason = reason
    contribution.full_clean()
    contribution.save()
    trail.record(
        actor=by,
        action="contribution.withdrawn",
        subject=contribution,
        region_code=contribution.fund.region.code,
    )
    return contribution


def with_paid(rows: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """The same requests, each with `paid_cents`: what was received for it and not undone."""
    return rows.annotate(  # type: ignore[no-redef]
        paid_cents=Coalesce(
            Sum(
                "deposit_matches__amount_cents",
                filter=Q(deposit_matches__undone_at__isnull=True),
            ),
            0,
        )
    )
