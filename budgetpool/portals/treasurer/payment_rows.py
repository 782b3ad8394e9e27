"""Payments as rows of a table, the same on every page that lists them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from allocation.models import Payout
from budgetpool.fund.models import Fund
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table


def table(fund: Fund, rows: Iterable[Payout]) -> Table:
    """Payments with whom they go to, what for, and how far they are."""
    return Table(columns(), [line(fund, row) for row in rows])


def columns() -> list[Column]:
    return [
        Column(_("Payment")),
        Column(_("To")),
        Column(_("For")),
        Column(_("State")),
        Column(_("Amount"), numeric=True),
    ]


def line(fund: Fund, row: Payout) -> list[Any]:
    url = reverse("treasurer-payout", args=[fund.region.slug, row.pk])
    return [
        format_html('<a href="{}">{}</a>', url, row.end_to_end_id),
        row.payee,
        row.description,
        row.get_status_display(),
        numbers.euros_exact(row.amount_cents),
    ]
