"""The books of a year: trial balance, checks, journal and audit file."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budgetpool.bank import reconciling
from budgetpool.fund import checks, reports
from budgetpool.fund.models import Account, Fund, Seat
from budgetpool.portals.access import seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer import bank_proof, open_items_table
from budgetpool.portals.treasurer.account_words import name_of
from budgetpool.portals.treasurer.sections import Button, Page, Section, show
from budgetpool.portals.treasurer.year_end import require_year


@require_safe
@seat_required(Seat.Role.TREASURER)
def books(request: HttpRequest, fund: Fund, year: int) -> HttpResponse:
    """The trial balance of a year, the files to hand over, and the proof of the books."""
    require_year(year)
    until = date(year, 12, 31)
    rows = reports.trial_balance(fund, year=year)
    assets, claims = reports.sides_cents(rows)
    table = Table(
        [
            Column(_("Account")),
            Column(_("Start of the year"), numeric=True),
            Column(_("Debit"), numeric=True),
            Column(_("Credit"), numeric=True),
            Column(_("End of the year"), numeric=True),
        ],
        _lines(rows),
        total_row=[
            _("Total"),
            "",
            numbers.euros_exact(sum(row.debits_cents for row in rows)),
            numbers.euros_exact(sum(row.credits_cents for row in rows)),
            "",
        ],
    )
    slug = fund.region.slug
    is_over = until < timezone.localdate()
    moment = (
        _("At the end of %(day)s.") % {"day": numbers.day(until)} if is_over else _("As it is now.")
    )
    page = Page(
        _("Books of %(year)s") % {"year": year},
        sections=[
            Section(
                _("Trial balance"),
                _("The fund has %(assets)s. It is meant for: %(claims)s.")
                % {
                    "assets": numbers.euros_exact(assets),
                    "claims": numbers.euros_exact(claims),
                },
                table=table,
                buttons=[
                    Button(_("Journal (CSV)"), reverse("treasurer-journal", args=[slug, year])),
                    Button(
                        _("XML Auditfile Financieel"),
                        reverse("treasurer-auditfile", args=[slug, year]),
                        kind="secondary",
                    ),
                    Button(
                        _("The year before"),
                        reverse("treasurer-books", args=[slug, year - 1]),
                        kind="secondary",
                    ),
                ],
            ),
            Section(
                _("Set at the end of the year"),
                _(
                    "Trial balance, journals of the bank and of what no bank saw, each account "
                    "beside its last statement, open items by age, and the audit file."
                ),
                buttons=[
                    Button(_("All files (ZIP)"), reverse("treasurer-year-end", args=[slug, year]))
                ],
            ),
            Section(
                _("The bank and the books"),
                moment,
                table=bank_proof.overview(
                    reconciling.of_fund(fund, until), reverse("treasurer-bank", args=[slug])
                ),
            ),
            Section(
                _("Open items by age"),
                moment,
                table=open_items_table.table(fund, until),
            ),
            Section(
                _("Proof of the books"),
                table=_proof(),
                buttons=[Button(_("Closed months"), reverse("treasurer-periods", args=[slug]))],
            ),
        ],
    )
    return show(request, fund, page)


def _lines(rows: Sequence[reports.Row]) -> list[list[str]]:
    """One line per account; the awards, of which there are hundreds, are one line together."""
    single = [row for row in rows if row.account.kind != Account.Kind.AWARD]
    awards = [row for row in rows if row.account.kind == Account.Kind.AWARD]
    lines = [_line(name_of(row.account), [row]) for row in single]
    if awards:
        name = _("%(count)s awards together") % {"count": numbers.count(len(awards))}
        lines.append(_line(name, awards))
    return lines


def _line(name: str, rows: Sequence[reports.Row]) -> list[str]:
    return [
        name,
        numbers.euros_exact(sum(row.opening_cents for row in rows)),
        numbers.euros_exact(sum(row.debits_cents for row in rows)),
        numbers.euros_exact(sum(row.credits_cents for row in rows)),
        numbers.euros_exact(sum(row.closing_cents for row in rows)),
    ]


def _proof() -> Table:
    rows = [
        [
            outcome.check,
            numbers.count(outcome.looked_at),
            _("right") if outcome.ok else _("wrong: %(count)s") % {"count": len(outcome.findings)},
        ]
        for outcome in checks.check_ledger()
    ]
    columns = [Column(_("Check")), Column(_("Looked at"), numeric=True), Column(_("Outcome"))]
    return Table(columns, rows)
