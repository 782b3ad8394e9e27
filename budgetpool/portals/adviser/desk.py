"""The desk's first page: who waits for help, and who is helped."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from budgetpool.fund.models import Fund
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.adviser import inbox
from budgetpool.portals.components import waits
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.standing import standing
from budgetpool.refusals import Refusal
from workers import requests, windows
from workers.counter import desk
from workers.models import HelpRequest


@require_GET
@seat_required("adviser")
def home(request: HttpRequest, fund: Fund) -> HttpResponse:
    """What waits, the calls for help, and the caseload with each request's status."""
    rows = []
    for worker in desk.caseload(person(request), fund.region):
        latest = requests.latest_of(worker)
        rows.append((worker, latest, standing(latest) if latest else None))
    waiting = waits.inbox(inbox.of(fund.region, person(request)))
    waits.note(request, waits.desk_key("adviser", fund.region), waiting)
    context = {
        "fund": fund,
        "inbox": waiting,
        "region": fund.region,
        "window": windows.current(fund.region),
        "waiting": desk.help_waiting(fund.region),
        "caseload": rows,
    }
    return render(request, "adviser/home.html", context)


@require_POST
@seat_required("adviser")
def help(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Take a call for help on, or say that it is done."""
    asked = HelpRequest.objects.filter(pk=pk, region=fund.region).first()
    if asked is None:
        raise Http404
    try:
        desk.take_help(adviser=person(request), asked=asked, done="done" in request.POST)
    except Refusal as refused:
        messages.error(request, say(refused))
    else:
        messages.success(
            request, _("Done.") if "done" in request.POST else _("This one is yours now.")
        )
    return redirect("adviser:home", fund.region.slug)
