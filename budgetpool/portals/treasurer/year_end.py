"""What a treasurer hands over at the end of a year: the files one by one, and as one set."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budgetpool.audit import trail
from budgetpool.bank import reconciling
from budgetpool.fund import auditfile, reports
from budgetpool.fund.memos import memo_text
from budgetpool.fund.models import Account, Fund, Seat, Transfer
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components.spreadsheets import as_csv, decimal, guard
from budgetpool.portals.treasurer import bank_proof
from budgetpool.portals.treasurer.account_words import name_of
from budgetpool.portals.treasurer.open_items_table import AGES, KINDS
from employers import open_items

FIRST_YEAR = 2015


@require_safe
@seat_required(Seat.Role.TREASURER)
def journal_csv(request: HttpRequest, fund: Fund, year: int) -> HttpResponse:
    """Every transfer of a year, safe to open in a spreadsheet."""
    require_year(year)
    content = as_csv(_journal(reports.journal(fund, year=year)))
    return _file(request, fund, content, "text/csv", f"{year}.csv")


@require_safe
@seat_required(Seat.Role.TREASURER)
def audit_file(request: HttpRequest, fund: Fund, year: int) -> HttpResponse:
    """The year as XML Auditfile Financieel."""
    require_year(year)
    content = auditfile.write(fund, year=year)
    return _file(request, fund, content, "application/xml", f"{year}.xaf")


@require_safe
@seat_required(Seat.Role.TREASURER)
def year_end_set(request: HttpRequest, fund: Fund, year: int) -> HttpResponse:
    """All files of a year in one: trial balance, journals, bank, open items, audit file."""
    require_year(year)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(fund, year):
            archive.writestr(name, content)
    return _file(request, fund, out.getvalue(), "application/zip", f"{year}.zip")


def require_year(year: int) -> None:
    """A year that the books may have; any other is not found."""
    if not FIRST_YEAR <= year <= timezone.localdate().year + 1:
        raise Http404


def _files(fund: Fund, year: int) -> Iterator[tuple[str, bytes]]:
    """The files of the set with their names, which are words of the reader's language."""
    until = date(year, 12, 31)
    yield _named(_("Trial balance"), f"{year}.csv"), as_csv(_balance(fund, year))
    banks = [account.account for account in fund.ibans.select_related("account")]
    for bank in banks:
        rows = _of_bank(fund, year, bank, banks)
        yield _named(_("Journal"), f"{bank.code}-{year}.csv"), as_csv(_journal(rows))
    rows = _of_bank(fund, year, None, banks)
    yield _named(_("Memorial journal"), f"{year}.csv"), as_csv(_journal(rows))
    for row in reconciling.of_fund(fund, until):
        name = _named(_("Reconciliation statement"), f"{row.account.iban}-{year}.pdf")
        yield name, bank_proof.on_paper(row, until)
    yield _named(_("Open items"), f"{year}.csv"), as_csv(_open_items(fund, until))
    yield f"auditfile-{year}.xaf", auditfile.write(fund, year=year)


def _named(what: str, ending: str) -> str:
    return f"{slugify(what)}-{ending}"


def _of_bank(
    fund: Fund, year: int, bank: Account | None, banks: Sequence[Account]
) -> Iterator[Transfer]:
    """The transfers of one bank account; without one, those that no bank saw.

    One between two bank accounts stands with the account that was debited, as in the audit file.
    """
    keys = {account.pk for account in banks}
    for transfer in reports.journal(fund, year=year):
        journal = next((k for k in (transfer.debit_id, transfer.credit_id) if k in keys), None)
        if journal == (bank.pk if bank else None):
            yield transfer


def _balance(fund: Fund, year: int) -> Iterator[list[Any]]:
    """A trial balance with its totals: what was debited in the year is what was credited."""
    yield [
        _("account"),
        _("name"),
        _("side"),
        _("start of the year"),
        _("debit"),
        _("credit"),
        _("end of the year"),
    ]
    rows = reports.trial_balance(fund, year=year)
    for row in rows:
        cents = (row.opening_cents, row.debits_cents, row.credits_cents, row.closing_cents)
        side = _("has") if row.account.is_asset else _("is meant for")
        yield [guard(row.account.code), guard(name_of(row.account)), side, *map(decimal, cents)]
    for side, is_asset in ((_("has"), True), (_("is meant for"), False)):
        of_side = [row for row in rows if row.account.is_asset == is_asset]
        yield [
            _("Total"),
            "",
            side,
            decimal(sum(row.opening_cents for row in of_side)),
            decimal(sum(row.debits_cents for row in of_side)),
            decimal(sum(row.credits_cents for row in of_side)),
            decimal(sum(row.closing_cents for row in of_side)),
        ]


def _open_items(fund: Fund, until: date) -> Iterator[list[Any]]:
    yield [_("kind"), _("which"), _("since"), _("age"), _("euro")]
    aged_on = min(until, timezone.localdate())
    for item in open_items.of(fund, until):
        yield [
            str(KINDS[item.kind]),
            guard(item.what),
            item.since.isoformat(),
            str(AGES[item.age(aged_on)]),
            decimal(item.cents),
        ]


def _journal(transfers: Iterable[Transfer]) -> Iterator[list[Any]]:
    yield [
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
    for transfer in transfers:
        yield [
            transfer.pk,
            transfer.value_date.isoformat(),
            guard(transfer.debit.code),
            guard(transfer.credit.code),
            decimal(transfer.amount_cents),
            guard(memo_text(transfer.memo)),
            guard(transfer.reference),
            guard(transfer.note),
            timezone.localtime(transfer.booked_at).isoformat(timespec="seconds"),
        ]


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
