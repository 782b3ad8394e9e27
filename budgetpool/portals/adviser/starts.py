"""Trainings that should have begun, and nobody said that they did: the counter calls the school."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from allocation.decisions import starting
from budgetpool.fund.models import Fund
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components.answer_fields import FirstLessonField
from budgetpool.portals.components.refusals import say
from budgetpool.refusals import Refusal


class BegunForm(forms.Form):
    """The day of the first lesson, on the school's word."""

    started_on = FirstLessonField(label=gettext_lazy("First lesson on"))


@require_GET
@seat_required("adviser")
def starts(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Each such training with its school, and the day it began in one field; no name is needed."""
    rows = [
        (
            award,
            starting.planned_on(award),
            BegunForm(
                initial={"started_on": starting.planned_on(award)}, auto_id=f"id_{award.pk}_%s"
            ),
        )
        for award in starting.silent(fund.region)
    ]
    context = {"fund": fund, "region": fund.region, "rows": rows}
    return render(request, "adviser/starts.html", context)


@require_POST
@seat_required("adviser")
def start(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """The school says that it began."""
    award = starting.silent(fund.region).filter(pk=pk).first()
    if award is None:
        raise Http404
    form = BegunForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for text in form.errors["started_on"]))
        return redirect("adviser:starts", fund.region.slug)
    try:
        starting.confirm(
            award=award, actor=person(request), started_on=form.cleaned_data["started_on"]
        )
    except Refusal as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, _("Written down: this training began."))
    return redirect("adviser:starts", fund.region.slug)


@require_POST
@seat_required("adviser")
def ask(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Ask the school by message whether it began."""
    award = starting.silent(fund.region).filter(pk=pk).first()
    if award is None:
        raise Http404
    if starting.ask_school(award=award, actor=person(request)):
        messages.success(request, _("The school gets a message."))
    else:
        messages.error(request, _("Nobody of this school can be written to yet. Call the school."))
    return redirect("adviser:starts", fund.region.slug)
