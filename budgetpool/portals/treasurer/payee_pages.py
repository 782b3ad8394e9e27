"""The accounts that the fund pays to: entered by one person, verified by another."""

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allocation.models import Payee
from allocation.payouts import payees, warnings
from budgetpool.fund.iban import spell_iban
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer.forms import FindForm, PayeeForm, VerifyForm
from budgetpool.portals.treasurer.sections import (
    REFUSALS,
    Button,
    Page,
    Section,
    attempt,
    facts_of,
    show,
)
from budgetpool.refusals import Refusal

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER)
def payees_page(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The bank accounts that the fund may pay to, and a new one for a provider."""
    slug = fund.region.slug
    here = reverse("treasurer-payees", args=[slug])
    form = PayeeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = payees.enter(fund=fund, actor=person(request), **form.cleaned_data)
        except REFUSALS as error:
            form.add_error(_field_of(error), say(error))
        else:
            return redirect("treasurer-payee", slug, made.pk)
    words = request.GET.get("find", "")[:80]
    found = payees.in_use(fund, words).order_by(F("verified_at").desc(nulls_first=True), "-pk")
    columns = [
        Column(_("Account holder"), orders=("holder_name",)),
        Column(_("IBAN"), orders=("iban",)),
        Column(_("State"), orders=("verified_at",)),
    ]
    page = Page(
        _("Accounts to pay to"),
        _("One person enters an account, another verifies it. Then it waits 24 hours."),
        sections=[
            Section(
                _("Accounts in use"),
                rows=Rows(
                    "accounts",
                    found,
                    columns,
                    lambda row: [
                        format_html(
                            '<a href="{}">{}</a>',
                            reverse("treasurer-payee", args=[slug, row.pk]),
                            row,
                        ),
                        spell_iban(row.iban),
                        _state(row),
                    ],
                    empty=_("Nothing found."),
                    form=FindForm({"find": words}),
                ),
            ),
            Section(
                _("Enter or change an account of a provider"),
                form=form,
                action=here,
                buttons=[Button(_("Save"))],
            ),
        ],
    )
    return show(request, fund, page)


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def payee(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One account: verified by somebody else than who entered it."""
    row = get_object_or_404(
        Payee.objects.select_related(
            "fund__region", "provider", "worker__user", "entered_by", "verified_by"
        ),
        fund=fund,
        pk=pk,
    )
    here = reverse("treasurer-payee", args=[fund.region.slug, pk])
    form = VerifyForm(request.POST if request.method == "POST" else None, payee=row)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            request,
            lambda: payees.verify(payee=row, actor=person(request), **data),
            _("The account is verified."),
        )
        if done:
            return redirect(here)
    sections = [
        Section(_("Account"), facts=facts_of(_account(row))),
        *_warned(row),
    ]
    if row.verified_at is not None:
        sections.append(Section(_("How it was verified"), facts=facts_of(_evidence(row))))
    elif row.ended_at is None:
        buttons = [Button(_("I verified it"), verb="verify")]
        text = _("By somebody else than who entered it. Everybody else of the fund hears of it.")
        sections.append(Section(_("Verify"), text, form=form, action=here, buttons=buttons))
    return show(request, fund, Page(str(row), back=_back(request, fund), sections=sections))


def _back(request: HttpRequest, fund: Fund) -> Button:
    """Where each came from: the board has no page with all accounts."""
    slug = fund.region.slug
    if request.seat.role == Seat.Role.TREASURER:  # type: ignore[attr-defined]
        return Button(_("All accounts"), reverse("treasurer-payees", args=[slug]))
    return Button(_("To approve"), reverse("treasurer-charges", args=[slug]))


def _account(row: Payee) -> list[list[Any]]:
    before = payees.before(row)
    usable = numbers.moment(row.usable_from) if row.usable_from else ""
    return [
        [_("Whose"), row.provider or _("a worker")],
        [_("Account holder"), row.holder_name],
        [_("IBAN"), spell_iban(row.iban)],
        [_("Account before this one"), spell_iban(before.iban) if before else ""],
        [_("The bank on the name"), _name_check(row)],
        [_("Entered by"), row.entered_by],
        [_("Entered"), numbers.moment(row.entered_at)],
        [_("Verified by"), row.verified_by or _("nobody yet")],
        [_("Money may go there from"), usable],
    ]


def _evidence(row: Payee) -> list[list[Any]]:
    return [
        [_("What was seen"), row.get_evidence_display() if row.evidence else ""],
        [_("When"), numbers.day(row.evidence_on) if row.evidence_on else ""],
        [_("How"), row.verified_how],
    ]


def _name_check(row: Payee) -> str:
    if not row.name_check:
        return _("not asked")
    said = row.get_name_check_display()
    return f"{said}: {row.name_suggestion}" if row.name_suggestion else said


def _warned(row: Payee) -> list[Section]:
    """What the fund warned of, and what both answered."""
    if not row.warnings:
        return []
    told = Table([Column(_("Warning"))], [[warnings.WORDS[code]] for code in row.warning_codes])
    answers: list[list[Any]] = [
        [row.entered_by, row.entered_answer],
        [row.verified_by or _("The second person"), row.verified_answer or _("no answer yet")],
    ]
    return [
        Section(_("Budgetpool warns"), table=told),
        Section(_("What they answered"), facts=facts_of(answers)),
    ]


def _state(row: Payee) -> str:
    if row.verified_at is None:
        return _("to be verified, with a warning") if row.warnings else _("to be verified")
    if timezone.now() < (row.usable_from or row.verified_at):
        return _("verified, waits a day")
    return _("verified")


def _field_of(error: Exception) -> str:
    """The field that a refusal is about."""
    code = error.code if isinstance(error, Refusal) else ""
    return "answer" if code in {"warnings_unanswered", "too_few_words"} else "iban"
