"""The laboratory: try a rule on invented people, see how far it is, and what came out."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allocation.laboratory import asking
from budgetpool.fund.models import Fund, Seat
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.board import laboratory
from budgetpool.portals.board.laboratory_forms import LaboratoryForm
from budgetpool.portals.components import lists, numbers, working
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column
from budgetpool.refusals import Refusal

PER_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
@seat_required(Seat.Role.BOARD)
def home(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Choose a rule and begin; the runs of before."""
    form = LaboratoryForm(request.POST if request.method == "POST" else None, fund=fund)
    if request.method == "POST" and form.is_valid():
        try:
            job = asking.ask(fund=fund, member=person(request), **form.asked())
        except Refusal as error:
            form.add_error(None, say(error))
        else:
            return redirect("board-laboratory-run", fund.region.slug, job.attempt)
    runs = asking.runs_of(fund)
    columns = [
        Column(_("Rule")),
        Column(_("Asked"), orders=("queued_at",)),
        Column(_("Size"), long=True),
        Column(_("State"), orders=("state",)),
    ]

    def row(job: Job) -> list[object]:
        shown = laboratory.shown(job)
        url = reverse("board-laboratory-run", args=[fund.region.slug, job.attempt])
        return [
            format_html('<a href="{}">{}</a>', url, shown.policy_name),
            numbers.moment(job.queued_at),
            shown.size,
            job.get_state_display(),
        ]

    return lists.answer(
        request,
        "board/laboratory.html",
        Rows("laboratory", runs, columns, row, per_page=PER_PAGE),
        {"fund": fund, "form": form},
        subject=fund,
        region_code=fund.region.code,
    )


@require_safe
@seat_required(Seat.Role.BOARD)
def run(request: HttpRequest, fund: Fund, number: int) -> HttpResponse:
    """How far a run is, or what came out."""
    job = _found(fund, number)
    context = {"fund": fund, "run": laboratory.shown(job), "trouble": working.trouble(job)}
    if not job.is_over:
        return render(request, "board/laboratory_under_way.html", context)
    if job.state == Job.State.DONE:
        context |= {
            "sentences": laboratory.sentences(job.result),
            "charts": laboratory.pictures(job.result),
            "waiting": laboratory.waiting(job.result),
        }
    return render(request, "board/laboratory_run.html", context)


@require_POST
@seat_required(Seat.Role.BOARD)
def stop(request: HttpRequest, fund: Fund, number: int) -> HttpResponse:
    """Ask a run to stop."""
    work.cancel(_found(fund, number))
    messages.success(request, _("The work is asked to stop. Nothing changes by it."))
    return redirect("board-laboratory-run", fund.region.slug, number)


@require_safe
@seat_required(Seat.Role.BOARD)
def plan(request: HttpRequest, fund: Fund, number: int) -> HttpResponse:
    """The plan of a run, with which anybody makes the same files."""
    job = _found(fund, number)
    headers = {"Content-Disposition": 'attachment; filename="plan.json"'}
    return HttpResponse(job.arguments["plan"], content_type="application/json", headers=headers)


def _found(fund: Fund, number: int) -> Job:
    job = asking.find(fund, number)
    if job is None:
        raise Http404
    return job
