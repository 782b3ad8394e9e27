"""The bank accounts: proven against their statements, and opened by two people."""

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from budgetpool import written
from budgetpool.audit import trail
from budgetpool.bank import (
    holding,
    links,
    opening,
    opening_shares,
    reconciling,
)
from budgetpool.bank.models import HeldFile, OpeningBalance
from budgetpool.bank.reasons import why_held
from budgetpool.fund import second_person
from budgetpool.fund.models import Fund, FundIban, Seat
from budgetpool.keys import key_of
from budgetpool.money import from_cents, to_cents
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.refusals import say
from budgetpool.portals.treasurer import bank_proof, held_files, opening_pages
from budgetpool.portals.treasurer.forms import OpeningForm
from budgetpool.portals.treasurer.sections import (
    REFUSALS,
    Button,
    Page,
    Section,
    attempt,
    facts_of,
    show,
)
from budgetpool.refusals import NotAllowed

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def bank_accounts(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Each account beside its last statement, and what two people have to decide about it."""
    here = reverse("treasurer-bank", args=[fund.region.slug])
    may_ask = request.seat.role == Seat.Role.TREASURER  # type: ignore[attr-defined]
    step, _dash, key = request.POST.get("verb", "").partition("-")
    forms: dict[str, Form] = {}
    if request.method == "POST":
        form = _act(request, fund, step, key_of(key) or 0)
        if form is None:
            return redirect(here)
        forms[f"{step}-{key}"] = form
    sections = [_held(row) for row in holding.waiting(fund)]
    waiting = {row.fund_iban_id: row for row in opening.to_approve(fund)}
    shares = list(opening_shares.to_approve(fund))
    for row in reconciling.of_fund(fund):
        sections.append(_account(fund, row))
        asked = waiting.get(row.account.pk)
        if asked is not None:
            sections.append(_to_approve(asked, here))
        elif may_ask and not row.opening_cents and (row.begins_cents or row.closing_cents is None):
            # An account whose first statement begins with nothing had nothing before it.
            sections.append(_to_open(row, here, forms))
        opened = links.booked_opening(row.account)
        if opened is not None:
            of_it = [share for share in shares if share.opening_id == opened.pk]
            sections += opening_pages.sections(opened, of_it, here, may_ask, forms)
    return show(request, fund, Page(_("Bank accounts"), sections=sections))


@require_safe
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def reconciliation(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """The reconciliation statement of one account on paper."""
    account = get_object_or_404(
        FundIban.objects.select_related("account", "fund__region"), fund=fund, pk=pk
    )
    content = bank_proof.on_paper(reconciling.of(account))
    name = f"{fund.region.slug}-{account.iban}-{timezone.localdate()}.pdf"
    trail.record(
        actor=person(request),
        action="books.exported",
        subject=fund,
        region_code=fund.region.code,
        file=name,
    )
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=disposition)


def _act(request: HttpRequest, fund: Fund, step: str, key: int) -> Form | None:
    """Do what a button says; a form that has to be looked at again, or None."""
    by = person(request)
    if step == "open":
        return _open(request, get_object_or_404(FundIban, fund=fund, pk=key))
    if step in opening_pages.STEPS:
        return opening_pages.act(request, fund, step, key)
    if step in ("approve", "drop"):
        row = get_object_or_404(OpeningBalance, fund_iban__fund=fund, pk=key)
        verb = opening.approve if step == "approve" else opening.withdraw
        done = _("It is booked.") if step == "approve" else _("It is withdrawn.")
        attempt(request, lambda: verb(opening=row, by=by), done)
        return None
    raise Http404


def _open(request: HttpRequest, account: FundIban) -> OpeningForm | None:
    form = OpeningForm(request.POST, prefix=f"account-{account.pk}")
    if not form.is_valid():
        return form
    try:
        opening.ask(
            account=account,
            amount_cents=to_cents(form.cleaned_data["amount"]),
            starts_on=form.cleaned_data["starts_on"],
            reason=form.cleaned_data["reason"],
            by=person(request),
        )
    except NotAllowed as error:
        messages.error(request, say(error))
    except REFUSALS as error:
        form.add_error("amount", say(error))
        return form
    return None


def _account(fund: Fund, row: reconciling.Reconciliation) -> Section:
    url = reverse("treasurer-reconciliation", args=[fund.region.slug, row.account.pk])
    return Section(
        str(row.account),
        bank_proof.sentence(row),
        facts=facts_of(bank_proof.facts(row) + bank_proof.open_facts(row)),
        table=bank_proof.parts(row) if row.items else None,
        buttons=[Button(_("Reconciliation statement (PDF)"), url, kind="secondary")],
    )


def _to_open(row: reconciling.Reconciliation, here: str, forms: dict[str, Form]) -> Section:
    account = row.account
    begins = {"amount": from_cents(row.begins_cents)} if row.begins_cents else {}
    form: Form = forms.get(f"open-{account.pk}") or OpeningForm(
        prefix=f"account-{account.pk}", initial=begins
    )
    return Section(
        _("Opening balance of %(account)s") % {"account": account},
        _("What the account held before its first statement. It is booked once, by two people."),
        form=form,
        action=here,
        buttons=[Button(_("Ask for approval"), verb=f"open-{account.pk}")],
    )


def _to_approve(asked: OpeningBalance, here: str) -> Section:
    return Section(
        _("Opening balance of %(account)s") % {"account": asked.fund_iban},
        _("It is approved by %(who)s.") % {"who": second_person.who("opening")},
        facts=facts_of(
            [
                [_("Amount"), numbers.euros_exact(asked.amount_cents)],
                [_("At the start of"), numbers.day(asked.starts_on)],
                [_("Where it is written"), asked.reason],
                [_("Entered by"), asked.asked_by],
            ]
        ),
        action=here,
        buttons=[
            Button(_("Book the opening balance"), verb=f"approve-{asked.pk}"),
            Button(_("Withdraw"), verb=f"drop-{asked.pk}", kind="secondary"),
        ],
    )


def _held(held: HeldFile) -> Section:
    return Section(
        _("File %(id)s is held") % {"id": held.file_name},
        why_held(held.code, held.params),
        facts=facts_of(
            [
                [_("Account"), held.fund_iban],
                [_("Brought in by"), held.held_by or ""],
                [_("Held since"), written.moment(held.held_at)],
            ]
        ),
        buttons=[Button(_("Look at it and decide"), held_files.address(held))],
    )
