"""Statements in: looked at first, imported, and our payments found in them."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allocation.payouts import arriving, confirming, reporting
from allocation.payouts.lines import finding
from budgetpool.bank import acceptance, importing, iso_reasons, pain002
from budgetpool.bank.models import BankStatement
from budgetpool.bank.reasons import LEFT_OUT, why_held
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.lists import Cents, Rows
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer import held_files
from budgetpool.portals.treasurer.forms import UploadForm
from budgetpool.portals.treasurer.sections import REFUSALS, Button, Page, Section, show

GET_OR_POST = ["GET", "HEAD", "POST"]
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
            name = form.cleaned_data["file"].name
            content = form.cleaned_data["file"].read(LARGEST_BYTES)
            if pain002.is_one(content):
                _take_answer(request, fund, content, name)
                return redirect(here)
            source = importing.read_stream(BytesIO(content), name=name)
            if verb == "import":
                _import(request, fund, source, form.cleaned_data["reason"])
                return redirect(here)
            preview = _preview(source, fund)
        except REFUSALS as error:
            form.add_error("file", say(error))
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
                _("Our own payments"),
                _("They are found by their numbers, also with each new statement."),
                action=here,
                buttons=[Button(_("Find our payments"), verb="confirm")],
            ),
            Section(
                _("Lines to explain"),
                _("Lines: %(count)s. Choose one to say what it was.")
                % {"count": numbers.count(finding.waiting(fund).count())},
                buttons=[
                    Button(
                        _("Explain the lines"),
                        reverse("treasurer-lines", args=[fund.region.slug]),
                        kind="secondary",
                    )
                ],
            ),
            Section(
                _("Imported statements"),
                rows=_imported(fund),
                buttons=[
                    Button(
                        _("Bank accounts"),
                        reverse("treasurer-bank", args=[fund.region.slug]),
                        kind="secondary",
                    ),
                    Button(
                        _("Programs at the bank statements"),
                        reverse("treasurer-programs", args=[fund.region.slug]),
                        kind="secondary",
                    ),
                ],
            ),
        ],
    )
    return show(request, fund, page)


def _confirm(request: HttpRequest, fund: Fund) -> None:
    found = confirming.confirm(fund=fund, actor=person(request))
    _say_found(request, len(found.paid), len(found.returned), len(found.unclear))


def _say_found(request: HttpRequest, paid: int, returned: int, unclear: int) -> None:
    messages.success(
        request,
        _("Paid: %(paid)s. Sent back: %(returned)s. Unclear: %(unclear)s.")
        % {"paid": paid, "returned": returned, "unclear": unclear},
    )


def _take_answer(request: HttpRequest, fund: Fund, content: bytes, name: str) -> None:
    """An answer of the bank to a file of ours."""
    found = reporting.take(content=content, name=name, fund=fund, actor=person(request))
    for payout in found.rejected:
        messages.warning(
            request,
            _("%(payment)s was refused. %(why)s")
            % {"payment": payout, "why": iso_reasons.say(payout.reason)},
        )
    for payout in found.unclear:
        messages.error(
            request,
            _("%(payment)s is refused here, but paid on a statement. Call the bank.")
            % {"payment": payout},
        )
    if found.unknown:
        messages.error(
            request,
            _("The answer refuses what was not in this file: %(what)s. Call the bank.")
            % {"what": ", ".join(found.unknown[:10])},
        )
    messages.success(
        request,
        _("Refused: %(rejected)s. Under way: %(accepted)s.")
        % {"rejected": len(found.rejected), "accepted": found.accepted_count},
    )


def _import(request: HttpRequest, fund: Fund, source: importing.SourceFile, reason: str) -> None:
    by = person(request)
    if reason:
        acceptance.accept(source=source, fund=fund, reason=reason, by=by)
    arrived = arriving.take(source=source, fund=fund, by=by)
    report = arrived.report
    for found in report.stored:
        if found.left_out:
            messages.warning(
                request,
                _("Not booked: account %(account)s (%(why)s).")
                % {
                    "account": found.source.account or found.source.iban or "?",
                    "why": LEFT_OUT[found.left_out],
                },
            )
    for held in report.held:
        messages.warning(
            request,
            format_html(
                '{} <a href="{}">{}</a>',
                _("The file is kept and not booked. %(why)s")
                % {"why": why_held(held.code, held.params)},
                held_files.address(held),
                _("Look at it and decide"),
            ),
        )
    if all(found.left_out or found.held for found in report.stored):
        return
    messages.success(
        request,
        _("Booked now: %(fresh)s. Known already: %(known)s.")
        % {"fresh": report.fresh_count, "known": report.known_count},
    )
    if arrived.paid_count or arrived.returned_count or arrived.unclear_count:
        _say_found(request, arrived.paid_count, arrived.returned_count, arrived.unclear_count)


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


def _imported(fund: Fund) -> Rows:
    columns = [
        Column(_("Statement")),
        Column(_("Date"), orders=("date",)),
        Column(_("Account"), orders=("fund_iban__iban",)),
        Column(_("Closing balance"), numeric=True, orders=("closing_cents",)),
    ]
    kept = BankStatement.objects.filter(fund=fund).select_related("fund_iban")
    return Rows("statements", kept, columns, _imported_row)


def _imported_row(row: BankStatement) -> list[object]:
    return [
        row.statement_id or row.file_name,
        numbers.day(row.date) if row.date else "",
        row.fund_iban,
        Cents(row.closing_cents) if row.closing_cents is not None else "",
    ]
