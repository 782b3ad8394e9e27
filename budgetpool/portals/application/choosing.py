"""Search the register, choose up to three trainings, propose another, and say what it costs."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from allocation.payouts import excluding
from budgetpool.portals.access import person
from budgetpool.portals.application.door import page, request_required
from budgetpool.portals.application.filters import TrainingFilter
from budgetpool.portals.application.questions import CostsForm, ProposalForm
from budgetpool.portals.application.saying import say
from budgetpool.portals.application.steps import BY_SLUG
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.portals.components.numbers import day
from budgetpool.register import search
from budgetpool.register.models import Edition, Training
from workers import requests
from workers.errors import WorkerError
from workers.models import Choice, CostLine, TrainingRequest
from workers.models.requests import CHOICES_MAX

PAGE = 10


@require_GET
@request_required
def choices(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """The choices so far, in their order, and the ways to add one."""
    return page(
        request,
        asked,
        "application/choices.html",
        {
            "step": BY_SLUG["choices"],
            "choices": asked.choices.all(),
            "room": CHOICES_MAX - len(asked.choices.all()),
        },
    )


@require_GET
@request_required
def trainings(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """The register, searched and filtered; the order favours no provider."""
    form = TrainingFilter(request.GET or None)
    wanted = form.wish() if form.is_valid() else search.Wish()
    barred = excluding.barred_providers(asked.window)
    found = search.trainings(wanted).exclude(provider__in=barred)
    shown = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": shown, "count": shown.paginator.count}
    return page(request, asked, "application/trainings.html", context)


class EditionForm(forms.Form):
    """Which edition of a training; "any date" is an answer too."""

    edition = forms.ChoiceField(
        label="", required=False, widget=forms.RadioSelect, choices=[("", "")]
    )

    def __init__(self, *args: Any, editions: list[Edition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["edition"]
        assert isinstance(field, forms.ChoiceField)
        field.label = _("When do you want to start?")
        field.choices = [
            *((str(one.pk), OptionLabel(day(one.starts_on), hint=_hint(one))) for one in editions),
            ("", OptionLabel(_("It does not matter to me"))),
        ]

    def clean_edition(self) -> int | None:
        text: str = self.cleaned_data["edition"]
        return int(text) if text else None


@require_http_methods(["GET", "POST"])
@request_required
def training(request: HttpRequest, asked: TrainingRequest, training: int) -> HttpResponse:
    """One training with its dates and price; choosing it adds it as the next choice."""
    barred = excluding.barred_providers(asked.window)
    known = Training.objects.filter(pk=training).exclude(provider__in=barred)
    shown = known.select_related("provider").first()
    if shown is None:
        raise Http404
    editions = list(search.editions(shown))
    form = EditionForm(request.POST or None, editions=editions)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["edition"]
        edition = next((one for one in editions if one.pk == chosen), None)
        try:
            requests.choose(actor=person(request), request=asked, training=shown, edition=edition)
        except WorkerError as refused:
            messages.error(request, say(refused))
        else:
            messages.success(
                request, _("%(training)s is now one of your choices.") % {"training": shown.title}
            )
        return redirect("apply:choices", asked.pk)
    context = {"training": shown, "editions": editions, "form": form}
    return page(request, asked, "application/training.html", context)


@require_http_methods(["GET", "POST"])
@request_required
def propose(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """A training that is not in the register."""
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        requests.propose(actor=person(request), request=asked, **form.cleaned_data)
        return redirect("apply:choices", asked.pk)
    return page(request, asked, "application/propose.html", {"form": form})


@require_http_methods(["GET", "POST"])
@request_required
def choice(request: HttpRequest, asked: TrainingRequest, rank: int) -> HttpResponse:
    """What one choice costs besides the training, its place in the order, or away with it."""
    shown = asked.choices.filter(rank=rank).first()
    if shown is None:
        raise Http404
    lines = {line.kind: line.amount for line in shown.cost_lines.all()}
    if request.method == "POST" and "remove" in request.POST:
        requests.drop(actor=person(request), choice=shown)
        return redirect("apply:choices", asked.pk)
    if request.method == "POST" and "up" in request.POST:
        requests.move(actor=person(request), choice=shown, rank=rank - 1)
        return redirect("apply:choices", asked.pk)
    form = CostsForm(request.POST or None, initial=lines)
    if request.method == "POST" and form.is_valid():
        for kind, amount in form.cleaned_data.items():
            if amount != lines.get(kind):
                requests.set_cost(actor=person(request), choice=shown, kind=kind, amount=amount)
        return redirect("apply:choices", asked.pk)
    context = {"choice": shown, "form": form, "fixed": _fixed(shown)}
    return page(request, asked, "application/choice.html", context)


def _fixed(choice: Choice) -> list[CostLine]:
    """What the school charges; a worker does not change that here."""
    return [line for line in choice.cost_lines.all() if line.kind not in CostsForm.EXTRA]


def _hint(edition: Edition) -> str:
    parts = [_("online") if edition.is_online else edition.place]
    if edition.is_evening:
        parts.append(_("in the evening"))
    parts.append(_("%(seats)s places") % {"seats": edition.seats})
    return " · ".join(part for part in parts if part)
