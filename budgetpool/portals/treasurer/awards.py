"""One award at the desk: invoices, parts, how it ended, and what was determined."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allocation.models import Award, Invoice
from allocation.payouts import ending, invoices, payees, planning, recovering, repaying, replacing
from budgetpool.audit import trail
from budgetpool.fund.models import Fund, Seat
from budgetpool.keys import key_of
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
from budgetpool.portals.treasurer.sections import (
    Button,
    Page,
    Section,
    attempt,
    facts_of,
    show,
)

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
    invoice = get_object_or_404(Invoice, award=row, pk=key_of(key)) if key else None
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
        *_ended(row),
    ]
    slug = fund.region.slug
    excluding = reverse(
        "treasurer-exclusions", args=[slug], query={"request": row.request.reference}
    )
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
    if row.status in (Status.NO_SHOW, Status.DETERMINED, Status.RECOVERED):
        sections.append(
            Section(
                _("The worker’s own fault?"),
                _("Somebody who is to blame can be excluded for a term, two years at most."),
                buttons=[Button(_("Exclude the worker"), excluding, kind="secondary")],
            )
        )
    back = Button(_("All payments"), reverse("treasurer-payouts", args=[slug]))
    return Page(row.request.reference, back=back, sections=sections)


def _ended(row: Award) -> list[list[Any]]:
    """What was decided at the end, and until when something can be reclaimed (Awb 4:57)."""
    moved = replacing.latest(row)
    facts: list[list[Any]] = []
    if moved is not None and moved.training is not None:
        facts.append([_("Now takes"), f"{moved.training.title}, {moved.training.provider}"])
    if row.determined_at is not None and row.determined_amount is not None:
        facts += [
            [_("Determined at"), numbers.euros_exact(row.determined_amount)],
            [_("Determined on"), numbers.day(row.determined_at)],
            [_("Can be reclaimed until"), numbers.day(recovering.last_day(row))],
        ]
    owed = [recovery for recovery in row.recoveries.all() if repaying.open_cents(recovery)]
    if owed:
        cents = sum(repaying.open_cents(recovery) for recovery in owed)
        facts.append([_("Still owed"), numbers.euros_exact(cents)])
    return facts


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
        if row.status in (Status.ACCEPTED, Status.ADVANCED):
            text = _("Plan 80%% of invoice %(number)s") % number
            buttons.append(Button(text, verb=f"advance-{invoice.pk}"))
        if row.status == Status.COMPLETED:
            text = _("Plan the rest of invoice %(number)s") % number
            buttons.append(Button(text, verb=f"rest-{invoice.pk}"))
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
