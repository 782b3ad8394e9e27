"""An employer promises a fund money, and changes its promise: each change a new version."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.bank.importing import lock_funds
from budgetpool.fund.models import Fund
from budgetpool.refusals import NotReady, WrongStep
from budgetpool.users.models import User
from employers import access
from employers.models import Earmark, Employer, Pledge
from employers.models.employer import Role
from employers.models.pledge import Kind

# The figures that belong to each kind; the others must stay empty.
FIGURES = {
    Kind.FIXED: {"amount_cents"},
    Kind.PAYROLL: {"basis_points", "payroll_cents"},
    Kind.PER_WORKER: {"amount_cents", "workers_count"},
}
ALL_FIGURES = {"amount_cents", "basis_points", "payroll_cents", "workers_count"}


@transaction.atomic
def promise(*, employer: Employer, fund: Fund, by: User, **terms: Any) -> Pledge:
    """Make a new pledge to a fund.

    Args:
        by: a manager of the employer.
        terms: `kind`, its figures, `schedule`, `starts_on`, and where wanted `ends_on`,
            `earmark` and `rule`, as the fields of `Pledge`.

    Raises:
        NotAllowed: no manager of this employer.
        EarmarkFull: more than the board lets be earmarked.
        RuleForbidsOtherSectors: the collective agreement's rule needs an earmark.
        ValidationError: a figure is missing, negative, or of another kind.
    """
    access.require(actor=by, employer=employer, role=Role.MANAGER)
    lock_funds([fund.pk])
    highest = employer.pledges.aggregate(highest=Max("number"))["highest"] or 0
    return _save(employer, fund, number=highest + 1, version=1, by=by, terms=terms)


@transaction.atomic
def change(*, pledge: Pledge, by: User, **terms: Any) -> Pledge:
    """Make the next version of a pledge; requests that were sent stay as they are.

    Raises: as `promise`; WrongState: this is not its newest version.
    """
    access.require(actor=by, employer=pledge.employer, role=Role.MANAGER)
    lock_funds([pledge.fund_id])
    newest = versions(pledge).first()
    if newest is None or newest.pk != pledge.pk:
        raise WrongStep("wrong_state")
    return _save(
        pledge.employer,
        pledge.fund,
        number=pledge.number,
        version=pledge.version + 1,
        by=by,
        terms=terms,
    )


def end(*, pledge: Pledge, on: datetime.date, by: User) -> Pledge:
    """Let a pledge end on a day: a new version with that last day.

    Raises: as `change`.
    """
    kept = {name: getattr(pledge, name) for name in ALL_FIGURES}
    kept |= {name: getattr(pledge, name) for name in ("kind", "schedule", "earmark", "rule")}
    return change(pledge=pledge, by=by, **kept, starts_on=pledge.starts_on, ends_on=on)


def versions(pledge: Pledge) -> QuerySet[Pledge]:
    """All versions of one pledge, newest first."""
    return Pledge.objects.filter(employer=pledge.employer, number=pledge.number).order_by(
        "-version"
    )


def current(employer: Employer, fund: Fund | None = None) -> list[Pledge]:
    """The newest version of each of the employer's pledges, by number."""
    rows = Pledge.objects.filter(employer=employer).select_related(
        "fund__region", "earmark", "rule"
    )
    if fund is not None:
        rows = rows.filter(fund=fund)
    newest: dict[int, Pledge] = {}
    for pledge in rows.order_by("number", "version"):
        newest[pledge.number] = pledge
    return list(newest.values())


def earmarking(earmark: Earmark, *, day: datetime.date | None = None) -> list[Pledge]:
    """The pledges that run on `day` (today when not given) for an earmark."""
    on = day or timezone.localdate()
    newest: dict[tuple[int, int], Pledge] = {}
    for pledge in Pledge.objects.filter(fund=earmark.fund_id).order_by("version"):
        newest[pledge.employer_id, pledge.number] = pledge
    return [
        pledge
        for pledge in newest.values()
        if pledge.earmark_id == earmark.pk and (pledge.ends_on is None or pledge.ends_on >= on)
    ]


def earmarked_cents(earmark: Earmark, *, day: datetime.date | None = None) -> int:
    """What those pledges earmark in a year, in cents."""
    return sum(pledge.year_cents for pledge in earmarking(earmark, day=day))


def _save(
    employer: Employer, fund: Fund, *, number: int, version: int, by: User, terms: dict[str, Any]
) -> Pledge:
    pledge = Pledge(
        employer=employer, fund=fund, number=number, version=version, made_by=by, **terms
    )
    _check_figures(pledge)
    pledge.full_clean()
    if pledge.earmark is not None and pledge.earmark.fund_id != fund.pk:
        raise NotReady("other_fund")
    if pledge.rule is not None and not pledge.rule.other_sectors_allowed and not pledge.earmark:
        raise NotReady("rule_needs_earmark", rule=pledge.rule.name)
    pledge.save()
    if pledge.earmark is not None:
        asked = earmarked_cents(pledge.earmark)
        if asked > pledge.earmark.limit_cents:
            raise NotReady(
                "earmark_full",
                earmark=pledge.earmark.name,
                limit_cents=pledge.earmark.limit_cents,
                asked_cents=asked,
            )
    trail.record(
        actor=by,
        action="pledge.made" if version == 1 else "pledge.changed",
        subject=pledge,
        region_code=fund.region.code,
        year_cents=pledge.year_cents,
    )
    return pledge


def _check_figures(pledge: Pledge) -> None:
    """Tell which figure is missing, before the constraint refuses with one sentence for all."""
    wanted = FIGURES.get(Kind(pledge.kind), set()) if pledge.kind in Kind.values else set()
    errors: dict[str, ValidationError] = {}
    for name in sorted(ALL_FIGURES):
        value = getattr(pledge, name)
        if name in wanted and (value is None or value <= 0):
            errors[name] = ValidationError(_("Fill in a number above zero."), code="positive")
        if name not in wanted and value is not None:
            setattr(pledge, name, None)
    if errors:
        raise ValidationError(errors)
