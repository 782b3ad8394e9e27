"""One award at the desk: invoices, parts, how it ended; and what has to come back."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allocation.models import Award, Invoice, Recovery
from allocation.payouts import ending, invoices, payees, planning, queue, recovering
from budgetpool.audit import trail
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer.forms import (
    DetermineForm,
    InvoiceForm,
    OwnCostsForm,
    ReasonForm,
    WorkerPayeeForm,
)
from budgetpool.portals.treasurer.sections import Button, Page, Section, attempt, facts_of, show

GET_OR_POST = ["GET", "HEAD", "POST"]
Status = Award.Status
FORMS: dict[str, type[forms.Form]] = {
    "invoice": InvoiceForm,
    "own_costs": OwnCostsForm,
    "account": WorkerPayeeForm,
    "complete": ReasonForm,
    "cancel": ReasonForm,
    "no_show": ReasonForm,
    "determine": DetermineForm,
}


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER)
def award(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Everything that is paid for one award; the worker is a number here, not a name."""
    row: Award = get_object_or_404(
        Award.objects.select_related("request__worker", "choice__training__provider", "account"),
        round__fund=fund,
        pk=pk,
    )
    here = reverse("treasurer-award", args=[fund.region.slug, pk])
    verb = request.POST.get("verb", "")
    bound = {}
    if verb in FORMS:
        prefix = "report" if FORMS[verb] is ReasonForm else verb
        bound[prefix] = FORMS[verb](request.POST, prefix=prefix)
        if bound[prefix].is_valid() and attempt(
            request, _act(verb, row, fund, bound[prefix].cleaned_data, request), _("Done.")
        ):
            return redirect(here)
    elif verb.startswith(("advance-", "rest-")):
        _plan_part(request, row, verb)
        return redirect(here)
    if request.method in {"GET", "HEAD"}:
        trail.record(
            actor=person(request),
            action="award.seen",
            subject=row,
            region_code=fund.region.code,
        )
    return show(request, fund, _page(fund, row, here, bound))


@require_safe
@seat_required(Seat.Role.TREASURER)
def recoveries(request: HttpRequest, fund: Fund) -> HttpResponse:
    """What is still owed to the fund."""
    rows = [
        [
            format_html(
                '<a href="{}">{}</a>',
                reverse("treasurer-recovery", args=[fund.region.slug, row.pk]),
                row.award.request.reference,
            ),
            row.from_provider or _("the worker"),
            numbers.day(row.due_on),
            numbers.day(row.lapses_on),
            numbers.euros_exact(recovering.open_cents(row)),
        ]
        for row in queue.open_recoveries(fund)
    ]
    columns = [
        Column(_("Award")),
        Column(_("Owed by")),
        Column(_("To be paid before")),
        Column(_("Lapses on")),
        Column(_("Still owed"), numeric=True),
    ]
    table = Table(columns, rows, empty=_("Nobody owes the fund anything."))
    return show(request, fund, Page(_("Recoveries"), sections=[Section(_("Open"), table=table)]))


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
            lambda: recovering.write_off(recovery=row, reason=reason, actor=person(request)),
            _("The debt is written off."),
        )
        return redirect(here)
    facts: list[list[Any]] = [
        [_("Owed by"), row.from_provider or _("the worker")],
        [_("Cause"), row.get_cause_display()],
        [_("Reason"), row.reason],
        [_("Amount"), numbers.euros_exact(row.amount_cents)],
        [_("Paid back"), numbers.euros_exact(recovering.received_cents(row))],
        [_("Still owed"), numbers.euros_exact(recovering.open_cents(row))],
        [_("Decided by"), row.decided_by],
        [_("Lapses on"), numbers.day(row.lapses_on)],
    ]
    sections = [Section(_("Debt"), facts=facts_of(facts))]
    if recovering.open_cents(row):
        sections.append(
            Section(
                _("Write off"),
                _("The pool bears what is written off. Who reclaimed it cannot do this."),
                form=form,
                action=here,
                buttons=[Button(_("Write off"), verb="write-off")],
            )
        )
    return show(request, fund, Page(_("Recovery"), sections=sections))


def _act(
    verb: str, row: Award, fund: Fund, data: dict[str, Any], request: HttpRequest
) -> Callable[[], Any]:
    actor = person(request)
    match verb:
        case "invoice":
            return lambda: invoices.enter(award=row, actor=actor, **data)
        case "own_costs":
            return lambda: planning.own_costs(award=row, actor=actor, **data)
        case "account":
            worker = row.request.worker
            return lambda: payees.enter(fund=fund, worker=worker, actor=actor, **data)
        case "determine":
            return lambda: ending.determine(award=row, actor=actor, **data)
        case _:
            return lambda: ending.report(award=row, step=verb, actor=actor, **data)


def _plan_part(request: HttpRequest, row: Award, verb: str) -> None:
    kind, _dash, key = verb.partition("-")
    invoice = get_object_or_404(Invoice, award=row, pk=key) if key.isdecimal() else None
    if invoice is not None:
        plan = planning.advance if kind == "advance" else planning.rest
        attempt(
            request,
            lambda: plan(invoice=invoice, actor=person(request)),
            _("The payment is planned."),
        )


def _page(fund: Fund, row: Award, here: str, bound: dict[str, forms.Form]) -> Page:
    def form(prefix: str, kind: type[forms.Form]) -> forms.Form:
        return bound.get(prefix) or kind(prefix=prefix)

    facts: list[list[Any]] = [
        [_("Training"), row.choice.title],
        [_("Provider"), row.choice.provider_name],
        [_("State"), row.get_status_display()],
        [_("Awarded"), numbers.euros_exact(row.amount)],
        [_("Left"), numbers.euros_exact(row.account.balance_cents)],
    ]
    sections = [
        Section(_("Award"), facts=facts_of(facts)),
        _invoices(row, here),
        Section(_("Payments"), table=_payments(fund, row)),
    ]
    open_states = (Status.ACCEPTED, Status.ADVANCED, Status.COMPLETED)
    if row.status in open_states:
        sections += [
            Section(
                _("Enter an invoice"),
                form=form("invoice", InvoiceForm),
                action=here,
                buttons=[Button(_("Save the invoice"), verb="invoice")],
            ),
            Section(
                _("Pay the worker’s own costs"),
                _("Travel, lost wages or childcare, to the worker’s own account."),
                form=form("own_costs", OwnCostsForm),
                action=here,
                buttons=[Button(_("Plan the payment"), verb="own_costs")],
            ),
            Section(
                _("The worker’s own account"),
                form=form("account", WorkerPayeeForm),
                action=here,
                buttons=[Button(_("Save the account"), verb="account")],
            ),
        ]
    if row.status in (Status.ACCEPTED, Status.ADVANCED):
        sections.append(
            Section(
                _("How did the training go?"),
                form=form("report", ReasonForm),
                action=here,
                buttons=[
                    Button(_("Completed"), verb="complete"),
                    Button(_("Cancelled"), verb="cancel", kind="secondary"),
                    Button(_("Did not come"), verb="no_show", kind="secondary"),
                ],
            )
        )
    if row.status in (Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW):
        sections.append(
            Section(
                _("Determine"),
                _("What was paid above this is reclaimed. What is left goes to the pool."),
                form=form("determine", DetermineForm),
                action=here,
                buttons=[Button(_("Determine the award"), verb="determine")],
            )
        )
    back = Button(_("All payments"), reverse("treasurer-payouts", args=[fund.region.slug]))
    return Page(row.request.reference, back=back, sections=sections)


def _invoices(row: Award, here: str) -> Section:
    rows, buttons = [], []
    for invoice in row.invoices.filter(withdrawn_at__isnull=True):
        rows.append(
            [
                invoice.number,
                numbers.day(invoice.dated_on),
                numbers.euros_exact(invoice.vat_cents),
                numbers.euros_exact(invoice.amount_cents),
            ]
        )
        number = {"number": invoice.number}
        text = _("Plan 80%% of invoice %(number)s") % number
        buttons.append(Button(text, verb=f"advance-{invoice.pk}"))
        text = _("Plan the rest of invoice %(number)s") % number
        buttons.append(Button(text, verb=f"rest-{invoice.pk}", kind="secondary"))
    columns = [
        Column(_("Number")),
        Column(_("Date")),
        Column(_("VAT"), numeric=True),
        Column(_("Amount"), numeric=True),
    ]
    action = here if buttons else ""
    return Section(_("Invoices"), table=Table(columns, rows), action=action, buttons=buttons)


def _payments(fund: Fund, row: Award) -> Table:
    rows = [
        [
            format_html(
                '<a href="{}">{}</a>',
                reverse("treasurer-payout", args=[fund.region.slug, payout.pk]),
                payout.end_to_end_id,
            ),
            payout.get_kind_display(),
            payout.get_status_display(),
            numbers.euros_exact(payout.amount_cents),
        ]
        for payout in row.payouts.all()
    ]
    columns = [
        Column(_("Payment")),
        Column(_("Part")),
        Column(_("State")),
        Column(_("Amount"), numeric=True),
    ]
    return Table(columns, rows)
