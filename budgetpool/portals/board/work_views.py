"""The page that shows long work while it is under way."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from budgetpool.fund.models import Fund, Seat
from budgetpool.jobs import work as queue
from budgetpool.portals.access import seat_required
from budgetpool.portals.board import jobs, rounds


@require_safe
@seat_required(Seat.Role.BOARD)
def work(request: HttpRequest, fund: Fund, code: str) -> HttpResponse:
    """How far the work is; back to the round when there is none under way."""
    shown = rounds.find(fund, code)
    under_way = jobs.active(shown)
    if not under_way:
        return redirect("board-round", fund.region.slug, code)
    context = {"fund": fund, "round": shown, "works": under_way}
    return render(request, "board/work.html", context)


@require_POST
@seat_required(Seat.Role.BOARD)
def cancel(request: HttpRequest, fund: Fund, code: str, pk: int) -> HttpResponse:
    """Ask one piece of work to stop."""
    job = jobs.find(rounds.find(fund, code), pk)
    if job is None or not jobs.shown(job).can_stop:
        raise Http404
    queue.cancel(job)
    messages.success(request, _("The work is asked to stop. Nothing changes by it."))
    return redirect("board-work", fund.region.slug, code)
