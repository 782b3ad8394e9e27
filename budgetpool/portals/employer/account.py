"""The statement of account of a year: on the screen, as CSV, XLSX and PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budgetpool.mail import paper
from budgetpool.portals.access import employer_member_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.employer import exports
from budgetpool.written import NBSP
from employers import statements
from employers.models import Employer
from employers.references import spell_reference
from employers.statements import AccountStatement

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@employer_member_required()
def show(request: HttpRequest, employer: Employer, year: int) -> HttpResponse:
    """All that was asked and paid in a year."""
    statement = _statement(employer, year)
    context = {
        "employer": employer,
        "statement": statement,
        "table": table(statement),
        "years": statements.years_of(employer),
        "year": year,
    }
    return render(request, "employer/account.html", context)


@require_safe
@employer_member_required()
def as_csv(request: HttpRequest, employer: Employer, year: int) -> HttpResponse:
    content = exports.as_csv(_statement(employer, year))
    return _file(content, "text/csv; charset=utf-8", employer, year, "csv")


@require_safe
@employer_member_required()
def as_xlsx(request: HttpRequest, employer: Employer, year: int) -> HttpResponse:
    return _file(exports.as_xlsx(_statement(employer, year)), XLSX, employer, year, "xlsx")


@require_safe
@employer_member_required()
def as_pdf(request: HttpRequest, employer: Employer, year: int) -> HttpResponse:
    """The yearly statement on paper."""
    statement = _statement(employer, year)
    context = {"employer": employer, "statement": statement, "table": table(statement)}
    content = paper.pdf(render_to_string("employer/pdf/statement.html", context))
    return _file(content, "application/pdf", employer, year, "pdf")


def _statement(employer: Employer, year: int) -> AccountStatement:
    if not 2000 <= year <= 2100:
        raise Http404
    return statements.of_year(employer, year)


def table(statement: AccountStatement) -> Table:
    """The lines of a statement, its opening in front and its sums below."""
    return Table(
        [
            Column(_("Date")),
            Column(_("What")),
            Column(_("Payment reference")),
            Column(_("Fund")),
            Column(_("Asked"), numeric=True),
            Column(_("Paid"), numeric=True),
            Column(_("Still to pay"), numeric=True),
        ],
        [
            (
                numbers.day(line.date),
                exports.kind_word(line),
                # Blanks that may break: on a small phone the line is shorter than a reference.
                spell_reference(line.reference).replace(NBSP, " ") or numbers.NOTHING,
                line.fund,
                numbers.euros_exact(line.asked_cents) if line.asked_cents else "",
                numbers.euros_exact(line.paid_cents) if line.paid_cents else "",
                numbers.euros_exact(line.balance_cents),
            )
            for line in statement.lines
        ],
        total_row=(
            _("Together"),
            "",
            "",
            "",
            numbers.euros_exact(statement.asked_cents),
            numbers.euros_exact(statement.paid_cents),
            numbers.euros_exact(statement.closing_cents),
        ),
        empty=_("Nothing was asked or paid in this year."),
    )


def _file(
    content: bytes, content_type: str, employer: Employer, year: int, ending: str
) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    name = f"budgetpool-{employer.kvk}-{year}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
