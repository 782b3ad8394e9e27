"""Files of a spreadsheet: a template to fill in, what would become of each row, and sending.

Nothing of a file is stored before it is confirmed: its rows travel along in the page, signed for
this partner and this kind, for one hour.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from api.models import Partner
from api.serializers.sheets import MOST_ROWS
from api.sheets import sending
from api.sheets.columns import KINDS
from api.sheets.sending import Result
from budgetpool import lazily
from budgetpool.portals.access import person
from budgetpool.portals.components.rate_limits import limited
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.spreadsheets import as_csv, guard
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.partner.door import partner_required
from budgetpool.refusals import Refusal

if TYPE_CHECKING:
    import openpyxl
else:
    openpyxl = lazily.module("openpyxl")

FILES_PER_HOUR: Final = 60
CONFIRM_SECONDS: Final = 3600
SALT: Final = "budgetpool.partner.sheet"
TITLES: Final = {
    "requests": gettext_lazy("Send requests"),
    "starts": gettext_lazy("Tell who started"),
    "completions": gettext_lazy("Tell who finished"),
}
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class SheetForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Your file"),
        help_text=gettext_lazy("CSV or Excel (xlsx), at most 500 rows and 2 MB."),
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )


@require_safe
@partner_required
def listing(request: HttpRequest, partner: Partner) -> HttpResponse:
    """What may be sent by a file."""
    return render(request, "partner/sheets.html", {"partner": partner, "kinds": TITLES.items()})


@require_safe
@partner_required
def template(request: HttpRequest, partner: Partner, kind: str, ending: str) -> HttpResponse:
    """An empty file with its columns and one row as an example."""
    if kind not in KINDS or ending not in TYPES:
        raise Http404
    rows = [
        [guard(str(column.label)) for column in KINDS[kind]],
        [guard(column.example) for column in KINDS[kind]],
    ]
    made = as_csv(rows) if ending == "csv" else _xlsx(rows)
    answer = HttpResponse(made, content_type=TYPES[ending])
    answer["Content-Disposition"] = f'attachment; filename="budgetpool-{kind}.{ending}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@limited("partner-sheet", most=FILES_PER_HOUR)
@never_cache
@partner_required
def one(request: HttpRequest, partner: Partner, kind: str) -> HttpResponse:
    """Choose a file, see what would become of each row, and send it."""
    if kind not in KINDS:
        raise Http404
    if request.method != "POST":
        return _show(request, partner, kind, SheetForm())
    if "rows" in request.POST:
        return _confirmed(request, partner, kind)
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, partner, kind, form, status=422)
    try:
        rows = sending.read(partner, kind, form.cleaned_data["file"].read())
        results = sending.try_out(sending.caller_of(partner), kind, rows)
    except Refusal as refused:
        form.add_error("file", say(refused))
        return _show(request, partner, kind, form, status=422)
    sealed = signing.dumps([partner.pk, kind, rows], salt=SALT, compress=True)
    return _show(request, partner, kind, SheetForm(), results=results, sealed=sealed)


def _confirmed(request: HttpRequest, partner: Partner, kind: str) -> HttpResponse:
    try:
        of, told, rows = signing.loads(request.POST["rows"], salt=SALT, max_age=CONFIRM_SECONDS)
    except signing.BadSignature:
        of, told, rows = None, "", []
    if (of, told) != (partner.pk, kind):
        messages.error(request, _("This page is too old. Choose your file again."))
        return redirect("partner:sheet", partner.pk, kind)
    try:
        results = sending.send(
            sending.caller_of(partner),
            kind,
            [(number, sent) for number, sent in rows],
            by=person(request),
        )
    except Refusal as refused:
        messages.error(request, say(refused))
        return redirect("partner:sheet", partner.pk, kind)
    done = sum(result.is_done for result in results)
    words = ngettext("%(count)s row was sent.", "%(count)s rows were sent.", done)
    (messages.success if done else messages.warning)(request, words % {"count": done})
    return _show(request, partner, kind, SheetForm(), results=results)


def _show(
    request: HttpRequest,
    partner: Partner,
    kind: str,
    form: SheetForm,
    *,
    results: list[Result] | None = None,
    sealed: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "partner": partner,
        "kind": kind,
        "title": TITLES[kind],
        "form": form,
        "most": MOST_ROWS,
        "columns": [column.label for column in KINDS[kind]],
        "sealed": sealed,
    }
    if results is not None:
        done = sum(result.is_done for result in results)
        context |= {"table": _table(results, bool(sealed)), "done": done, "all": len(results)}
    return render(request, "partner/sheet.html", context, status=status)


def _table(results: list[Result], is_preview: bool) -> Table:
    fine = _("will be sent") if is_preview else _("sent")
    rows = [
        [
            result.number,
            result.reference,
            "" if is_preview else result.request_number,
            " ".join(f"{column}: {why}" if column else why for column, why in result.errors)
            or fine,
        ]
        for result in results
    ]
    columns = [
        Column(_("Row"), numeric=True),
        Column(_("Your reference")),
        Column(_("Request")),
        Column(_("What happens"), long=True),
    ]
    return Table(columns, rows)


def _xlsx(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = openpyxl.styles.Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 22
    for cell in sheet[2]:
        cell.number_format = "@"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
