"""Close a fund's months, and open the last closed one again; each takes two people.

A treasurer asks, another treasurer or a board member approves. A month closes when it is over and
its books are proven: `check_ledger` finds nothing, and neither does any check that the setting
`PERIOD_PROOFS` names. From then on the ledger and the database refuse every transfer that counts
in it; what has to be corrected is booked on a day of an open month.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from budgetpool.audit import trail
from budgetpool.fund import checks, finding_words, second_person
from budgetpool.fund.closed_months import closed_until
from budgetpool.fund.models import Fund, PeriodStep
from budgetpool.refusals import NotReady, WrongStep
from budgetpool.users.models import User

Kind = PeriodStep.Kind

# What says of a fund and a day why the books until then are not proven: one text each.
Proof = Callable[[Fund, date], Iterable[str]]


def can_close(fund: Fund) -> date:
    """The last day of the newest month that is over."""
    return timezone.localdate().replace(day=1) - timedelta(days=1)


def not_proven(fund: Fund, until: date) -> list[str]:
    """Why the books until a day cannot be closed, in words; empty where they can.

    What is wrong in another fund's books, and only there, hinders nobody here.
    """
    found = [
        finding_words.say(finding)
        for outcome in checks.check_ledger()
        for finding in outcome.findings
        if finding.params.get("fund", fund.name) == fund.name
    ]
    for path in settings.PERIOD_PROOFS:
        proof: Proof = import_string(path)
        found += proof(fund, until)
    return found


@transaction.atomic
def ask_to_close(*, fund: Fund, until: date, by: User) -> PeriodStep:
    """Ask to close all months up to and including a month's last day.

    Raises:
        NotAllowed: no treasurer of the fund.
        NotReady: `month_not_over`; `month_closed`; `books_not_proven` with `reasons`;
            `step_waits`.
    """
    second_person.require_first("close_month", by=by, fund=fund)
    _lock(fund)
    _require_month(fund, until)
    _require_proven(fund, until)
    return _ask(PeriodStep(fund=fund, kind=Kind.CLOSE, until=until, asked_by=by))


@transaction.atomic
def ask_to_reopen(*, fund: Fund, reason: str, by: User) -> PeriodStep:
    """Ask to open the last closed month again, for a reason.

    Raises:
        NotAllowed: no treasurer of the fund.
        NotReady: `no_month_closed`, `reason_missing`, `step_waits`.
    """
    second_person.require_first("reopen_month", by=by, fund=fund)
    _lock(fund)
    until = closed_until(fund.pk)
    if until is None:
        raise NotReady("no_month_closed")
    if not reason.strip():
        raise NotReady("reason_missing")
    return _ask(
        PeriodStep(fund=fund, kind=Kind.REOPEN, until=until, reason=reason.strip(), asked_by=by)
    )


@transaction.atomic
def approve(*, step: PeriodStep, by: User) -> PeriodStep:
    """Approve what somebody else asked; a closing is proven once more.

    Raises:
        NotAllowed: neither a treasurer nor in the board, or `same_person`.
        WrongStep: approved or withdrawn before.
        NotReady: `books_not_proven` with `reasons`; `month_closed`.
    """
    _lock(step.fund)
    fresh = PeriodStep.objects.select_related("fund__region").get(pk=step.pk)
    second_person.require_second(
        f"{fresh.kind}_month", by=by, fund=fresh.fund, first=fresh.asked_by_id
    )
    if fresh.approved_at or fresh.withdrawn_at:
        raise WrongStep("wrong_state")
    if fresh.kind == Kind.CLOSE:
        _no_other_writers()
        _require_month(fresh.fund, fresh.until)
        _require_proven(fresh.fund, fresh.until)
    fresh.approved_by, fresh.approved_at = by, timezone.now()
    fresh.full_clean()
    fresh.save()
    _record(by, "closed" if fresh.kind == Kind.CLOSE else "reopened", fresh)
    return fresh


@transaction.atomic
def withdraw(*, step: PeriodStep, by: User) -> PeriodStep:
    """Drop what was asked and not approved.

    Raises:
        NotAllowed: no treasurer of the fund.
        WrongStep: approved or withdrawn before.
    """
    second_person.require_first(f"{step.kind}_month", by=by, fund=step.fund)
    _lock(step.fund)
    fresh = PeriodStep.objects.select_related("fund__region").get(pk=step.pk)
    if fresh.approved_at or fresh.withdrawn_at:
        raise WrongStep("wrong_state")
    fresh.withdrawn_at = timezone.now()
    fresh.save()
    _record(by, "withdrawn", fresh)
    return fresh


def waiting(fund: Fund) -> PeriodStep | None:
    """What waits for a second person."""
    steps = PeriodStep.objects.filter(fund=fund, approved_at=None, withdrawn_at=None)
    return steps.select_related("asked_by").first()


def _ask(step: PeriodStep) -> PeriodStep:
    if waiting(step.fund) is not None:
        raise NotReady("step_waits")
    step.full_clean()
    step.save()
    _record(step.asked_by, f"{step.kind}_asked", step)
    return step


def _require_month(fund: Fund, until: date) -> None:
    last_day = (until + timedelta(days=1)).day == 1
    if not last_day or until > can_close(fund):
        raise NotReady("month_not_over", value_on=until.isoformat())
    closed = closed_until(fund.pk)
    if closed is not None and until <= closed:
        raise NotReady("month_closed", closed_on=closed.isoformat())


def _require_proven(fund: Fund, until: date) -> None:
    reasons = not_proven(fund, until)
    if reasons:
        raise NotReady("books_not_proven", reasons=reasons)


def _lock(fund: Fund) -> None:
    """One step at a time for a fund; transfers, whose rows point to it, go on."""
    list(Fund.objects.select_for_update(of=("self",), no_key=True).filter(pk=fund.pk))


def _no_other_writers() -> None:
    """Wait for transfers under way, and let none begin: SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE fund_transfer IN SHARE MODE")


def _record(by: User, step: str, row: PeriodStep) -> None:
    details = {"reason": row.reason} if row.reason else {}
    trail.record(
        actor=by,
        action=f"period.{step}",
        subject=row,
        region_code=row.fund.region.code,
        until=row.until.isoformat(),
        **details,
    )
