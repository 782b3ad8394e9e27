"""One list for every desk: search and filters, sorting, pages, how many of how many, a sheet.

A view says in `Rows` what its filter found, the columns, and how one row is written; `answer` draws
the page of them that is asked for, or writes all of them into a file. No list ends without a word.
"""

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django import forms
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgetpool.audit import trail
from budgetpool.portals.components import numbers, spreadsheets
from budgetpool.portals.components.spreadsheets import guard
from budgetpool.portals.components.tables import Column, Table
from budgetpool.users.models import User

PER_PAGE: Final = 50
# In a list that a database orders, equal rows have a fixed place by their key.
_LAST: Final = "pk"

type Row = Callable[[Any], Sequence[Any]]
# What the found rows need beside them, read for all at once: gives one thing for each row.
type Load = Callable[[Any], Iterable[Any]]


@dataclass(frozen=True)
class Cents:
    """An amount in a cell: in words on a page, a number in a sheet."""

    cents: int

    def __str__(self) -> str:
        return numbers.euros_exact(self.cents)

    @property
    def in_sheet(self) -> str:
        return spreadsheets.decimal(self.cents)


@dataclass(frozen=True)
class Rows:
    """What a view found, before it is cut.

    Args:
        name: of the file, and in the trail.
        found: a queryset or a list, filtered and in the order of its own.
        columns: those with `orders` can be sorted by.
        row: what stands in the columns for one of the found.
        empty: the words for none.
        form: what searches and filters it; its fields are kept when the list is sorted or turned.
        per_page: rows on a page.
        load: makes of the rows what `row` writes, in as many queries whatever their number.
        look: writes down that these people are looked at: those of a page, or all in a file.
        exported: what the trail says of a file.
    """

    name: str
    found: Any
    columns: Sequence[Column]
    row: Row
    empty: Any = ""
    form: forms.Form | None = None
    per_page: int = PER_PAGE
    load: Load | None = None
    look: Callable[[list[Any]], None] | None = None
    exported: str = "list.exported"

    def loaded(self, found: Any) -> list[Any]:
        """What `row` writes, for these of the found; whoever they are was looked at."""
        shown = list(self.load(found) if self.load else found)
        if self.look:
            self.look(shown)
        return shown


@dataclass(frozen=True)
class Listing:
    """One page of a list, with what a page needs to turn, sort, search and take it along.

    `shown` is what stands here, for a page that draws it otherwise than as a table.
    """

    table: Table
    page: Any
    form: forms.Form | None
    sheet_query: str
    is_sorted: str
    shown: list[Any]

    @property
    def sorts(self) -> list[Column]:
        """The columns to sort by; on a phone, where no heads stand, a list of its own."""
        return [column for column in self.table.columns if column.link]

    @property
    def how_much(self) -> str:
        """Which lines of how many stand here."""
        count = self.page.paginator.count
        if self.page.paginator.num_pages <= 1:
            words = ngettext("%(count)s line", "%(count)s lines", count)
            return words % {"count": numbers.count(count)}
        return _("%(first)s to %(last)s of %(count)s lines") % {
            "first": numbers.count(self.page.start_index()),
            "last": numbers.count(self.page.end_index()),
            "count": numbers.count(count),
        }


def answer(
    request: HttpRequest,
    template: str,
    rows: Rows,
    context: dict[str, Any],
    *,
    subject: Model,
    region_code: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page with a list, which is `list` in its template, or the list as a file."""
    if wants_sheet(request):
        return sheet(request, rows, subject=subject, region_code=region_code)
    return render(request, template, {**context, "list": of(request, rows)}, status=status)


def of(request: HttpRequest, rows: Rows) -> Listing:
    """The page of a list that the address asks for."""
    columns = rows.columns
    pages = Paginator(ordered(request, rows.found, columns), rows.per_page)
    page = pages.get_page(request.GET.get("page"))
    chosen = _chosen(request, columns)
    query = request.GET.copy()
    query.pop("page", None)
    heads = []
    for place, column in enumerate(columns):
        link = ""
        if column.orders:
            query["sort"] = f"-{place}" if chosen == (place, False) else str(place)
            link = f"?{query.urlencode()}"
        is_here = chosen is not None and chosen[0] == place
        direction = ("descending" if chosen[1] else "ascending") if is_here and chosen else ""
        heads.append(replace(column, link=link, direction=direction))
    shown = rows.loaded(page.object_list)
    table = Table(heads, [rows.row(one) for one in shown], empty=rows.empty)
    if chosen is None:
        query.pop("sort", None)
    else:
        query["sort"] = request.GET["sort"]
    is_sorted = query.get("sort", "")
    query["format"] = "csv"
    sheet_query = f"?{query.urlencode()}" if page.paginator.count else ""
    return Listing(table, page, rows.form, sheet_query, is_sorted, shown)


def ordered(request: HttpRequest, found: Any, columns: Sequence[Column]) -> Any:
    """The rows by the column that the address asks for, else in their own order."""
    chosen = _chosen(request, columns)
    if chosen is None or not isinstance(found, QuerySet):
        return found
    place, is_down = chosen
    names = columns[place].orders
    return found.order_by(*(f"-{name}" if is_down else name for name in names), _LAST)


def _chosen(request: HttpRequest, columns: Sequence[Column]) -> tuple[int, bool] | None:
    """The place of the column to sort by, and whether from the end; None where none is asked."""
    asked = request.GET.get("sort", "")
    for place, column in enumerate(columns):
        if column.orders and asked in (str(place), f"-{place}"):
            return place, asked.startswith("-")
    return None


def wants_sheet(request: HttpRequest) -> bool:
    """Whether the list is asked for as a file."""
    return request.GET.get("format") == "csv"


def sheet(
    request: HttpRequest, rows: Rows, *, subject: Model, region_code: str = ""
) -> HttpResponse:
    """All rows that the filter found as CSV, as Dutch spreadsheets expect it; the trail says so."""
    places = [place for place, column in enumerate(rows.columns) if not column.act]
    written = map(rows.row, rows.loaded(ordered(request, rows.found, rows.columns)))
    lines = [[cells[place] for place in places] for cells in written]
    assert isinstance(request.user, User), "a list stands behind a door"
    trail.record(
        actor=request.user,
        action=rows.exported,
        subject=subject,
        region_code=region_code,
        list=rows.name,
        count=len(lines),
    )
    content = as_csv([rows.columns[place].name for place in places], lines)
    disposition = {"Content-Disposition": f'attachment; filename="budgetpool-{rows.name}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=disposition)


def as_csv(names: Iterable[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """What a list shows, without its links; no text of others becomes a formula."""
    head = [guard(str(name)) for name in names]
    return spreadsheets.as_csv([head, *([_plain(cell) for cell in row] for row in rows)])


def _plain(cell: Any) -> str:
    """What a cell says without its links."""
    if isinstance(cell, Cents):
        return cell.in_sheet
    text = str(cell)
    if hasattr(cell, "__html__"):
        text = html.unescape(strip_tags(text))
    # On a page a day does not break over two lines; a spreadsheet reads it with plain blanks.
    return guard(text.replace("\xa0", " "))
