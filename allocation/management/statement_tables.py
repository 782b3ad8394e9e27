"""Shows statements and what became of them on a terminal."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from allocation.payouts.arriving import Arrived
from budgetpool.bank.importing import SourceFile, Stored
from budgetpool.bank.models import HeldFile
from budgetpool.bank.reasons import LEFT_OUT, euros, why_held
from budgetpool.bank.statement import Statement
from employers.models import DepositMatch

SHOWN_ENTRIES = 20


def show_statements(console: Console, sources: Iterable[SourceFile]) -> None:
    """What each file says, with the first entries of each statement."""
    for source in sources:
        for statement in source.statements:
            console.print(_entries(source, statement))
            more = len(statement.entries) - SHOWN_ENTRIES
            if more > 0:
                console.print(_("… and %(more)s more entries") % {"more": more})


def _entries(source: SourceFile, statement: Statement) -> Table:
    table = Table(
        title=f"{source.name}: {statement.id or '-'} "
        f"({statement.account or '-'}, {statement.currency or '-'})",
        caption="{}: {} · {}: {} · {}".format(
            _("opening"),
            _amount(statement.opening_cents),
            _("closing"),
            _amount(statement.closing_cents),
            proven(statement.balance_proven),
        ),
    )
    for column in (_("Date"), _("Amount"), _("Name"), _("Description")):
        table.add_column(column, justify="right" if column == _("Amount") else "left")
    for entry in statement.entries[:SHOWN_ENTRIES]:
        table.add_row(
            str(entry.date or "-"),
            _amount(entry.amount_cents),
            entry.name or "-",
            (entry.remittance or "-")[:60],
        )
    return table


def proven(is_proven: bool | None) -> str:
    """Whether the balances fit, in words."""
    return {
        True: _("the balances fit"),
        False: _("the balances DO NOT fit"),
        None: _("no balances given"),
    }[is_proven]


def show_arrived(console: Console, files: Iterable[Arrived]) -> None:
    """What became of each file: booked, known before, left out; and what it showed of payments."""
    for arrived in files:
        report = arrived.report
        table = Table(title=report.source.name)
        for column in (_("Statement"), _("New"), _("Known before"), _("Remark")):
            table.add_column(column, justify="left" if column == _("Remark") else "right")
        for stored in report.stored:
            table.add_row(
                stored.source.id or "-",
                str(len(stored.fresh)),
                str(stored.known_count),
                _remark(stored),
            )
        console.print(table)
        for held in (one for one in report.held if one.settled_at is None):
            console.print(_page(held), soft_wrap=True)
        for booked in report.booked:
            hows = dict(DepositMatch.How.choices)
            for how, count in sorted(booked.matched.items()):
                console.print(
                    _("%(fund)s: %(count)s deposits recognised by %(how)s")
                    % {"fund": booked.fund, "count": count, "how": hows[how]}
                )
            console.print(
                _(
                    "%(fund)s: %(matched)s joined the pool; %(count)s deposits "
                    "(%(suspense)s) wait for the treasurer; %(payments)s left the bank"
                )
                % {
                    "fund": booked.fund,
                    "matched": euros(booked.matched_cents),
                    "count": booked.suspense_count,
                    "suspense": euros(booked.suspense_cents),
                    "payments": euros(booked.payments_cents),
                }
            )

        if arrived.paid_count or arrived.returned_count or arrived.unclear_count:
            console.print(
                _("Payments of ours: %(paid)s paid, %(returned)s came back, %(unclear)s unclear")
                % {
                    "paid": arrived.paid_count,
                    "returned": arrived.returned_count,
                    "unclear": arrived.unclear_count,
                }
            )


def _page(held: HeldFile) -> str:
    """Where people see a held file and decide about it."""
    path = reverse("treasurer-held-file", args=[held.fund.region.slug, held.pk])
    return f"{held.file_name}: {settings.SITE_URL}{path}"


def _remark(stored: Stored) -> str:
    if stored.held and stored.held.settled_at:
        return _("waited for another of these files, and is booked with it")
    if stored.held:
        return why_held(stored.held.code, stored.held.params)
    if stored.left_out:
        return str(LEFT_OUT[stored.left_out])
    if stored.left_out_entries:
        return _("%(count)s entries not in euros: shown, not booked") % {
            "count": len(stored.left_out_entries)
        }
    return ""


def _amount(cents: int | None) -> str:
    """The amount in the statement's own currency, which the title names."""
    return "-" if cents is None else euros(cents).partition("\u00a0")[2]
