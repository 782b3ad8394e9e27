"""A first safe step: places to learn at work, with a contact, and a day to look along."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from budgetpool.keys import key_of
from budgetpool.portals.access import person, worker_required
from budgetpool.portals.worker.door import page
from budgetpool.register.codes import Sector
from workers.around import first_steps as services
from workers.counter import hosts
from workers.models import FirstStep, Worker


class HostFilter(forms.Form):
    """Which work somebody wants to try."""

    sector = forms.ChoiceField(
        label=gettext_lazy("Kind of work"),
        required=False,
        choices=[("", gettext_lazy("All kinds of work")), *Sector.choices],
    )


@require_http_methods(["GET", "POST"])
@worker_required
def first_step(request: HttpRequest, worker: Worker) -> HttpResponse:
    """The places that can be asked, one's own steps, and the button that asks."""
    places = hosts.open_in(worker.region)
    if request.method == "POST":
        key = key_of(request.POST.get("host", ""))
        host = places.filter(pk=key).first() if key is not None else None
        if host is None:
            raise Http404
        try:
            services.ask(
                actor=person(request), worker=worker, host=host, kind=request.POST.get("kind", "")
            )
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(
                request, _("We ask the place for you. You get a message with the day.")
            )
        return redirect("worker:first-step")
    form = HostFilter(request.GET or None)
    if form.is_valid() and form.cleaned_data["sector"]:
        places = places.filter(sector=form.cleaned_data["sector"])
    today = timezone.localdate()
    mine = [
        (one, one.begins_on is not None and one.status == "agreed" and one.begins_on <= today)
        for one in services.of(worker)
    ]
    context = {
        "form": form,
        "places": places,
        "mine": mine,
        "feelings": FirstStep.Feeling.choices,
        "open": services.OPEN,
    }
    return page(request, worker, "worker/first_step.html", context)


@require_POST
@worker_required
def end_first_step(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """Say how it was, or stop before it began."""
    step = services.of(worker).filter(pk=pk).first()
    if step is None:
        raise Http404
    try:
        if feeling := request.POST.get("feeling"):
            services.tell(actor=person(request), step=step, feeling=feeling)
            messages.success(request, _("Thank you for your answer."))
        else:
            services.stop(actor=person(request), step=step)
            messages.success(request, _("You stopped this step."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("worker:first-step")
