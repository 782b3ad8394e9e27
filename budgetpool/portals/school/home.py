"""The first page of a school: who waits for an answer, and what is to come."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allocation.decisions import places
from allocation.payouts import invoices
from budgetpool.portals.access import Refused, person, provider_required
from budgetpool.portals.components import numbers, waits
from budgetpool.portals.components.parts import Figure
from budgetpool.portals.school import inbox, lines
from budgetpool.register import seats
from budgetpool.register.models import Provider


@require_safe
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the person's school; with more than one, let them choose."""
    held = seats.held_by(person(request))
    if not held:
        raise Refused(_("This page is for training providers. Ask your colleague to add you."))
    if len(held) == 1:
        return redirect("school:home", held[0].provider_id)
    return render(request, "school/start.html", {"seats": held})


@require_safe
@provider_required
def home(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Counts that lead to the list, and the money; no name stands here."""
    counts = lines.counts(provider)
    paid, open_cents = invoices.sums_of(provider, year=timezone.localdate().year)
    waiting = waits.inbox(inbox.of(provider, person(request)))
    waits.note(request, waits.desk_key("school", provider), waiting)
    context = {
        "provider": provider,
        "inbox": waiting,
        "counts": counts,
        "unnamed": places.unnamed_count(provider),
        "figures": [
            Figure(_("People in training"), numbers.count(counts["running"])),
            Figure(_("Completed"), numbers.count(counts["done"])),
            Figure(_("Paid this year"), numbers.euros(paid)),
            Figure(_("Still to be paid"), numbers.euros(open_cents)),
        ],
        "colleagues": seats.people_of(provider),
    }
    return render(request, "school/home.html", context)
