"""What waits for a second person: costs, refunds, accounts, files; and what was booked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allocation.payouts import queue
from budgetpool.fund import second_person
from budgetpool.fund.models import Fund, Seat
from budgetpool.keys import key_of
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.lists import Cents, Rows
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer import waiting_tables
from budgetpool.portals.treasurer.sections import Button, Page, Section, attempt, show
from employers.deposits import charges, refunds
from employers.models import Charge, Refund

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def charges_page(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Asked by the treasurer at a line of the bank, approved here by a second person."""
    here = reverse("treasurer-charges", args=[fund.region.slug])
    may_ask = request.seat.role == Seat.Role.TREASURER  # type: ignore[attr-defined]
    if request.method == "POST":
        _decide(request, fund, request.POST.get("verb", ""))
        return redirect(here)
    waiting = list(charges.to_approve(fund))
    to_refund = list(queue.refunds_to_approve(fund).select_related("deposit", "asked_by"))
    sections = [
        Section(
            _("Costs, interest and tax to approve"),
            _("It is approved by %(who)s. Then the pool bears the costs.")
            % {"who": second_person.who("charge")},
            table=Table(_columns(), [_row(row) for row in waiting], empty=_("Nothing waits.")),
            action=here if waiting else "",
            buttons=[button for row in waiting for button in _buttons(row, may_ask)],
        ),
        Section(
            _("Refunds to approve"),
            _("It is approved by %(who)s. Then it is paid at the bank.")
            % {"who": second_person.who("refund")},
            table=_refunds_table(to_refund),
            action=here if to_refund else "",
            buttons=[button for row in to_refund for button in _refund_buttons(row, may_ask)],
        ),
        Section(_("Accounts to verify"), table=waiting_tables.accounts(fund)),
        Section(_("Files for the bank to approve"), table=waiting_tables.files(fund)),
        Section(_("Bank files that are held"), table=waiting_tables.held(fund)),
        Section(
            _("Booked"),
            rows=Rows(
                "charges",
                charges.booked(fund),
                _columns(),
                _row,
                empty=_("Nothing was booked yet."),
            ),
        ),
    ]
    return show(request, fund, Page(_("To approve by a second person"), sections=sections))


def _decide(request: HttpRequest, fund: Fund, verb: str) -> None:
    step, _dash, key = verb.partition("-")
    by, number = person(request), key_of(key)
    if step in ("refund", "drop"):
        refund = get_object_or_404(Refund, deposit__fund=fund, pk=number)
        if step == "refund":
            done = _("The refund is approved. Pay it at the bank.")
            attempt(request, lambda: refunds.approve(refund=refund, by=by), done)
        else:
            attempt(request, lambda: refunds.withdraw(refund=refund, by=by), _("It is withdrawn."))
        return
    row = get_object_or_404(Charge, fund=fund, pk=number)
    if step == "approve":
        attempt(request, lambda: charges.approve(charge=row, by=by), _("It is booked."))
    else:
        attempt(request, lambda: charges.withdraw(charge=row, by=by), _("It is withdrawn."))


def _refunds_table(rows: list[Refund]) -> Table:
    lines = [
        [row.name, row.iban, row.reason, row.asked_by, numbers.euros_exact(row.amount_cents)]
        for row in rows
    ]
    columns = [
        Column(_("To")),
        Column(_("IBAN")),
        Column(_("Reason")),
        Column(_("Asked by")),
        Column(_("Amount"), numeric=True),
    ]
    return Table(columns, lines, empty=_("Nothing waits."))


def _refund_buttons(row: Refund, may_withdraw: bool) -> list[Button]:
    amount = {"amount": numbers.euros_exact(row.amount_cents)}
    buttons = [Button(_("Approve the refund of %(amount)s") % amount, verb=f"refund-{row.pk}")]
    if may_withdraw:
        text = _("Withdraw %(amount)s") % amount
        buttons.append(Button(text, verb=f"drop-{row.pk}", kind="secondary"))
    return buttons


def _buttons(row: Charge, may_withdraw: bool) -> list[Button]:
    amount = {"amount": numbers.euros_exact(row.amount_cents)}
    buttons = [Button(_("Approve %(amount)s") % amount, verb=f"approve-{row.pk}")]
    if may_withdraw:
        text = _("Withdraw %(amount)s") % amount
        buttons.append(Button(text, verb=f"withdraw-{row.pk}", kind="secondary"))
    return buttons


def _columns() -> list[Column]:
    return [
        Column(_("Date"), orders=("entry__date",)),
        Column(_("Kind"), orders=("kind",)),
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
        Cents(row.amount_cents),
    ]
