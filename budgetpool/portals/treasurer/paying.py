"""Payments, their batches, and the accounts that they go to."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allocation.models import Award, Payee, PaymentBatch, Payout
from allocation.payouts import batches, confirming, payees, planning, queue
from budgetpool.fund.iban import spell_iban
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer import words
from budgetpool.portals.treasurer.forms import BatchForm, PayeeForm, ReasonForm, VerifyForm
from budgetpool.portals.treasurer.sections import (
    REFUSALS,
    Button,
    Page,
    Section,
    attempt,
    facts_of,
    show,
)

GET_OR_POST = ["GET", "HEAD", "POST"]
SHOWN = 100


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER)
def overview(request: HttpRequest, fund: Fund) -> HttpResponse:
    """What can be paid now, what waits and why, what is at the bank, and the awards to pay."""
    slug = fund.region.slug
    here = reverse("treasurer-payouts", args=[slug])
    form = BatchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = batches.prepare(
                fund=fund, execution_on=form.cleaned_data["execution_on"], actor=person(request)
            )
        except REFUSALS as error:
            form.add_error("execution_on", words.refusal(error))
        else:
            return redirect("treasurer-batch", slug, made.pk)
    can, cannot = batches.ready(fund)
    waiting = [[*_line(fund, payout), words.refusal(error)] for payout, error in cannot]
    made_batches = PaymentBatch.objects.filter(fund=fund)[:SHOWN]
    page = Page(
        _("Payments"),
        sections=[
            Section(
                _("Ready for the bank"),
                _("All of these go into one file. Somebody else approves it."),
                table=Table(_columns(), [_line(fund, payout) for payout in can]),
                form=form,
                action=here,
                buttons=[Button(_("Make the file"))],
            ),
            Section(
                _("Not ready"),
                table=Table([*_columns(), Column(_("Why"))], waiting),
            ),
            Section(
                _("Rejected or sent back"),
                table=Table(_columns(), [_line(fund, row) for row in queue.rejected(fund)]),
            ),
            Section(_("Files for the bank"), table=_batch_table(fund, list(made_batches))),
            Section(_("Awards"), table=_award_table(fund)),
        ],
    )
    return show(request, fund, page)


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER)
def payout(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One payment: withdrawn, refused by the bank, or made again."""
    row = get_object_or_404(
        Payout.objects.select_related("payee__fund__region", "award__request", "batch"),
        payee__fund=fund,
        pk=pk,
    )
    here = reverse("treasurer-payout", args=[fund.region.slug, pk])
    verb = request.POST.get("verb", "")
    form = ReasonForm(request.POST if verb in {"withdraw", "reject"} else None)
    actor = person(request)
    if verb in {"withdraw", "reject"} and form.is_valid():
        reason = form.cleaned_data["reason"]
        act = planning.withdraw if verb == "withdraw" else confirming.reject
        attempt(request, lambda: act(payout=row, reason=reason, actor=actor), _("Done."))
        return redirect(here)
    if verb == "retry":
        attempt(
            request,
            lambda: planning.retry(payout=row, actor=actor),
            _("The payment is planned again."),
        )
        return redirect(here)
    sections = [Section(_("Payment"), row.reason, table=Table(_columns(), [_line(fund, row)]))]
    if row.status == Payout.Status.PLANNED:
        buttons = [Button(_("Withdraw the payment"), verb="withdraw")]
        sections.append(Section(_("Not right?"), form=form, action=here, buttons=buttons))
    if row.status == Payout.Status.BATCHED:
        buttons = [Button(_("The bank refused it"), verb="reject")]
        sections.append(Section(_("Refused?"), form=form, action=here, buttons=buttons))
    if row.status == Payout.Status.REJECTED:
        buttons = [Button(_("Pay it again"), verb="retry")]
        sections.append(Section(_("Again"), action=here, buttons=buttons))
    back = Button(_("All payments"), reverse("treasurer-payouts", args=[fund.region.slug]))
    return show(request, fund, Page(row.end_to_end_id, back=back, sections=sections))


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def batch(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One file for the bank: read by a second person, approved, fetched."""
    row = get_object_or_404(
        PaymentBatch.objects.select_related("fund__region", "made_by", "approved_by"),
        fund=fund,
        pk=pk,
    )
    slug = fund.region.slug
    here = reverse("treasurer-batch", args=[slug, pk])
    verb = request.POST.get("verb", "")
    actor = person(request)
    form = ReasonForm(request.POST if verb == "withdraw" else None)
    if verb.startswith("approve-"):
        digest = verb.removeprefix("approve-")
        attempt(
            request,
            lambda: batches.approve(batch=row, sha256=digest, actor=actor),
            _("The file is approved. A treasurer can send it to the bank."),
        )
        return redirect(here)
    if verb == "withdraw" and form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            lambda: batches.withdraw(batch=row, reason=reason, actor=actor),
            _("The file is withdrawn. Its payments wait for another one."),
        )
        return redirect(here)
    return show(request, fund, _batch_page(fund, row, here, form))


@require_safe
@seat_required(Seat.Role.TREASURER)
def fetch(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """The stored bytes of an approved file."""
    row = get_object_or_404(PaymentBatch.objects.select_related("fund__region"), fund=fund, pk=pk)
    content: list[bytes] = []
    if not attempt(
        request,
        lambda: content.append(batches.fetch(batch=row, actor=person(request))),
        _("The file was fetched."),
    ):
        return redirect("treasurer-batch", fund.region.slug, pk)
    disposition = {"Content-Disposition": f'attachment; filename="{row.message_id}.xml"'}
    return HttpResponse(content[0], content_type="application/xml", headers=disposition)


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
            form.add_error("iban", words.refusal(error))
        else:
            return redirect("treasurer-payee", slug, made.pk)
    known = Payee.objects.filter(fund=fund, ended_at__isnull=True).select_related("provider")
    rows = [
        [
            format_html(
                '<a href="{}">{}</a>', reverse("treasurer-payee", args=[slug, row.pk]), row
            ),
            spell_iban(row.iban),
            _("verified") if row.verified_at else _("to be verified"),
        ]
        for row in known[:SHOWN]
    ]
    columns = [Column(_("Account holder")), Column(_("IBAN")), Column(_("State"))]
    page = Page(
        _("Accounts to pay to"),
        _("One person enters an account, another verifies it. Then it waits 24 hours."),
        sections=[
            Section(_("Accounts in use"), table=Table(columns, rows)),
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
        Payee.objects.select_related("fund__region", "entered_by", "verified_by"), fund=fund, pk=pk
    )
    here = reverse("treasurer-payee", args=[fund.region.slug, pk])
    form = VerifyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        how = form.cleaned_data["how"]
        attempt(
            request,
            lambda: payees.verify(payee=row, how=how, actor=person(request)),
            _("The account is verified."),
        )
        return redirect(here)
    facts: list[list[Any]] = [
        [_("IBAN"), spell_iban(row.iban)],
        [_("Entered by"), row.entered_by],
        [_("Money may go there from"), numbers.moment(row.usable_from)],
        [_("Verified by"), row.verified_by or _("nobody yet")],
        [_("How"), row.verified_how],
    ]
    sections = [Section(_("Account"), facts=facts_of(facts))]
    if row.verified_at is None and row.ended_at is None:
        buttons = [Button(_("I verified it"), verb="verify")]
        sections.append(Section(_("Verify"), form=form, action=here, buttons=buttons))
    return show(request, fund, Page(row.holder_name, sections=sections))


def _batch_page(fund: Fund, row: PaymentBatch, here: str, form: ReasonForm) -> Page:
    slug = fund.region.slug
    listed = row.payouts.select_related("payee", "award__request")
    facts: list[list[Any]] = [
        [_("State"), row.get_status_display()],
        [_("To be paid on"), numbers.day(row.execution_on)],
        [_("From"), row.paid_from],
        [_("Payments"), numbers.count(row.payments_count)],
        [_("Total"), numbers.euros_exact(row.total_cents)],
        [_("Made by"), row.made_by],
        [_("Approved by"), row.approved_by or _("nobody yet")],
    ]
    sections = [Section(_("The file"), facts=facts_of(facts))]
    if row.status == PaymentBatch.Status.PREPARED:
        sections += [
            Section(
                _("Approve"),
                _("Read the payments below first. Who made the file cannot approve it."),
                action=here,
                buttons=[Button(_("Approve this file"), verb=f"approve-{row.xml_sha256}")],
            ),
            Section(
                _("Withdraw"),
                form=form,
                action=here,
                buttons=[Button(_("Withdraw this file"), verb="withdraw", kind="secondary")],
            ),
        ]
    if row.status == PaymentBatch.Status.APPROVED:
        url = reverse("treasurer-batch-file", args=[slug, row.pk])
        sections.append(
            Section(
                _("For the bank"),
                _("The file is always the same. The bank takes it once."),
                buttons=[Button(_("Fetch the file"), url)],
            )
        )
    sections.append(
        Section(_("Payments"), table=Table(_columns(), [_line(fund, item) for item in listed]))
    )
    back = Button(_("All payments"), reverse("treasurer-payouts", args=[slug]))
    return Page(_("File %(id)s") % {"id": row.message_id}, back=back, sections=sections)


def _columns() -> list[Column]:
    return [
        Column(_("Payment")),
        Column(_("To")),
        Column(_("For")),
        Column(_("State")),
        Column(_("Amount"), numeric=True),
    ]


def _line(fund: Fund, row: Payout) -> list[Any]:
    url = reverse("treasurer-payout", args=[fund.region.slug, row.pk])
    return [
        format_html('<a href="{}">{}</a>', url, row.end_to_end_id),
        row.payee.holder_name,
        row.description,
        row.get_status_display(),
        numbers.euros_exact(row.amount_cents),
    ]


def _batch_table(fund: Fund, rows: list[PaymentBatch]) -> Table:
    lines = [
        [
            format_html(
                '<a href="{}">{}</a>',
                reverse("treasurer-batch", args=[fund.region.slug, row.pk]),
                row.message_id,
            ),
            numbers.day(row.execution_on),
            row.get_status_display(),
            numbers.euros_exact(row.total_cents),
        ]
        for row in rows
    ]
    columns = [
        Column(_("File")),
        Column(_("To be paid on")),
        Column(_("State")),
        Column(_("Total"), numeric=True),
    ]
    return Table(columns, lines)


def _award_table(fund: Fund) -> Table:
    open_states = ["accepted", "advanced", "completed", "cancelled", "no_show"]
    rows = (
        Award.objects.filter(round__fund=fund, status__in=open_states)
        .select_related("request", "choice__training__provider", "account")
        .order_by("pk")[:SHOWN]
    )
    lines = [
        [
            format_html(
                '<a href="{}">{}</a>',
                reverse("treasurer-award", args=[fund.region.slug, row.pk]),
                row.request.reference,
            ),
            row.choice.provider_name,
            row.get_status_display(),
            numbers.euros_exact(row.account.balance_cents),
        ]
        for row in rows
    ]
    columns = [
        Column(_("Award")),
        Column(_("Provider")),
        Column(_("State")),
        Column(_("Left"), numeric=True),
    ]
    return Table(columns, lines)
