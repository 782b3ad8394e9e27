"""What is still owed to the fund, and one debt: paid back, or written off by somebody else."""

from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allocation.models import Recovery
from allocation.payouts import repaying
from budgetpool.fund import second_person
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.lists import Cents, Rows
from budgetpool.portals.components.tables import Column
from budgetpool.portals.treasurer.forms import ReasonForm
from budgetpool.portals.treasurer.sections import (
    Button,
    Page,
    Section,
    attempt,
    facts_of,
    show,
)

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@seat_required(Seat.Role.TREASURER)
def recoveries(request: HttpRequest, fund: Fund) -> HttpResponse:
    """What is still owed to the fund: the whole, and the debts that are due first."""
    owed = repaying.still_open(fund)
    whole = owed.aggregate(count=Count("pk"), cents=Sum("owed_cents"))
    text = ""
    if whole["count"]:
        text = _("%(count)s debts, %(euros)s together.") % {
            "count": numbers.count(whole["count"]),
            "euros": numbers.euros_exact(whole["cents"]),
        }
    rows = Rows(
        "recoveries",
        owed.select_related("from_provider", "award__request"),
        [
            Column(_("Award"), orders=("award__request",)),
            Column(_("Owed by"), orders=("from_provider__name",)),
            Column(_("To be paid before"), orders=("due_on",)),
            Column(_("Lapses on"), orders=("lapses_on",)),
            Column(_("Still owed"), numeric=True, orders=("owed_cents",)),
        ],
        lambda row: [
            format_html(
                '<a href="{}">{}</a>',
                reverse("treasurer-recovery", args=[fund.region.slug, row.pk]),
                row.award.request.reference,
            ),
            row.from_provider or _("the worker"),
            numbers.day(row.due_on),
            numbers.day(row.lapses_on),
            Cents(row.owed_cents),
        ],
        empty=_("Nobody owes the fund anything."),
    )
    slug = fund.region.slug
    buttons = [
        Button(_("Providers that drop out"), reverse("treasurer-dropouts", args=[slug])),
        Button(_("Exclusions"), reverse("treasurer-exclusions", args=[slug])),
    ]
    page = Page(
        _("Recoveries"),
        sections=[
            Section(_("Open"), text, rows=rows),
            Section(
                _("When it goes wrong"),
                _("A whole group gets another training; a term without awards after abuse."),
                buttons=buttons,
            ),
        ],
    )
    return show(request, fund, page)


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def recovery(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One recovery; what cannot be got back is written off by somebody else."""
    row = get_object_or_404(
        Recovery.objects.select_related("award__request", "from_provider", "decided_by"),
        award__round__fund=fund,
        pk=pk,
    )
    here = reverse("treasurer-recovery", args=[fund.region.slug, pk])
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            lambda: repaying.write_off(recovery=row, reason=reason, actor=person(request)),
            _("The debt is written off."),
        )
        return redirect(here)
    facts: list[list[Any]] = [
        [_("Owed by"), row.from_provider or _("the worker")],
        [_("Cause"), row.get_cause_display()],
        [_("Reason"), row.reason],
        [_("Amount"), numbers.euros_exact(row.amount_cents)],
        [_("Paid back"), numbers.euros_exact(repaying.received_cents(row))],
        [_("Still owed"), numbers.euros_exact(repaying.open_cents(row))],
        [_("Decided by"), row.decided_by],
        [_("Lapses on"), numbers.day(row.lapses_on)],
    ]
    sections = [Section(_("Debt"), facts=facts_of(facts))]
    if repaying.open_cents(row):
        sections.append(
            Section(
                _("Write off"),
                _("The pool bears it. Who reclaimed it cannot write it off; %(who)s can.")
                % {"who": second_person.who("write_off")},
                form=form,
                action=here,
                buttons=[Button(_("Write off"), verb="write-off")],
            )
        )
    return show(request, fund, Page(_("Recovery"), sections=sections))
