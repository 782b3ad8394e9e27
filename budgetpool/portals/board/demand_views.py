"""What people look for and do not find: for the board, which can ask schools for it."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from workers import unmet

YEAR = timedelta(days=365)


@require_safe
@seat_required(Seat.Role.BOARD)
def unmet_demand(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Searches without a result and proposed trainings of a year, without persons."""
    since = timezone.localdate() - YEAR
    context = {
        "fund": fund,
        "since": since,
        "least": unmet.LEAST,
        "searches": _table(_("Searched for"), *unmet.searches(fund, since=since)),
        "proposals": _table(_("Proposed"), *unmet.proposals(fund, since=since)),
    }
    return render(request, "board/unmet_demand.html", context)


def _table(name: str, wishes: list[unmet.Wish], rest: int) -> Table:
    rows = [[wish.words, numbers.count(wish.people)] for wish in wishes]
    if rest:
        rows.append([_("Something else, each by a few people"), numbers.count(rest)])
    return Table([Column(name), Column(_("People"), numeric=True)], rows)
