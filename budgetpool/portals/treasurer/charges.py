"""Bank costs and interest: a line of a statement that is the bank's own, booked by two people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allocation.payouts import queue
from budgetpool.bank.models import BankEntry
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer import words
from budgetpool.portals.treasurer.forms import ChargeForm
from budgetpool.portals.treasurer.sections import (
    REFUSALS,
    Button,
    Page,
    Section,
    attempt,
    number_of,
    show,
)
from employers.deposits import charges
from employers.models import Charge

GET_OR_POST = ["GET", "HEAD", "POST"]
SHOWN = 50


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def charges_page(request: HttpRequest, fund: Fund) -> HttpResponse:
    """What the bank took or gave: asked by the treasurer, approved by a second person."""
    here = reverse("treasurer-charges", args=[fund.region.slug])
    verb = request.POST.get("verb", "")
    actor = person(request)
    may_ask = request.seat.role == Seat.Role.TREASURER  # type: ignore[attr-defined]
    lines = charges.candidates(fund, queue.in_suspense(fund))[:SHOWN]
    form = ChargeForm(
        request.POST if verb == "ask" else None,
        lines=[(str(entry.pk), _line_text(entry)) for entry in lines],
    )
    if verb.startswith(("approve-", "withdraw-")):
        _decide(request, fund, verb)
        return redirect(here)
    if verb == "ask" and form.is_valid():
        entry = next(row for row in lines if str(row.pk) == form.cleaned_data["entry"])
        try:
            charges.ask(entry=entry, reason=form.cleaned_data["reason"], by=actor)
        except REFUSALS as error:
            form.add_error("entry", words.refusal(error))
        else:
            return redirect(here)
    waiting = list(charges.to_approve(fund))
    sections = [
        Section(
            _("To approve by a second person"),
            _("Who entered it cannot approve it. Then the pool bears the costs."),
            table=Table(_columns(), [_row(row) for row in waiting], empty=_("Nothing waits.")),
            action=here if waiting else "",
            buttons=[button for row in waiting for button in _buttons(row, may_ask)],
        )
    ]
    if may_ask and lines:
        sections.append(
            Section(
                _("Enter costs or interest"),
                _("Choose a line of a statement that is the bank’s own."),
                form=form,
                action=here,
                buttons=[Button(_("Ask for approval"), verb="ask")],
            )
        )
    booked = [_row(row) for row in charges.booked(fund)[:SHOWN]]
    empty = _("Nothing was booked yet.")
    sections.append(Section(_("Booked"), table=Table(_columns(), booked, empty=empty)))
    page = Page(_("Bank costs and interest"), sections=sections)
    return show(request, fund, page)


def _decide(request: HttpRequest, fund: Fund, verb: str) -> None:
    step, _dash, key = verb.partition("-")
    row = get_object_or_404(Charge, fund=fund, pk=number_of(key))
    by = person(request)
    if step == "approve":
        attempt(request, lambda: charges.approve(charge=row, by=by), _("It is booked."))
    else:
        attempt(request, lambda: charges.withdraw(charge=row, by=by), _("It is withdrawn."))


def _buttons(row: Charge, may_withdraw: bool) -> list[Button]:
    amount = {"amount": numbers.euros_exact(row.amount_cents)}
    buttons = [Button(_("Approve %(amount)s") % amount, verb=f"approve-{row.pk}")]
    if may_withdraw:
        text = _("Withdraw %(amount)s") % amount
        buttons.append(Button(text, verb=f"withdraw-{row.pk}", kind="secondary"))
    return buttons


def _line_text(entry: BankEntry) -> str:
    amount = numbers.euros_exact(entry.amount_cents)
    return f"{numbers.day(entry.date)} · {amount} · {entry.name or entry.remittance[:60]}"


def _columns() -> list[Column]:
    return [
        Column(_("Date")),
        Column(_("Kind")),
        Column(_("What it is")),
        Column(_("Entered by")),
        Column(_("Approved by")),
        Column(_("Amount"), numeric=True),
    ]


def _row(row: Charge) -> list[object]:
    return [
        numbers.day(row.entry.date),
        row.get_kind_display(),
        row.reason,
        row.asked_by,
        row.approved_by or _("nobody yet"),
        numbers.euros_exact(row.amount_cents),
    ]
