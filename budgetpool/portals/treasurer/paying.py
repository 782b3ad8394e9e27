"""Payments: what can be paid now, what waits and why, and one payment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allocation.models import Payout
from allocation.payouts import batches, planning, queue
from budgetpool.bank import iso_reasons
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer import payable_awards, payment_rows, waiting_tables
from budgetpool.portals.treasurer.forms import BatchForm, ReasonForm
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
@seat_required(Seat.Role.TREASURER)
def overview(request: HttpRequest, fund: Fund) -> HttpResponse:
    """What can be paid now, what waits and why, what is at the bank, and the awards to pay."""
    slug = fund.region.slug
    here = reverse("treasurer-payouts", args=[slug])
    form = BatchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = batches.prepare(
                fund=fund, execution_on=form.cleaned_data["execution_on"], actor=person(request)
            )
        except REFUSALS as error:
            form.add_error("execution_on", say(error))
        else:
            return redirect("treasurer-batch", slug, made.pk)
    can, cannot = batches.ready(fund, by=person(request))
    waiting = [[*payment_rows.line(fund, payout), say(error)] for payout, error in cannot]
    page = Page(
        _("Payments"),
        sections=[
            Section(
                _("Ready for the bank"),
                _("All of these go into one file. Somebody else approves it."),
                table=payment_rows.table(fund, can),
                form=form,
                action=here,
                buttons=[Button(_("Make the file"))],
            ),
            Section(
                _("Not ready"),
                table=Table([*payment_rows.columns(), Column(_("Why"))], waiting),
            ),
            Section(
                _("Rejected or sent back"),
                table=payment_rows.table(fund, queue.rejected(fund)),
            ),
            Section(
                _("Files for the bank to approve"),
                table=waiting_tables.files(fund),
                buttons=[
                    Button(
                        _("All files for the bank"),
                        reverse("treasurer-batches", args=[slug]),
                        kind="secondary",
                    )
                ],
            ),
            payable_awards.section(request, fund),
        ],
    )
    return show(request, fund, page)


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER)
def payout(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One payment: withdrawn, refused by the bank with its reason, or made again."""
    row = get_object_or_404(
        Payout.objects.select_related("payee__fund__region", "award__request", "batch"),
        payee__fund=fund,
        pk=pk,
    )
    here = reverse("treasurer-payout", args=[fund.region.slug, pk])
    verb = request.POST.get("verb", "")
    form = ReasonForm(request.POST if verb == "withdraw" else None)
    actor = person(request)
    if verb == "withdraw" and form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            lambda: planning.withdraw(payout=row, reason=reason, actor=actor),
            _("Done."),
        )
        return redirect(here)
    if verb == "retry":
        attempt(
            request,
            lambda: planning.retry(payout=row, actor=actor),
            _("The payment is planned again."),
        )
        return redirect(here)
    sections = [
        Section(
            _("Payment"),
            iso_reasons.say(row.reason),
            table=payment_rows.table(fund, [row]),
        )
    ]
    if row.status == Payout.Status.PLANNED:
        buttons = [Button(_("Withdraw the payment"), verb="withdraw")]
        sections.append(Section(_("Not right?"), form=form, action=here, buttons=buttons))
    if row.status == Payout.Status.BATCHED:
        url = reverse("treasurer-statements", args=[fund.region.slug])
        sections.append(
            Section(
                _("Refused?"),
                _("Import the answer of the bank (pain.002). Nobody’s word is enough."),
                buttons=[Button(_("Import a file"), url, kind="secondary")],
            )
        )
    if row.status == Payout.Status.REJECTED:
        buttons = [Button(_("Pay it again"), verb="retry")]
        sections.append(Section(_("Again"), action=here, buttons=buttons))
    back = Button(_("All payments"), reverse("treasurer-payouts", args=[fund.region.slug]))
    return show(request, fund, Page(row.end_to_end_id, back=back, sections=sections))
