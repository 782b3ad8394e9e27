"""A school's invoices: one by form, one read from an e-invoice, and what was paid of each."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allocation.decisions import places
from allocation.models import Award, Invoice
from allocation.payouts import invoices, ubl
from budgetpool.keys import key_of
from budgetpool.money import from_cents
from budgetpool.portals.access import person, provider_required
from budgetpool.portals.components import lists, numbers
from budgetpool.portals.components.lists import Cents, Rows
from budgetpool.portals.components.rate_limits import limited
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column
from budgetpool.portals.school.forms import InvoiceForm, UploadForm, WithdrawalForm
from budgetpool.refusals import NotReady, Refusal
from budgetpool.register.models import Provider

PER_PAGE = 25
UPLOADS_PER_HOUR = 200


class SearchForm(forms.Form):
    """Words of an invoice, of its training, or the number of its request."""

    words = forms.CharField(
        label=gettext_lazy("Invoice, training or number"), required=False, max_length=80
    )

    mark_optional = False


@require_safe
@provider_required
def listing(request: HttpRequest, provider: Provider) -> HttpResponse:
    """What was asked and what was paid, by number; and the way to send another one."""
    find = SearchForm(request.GET)
    found = invoices.of_provider(provider)
    if find.is_valid() and (words := find.cleaned_data["words"].strip()):
        meant = Q(number__icontains=words) | Q(award__choice__training__title__icontains=words)
        if (key := key_of(words.upper().removeprefix("R-"))) is not None:
            meant |= Q(award__request=key)
        found = found.filter(meant)
    columns = [
        Column(_("Invoice"), orders=("number",)),
        Column(_("For")),
        Column(_("Date"), orders=("dated_on",)),
        Column(_("Amount"), numeric=True, orders=("amount_cents",)),
        Column(_("Paid"), numeric=True),
        Column(_("State")),
        Column(_("To do"), act=True),
    ]
    rows = Rows(
        "invoices",
        found,
        columns,
        _row,
        empty=_("You sent no invoice yet."),
        form=find,
        per_page=PER_PAGE,
    )
    context = {"provider": provider, "form": UploadForm()}
    return lists.answer(request, "school/invoices.html", rows, context, subject=provider)


@require_http_methods(["GET", "HEAD", "POST"])
@provider_required
def new(request: HttpRequest, provider: Provider) -> HttpResponse:
    """An invoice for one number."""
    awards = _awards(provider)
    initial = {"award": request.GET.get("for", ""), "vat": _vat(provider)}
    form = InvoiceForm(
        request.POST if request.method == "POST" else None, awards=_named(awards), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        key = facts.pop("award")
        award = next(one for one in awards if str(one.pk) == key)
        try:
            invoices.send(award=award, actor=person(request), **facts)
        except (Refusal, ValidationError) as refused:
            form.add_error(None, say(refused))
        else:
            messages.success(request, _("We have your invoice. You see here when it is paid."))
            return redirect("school:invoices", provider.pk)
    return _show(request, provider, form)


@require_POST
@limited("school-upload", most=UPLOADS_PER_HOUR)
@provider_required
def upload(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Read an e-invoice into the form; nothing is sent before the school looked at it."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for text in form.errors["file"]))
        return redirect("school:invoices", provider.pk)
    file = form.cleaned_data["file"]
    try:
        if (file.size or 0) > ubl.BYTES_MAX:
            raise NotReady("file_too_large", most_bytes=ubl.BYTES_MAX)
        read = ubl.read(file.read(), provider=provider)
    except Refusal as refused:
        messages.error(request, say(refused))
        return redirect("school:invoices", provider.pk)
    awards = _awards(provider)
    meant = next((one for one in awards if one.request_id in read.request_numbers), None)
    initial = {
        "award": str(meant.pk) if meant else "",
        "number": read.number,
        "dated_on": read.dated_on,
        "amount": from_cents(read.amount_cents),
        "vat": from_cents(read.vat_cents),
    }
    return _show(request, provider, InvoiceForm(awards=_named(awards), initial=initial), read=True)


@require_http_methods(["GET", "HEAD", "POST"])
@provider_required
def withdrawal(request: HttpRequest, provider: Provider, pk: int) -> HttpResponse:
    """Take an invoice back that was wrong, as long as nothing of it is paid or on its way."""
    invoice = Invoice.objects.filter(pk=pk, provider=provider, withdrawn_at__isnull=True).first()
    if invoice is None:
        raise Http404
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            invoices.take_back(
                invoice=invoice, reason=reason, actor=person(request), school=provider
            )
        except Refusal as refused:
            form.add_error(None, say(refused))
        else:
            messages.success(request, _("The invoice is taken back."))
            return redirect("school:invoices", provider.pk)
    context = {
        "provider": provider,
        "invoice": invoice,
        "amount": numbers.euros_exact(invoice.amount_cents),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "school/invoice_withdrawal.html", context, status=status)


def _show(
    request: HttpRequest, provider: Provider, form: InvoiceForm, *, read: bool = False
) -> HttpResponse:
    context = {"provider": provider, "form": form, "read": read}
    return render(request, "school/invoice_new.html", context, status=422 if form.errors else 200)


def _awards(provider: Provider) -> list[Any]:
    return list(places.people(provider).order_by("request_id"))


def _named(awards: list[Award]) -> list[tuple[int, str]]:
    """Each by its number and training: a list of names would be a look at everybody."""
    return [(one.pk, f"{one.request.reference}, {one.choice.title}") for one in awards]


def _vat(provider: Provider) -> Any:
    return None if provider.vat_status == Provider.VatStatus.STANDARD else from_cents(0)


def _row(invoice: Invoice) -> list[Any]:
    standing = invoices.standing(invoice)
    return [
        invoice.number,
        f"{invoice.award.request.reference}, {invoice.award.choice.title}",
        numbers.day(invoice.dated_on),
        Cents(invoice.amount_cents),
        Cents(standing.paid_cents),
        _words(standing),
        _way_back(invoice) if standing.state == "received" else "",
    ]


def _way_back(invoice: Invoice) -> str:
    """A link to take it back, with its number for who hears the links alone."""
    return format_html(
        '<a href="{}">{}</a>',
        reverse("school:invoice-withdrawal", args=[invoice.provider_id, invoice.pk]),
        _("Take back %(number)s") % {"number": invoice.number},
    )


def _words(standing: invoices.Standing) -> str:
    """How far an invoice is, with the day of the last payment."""
    on = {"day": numbers.day(standing.paid_on) if standing.paid_on else ""}
    words = {
        "withdrawn": _("withdrawn"),
        "planned": _("on its way to your bank"),
        "received": _("the treasurer looks at it"),
        "paid": _("all paid on %(day)s") % on,
        "partly_paid": _("first part paid on %(day)s") % on,
    }
    return words[standing.state]
