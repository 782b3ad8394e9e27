"""Statements in: looked at first, imported, and our payments found in them."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allocation.payouts import confirming
from budgetpool.bank import acceptance, importing, payments
from budgetpool.bank.models import BankStatement
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer import words
from budgetpool.portals.treasurer.forms import UploadForm
from budgetpool.portals.treasurer.sections import REFUSALS, Button, Page, Section, show
from employers.importing import import_file

GET_OR_POST = ["GET", "HEAD", "POST"]
SHOWN = 50
LARGEST_BYTES = 100 * 1024 * 1024


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER)
def statements(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Look at a bank file before it is stored, import it, and confirm our payments by it."""
    here = reverse("treasurer-statements", args=[fund.region.slug])
    verb = request.POST.get("verb", "")
    if request.method == "POST" and verb == "confirm":
        _confirm(request, fund)
        return redirect(here)
    is_sent = request.method == "POST"
    form = UploadForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    preview = None
    if request.method == "POST" and form.is_valid():
        try:
            source = importing.read_stream(
                BytesIO(form.cleaned_data["file"].read(LARGEST_BYTES)),
                name=form.cleaned_data["file"].name,
            )
            if verb == "import":
                _import(request, fund, source, form.cleaned_data["reason"])
                return redirect(here)
            preview = _preview(source, fund)
        except REFUSALS as error:
            form.add_error("file", words.refusal(error))
    page = Page(
        _("Bank statements"),
        sections=[
            *([preview] if preview else []),
            Section(
                _("Import a file"),
                _("Look first: then nothing is stored. An entry is never booked twice."),
                form=form,
                action=here,
                buttons=[
                    Button(_("Import"), verb="import"),
                    Button(_("Look first"), verb="preview", kind="secondary"),
                ],
            ),
            Section(
                _("Payments that nobody has explained"),
                _("Our own payments are found by their numbers."),
                table=_unexplained(fund),
                action=here,
                buttons=[Button(_("Find our payments"), verb="confirm")],
            ),
            Section(
                _("Costs and interest of the bank itself"),
                _("Two people book them, to the pool."),
                buttons=[
                    Button(
                        _("Bank costs and interest"),
                        reverse("treasurer-charges", args=[fund.region.slug]),
                        kind="secondary",
                    )
                ],
            ),
            Section(_("Imported statements"), table=_imported(fund)),
        ],
    )
    return show(request, fund, page)


def _confirm(request: HttpRequest, fund: Fund) -> None:
    found = confirming.confirm(fund=fund, actor=person(request))
    messages.success(
        request,
        _("Paid: %(paid)s. Sent back: %(returned)s. Unclear: %(unclear)s.")
        % {
            "paid": len(found.paid),
            "returned": len(found.returned),
            "unclear": len(found.unclear),
        },
    )


def _import(request: HttpRequest, fund: Fund, source: importing.SourceFile, reason: str) -> None:
    by = person(request)
    if reason:
        acceptance.accept(source=source, fund=fund, reason=reason, by=by)
    report = import_file(source=source, fund=fund, by=by)
    messages.success(
        request,
        _("%(fresh)s new entries are booked, %(known)s were known.")
        % {"fresh": report.fresh_count, "known": report.known_count},
    )
    _confirm(request, fund)


def _preview(source: importing.SourceFile, fund: Fund) -> Section:
    proven = {True: _("fit"), False: _("do not fit"), None: _("not in the file")}
    rows = [
        [
            found.source.id or source.name,
            _("yes") if found.fund else _("no"),
            numbers.count(len(found.source.entries)),
            numbers.euros_exact(found.source.total_cents),
            proven[found.source.balance_proven],
        ]
        for found in importing.sort_out(source, fund=fund)
    ]
    columns: list[Any] = [
        Column(_("Statement")),
        Column(_("Of this fund")),
        Column(_("Entries"), numeric=True),
        Column(_("Total"), numeric=True),
        Column(_("Balances")),
    ]
    return Section(
        _("What is in the file"),
        _("Nothing is stored yet. Choose the file again and press Import."),
        table=Table(columns, rows),
    )


def _unexplained(fund: Fund) -> Table:
    rows = [
        [
            numbers.day(entry.date),
            entry.name or entry.remittance[:60],
            entry.end_to_end_id,
            numbers.euros_exact(-entry.amount_cents),
        ]
        for entry in payments.unexplained(fund)[:SHOWN]
    ]
    columns = [
        Column(_("Date")),
        Column(_("To")),
        Column(_("Number")),
        Column(_("Amount"), numeric=True),
    ]
    return Table(columns, rows, empty=_("All payments are explained."))


def _imported(fund: Fund) -> Table:
    rows = [
        [
            row.statement_id or row.file_name,
            numbers.day(row.date) if row.date else "",
            row.fund_iban,
            numbers.euros_exact(row.closing_cents) if row.closing_cents is not None else "",
        ]
        for row in BankStatement.objects.filter(fund=fund).select_related("fund_iban")[:SHOWN]
    ]
    columns = [
        Column(_("Statement")),
        Column(_("Date")),
        Column(_("Account")),
        Column(_("Closing balance"), numeric=True),
    ]
    return Table(columns, rows)
