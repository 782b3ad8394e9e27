"""Statements in, and the deposits that nobody recognised."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allocation.payouts import confirming, queue, recovering
from budgetpool.bank import acceptance, importing, payments
from budgetpool.bank.models import BankStatement
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer import words
from budgetpool.portals.treasurer.forms import MatchForm, ReasonForm, UploadForm
from budgetpool.portals.treasurer.sections import (
    REFUSALS,
    Button,
    Page,
    Section,
    attempt,
    facts_of,
    show,
)
from employers.deposits import desk, refunds
from employers.importing import import_file
from employers.models import Deposit

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
            Section(_("Imported statements"), table=_imported(fund)),
        ],
    )
    return show(request, fund, page)


@require_safe
@seat_required(Seat.Role.TREASURER)
def deposits(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Deposits in suspense, and refunds that wait for a second person."""
    columns = [Column(_("Received")), Column(_("From")), Column(_("Amount"), numeric=True)]
    waiting = [_line(fund, deposit) for deposit in queue.in_suspense(fund)[:SHOWN]]
    to_approve = [_line(fund, row.deposit) for row in queue.refunds_to_approve(fund)]
    latest = Deposit.objects.filter(fund=fund).select_related("entry")[:SHOWN]
    page = Page(
        _("Deposits"),
        sections=[
            Section(
                _("In suspense"),
                _("Nobody has said whose these deposits are."),
                table=Table(columns, waiting, empty=_("All deposits are recognised.")),
            ),
            Section(_("Refunds to approve"), table=Table(columns, to_approve)),
            Section(
                _("Latest deposits"), table=Table(columns, [_line(fund, row) for row in latest])
            ),
        ],
    )
    return show(request, fund, page)


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER)
def deposit(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One deposit: whose it is, a wrong match undone, money sent back."""
    row = get_object_or_404(Deposit.objects.select_related("entry"), fund=fund, pk=pk)
    here = reverse("treasurer-deposit", args=[fund.region.slug, pk])
    verb = request.POST.get("verb", "")
    data = request.POST if request.method == "POST" else None
    match_form = MatchForm(data if verb == "match" else None, fund=fund, prefix="match")
    reason_form = ReasonForm(data if verb in {"undo", "refund"} else None, prefix="reason")
    by = person(request)
    if verb == "match" and match_form.is_valid():
        chosen = match_form.cleaned_data
        attempt(
            request,
            lambda: desk.match_by_hand(
                deposit=row,
                by=by,
                contribution=chosen["contribution"],
                employer=None if chosen["contribution"] else chosen["employer"],
            ),
            _("The deposit is matched and its money is in the pool."),
        )
        return redirect(here)
    if verb in {"undo", "refund"} and reason_form.is_valid():
        reason = reason_form.cleaned_data["reason"]
        act = desk.undo if verb == "undo" else refunds.ask
        attempt(request, lambda: act(deposit=row, reason=reason, by=by), _("Done."))
        return redirect(here)
    if verb == "approve":
        refund = get_object_or_404(row.refunds, withdrawn_at__isnull=True)
        attempt(
            request,
            lambda: refunds.approve(refund=refund, by=by),
            _("The refund is approved. Pay it at the bank."),
        )
        return redirect(here)
    if verb.startswith("recovery-"):
        _receive(request, fund, row, verb.removeprefix("recovery-"))
        return redirect(here)
    return show(request, fund, _deposit_page(fund, row, here, match_form, reason_form))


def _deposit_page(
    fund: Fund, row: Deposit, here: str, match_form: MatchForm, reason_form: ReasonForm
) -> Page:
    facts = [
        [_("Received"), numbers.day(row.received_on)],
        [_("Amount"), numbers.euros_exact(row.amount_cents)],
        [_("From"), row.entry.name],
        [_("IBAN"), row.entry.iban],
        [_("Description"), row.entry.remittance],
    ]
    match = desk.current_match(row)
    refund = row.refunds.filter(withdrawn_at__isnull=True).first()
    if match is not None:
        facts.append([_("Belongs to"), str(match.employer or match.account)])
    sections = [Section(_("What the bank says"), facts=facts_of(facts))]
    if match is None and refund is None:
        sections.append(
            Section(
                _("Whose is it?"),
                form=match_form,
                action=here,
                buttons=[Button(_("Match"), verb="match")],
            )
        )
        owed = [
            Button(
                _("Pays back: %(who)s, %(open)s")
                % {
                    "who": recovery.from_provider or _("a worker"),
                    "open": numbers.euros_exact(recovering.open_cents(recovery)),
                },
                verb=f"recovery-{recovery.pk}",
                kind="secondary",
            )
            for recovery in queue.open_recoveries(fund)
        ]
        if owed:
            sections.append(Section(_("Does it settle a debt?"), action=here, buttons=owed))
    if refund is None:
        buttons = [Button(_("Pay it back"), verb="refund", kind="secondary")]
        if match is not None:
            buttons.insert(0, Button(_("Undo the match"), verb="undo"))
        sections.append(
            Section(_("Something is wrong"), form=reason_form, action=here, buttons=buttons)
        )
    elif refund.approved_at is None:
        sections.append(
            Section(
                _("Refund of %(amount)s") % {"amount": numbers.euros_exact(refund.amount_cents)},
                refund.reason,
                action=here,
                buttons=[Button(_("Approve the refund"), verb="approve")],
            )
        )
    back = Button(_("All deposits"), reverse("treasurer-deposits", args=[fund.region.slug]))
    return Page(_("Deposit"), back=back, sections=sections)


def _receive(request: HttpRequest, fund: Fund, row: Deposit, key: str) -> None:
    recovery = next((r for r in queue.open_recoveries(fund) if str(r.pk) == key), None)
    if recovery is not None:
        attempt(
            request,
            lambda: recovering.receive(recovery=recovery, deposit=row, actor=person(request)),
            _("The debt is paid, wholly or in part."),
        )


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


def _line(fund: Fund, row: Deposit) -> list[Any]:
    url = reverse("treasurer-deposit", args=[fund.region.slug, row.pk])
    return [
        format_html('<a href="{}">{}</a>', url, numbers.day(row.received_on)),
        row.entry.name or row.entry.iban,
        numbers.euros_exact(row.amount_cents),
    ]
