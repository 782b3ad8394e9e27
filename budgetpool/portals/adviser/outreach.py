"""Outreach codes: make one for a place where people are met, and see what each brought."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from allocation import reach
from budgetpool.bsn import refuse_bsn
from budgetpool.fund import seats
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from workers.counter import outreach as services


class CodeForm(forms.Form):
    """Where people will see the code."""

    channel = forms.CharField(
        label=gettext_lazy("Where do people see this code?"),
        help_text=gettext_lazy("For example: match of FC Twente, 12 March"),
        max_length=80,
        validators=[refuse_bsn],
        error_messages={"required": gettext_lazy("Write where people see the code.")},
    )


@require_http_methods(["GET", "POST"])
@seat_required("adviser", "board")
def outreach(request: HttpRequest, fund: Fund) -> HttpResponse:
    """What each channel brought; an adviser makes codes here, a board member only looks."""
    region = fund.region
    makes = seats.holds(person(request), region=region, roles={Seat.Role.ADVISER})
    form = CodeForm(request.POST or None) if makes else None
    if request.method == "POST" and form is not None and form.is_valid():
        services.make(adviser=person(request), region=region, **form.cleaned_data)
        messages.success(request, _("The code is made."))
        return redirect("adviser:outreach", region.slug)
    context = {
        "fund": fund,
        "region": region,
        "frame": "adviser/frame.html" if makes else "board/base.html",
        "form": form,
        "rows": reach.of(region),
        "own": services.of_region(region).filter(ended_at__isnull=True),
        "site": settings.SITE_URL + reverse("invited", args=["x"]).removesuffix("x"),
    }
    return render(request, "adviser/outreach.html", context)


@require_POST
@seat_required("adviser")
def end_outreach(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Let a code lead nowhere any more."""
    code = services.of_region(fund.region).filter(pk=pk).first()
    if code is None:
        raise Http404
    services.end(adviser=person(request), code=code)
    messages.success(request, _("The code leads nowhere any more. Its numbers stay."))
    return redirect("adviser:outreach", fund.region.slug)
