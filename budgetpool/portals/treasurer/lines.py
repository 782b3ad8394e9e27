"""Every line of the statements: found, and explained by its parts on one screen."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allocation.payouts.lines import choices, finding, saying, standing, suggesting
from budgetpool.bank.models import BankEntry
from budgetpool.fund.iban import spell_iban
from budgetpool.fund.models import Fund, Seat
from budgetpool.money import to_cents
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.lists import Cents, Rows
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer import line_words
from budgetpool.portals.treasurer.forms import FindForm, LinesForm, PartForm, UndoForm
from budgetpool.portals.treasurer.sections import (
    Button,
    Page,
    Section,
    attempt,
    facts_of,
    show,
)
from budgetpool.refusals import NotReady
from employers.deposits import room

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@seat_required(Seat.Role.TREASURER)
def lines(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The lines that wait, or those that somebody looks for."""
    form = LinesForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {"show": "", "words": ""}
    rows = finding.of(fund) if chosen["show"] else finding.waiting(fund)
    if chosen["show"] == "in":
        rows = rows.filter(amount_cents__gt=0)
    elif chosen["show"] == "out":
        rows = rows.filter(amount_cents__lt=0)
    if chosen["words"].strip():
        rows = finding.with_words(rows, chosen["words"].strip())
    section = Section(
        _("Lines to explain") if not chosen["show"] else _("Lines of the statements"),
        _("Choose one to say what it was."),
        rows=Rows(
            "lines",
            rows,
            _columns(),
            lambda one: _row(fund, one),
            empty=_("No line is left. All is explained."),
            form=form,
        ),
    )
    return show(request, fund, Page(_("Lines of the bank"), sections=[section]))


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER)
def line(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One line: what stands, what is likely, and another part of it."""
    row = get_object_or_404(
        BankEntry.objects.select_related("fund__region", "statement__fund_iban"), fund=fund, pk=pk
    )
    here = reverse("treasurer-line", args=[fund.region.slug, pk])
    verb = request.POST.get("verb", "")
    words = request.GET.get("find", "")[:80]
    part_form = PartForm(
        request.POST if verb == "say" else None,
        choices=line_words.options(choices.of(row, words)),
        asks_iban=row.is_credit and not row.iban,
        prefix="part",
    )
    undo_form = UndoForm(request.POST if verb.startswith("undo-") else None, prefix="undo")
    if verb == "say" and part_form.is_valid():
        said = part_form.cleaned_data
        amount = to_cents(said["amount"]) if said["amount"] else None
        return _said(
            request,
            fund,
            row,
            lambda: _say(
                request, row, said["part"], amount, said["reason"], iban=said.get("iban", "")
            ),
        )
    if verb.startswith("as-"):
        key = verb.removeprefix("as-")
        return _said(request, fund, row, lambda: _say_as_suggested(request, row, key))
    if verb.startswith("undo-") and undo_form.is_valid():
        reason = undo_form.cleaned_data["reason"]
        part = verb.removeprefix("undo-")
        attempt(
            request,
            lambda: standing.undo(entry=row, part=part, reason=reason, actor=person(request)),
            _("It is undone. The line waits for another explanation."),
        )
        return redirect(here)
    return show(request, fund, _page(fund, row, here, words, part_form, undo_form))


def _say(
    request: HttpRequest,
    row: BankEntry,
    part: str,
    amount_cents: int | None,
    reason: str,
    iban: str = "",
) -> None:
    saying.say(
        entry=row,
        part=part,
        amount_cents=amount_cents,
        reason=reason,
        iban=iban,
        actor=person(request),
    )


@transaction.atomic
def _say_as_suggested(request: HttpRequest, row: BankEntry, key: str) -> None:
    """All parts of a suggestion, or none; one that is no suggestion any more is refused."""
    chosen = next((one for one in suggesting.of(row) if one.key == key), None)
    if chosen is None:
        raise NotReady("no_such_part")
    for choice, cents in zip(chosen.choices, chosen.cents, strict=True):
        _say(request, row, choice.part, cents, chosen.reason)


def _said(request: HttpRequest, fund: Fund, row: BankEntry, act: Any) -> HttpResponse:
    """Do it; a line that is explained leads to the next one that waits."""
    slug = fund.region.slug
    here = redirect("treasurer-line", slug, row.pk)
    waited = room.waiting_cents(row)

    def done() -> str:
        if room.waiting_cents(row) > waited:
            return _("What you said is kept. It is booked once a second person approves it.")
        return _("It is booked as you said.")

    if not attempt(request, act, done):
        return here
    if saying.left_cents(row) > 0:
        return here
    following = finding.waiting(fund).exclude(pk=row.pk).first()
    if following is None:
        return redirect("treasurer-lines", slug)
    return redirect("treasurer-line", slug, following.pk)


def _page(
    fund: Fund,
    row: BankEntry,
    here: str,
    words: str,
    part_form: PartForm,
    undo_form: UndoForm,
) -> Page:
    parts, left = standing.of(row), saying.left_cents(row)
    sections = [Section(_("What the bank says"), facts=facts_of(_facts(row)))]
    sections.append(
        Section(
            _("What it was"),
            "" if left else _("The parts add up to the line."),
            table=_parts_table(row, parts, left),
        )
    )
    if left > 0:
        sections += _to_say(row, here, words, part_form)
    free = [part for part in parts if not part.is_bound]
    if free:
        sections.append(
            Section(
                _("Something is wrong"),
                _("A part is undone by a correcting transfer; the books keep both."),
                form=undo_form,
                action=here,
                buttons=[
                    Button(
                        _("Undo: %(what)s, %(amount)s")
                        % {"what": part.what, "amount": numbers.euros_exact(part.cents)},
                        verb=f"undo-{part.key}",
                        kind="secondary",
                    )
                    for part in free
                ],
            )
        )
    back = Button(_("All lines"), reverse("treasurer-lines", args=[fund.region.slug]))
    title = _("%(amount)s of %(day)s") % {
        "amount": numbers.euros_exact(row.amount_cents),
        "day": numbers.day(row.date),
    }
    return Page(title, back=back, sections=sections)


def _to_say(row: BankEntry, here: str, words: str, part_form: PartForm) -> list[Section]:
    sections = []
    likely = [
        Button(line_words.say(one), verb=f"as-{one.key}", kind="secondary")
        for one in suggesting.of(row)
    ]
    if likely:
        sections.append(
            Section(_("Perhaps"), _("One press books it."), action=here, buttons=likely)
        )
    sections += [
        Section(
            _("Say what a part was"),
            _("A second person approves costs, interest, tax and what is sent back."),
            form=part_form,
            action=here,
            buttons=[Button(_("Book this part"), verb="say")],
        ),
        Section(_("Not in the list?"), looks_for=FindForm(initial={"find": words})),
    ]
    return sections


def _facts(row: BankEntry) -> list[list[Any]]:
    return [
        [_("Date"), numbers.day(row.date)],
        [_("Amount"), numbers.euros_exact(row.amount_cents)],
        [_("Name"), row.name],
        [_("IBAN"), spell_iban(row.iban)],
        [_("Description"), row.remittance],
        [_("Payment reference"), row.structured_reference],
        [_("Number"), row.end_to_end_id],
        [_("Account of the fund"), row.statement.fund_iban],
    ]


def _parts_table(row: BankEntry, parts: list[standing.Part], left: int) -> Table:
    lines = [
        [
            part.what,
            part.whom,
            _("waits") if part.waits else _("booked"),
            numbers.euros_exact(part.cents),
        ]
        for part in parts
    ]
    if left > 0:
        lines.append([_("not explained yet"), "", "", numbers.euros_exact(left)])
    columns = [
        Column(_("What")),
        Column(_("Whom or which")),
        Column(_("State")),
        Column(_("Amount"), numeric=True),
    ]
    return Table(
        columns, lines, total_row=[_("Total"), "", "", numbers.euros_exact(abs(row.amount_cents))]
    )


def _columns() -> list[Column]:
    return [
        Column(_("Date"), orders=("date",)),
        Column(_("Name or text"), orders=("name",)),
        Column(_("Amount"), numeric=True, orders=("amount_cents",)),
        Column(_("Not explained"), numeric=True, orders=("left_cents",)),
        Column(_("Waits for approval"), numeric=True),
    ]


def _row(fund: Fund, row: Any) -> list[Any]:
    url = reverse("treasurer-line", args=[fund.region.slug, row.pk])
    return [
        format_html('<a href="{}">{}</a>', url, numbers.day(row.date)),
        finding.words_of(row),
        Cents(row.amount_cents),
        Cents(row.left_cents) if row.left_cents > 0 else "",
        Cents(row.waiting_cents) if row.waiting_cents else "",
    ]
