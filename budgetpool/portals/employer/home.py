"""The first page: what is to be paid next, what was paid, and what the money did."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budgetpool.portals.access import Refused, employer_member_required, person
from budgetpool.portals.components import numbers, waits
from budgetpool.portals.components.parts import Figure
from budgetpool.portals.employer import impact, inbox
from employers import statements
from employers.access import places_of
from employers.models import Employer
from employers.pledges import promising, requests


@require_safe
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the person's organisation; with more than one, let them choose."""
    places = places_of(person(request))
    if not places:
        raise Refused(_("This page is for employers. Ask your colleague to invite you."))
    if len(places) == 1:
        return redirect("employer:home", places[0].employer_id)
    return render(request, "employer/start.html", {"places": places})


@require_safe
@employer_member_required()
def home(request: HttpRequest, employer: Employer) -> HttpResponse:
    """The dashboard."""
    today = timezone.localdate()
    waiting = statements.open_contributions(employer)
    shown = waits.inbox(inbox.of(employer, person(request)))
    waits.note(request, waits.desk_key("employer", employer), shown)
    promised = sum(
        pledge.year_cents
        for pledge in promising.current(employer)
        if pledge.ends_on is None or pledge.ends_on >= today
    )
    context = {
        "employer": employer,
        "inbox": shown,
        "coming": requests.next_expected(employer),
        "figures": [
            Figure(
                _("Still to pay"),
                numbers.euros(sum(row.amount_cents - row.paid_cents for row in waiting)),
            ),
            Figure(
                _("Paid in this year"),
                numbers.euros(statements.paid_cents(employer, year=today.year)),
            ),
            Figure(_("Paid in so far"), numbers.euros(statements.paid_cents(employer))),
            Figure(_("Promised for a year"), numbers.euros(promised)),
        ],
        "impacts": [impact.of(fund) for fund in statements.funds_of(employer)],
        "mirror": employer.mirrors.first(),
        "year": today.year,
    }
    return render(request, "employer/home.html", context)
