"""A file that is held: why, what is in it beside the books, and what two people say about it."""

from typing import Any, Final

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from allocation.payouts import arriving
from budgetpool import written
from budgetpool.bank import acceptance, held_lines
from budgetpool.bank.held_lines import HeldLine
from budgetpool.bank.models import HeldFile, UnprovenAcceptance
from budgetpool.bank.reasons import why_held
from budgetpool.bank.sources import Stored
from budgetpool.fund import second_person
from budgetpool.fund.iban import spell_iban
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.lists import Cents, Rows
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer.forms import DecideForm
from budgetpool.portals.treasurer.sections import (
    Button,
    Page,
    Section,
    attempt,
    facts_of,
    show,
)

GET_OR_POST = ["GET", "HEAD", "POST"]
WHERE: Final = {
    "both": gettext_lazy("file and books"),
    "file": gettext_lazy("only in this file"),
    "books": gettext_lazy("only in the books"),
}


def address(held: HeldFile) -> str:
    """Where people see a held file and decide about it."""
    return reverse("treasurer-held-file", args=[held.fund.region.slug, held.pk])


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def held_file(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One file; its page stays after it was booked or set aside."""
    files = HeldFile.objects.select_related("fund__region", "fund_iban", "held_by")
    held = get_object_or_404(files, fund=fund, pk=pk)
    asked = (
        UnprovenAcceptance.objects.filter(fund=fund, file_sha256=held.file_sha256)
        .select_related("asked_by", "confirmed_by")
        .first()
    )
    form: Form = DecideForm(request.POST if request.method == "POST" and not asked else None)
    if request.method == "POST" and _act(request, held, asked, form):
        return redirect(address(held))
    may_ask = request.seat.role == Seat.Role.TREASURER  # type: ignore[attr-defined]
    read = held_lines.statements(held)
    page = Page(
        _("File %(id)s is held") % {"id": held.file_name}
        if held.settled_at is None
        else _("File %(id)s was held") % {"id": held.file_name},
        why_held(held.code, held.params),
        back=Button(_("Bank accounts"), reverse("treasurer-bank", args=[fund.region.slug])),
        sections=[
            _decision(held, asked, form, may_ask),
            Section(_("What is in the file"), table=_statements(read)),
            Section(
                _("Its lines beside the books"),
                _("What is in one of the two only is what to ask the bank about."),
                rows=_lines(held_lines.beside_the_books(held, read)),
            ),
        ],
    )
    return show(request, fund, page)


def _act(
    request: HttpRequest, held: HeldFile, asked: UnprovenAcceptance | None, form: Form
) -> bool:
    """Do what a button says; False where the form has to be looked at again."""
    by, verb = person(request), request.POST.get("verb", "")
    if held.settled_at is not None or verb not in ("book", "aside", "withdraw"):
        messages.warning(request, _("Nothing was done. See below how it stands with this file."))
        return True
    if verb == "withdraw":
        if asked is not None:
            withdraw = _("It is withdrawn.")
            attempt(request, lambda: acceptance.withdraw(accepted=asked, by=by), withdraw)
        return True
    if asked is None and not form.is_valid():
        return False
    reason = form.cleaned_data["reason"] if asked is None else ""
    attempt(
        request,
        lambda: arriving.decide_held(held=held, reason=reason, by=by, sets_aside=verb == "aside"),
        _("A second person has to confirm it.") if asked is None else _("It is done."),
    )
    return True


def _decision(
    held: HeldFile, asked: UnprovenAcceptance | None, form: Form, may_ask: bool
) -> Section:
    facts: list[list[Any]] = [
        [_("Account"), held.fund_iban],
        [_("Brought in by"), held.held_by or ""],
        [_("Held since"), written.moment(held.held_at)],
    ]
    if asked is not None:
        wish = _("Set it aside") if asked.sets_aside else _("Book it")
        facts += [[_("Asked by"), asked.asked_by], [_("What"), wish], [_("Reason"), asked.reason]]
        facts += [[_("Confirmed by"), asked.confirmed_by or ""]]
    if held.settled_at is not None:
        facts.append([_("Settled"), written.moment(held.settled_at)])
        return Section(_("What was decided"), facts=facts_of(facts))
    text = ""
    if asked is not None:
        text = _("It is approved by %(who)s.") % {"who": second_person.who("unproven_file")}
        buttons = [
            Button(
                _("Confirm: set it aside") if asked.sets_aside else _("Confirm: book it"),
                verb="aside" if asked.sets_aside else "book",
            ),
            Button(_("Withdraw"), verb="withdraw", kind="secondary"),
        ]
    else:
        buttons = [
            Button(_("Book it"), verb="book"),
            Button(_("Set it aside"), verb="aside", kind="secondary"),
        ]
        if not may_ask:
            text, buttons = _("A treasurer says first what to do with it."), []
    return Section(
        _("What to do with it"),
        text,
        facts=facts_of(facts),
        form=form if buttons and asked is None else None,
        action=address(held) if buttons else "",
        buttons=buttons,
    )


def _statements(read: list[Stored]) -> Table:
    rows = [
        [
            found.source.id or "",
            numbers.day(found.source.date) if found.source.date else "",
            numbers.count(len(found.source.entries)),
            numbers.euros_exact(found.source.opening_cents),
            numbers.euros_exact(found.source.closing_cents),
        ]
        for found in read
    ]
    columns = [
        Column(_("Statement")),
        Column(_("Date")),
        Column(_("Entries"), numeric=True),
        Column(_("Opening balance"), numeric=True),
        Column(_("Closing balance"), numeric=True),
    ]
    return Table(columns, rows)


def _lines(lines: Any) -> Rows:
    columns = [
        Column(_("Date")),
        Column(_("Name or text"), long=True),
        Column(_("Where it is")),
        Column(_("Amount"), numeric=True),
    ]
    return Rows("held-file", lines, columns, _line, empty=_("The file has no lines."))


def _line(line: HeldLine) -> list[Any]:
    return [_day(line), _party(line), _where(line), Cents(line.amount_cents)]


def _day(line: HeldLine) -> str:
    return numbers.day(line.day) if line.day else ""


def _party(line: HeldLine) -> str:
    account = spell_iban(line.iban) if line.iban else ""
    return " · ".join(part for part in (line.name, account, line.text) if part)


def _where(line: HeldLine) -> str:
    return str(WHERE[line.where])
