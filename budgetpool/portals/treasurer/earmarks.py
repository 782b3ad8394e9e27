"""Earmarks: the board sets the rule and the limit, the treasurer sees what is in them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from budgetpool.fund.models import Fund, Seat
from budgetpool.money import from_cents, to_cents
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.pledges import figures
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer.forms import EarmarkForm, LimitForm
from budgetpool.portals.treasurer.sections import (
    REFUSALS,
    Button,
    Page,
    Section,
    facts_of,
    show,
)
from employers.models import Earmark
from employers.pledges import earmarking, promising

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def earmarks(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Every earmark with its limit and its money."""
    slug = fund.region.slug
    rows = [
        [
            format_html(
                '<a href="{}">{}</a>',
                reverse("treasurer-earmark", args=[slug, standing.earmark.pk]),
                standing.earmark.name,
            ),
            earmarking.rule_text(standing.earmark),
            numbers.euros_exact(standing.earmark.limit_cents),
            numbers.euros_exact(standing.promised_cents),
            numbers.euros_exact(standing.balance_cents),
        ]
        for standing in earmarking.of_fund(fund)
    ]
    columns = [
        Column(_("Earmark")),
        Column(_("Pays for")),
        Column(_("Limit a year"), numeric=True),
        Column(_("Promised a year"), numeric=True),
        Column(_("In the pool now"), numeric=True),
    ]
    empty = _("There is no earmark. All money is for every request.")
    buttons = [Button(_("Set up an earmark"), reverse("treasurer-earmark-new", args=[slug]))]
    table = Table(columns, rows, empty=empty)
    section = Section(
        _("Pools with a rule"), table=table, buttons=buttons if _is_board(request) else ()
    )
    lead = _("An employer may keep a part of its money for one group. The board says how much.")
    return show(request, fund, Page(_("Earmarks"), lead, sections=[section]))


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.BOARD)
def new(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The board sets up a pool with a rule and a limit."""
    slug = fund.region.slug
    form = EarmarkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        column, _colon, equals = form.cleaned_data["rule"].partition(":")
        try:
            made = earmarking.set_up(
                fund=fund,
                name=form.cleaned_data["name"],
                column=column,
                equals=equals,
                limit_cents=to_cents(form.cleaned_data["limit"]),
                by=person(request),
            )
        except REFUSALS as error:
            form.add_error("rule", say(error))
        else:
            return redirect("treasurer-earmark", slug, made.pk)
    section = Section(
        _("The rule and the limit"),
        _("From then on employers can choose it when they make a pledge."),
        form=form,
        action=reverse("treasurer-earmark-new", args=[slug]),
        buttons=[Button(_("Set up the earmark"))],
    )
    return show(request, fund, Page(_("Set up an earmark"), back=_back(fund), sections=[section]))


@require_safe
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def earmark(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One earmark: its limit, and who promised what."""
    row = _find(fund, pk)
    standing = next(found for found in earmarking.of_fund(fund) if found.earmark.pk == row.pk)
    facts: list[list[Any]] = [
        [_("Pays for"), earmarking.rule_text(row)],
        [_("Limit a year"), numbers.euros_exact(row.limit_cents)],
        [_("Promised a year"), numbers.euros_exact(standing.promised_cents)],
        [_("Still free"), numbers.euros_exact(standing.room_cents)],
        [_("In the pool now"), numbers.euros_exact(standing.balance_cents)],
        [_("Limit set by"), row.set_by],
        [_("On"), numbers.moment(row.set_at)],
    ]
    pledges = [
        [pledge.employer.name, figures(pledge), numbers.euros_exact(pledge.year_cents)]
        for pledge in promising.earmarking(row)
    ]
    columns = [
        Column(_("Employer")),
        Column(_("Pledge")),
        Column(_("In a whole year"), numeric=True),
    ]
    empty = _("No employer has chosen this earmark yet.")
    url = reverse("treasurer-earmark-limit", args=[fund.region.slug, pk])
    buttons = [Button(_("Change the limit"), url, kind="secondary")]
    sections = [
        Section(
            _("The earmark"), facts=facts_of(facts), buttons=buttons if _is_board(request) else ()
        ),
        Section(_("Pledges"), table=Table(columns, pledges, empty=empty)),
    ]
    return show(request, fund, Page(row.name, back=_back(fund), sections=sections))


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.BOARD)
def limit(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """The board sets another limit."""
    row = _find(fund, pk)
    initial = {"limit": from_cents(row.limit_cents)}
    form = LimitForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        cents = to_cents(form.cleaned_data["limit"])
        try:
            earmarking.set_limit(earmark=row, limit_cents=cents, by=person(request))
        except REFUSALS as error:
            form.add_error("limit", say(error))
        else:
            return redirect("treasurer-earmark", fund.region.slug, pk)
    section = Section(
        _("Another limit"),
        _("Not below what is promised already."),
        form=form,
        action=reverse("treasurer-earmark-limit", args=[fund.region.slug, pk]),
        buttons=[Button(_("Change the limit"))],
    )
    return show(request, fund, Page(row.name, back=_back(fund), sections=[section]))


def _find(fund: Fund, pk: int) -> Earmark:
    rows = Earmark.objects.select_related("account", "fund__region", "set_by")
    return get_object_or_404(rows, fund=fund, pk=pk)


def _back(fund: Fund) -> Button:
    return Button(_("All earmarks"), reverse("treasurer-earmarks", args=[fund.region.slug]))


def _is_board(request: HttpRequest) -> bool:
    return bool(request.seat.role == Seat.Role.BOARD)  # type: ignore[attr-defined]
