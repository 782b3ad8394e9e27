"""Deposits: those that nobody recognised, and one of them: matched, undone, paid back."""

from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allocation.payouts import queue, repaying
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer.forms import MatchForm, ReasonForm
from budgetpool.portals.treasurer.sections import (
    Button,
    Page,
    Section,
    attempt,
    facts_of,
    number_of,
    show,
)
from employers.deposits import desk, refunds, suggesting
from employers.models import Contribution, Deposit
from employers.references import spell_reference

GET_OR_POST = ["GET", "HEAD", "POST"]
SHOWN = 50


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
    if verb.startswith("request-"):
        asked = get_object_or_404(
            Contribution, fund=fund, pk=number_of(verb.removeprefix("request-"))
        )
        attempt(
            request,
            lambda: desk.match_by_hand(deposit=row, by=by, contribution=asked),
            _("The deposit is matched and its money is in the pool."),
        )
        return redirect(here)
    if verb.startswith("recovery-"):
        _receive(request, fund, row, verb.removeprefix("recovery-"))
        return redirect(here)
    if verb.startswith("provider-"):
        _receive_all(request, fund, row, verb.removeprefix("provider-"))
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
        perhaps = [
            Button(
                _("%(employer)s, %(reference)s, open: %(open)s")
                % {
                    "employer": one.contribution.employer,
                    "reference": spell_reference(one.contribution.reference),
                    "open": numbers.euros_exact(one.open_cents),
                },
                verb=f"request-{one.contribution.pk}",
                kind="secondary",
            )
            for one in suggesting.suggest(row)
        ]
        if perhaps:
            sections.append(Section(_("Perhaps for"), action=here, buttons=perhaps))
        sections.append(
            Section(
                _("Whose is it?"),
                form=match_form,
                action=here,
                buttons=[Button(_("Match"), verb="match")],
            )
        )
        # A deposit cannot settle more than is owed; equal amounts come first.
        debts = (
            repaying.still_open(fund)
            .filter(owed_cents__gte=desk.free_cents(row))
            .select_related("from_provider")
            .order_by("owed_cents", "due_on", "pk")
        )
        owed = [
            Button(
                _("Pays back: %(who)s, %(open)s")
                % {
                    "who": recovery.from_provider or _("a worker"),
                    "open": numbers.euros_exact(recovery.owed_cents),
                },
                verb=f"recovery-{recovery.pk}",
                kind="secondary",
            )
            for recovery in debts[:SHOWN]
        ]
        owed = [*_several(fund, row), *owed]
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


def _several(fund: Fund, row: Deposit) -> list[Button]:
    """A button for each provider that may settle more than one debt with this deposit."""
    debtors = (
        repaying.still_open(fund)
        .filter(from_provider__isnull=False)
        .values("from_provider", "from_provider__name")
        .annotate(debts=Count("pk"), cents=Sum("owed_cents"))
        .filter(debts__gt=1, cents__gte=desk.free_cents(row))
        .order_by("from_provider__name")
    )
    return [
        Button(
            _("Pays debts of %(who)s: %(count)s debts, %(open)s together")
            % {
                "who": debtor["from_provider__name"],
                "count": numbers.count(debtor["debts"]),
                "open": numbers.euros_exact(debtor["cents"]),
            },
            verb=f"provider-{debtor['from_provider']}",
            kind="secondary",
        )
        for debtor in debtors
    ]


def _receive_all(request: HttpRequest, fund: Fund, row: Deposit, key: str) -> None:
    debts = repaying.still_open(fund).filter(from_provider=number_of(key))
    debt = debts.select_related("from_provider").first()
    if debt is not None:
        attempt(
            request,
            lambda: repaying.receive_all(
                provider=debt.from_provider, deposit=row, actor=person(request)
            ),
            _("The debts are paid, those that are due first wholly."),
        )


def _receive(request: HttpRequest, fund: Fund, row: Deposit, key: str) -> None:
    recovery = repaying.still_open(fund).filter(pk=number_of(key)).first()
    if recovery is not None:
        attempt(
            request,
            lambda: repaying.receive(recovery=recovery, deposit=row, actor=person(request)),
            _("The debt is paid, wholly or in part."),
        )


def _line(fund: Fund, row: Deposit) -> list[Any]:
    url = reverse("treasurer-deposit", args=[fund.region.slug, row.pk])
    return [
        format_html('<a href="{}">{}</a>', url, numbers.day(row.received_on)),
        row.entry.name or row.entry.iban,
        numbers.euros_exact(row.amount_cents),
    ]
