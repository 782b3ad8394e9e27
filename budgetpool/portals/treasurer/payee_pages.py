"""The accounts that the fund pays to: entered by one person, verified by another."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allocation.models import Payee
from allocation.payouts import payees
from budgetpool.fund.iban import spell_iban
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer.forms import PayeeForm, VerifyForm
from budgetpool.portals.treasurer.sections import (
    REFUSALS,
    Button,
    Page,
    Section,
    attempt,
    facts_of,
    show,
)

GET_OR_POST = ["GET", "HEAD", "POST"]
SHOWN = 100


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER)
def payees_page(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The bank accounts that the fund may pay to, and a new one for a provider."""
    slug = fund.region.slug
    here = reverse("treasurer-payees", args=[slug])
    form = PayeeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = payees.enter(fund=fund, actor=person(request), **form.cleaned_data)
        except REFUSALS as error:
            form.add_error("iban", say(error))
        else:
            return redirect("treasurer-payee", slug, made.pk)
    known = Payee.objects.filter(fund=fund, ended_at__isnull=True).select_related("provider")
    rows = [
        [
            format_html(
                '<a href="{}">{}</a>', reverse("treasurer-payee", args=[slug, row.pk]), row
            ),
            spell_iban(row.iban),
            _("verified") if row.verified_at else _("to be verified"),
        ]
        for row in known[:SHOWN]
    ]
    columns = [Column(_("Account holder")), Column(_("IBAN")), Column(_("State"))]
    page = Page(
        _("Accounts to pay to"),
        _("One person enters an account, another verifies it. Then it waits 24 hours."),
        sections=[
            Section(_("Accounts in use"), table=Table(columns, rows)),
            Section(
                _("Enter or change an account of a provider"),
                form=form,
                action=here,
                buttons=[Button(_("Save"))],
            ),
        ],
    )
    return show(request, fund, page)


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def payee(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One account: verified by somebody else than who entered it."""
    row = get_object_or_404(
        Payee.objects.select_related("fund__region", "entered_by", "verified_by"), fund=fund, pk=pk
    )
    here = reverse("treasurer-payee", args=[fund.region.slug, pk])
    form = VerifyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        how = form.cleaned_data["how"]
        attempt(
            request,
            lambda: payees.verify(payee=row, how=how, actor=person(request)),
            _("The account is verified."),
        )
        return redirect(here)
    facts: list[list[Any]] = [
        [_("IBAN"), spell_iban(row.iban)],
        [_("Entered by"), row.entered_by],
        [_("Money may go there from"), numbers.moment(row.usable_from)],
        [_("Verified by"), row.verified_by or _("nobody yet")],
        [_("How"), row.verified_how],
    ]
    sections = [Section(_("Account"), facts=facts_of(facts))]
    if row.verified_at is None and row.ended_at is None:
        buttons = [Button(_("I verified it"), verb="verify")]
        sections.append(Section(_("Verify"), form=form, action=here, buttons=buttons))
    return show(request, fund, Page(str(row), sections=sections))
