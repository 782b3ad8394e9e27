"""The counter reads a story before a page shows it: no names of others, nothing that hurts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from budgetpool.fund.models import Fund
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components.refusals import say
from budgetpool.refusals import Refusal
from workers.around import stories as services


@require_GET
@seat_required("adviser")
def stories(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The stories that wait, and those that the region's page shows."""
    context = {
        "fund": fund,
        "region": fund.region,
        "unread": services.unread(fund.region),
        "shown": services.shown(fund.region),
    }
    return render(request, "adviser/stories.html", context)


@require_POST
@seat_required("adviser")
def read_story(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Show it, or not."""
    story = services.unread(fund.region).filter(pk=pk).first()
    if story is None:
        raise Http404
    show = "show" in request.POST
    if show and request.POST.get("told") != story.consent_at.isoformat():
        messages.error(request, _("The story was changed. Read it again."))
        return redirect("adviser:stories", fund.region.slug)
    try:
        services.read(adviser=person(request), story=story, show=show)
    except Refusal as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, _("It is shown now.") if show else _("It is removed."))
    return redirect("adviser:stories", fund.region.slug)
