"""The page on which a fund's desk enters a new employer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components.refusals import refuse
from budgetpool.portals.employer.forms import RegisterForm
from budgetpool.refusals import Refusal
from employers import registration


@require_http_methods(["GET", "HEAD", "POST"])
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def register(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Enter an employer; its first manager gets an invitation."""
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = registration.register(fund=fund, by=person(request), **form.cleaned_data)
        except (Refusal, ValidationError) as error:
            refuse(form, error)
        else:
            messages.success(
                request,
                _("%(employer)s is entered. We sent an invitation to %(email)s.")
                % {"employer": made.name, "email": form.cleaned_data["manager_email"]},
            )
            return redirect("employer:register", fund.region.slug)
    return render(request, "employer/register.html", {"fund": fund, "form": form})
