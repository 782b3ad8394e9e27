"""The awards that money may still go out for, by what each of them waits for."""

import re
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from allocation.models import Award, Invoice
from allocation.payouts import queue
from budgetpool.fund.models import Fund
from budgetpool.portals.components.lists import Cents, Rows
from budgetpool.portals.components.tables import Column
from budgetpool.portals.treasurer.forms import AwardsForm
from budgetpool.portals.treasurer.sections import Section

OPEN = ["accepted", "advanced", "completed", "cancelled", "no_show"]


def section(request: HttpRequest, fund: Fund) -> Section:
    """The list of awards as the address asks for it."""
    form = AwardsForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"which": "", "find": ""}
    columns = [
        Column(_("Award"), orders=("request",)),
        Column(_("Provider"), orders=("choice__training__provider__name",)),
        Column(_("State"), orders=("status",)),
        Column(_("Left"), numeric=True),
    ]

    def line(row: Award) -> list[Any]:
        url = reverse("treasurer-award", args=[fund.region.slug, row.pk])
        return [
            format_html('<a href="{}">{}</a>', url, row.request.reference),
            row.choice.provider_name,
            row.get_status_display(),
            Cents(row.account.balance_cents),
        ]

    rows = Rows("awards", found(fund, **asked), columns, line, form=form)
    return Section(_("Awards"), rows=rows)


def found(fund: Fund, *, which: str, find: str) -> QuerySet[Award]:
    """The awards that wait for this and that these words name."""
    rows = Award.objects.filter(round__fund=fund, status__in=OPEN)
    if which == "invoice":
        rows = rows.filter(pk__in=queue.invoices_without_payment(fund).values("award"))
    elif which == "determine":
        rows = rows.filter(pk__in=queue.to_determine(fund).values("pk"))
    if words := find.strip():
        invoiced = Invoice.objects.filter(award__round__fund=fund, number__icontains=words)
        number = re.fullmatch(r"(?:R-)?0*([1-9]\d{0,17})", words, re.IGNORECASE)
        rows = rows.filter(
            Q(request=int(number[1]) if number else None)
            | Q(choice__training__provider__name__icontains=words)
            | Q(choice__proposed_provider__icontains=words)
            | Q(pk__in=invoiced.values("award"))
        )
    return rows.select_related("request", "choice__training__provider", "account").order_by("pk")
