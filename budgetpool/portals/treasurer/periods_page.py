"""Closed months: what can be closed, what hinders it, and what was closed and opened again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from budgetpool.fund import closed_months, periods, second_person
from budgetpool.fund.models import Fund, PeriodStep, Seat
from budgetpool.keys import key_of
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer.forms import ReasonForm
from budgetpool.portals.treasurer.sections import (
    REFUSALS,
    Button,
    Page,
    Section,
    attempt,
    show,
)

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def periods_page(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Close months and open the last one again: asked by the treasurer, approved by another."""
    here = reverse("treasurer-periods", args=[fund.region.slug])
    verb, actor = request.POST.get("verb", ""), person(request)
    may_ask = request.seat.role == Seat.Role.TREASURER  # type: ignore[attr-defined]
    form = ReasonForm(request.POST if verb == "reopen" else None)
    if verb.startswith(("approve-", "withdraw-")):
        _decide(request, fund, verb)
        return redirect(here)
    if verb == "close":
        until = periods.can_close(fund)
        attempt(
            request,
            lambda: periods.ask_to_close(fund=fund, until=until, by=actor),
            _("Now a second person has to approve it."),
        )
        return redirect(here)
    if verb == "reopen" and form.is_valid():
        try:
            periods.ask_to_reopen(fund=fund, reason=form.cleaned_data["reason"], by=actor)
        except REFUSALS as error:
            form.add_error("reason", say(error))
        else:
            return redirect(here)
    sections = [*_waiting(fund, here, may_ask), *_to_ask(fund, here, form, may_ask)]
    steps = PeriodStep.objects.filter(fund=fund, approved_at__isnull=False)
    rows = Rows(
        "months",
        steps.select_related("asked_by", "approved_by"),
        _columns(),
        _row,
        empty=_("No month was closed yet."),
    )
    sections.append(Section(_("Closed and opened again"), rows=rows))
    return show(request, fund, Page(_("Closed months"), _lead(fund), sections=sections))


def _lead(fund: Fund) -> str:
    closed = closed_months.closed_until(fund.pk)
    if closed is None:
        return _("No month is closed.")
    return _("Everything up to and including %(day)s is closed: nothing is booked there.") % {
        "day": numbers.day(closed)
    }


def _waiting(fund: Fund, here: str, may_ask: bool) -> list[Section]:
    step = periods.waiting(fund)
    if step is None:
        return []
    buttons = [Button(_("Approve"), verb=f"approve-{step.pk}")]
    if may_ask:
        buttons.append(Button(_("Withdraw"), verb=f"withdraw-{step.pk}", kind="secondary"))
    return [
        Section(
            _("To approve by a second person"),
            _("It is approved by %(who)s.") % {"who": second_person.who(f"{step.kind}_month")},
            table=Table(_columns(), [_row(step)]),
            action=here,
            buttons=buttons,
        )
    ]


def _to_ask(fund: Fund, here: str, form: ReasonForm, may_ask: bool) -> list[Section]:
    if not may_ask or periods.waiting(fund) is not None:
        return []
    sections = []
    until, closed = periods.can_close(fund), closed_months.closed_until(fund.pk)
    if closed is None or closed < until:
        hindrances = periods.not_proven(fund, until)
        sections.append(
            Section(
                _("Close up to and including %(day)s") % {"day": numbers.day(until)},
                _("This has to be solved first.")
                if hindrances
                else _("The books are proven. After it nothing is booked there any more."),
                table=Table([Column(_("What hinders it"))], [[text] for text in hindrances])
                if hindrances
                else None,
                action="" if hindrances else here,
                buttons=[] if hindrances else [Button(_("Ask to close"), verb="close")],
            )
        )
    if closed is not None:
        sections.append(
            Section(
                _("Open the last month again"),
                _("Only if a booking cannot stand on a later day. A second person approves it."),
                form=form,
                action=here,
                buttons=[Button(_("Ask to open"), verb="reopen", kind="secondary")],
            )
        )
    return sections


def _decide(request: HttpRequest, fund: Fund, verb: str) -> None:
    kind, _dash, key = verb.partition("-")
    step = get_object_or_404(PeriodStep, fund=fund, pk=key_of(key))
    by = person(request)
    if kind == "approve":
        attempt(request, lambda: periods.approve(step=step, by=by), _("It is approved."))
    else:
        attempt(request, lambda: periods.withdraw(step=step, by=by), _("It is withdrawn."))


def _columns() -> list[Column]:
    return [
        Column(_("Up to and including")),
        Column(_("What")),
        Column(_("Reason")),
        Column(_("Asked by")),
        Column(_("Approved by")),
        Column(_("Approved")),
    ]


def _row(step: PeriodStep) -> list[object]:
    return [
        numbers.day(step.until),
        step.get_kind_display(),
        step.reason,
        step.asked_by,
        step.approved_by or _("nobody yet"),
        numbers.day(step.approved_at) if step.approved_at else "",
    ]
