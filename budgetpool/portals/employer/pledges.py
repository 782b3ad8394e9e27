"""Pledges: the list with all versions, a new one, and a change."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from budgetpool.portals.access import employer_member_required, person
from budgetpool.portals.components import numbers
from budgetpool.portals.components.parts import Fact
from budgetpool.portals.components.pledges import figures
from budgetpool.portals.components.refusals import refuse
from budgetpool.portals.employer.forms import PledgeForm
from budgetpool.refusals import Refusal
from employers.access import allows
from employers.models import Employer, Pledge
from employers.models.employer import Role
from employers.pledges import promising


@require_safe
@employer_member_required()
def listing(request: HttpRequest, employer: Employer) -> HttpResponse:
    """Every pledge as it is now, with its earlier versions below it."""
    today = timezone.localdate()
    shown = [
        {
            "pledge": pledge,
            "facts": facts(pledge),
            "earlier": [(version, figures(version)) for version in promising.versions(pledge)[1:]],
            "has_ended": pledge.ends_on is not None and pledge.ends_on < today,
        }
        for pledge in promising.current(employer)
    ]
    context = {
        "employer": employer,
        "shown": shown,
        "may_change": allows(request.member, Role.MANAGER),  # type: ignore[attr-defined]
    }
    return render(request, "employer/pledges.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@employer_member_required(Role.MANAGER)
def new(request: HttpRequest, employer: Employer) -> HttpResponse:
    """Make a pledge."""
    form = PledgeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            promising.promise(
                employer=employer,
                fund=form.cleaned_data["fund"],
                by=person(request),
                **form.terms(),
            )
        except (Refusal, ValidationError) as error:
            refuse(form, error)
        else:
            messages.success(request, _("Thank you. Your pledge is noted."))
            return redirect("employer:pledges", employer.pk)
    return render(request, "employer/pledge_form.html", {"employer": employer, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@employer_member_required(Role.MANAGER)
def change(request: HttpRequest, employer: Employer, pk: int) -> HttpResponse:
    """Make the next version of a pledge; what was asked already stays."""
    pledge = next((row for row in promising.current(employer) if row.pk == pk), None)
    if pledge is None:
        raise Http404
    form = PledgeForm(request.POST if request.method == "POST" else None, pledge=pledge)
    if request.method == "POST" and form.is_valid():
        try:
            promising.change(pledge=pledge, by=person(request), **form.terms())
        except (Refusal, ValidationError) as error:
            refuse(form, error)
        else:
            messages.success(request, _("The change is noted. It counts from the next request."))
            return redirect("employer:pledges", employer.pk)
    context = {"employer": employer, "form": form, "pledge": pledge}
    return render(request, "employer/pledge_form.html", context)


def facts(pledge: Pledge) -> list[Fact]:
    """What a pledge says, line by line."""
    lines = [
        Fact(_("Fund"), pledge.fund.name),
        Fact(_("Amount"), figures(pledge)),
        Fact(_("In a whole year"), numbers.euros(pledge.year_cents)),
        Fact(_("Paid"), pledge.get_schedule_display()),
        Fact(_("From"), numbers.day(pledge.starts_on)),
    ]
    if pledge.ends_on:
        lines.append(Fact(_("Last day"), numbers.day(pledge.ends_on)))
    if pledge.rule:
        lines.append(Fact(_("By a collective agreement"), pledge.rule.name))
    if pledge.earmark:
        lines.append(Fact(_("Only for"), pledge.earmark.name))
    return lines
