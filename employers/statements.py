"""What an employer was asked and what it paid: the statement of account and its figures."""

import datetime
from dataclasses import dataclass, replace
from itertools import accumulate

from django.db.models import Sum
from django.db.models.query import QuerySet
from django.utils import timezone

from budgetpool.fund.models import Fund
from employers.models import Contribution, DepositMatch, Employer, Refund
from employers.pledges import requests


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement of account; `balance_cents` is what was still to be paid then."""

    date: datetime.date
    kind: str
    """`asked`, `paid`, or `gift`: paid without a request, so it settles nothing."""
    reference: str
    fund: str
    asked_cents: int
    paid_cents: int
    balance_cents: int


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """All lines of one year, with what was open before and after it."""

    employer: Employer
    year: int
    opening_cents: int
    lines: list[Line]

    @property
    def asked_cents(self) -> int:
        return sum(line.asked_cents for line in self.lines)

    @property
    def paid_cents(self) -> int:
        return sum(line.paid_cents for line in self.lines)

    @property
    def closing_cents(self) -> int:
        return self.lines[-1].balance_cents if self.lines else self.opening_cents


def of_year(employer: Employer, year: int) -> AccountStatement:
    """The statement of account over a calendar year, oldest line first."""
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    rows = [row for row in _rows(employer) if row.date <= last]
    opening = sum(_change(row) for row in rows if row.date < first)
    within = [row for row in rows if row.date >= first]
    balances = list(accumulate(map(_change, within), initial=opening))[1:]
    return AccountStatement(
        employer,
        year,
        opening,
        [replace(row, balance_cents=cents) for row, cents in zip(within, balances, strict=True)],
    )


def _change(line: Line) -> int:
    return line.asked_cents - (line.paid_cents if line.kind == "paid" else 0)


def _rows(employer: Employer) -> list[Line]:
    """Everything that was asked and paid, oldest first, balances not reckoned yet."""
    asked = [
        Line(
            date=row.asked_on,
            kind="asked",
            reference=row.reference,
            fund=row.fund.region.name,
            asked_cents=row.amount_cents,
            paid_cents=0,
            balance_cents=0,
        )
        for row in contributions(employer).filter(withdrawn_at__isnull=True)
    ]
    paid = [
        Line(
            date=match.deposit.received_on,
            kind="paid" if match.contribution else "gift",
            reference=match.contribution.reference if match.contribution else "",
            fund=match.deposit.fund.region.name,
            asked_cents=0,
            paid_cents=match.amount_cents,
            balance_cents=0,
        )
        for match in matches(employer)
    ]
    return sorted(asked + paid, key=lambda line: (line.date, line.kind))


def contributions(employer: Employer) -> QuerySet[Contribution]:
    """All requests to an employer with `paid_cents`, by their last day."""
    return requests.with_paid(
        employer.contributions.select_related("fund__region", "earmark", "pledge")
    ).order_by("due_on", "pk")


def matches(employer: Employer) -> QuerySet[DepositMatch]:
    """Deposits that are this employer's now, oldest first."""
    return (
        employer.deposit_matches.filter(undone_at__isnull=True)
        .select_related("deposit__entry", "deposit__fund__region", "contribution")
        .order_by("deposit__received_on", "pk")
    )


def refunds(employer: Employer) -> QuerySet[Refund]:
    """Deposits of this employer that go or went back."""
    return Refund.objects.filter(
        deposit__matches__employer=employer, withdrawn_at__isnull=True
    ).distinct()


def paid_cents(employer: Employer, *, fund: Fund | None = None, year: int | None = None) -> int:
    """What an employer paid in, in all or in one fund or year, in cents."""
    rows = employer.deposit_matches.filter(undone_at__isnull=True)
    if fund is not None:
        rows = rows.filter(deposit__fund=fund)
    if year is not None:
        rows = rows.filter(deposit__received_on__year=year)
    return rows.aggregate(sum=Sum("amount_cents"))["sum"] or 0


def fund_paid_cents(fund: Fund, *, year: int | None = None) -> int:
    """What all employers paid into a fund, in cents."""
    rows = DepositMatch.objects.filter(
        deposit__fund=fund, undone_at__isnull=True, employer__isnull=False
    )
    if year is not None:
        rows = rows.filter(deposit__received_on__year=year)
    return rows.aggregate(sum=Sum("amount_cents"))["sum"] or 0


def open_contributions(employer: Employer) -> list[Contribution]:
    """Requests that are not paid wholly, the earliest day first."""
    return [
        row
        for row in contributions(employer).filter(withdrawn_at__isnull=True)
        if row.paid_cents < row.amount_cents
    ]


def funds_of(employer: Employer) -> list[Fund]:
    """The funds that an employer pledged to, was asked by or paid into, by name."""
    keys = {
        *employer.pledges.values_list("fund", flat=True),
        *employer.contributions.values_list("fund", flat=True),
        *matches(employer).values_list("deposit__fund", flat=True),
    }
    return list(Fund.objects.filter(pk__in=keys).select_related("region").order_by("name"))


def years_of(employer: Employer) -> list[int]:
    """The years in which something was asked or paid, the newest first; this year always."""
    years = {timezone.localdate().year, *(line.date.year for line in _rows(employer))}
    return sorted(years, reverse=True)
