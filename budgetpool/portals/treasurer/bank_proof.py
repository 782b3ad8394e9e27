"""How a reconciliation statement is shown: a sentence, its figures, its parts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from allocation.payouts.lines import finding
from budgetpool import written
from budgetpool.bank.reasons import part_of
from budgetpool.bank.reconciling import Reconciliation
from budgetpool.mail import paper
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer.sections import facts_of


def sentence(row: Reconciliation) -> str:
    """Whether one account equals its last statement."""
    if row.closing_cents is None:
        return _("No statement with balances has come yet.")
    if row.is_proven:
        return _("The books equal the last statement to the cent.")
    if row.held_count:
        return _("A file is held, so it is not certain that the last statement is the last one.")
    return _("The books do not equal the last statement. The parts below make the difference.")


def summary(rows: Sequence[Reconciliation]) -> str:
    """The same of all accounts together, for the first page."""
    told = [row for row in rows if row.closing_cents is not None]
    wrong = [row for row in rows if not row.is_proven and row.closing_cents is not None]
    if not told:
        return _("No statement with balances has come yet.")
    if not wrong:
        return _("Each account equals its last statement.")
    return _("Accounts that do not equal their last statement: %(count)s of %(all)s.") % {
        "count": numbers.count(len(wrong)),
        "all": numbers.count(len(told)),
    }


def facts(row: Reconciliation) -> list[list[Any]]:
    """Names and values, one below the other."""
    day = numbers.day(row.closing_on) if row.closing_on else ""
    return [
        [_("Last statement"), day],
        [_("At the bank"), numbers.euros_exact(row.closing_cents)],
        [_("In the books"), numbers.euros_exact(row.ledger_cents)],
        [_("Difference"), numbers.euros_exact(row.difference_cents)],
    ]


def open_facts(row: Reconciliation) -> list[list[Any]]:
    """What the books hold of the account's lines and nobody has explained, or approved, yet."""
    came, went, waits = finding.open_of(row.account)
    named = [
        (_("Came in, not explained"), came),
        (_("Left the bank, not explained"), went),
        (_("Explained, waits for approval"), waits),
    ]
    return [[name, numbers.euros_exact(cents)] for name, cents in named if cents]


def parts(row: Reconciliation) -> Table:
    """What makes the difference, with its sum."""
    return Table(
        [Column(_("Part"), long=True), Column(_("Amount"), numeric=True)],
        [[part_of(item.code, item.params), numbers.euros_exact(item.cents)] for item in row.items],
        total_row=[_("Difference"), numbers.euros_exact(row.difference_cents)],
        empty=_("There is no difference."),
    )


def on_paper(row: Reconciliation, until: date | None = None) -> bytes:
    """The reconciliation statement of one account as a PDF.

    Args:
        until: the day at whose end it was so; as it is now if absent.
    """
    on = [[_("At the end of"), numbers.day(until)]] if until else []
    context = {
        "fund": row.account.fund,
        "account": row.account,
        "facts": facts_of(on + facts(row) + ([] if until else open_facts(row))),
        "table": parts(row),
        "moment": written.moment(timezone.now()),
    }
    return paper.pdf(render_to_string("treasurer/pdf/reconciliation.html", context))


def overview(rows: Sequence[Reconciliation], address: str) -> Table:
    """One line per account."""
    lines = [
        [
            format_html('<a href="{}">{}</a>', address, row.account),
            numbers.day(row.closing_on) if row.closing_on else numbers.NOTHING,
            numbers.euros_exact(row.closing_cents),
            numbers.euros_exact(row.ledger_cents),
            numbers.euros_exact(row.difference_cents),
        ]
        for row in rows
    ]
    columns = [
        Column(_("Account")),
        Column(_("Last statement")),
        Column(_("At the bank"), numeric=True),
        Column(_("In the books"), numeric=True),
        Column(_("Difference"), numeric=True),
    ]
    return Table(columns, lines, empty=_("The fund has no bank account yet."))
