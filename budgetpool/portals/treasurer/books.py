"""The books of a year: trial balance, checks, journal and audit file."""

import csv
import io
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budgetpool.audit import trail
from budgetpool.fund import auditfile, checks, reports
from budgetpool.fund.memos import memo_text
from budgetpool.fund.models import Account, Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.spreadsheets import guard
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer.sections import Button, Page, Section, show

FIRST_YEAR = 2015


@require_safe
@seat_required(Seat.Role.TREASURER)
def books(request: HttpRequest, fund: Fund, year: int) -> HttpResponse:
    """The trial balance of a year, the files to hand over, and the proof of the books."""
    _require_year(year)
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
    )
    slug = fund.region.slug
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
                _("Proof of the books"),
                table=_proof(),
                buttons=[Button(_("Closed months"), reverse("treasurer-periods", args=[slug]))],
            ),
        ],
    )
    return show(request, fund, page)


@require_safe
@seat_required(Seat.Role.TREASURER)
def journal_csv(request: HttpRequest, fund: Fund, year: int) -> HttpResponse:
    """Every transfer of a year, safe to open in a spreadsheet."""
    _require_year(year)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            _("number"),
            _("value date"),
            _("debit"),
            _("credit"),
            _("euro"),
            _("what for"),
            _("reference"),
            _("note"),
            _("booked"),
        ]
    )
    for transfer in reports.journal(fund, year=year):
        cents = transfer.amount_cents
        writer.writerow(
            [
                transfer.pk,
                transfer.value_date.isoformat(),
                guard(transfer.debit.code),
                guard(transfer.credit.code),
                f"{cents // 100},{cents % 100:02d}",
                guard(memo_text(transfer.memo)),
                guard(transfer.reference),
                guard(transfer.note),
                timezone.localtime(transfer.booked_at).isoformat(timespec="seconds"),
            ]
        )
    return _file(request, fund, out.getvalue().encode("utf-8-sig"), "text/csv", f"{year}.csv")


@require_safe
@seat_required(Seat.Role.TREASURER)
def audit_file(request: HttpRequest, fund: Fund, year: int) -> HttpResponse:
    """The year as XML Auditfile Financieel."""
    _require_year(year)
    content = auditfile.write(fund, year=year)
    return _file(request, fund, content, "application/xml", f"{year}.xaf")


def _file(request: HttpRequest, fund: Fund, content: bytes, kind: str, name: str) -> HttpResponse:
    trail.record(
        actor=person(request),
        action="books.exported",
        subject=fund,
        region_code=fund.region.code,
        file=name,
    )
    disposition = {"Content-Disposition": f'attachment; filename="{fund.region.slug}-{name}"'}
    return HttpResponse(content, content_type=kind, headers=disposition)


def _lines(rows: Sequence[reports.Row]) -> list[list[str]]:
    """One line per account; the awards, of which there are hundreds, are one line together."""
    single = [row for row in rows if row.account.kind != Account.Kind.AWARD]
    awards = [row for row in rows if row.account.kind == Account.Kind.AWARD]
    lines = [_line(_account(row.account), [row]) for row in single]
    if awards:
        name = _("%(count)s awards together") % {"count": numbers.count(len(awards))}
        lines.append(_line(name, awards))
    return lines


def _account(account: Account) -> str:
    """What people call an account: its name, or its kind, with the code that tells it apart."""
    kind = capfirst(account.get_kind_display())
    if account.name or account.code == account.kind:
        return account.name or kind
    return f"{kind}: {account.code}"


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


def _require_year(year: int) -> None:
    if not FIRST_YEAR <= year <= timezone.localdate().year + 1:
        raise Http404
