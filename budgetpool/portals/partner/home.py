"""The first page of a partner: its program, and what it proves itself with."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from api import administrators
from api.models import Client, Partner
from api.scopes import ALL
from budgetpool.portals.access import Refused, person
from budgetpool.portals.components import waits
from budgetpool.portals.partner import inbox
from budgetpool.portals.partner.door import no_partner, partner_required


@require_safe
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the person's partner; with more than one, let them choose."""
    held = administrators.partners_of(person(request))
    if not held:
        raise Refused(no_partner())
    if len(held) == 1:
        return redirect("partner:home", held[0].pk)
    return render(request, "partner/start.html", {"partners": held})


@require_safe
@partner_required
def home(request: HttpRequest, partner: Partner) -> HttpResponse:
    """The client, with each secret and key: since when, until when, when it was last used."""
    client = (
        Client.objects.filter(partner=partner)
        .select_related("application")
        .prefetch_related("credentials")
        .first()
    )
    waiting = waits.inbox(inbox.of(partner, person(request)))
    waits.note(request, waits.desk_key("partner", partner), waiting)
    context = {
        "partner": partner,
        "inbox": waiting,
        "client": client,
        "scopes": {scope: ALL[scope] for scope in client.scopes if scope in ALL} if client else {},
    }
    return render(request, "partner/home.html", context)
