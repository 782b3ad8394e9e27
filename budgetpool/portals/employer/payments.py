"""Contribution requests, and how to pay one: details and a QR code for bank apps."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budgetpool.fund.iban import spell_iban
from budgetpool.portals.access import employer_member_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.parts import Fact
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.employer import impact
from employers import following, payment, statements
from employers.models import Contribution, Employer
from employers.references import spell_reference


@require_safe
@employer_member_required()
def listing(request: HttpRequest, employer: Employer) -> HttpResponse:
    """All requests with their state, the ones to pay first."""
    rows = sorted(
        statements.contributions(employer), key=lambda row: (_state(row)[2], row.due_on, row.pk)
    )
    table = Table(
        [
            Column(_("Payment reference")),
            Column(_("Over")),
            Column(_("Fund")),
            Column(_("Amount"), numeric=True),
            Column(_("Pay before")),
            Column(_("State")),
        ],
        [
            (
                format_html(
                    '<a href="{}">{}</a>',
                    reverse("employer:payment", args=[employer.pk, row.pk]),
                    spell_reference(row.reference),
                ),
                _("%(start)s to %(end)s")
                % {"start": numbers.day(row.period_start), "end": numbers.day(row.period_end)},
                row.fund.region.name,
                numbers.euros_exact(row.amount_cents),
                numbers.day(row.due_on),
                _state(row)[0],
            )
            for row in rows
        ],
        empty=_("Nothing was asked yet. Requests follow from your pledge."),
    )
    context = {
        "employer": employer,
        "table": table,
        "came_in": _came_in(employer),
        "year": timezone.localdate().year,
    }
    return render(request, "employer/payments.html", context)


def _came_in(employer: Employer) -> Table:
    """Every deposit and where it is now."""
    parts = following.of(employer)
    people = {fund: impact.trained_people(fund) for fund in {part.fund for part in parts}}
    return Table(
        [
            Column(_("Received")),
            Column(_("Payment reference")),
            Column(_("Fund")),
            Column(_("Where it is now")),
            Column(_("Amount"), numeric=True),
        ],
        [
            (
                numbers.day(part.received_on),
                spell_reference(part.reference) or numbers.NOTHING,
                part.fund.region.name,
                _where(part, people[part.fund]),
                numbers.euros_exact(part.amount_cents),
            )
            for part in parts
        ],
        empty=_("Nothing came in yet."),
    )


def _where(part: following.Part, people: int) -> str:
    """Where a part of a deposit is, in words; a small group of people is not counted."""
    match part.state:
        case following.WAITS:
            return _("It waits: the treasurer looks what it is for.")
        case following.GOES_BACK:
            return _("It goes back to you. Why: %(reason)s") % {"reason": part.reason}
        case following.WENT_BACK:
            return _("It went back to you on %(day)s. Why: %(reason)s") % {
                "day": numbers.day(part.on),
                "reason": part.reason,
            }
    if people < impact.LEAST:
        return _("In the pool")
    return _("In the pool, with which %(people)s people have a training") % {
        "people": numbers.count(people)
    }


@require_safe
@employer_member_required()
def detail(request: HttpRequest, employer: Employer, pk: int) -> HttpResponse:
    """One request: pay it, or see how it was paid."""
    contribution = statements.contributions(employer).filter(pk=pk).first()
    if contribution is None:
        raise Http404
    open_cents = contribution.amount_cents - contribution.paid_cents
    to_pay = None
    if open_cents > 0 and contribution.withdrawn_at is None:
        to_pay = payment.details(contribution, open_cents=open_cents)
    paid = [match for match in statements.matches(employer) if match.contribution_id == pk]
    word, kind, _order = _state(contribution)
    context = {
        "employer": employer,
        "contribution": contribution,
        "state": word,
        "state_kind": kind,
        "open_cents": open_cents,
        "reference": spell_reference(contribution.reference),
        "paid": paid,
        "facts": _facts(to_pay, contribution) if to_pay else [],
        "payment": to_pay,
        "qr": _qr(to_pay) if to_pay else "",
    }
    return render(request, "employer/payment.html", context)


def _facts(to_pay: payment.PaymentDetails, contribution: Contribution) -> list[Fact]:
    return [
        Fact(_("Amount"), numbers.euros_exact(to_pay.amount_cents)),
        Fact(_("To"), to_pay.holder_name),
        Fact(_("IBAN"), spell_iban(to_pay.iban)),
        Fact(_("Payment reference"), spell_reference(to_pay.reference)),
        Fact(_("Pay before"), numbers.day(contribution.due_on)),
    ]


def _qr(to_pay: payment.PaymentDetails) -> SafeString:
    """The QR code as a drawing; its parts are attributes, so the page needs no inline style."""
    drawing = payment.qr_code(to_pay).svg_inline(
        scale=5, border=4, dark="#10302d", light="#ffffff", svgclass=None, lineclass=None
    )
    return mark_safe(drawing)  # noqa: S308 (drawn by segno from checked fields)


def _state(contribution: Any) -> tuple[str, str, int]:
    """A word for the state of a request, the kind of its badge, and its place in the list."""
    if contribution.withdrawn_at:
        return _("withdrawn"), "inactive", 3
    if contribution.paid_cents >= contribution.amount_cents:
        return _("paid"), "success", 2
    if contribution.due_on < timezone.localdate():
        return _("late"), "error", 0
    if contribution.paid_cents:
        return _("paid in part"), "warning", 1
    return _("to pay"), "neutral", 1
