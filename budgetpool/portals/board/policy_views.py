"""The fund's rules in versions: read them in plain words, write a new one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allocation.models import Policy
from allocation.rules import policies
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.board.policy_forms import PolicyForm, initial
from budgetpool.portals.components import policy as plain
from budgetpool.portals.components.refusals import say
from budgetpool.refusals import Refusal


@require_safe
@seat_required(Seat.Role.BOARD)
def listing(request: HttpRequest, fund: Fund) -> HttpResponse:
    """All versions of the fund's rules, the newest first, each in plain sentences."""
    versions = Policy.objects.filter(fund=fund).select_related("consultation").order_by("-pk")
    listed = [(version, plain.levers(version.rules)) for version in versions]
    return render(request, "board/policies.html", {"fund": fund, "policies": listed})


@require_http_methods(["GET", "HEAD", "POST"])
@seat_required(Seat.Role.BOARD)
def new(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Write a new version; older ones, and rounds that use them, stay as they are."""
    latest = Policy.objects.filter(fund=fund).order_by("-pk").first()
    start = {
        **initial(latest.rules if latest else policies.STANDARD),
        "name": latest.name if latest else _("Rule of %(fund)s") % {"fund": fund.name},
        "explanation": latest.explanation if latest else "",
    }
    form = PolicyForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            made = policies.new_version(
                fund=fund,
                name=form.cleaned_data["name"],
                rules=form.rules(),
                explanation=form.cleaned_data["explanation"],
                member=person(request),
            )
        except Refusal as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("Saved as %(policy)s.") % {"policy": made})
            return redirect("board-policies", fund.region.slug)
    return render(request, "board/policy_new.html", {"fund": fund, "form": form})
