"""Files for the bank: all of them, and one that a second person reads, approves, and fetches."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from allocation.models import PaymentBatch
from allocation.payouts import batches
from budgetpool.fund import second_person
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.lists import Cents, Rows
from budgetpool.portals.components.tables import Column
from budgetpool.portals.treasurer import payment_rows
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


class FilesForm(forms.Form):
    """Which files for the bank."""

    mark_optional = False
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=lambda: [("", _("All")), *PaymentBatch.Status.choices],
    )
    find = forms.CharField(label=gettext_lazy("Name of the file"), required=False, max_length=35)


@require_safe
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def listing(request: HttpRequest, fund: Fund) -> HttpResponse:
    """All files for the bank, the newest first."""
    form = FilesForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    columns = [
        Column(_("File"), orders=("message_id",)),
        Column(_("To be paid on"), orders=("execution_on",)),
        Column(_("State"), orders=("status",)),
        Column(_("Payments"), numeric=True, orders=("payments_count",)),
        Column(_("Total"), numeric=True, orders=("total_cents",)),
    ]

    def row(file: PaymentBatch) -> list[object]:
        url = reverse("treasurer-batch", args=[fund.region.slug, file.pk])
        return [
            format_html('<a href="{}">{}</a>', url, file.message_id),
            numbers.day(file.execution_on),
            file.get_status_display(),
            file.payments_count,
            Cents(file.total_cents),
        ]

    found = _matching(fund, wanted.get("state", ""), wanted.get("find", "").strip())
    rows = Rows("files", found, columns, row, empty=_("There is none."), form=form)
    page = Page(_("Files for the bank"), sections=[Section(_("All files"), rows=rows)])
    if request.seat.role == Seat.Role.TREASURER:  # type: ignore[attr-defined]
        page.back = Button(_("All payments"), reverse("treasurer-payouts", args=[fund.region.slug]))
    return show(request, fund, page)


def _matching(fund: Fund, state: str, words: str) -> QuerySet[PaymentBatch]:
    found = PaymentBatch.objects.filter(fund=fund).defer("xml")
    if state:
        found = found.filter(status=state)
    return found.filter(message_id__icontains=words) if words else found


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def batch(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One file for the bank: read by a second person, approved, fetched."""
    row = get_object_or_404(
        PaymentBatch.objects.select_related("fund__region", "made_by", "approved_by"),
        fund=fund,
        pk=pk,
    )
    slug = fund.region.slug
    here = reverse("treasurer-batch", args=[slug, pk])
    verb = request.POST.get("verb", "")
    actor = person(request)
    form = ReasonForm(request.POST if verb == "withdraw" else None)
    if verb.startswith("approve-"):
        digest = verb.removeprefix("approve-")
        attempt(
            request,
            lambda: batches.approve(batch=row, sha256=digest, actor=actor),
            _("The file is approved. A treasurer can send it to the bank."),
        )
        return redirect(here)
    if verb == "withdraw" and form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            lambda: batches.withdraw(batch=row, reason=reason, actor=actor),
            _("The file is withdrawn. Its payments wait for another one."),
        )
        return redirect(here)
    return show(request, fund, _batch_page(fund, row, here, form))


@require_safe
@seat_required(Seat.Role.TREASURER)
def fetch(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """The stored bytes of an approved file."""
    row = get_object_or_404(PaymentBatch.objects.select_related("fund__region"), fund=fund, pk=pk)
    content: list[bytes] = []
    if not attempt(
        request,
        lambda: content.append(batches.fetch(batch=row, actor=person(request))),
        _("The file was fetched."),
    ):
        return redirect("treasurer-batch", fund.region.slug, pk)
    disposition = {"Content-Disposition": f'attachment; filename="{row.message_id}.xml"'}
    return HttpResponse(content[0], content_type="application/xml", headers=disposition)


def _batch_page(fund: Fund, row: PaymentBatch, here: str, form: ReasonForm) -> Page:
    slug = fund.region.slug
    listed = row.payouts.select_related("payee", "award__request")
    facts: list[list[Any]] = [
        [_("State"), row.get_status_display()],
        [_("To be paid on"), numbers.day(row.execution_on)],
        [_("From account"), row.paid_from],
        [_("Payments"), numbers.count(row.payments_count)],
        [_("Total"), numbers.euros_exact(row.total_cents)],
        [_("Made by"), row.made_by],
        [_("Approved by"), row.approved_by or _("nobody yet")],
    ]
    sections = [Section(_("The file"), facts=facts_of(facts))]
    if row.status == PaymentBatch.Status.PREPARED:
        sections += [
            Section(
                _("Approve"),
                _("Read the payments below first. The file is approved by %(who)s.")
                % {"who": second_person.who("batch")},
                action=here,
                buttons=[Button(_("Approve this file"), verb=f"approve-{row.xml_sha256}")],
            ),
            Section(
                _("Withdraw"),
                form=form,
                action=here,
                buttons=[Button(_("Withdraw this file"), verb="withdraw", kind="secondary")],
            ),
        ]
    if row.status == PaymentBatch.Status.APPROVED and row.xml:
        url = reverse("treasurer-batch-file", args=[slug, row.pk])
        sections.append(
            Section(
                _("For the bank"),
                _("The file is always the same. The bank takes it once."),
                buttons=[Button(_("Fetch the file"), url)],
            )
        )
    sections.append(
        Section(
            _("Payments"),
            table=payment_rows.table(fund, listed),
        )
    )
    back = Button(_("All payments"), reverse("treasurer-payouts", args=[slug]))
    return Page(_("File %(id)s") % {"id": row.message_id}, back=back, sections=sections)
