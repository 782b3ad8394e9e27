"""The course of one person: a place confirmed, the start, the lessons of a week, gone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allocation.decisions import attending, places, starting
from allocation.models import Award
from budgetpool.portals.access import person as actor_of
from budgetpool.portals.school.door import person_required
from budgetpool.portals.school.forms import BeginForm, GoneForm, WeekForm
from budgetpool.portals.school.people import show
from budgetpool.register.models import Provider


@require_POST
@person_required
def confirm(request: HttpRequest, provider: Provider, award: Award) -> HttpResponse:
    """The place is there; the person hears it."""
    places.confirm(award=award, actor=actor_of(request))
    messages.success(request, _("The place is confirmed. The person gets a message."))
    return redirect("school:person", provider.pk, award.pk)


@require_POST
@person_required
def begin(request: HttpRequest, provider: Provider, award: Award) -> HttpResponse:
    """The day of the first lesson."""
    form = BeginForm(request.POST)
    if not form.is_valid():
        return show(request, provider, award, form)
    starting.begin(award=award, actor=actor_of(request), **form.cleaned_data)
    messages.success(request, _("Written down: this training began."))
    return redirect("school:person", provider.pk, award.pk)


@require_POST
@person_required
def week(request: HttpRequest, provider: Provider, award: Award) -> HttpResponse:
    """The lessons of one week."""
    form = WeekForm(request.POST)
    if not form.is_valid():
        return show(request, provider, award, form)
    attending.write(award=award, actor=actor_of(request), **form.cleaned_data)
    messages.success(request, _("The week is written down."))
    return redirect("school:person", provider.pk, award.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def gone(request: HttpRequest, provider: Provider, award: Award) -> HttpResponse:
    """Somebody did not come, or stopped: the counter asks the person before anything happens."""
    begun = award.started_on is not None
    form = GoneForm(request.POST if request.method == "POST" else None, begun=begun)
    if request.method == "POST" and form.is_valid():
        places.say_gone(
            award=award, actor=actor_of(request), gone=form.gone, on=form.cleaned_data["on"]
        )
        messages.success(request, _("Thank you. The counter asks the person what happened."))
        return redirect("school:person", provider.pk, award.pk)
    places.look(awards=[award], actor=actor_of(request))
    context = {"provider": provider, "award": award, "form": form, "begun": begun}
    return render(request, "school/gone.html", context, status=422 if form.errors else 200)
