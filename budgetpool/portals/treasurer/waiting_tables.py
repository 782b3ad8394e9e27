"""What waits for a second person on a page of its own: accounts, files to approve, held files."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from allocation.payouts import queue
from budgetpool.bank import holding
from budgetpool.bank.reasons import why_held
from budgetpool.fund.models import Fund
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer import held_files


def accounts(fund: Fund) -> Table:
    """Bank accounts that nobody has verified, each with a link to its page."""
    rows = queue.payees_to_verify(fund).select_related("provider", "entered_by").order_by("pk")
    lines = [
        [
            format_html(
                '<a href="{}">{}</a>',
                reverse("treasurer-payee", args=[fund.region.slug, row.pk]),
                row,
            ),
            row.provider or _("a worker"),
            row.entered_by,
            _("yes") if row.warnings else _("no"),
        ]
        for row in rows
    ]
    columns = [
        Column(_("Account holder")),
        Column(_("Whose")),
        Column(_("Entered by")),
        Column(_("Warning")),
    ]
    return Table(columns, lines, empty=_("Nothing waits."))


def files(fund: Fund) -> Table:
    """Files with payments that nobody has approved, each with a link to its page."""
    rows = queue.batches_to_approve(fund).select_related("made_by").order_by("pk")
    lines = [
        [
            format_html(
                '<a href="{}">{}</a>',
                reverse("treasurer-batch", args=[fund.region.slug, row.pk]),
                row.message_id,
            ),
            row.made_by,
            numbers.day(row.execution_on),
            numbers.euros_exact(row.total_cents),
        ]
        for row in rows
    ]
    columns = [
        Column(_("File")),
        Column(_("Made by")),
        Column(_("To be paid on")),
        Column(_("Total"), numeric=True),
    ]
    return Table(columns, lines, empty=_("Nothing waits."))


def held(fund: Fund) -> Table:
    """Bank files that do not fit, each with a link to its page."""
    lines = [
        [
            format_html('<a href="{}">{}</a>', held_files.address(row), row.file_name),
            why_held(row.code, row.params),
            numbers.day(row.held_at),
        ]
        for row in holding.waiting(fund)
    ]
    columns = [Column(_("File")), Column(_("Why"), long=True), Column(_("Held since"))]
    return Table(columns, lines, empty=_("Nothing waits."))
