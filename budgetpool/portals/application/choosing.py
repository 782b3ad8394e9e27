"""Search the register, choose up to three trainings, propose another, and say what it costs."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from allocation.rules import exclusions
from budgetpool.portals.access import person
from budgetpool.portals.application.costs import (
    KINDS,
    CostForm,
    ExtraForm,
    GapYearForm,
    ProposalForm,
    extras_of,
)
from budgetpool.portals.application.door import page, request_required
from budgetpool.portals.application.filters import TrainingFilter
from budgetpool.portals.application.steps import BY_SLUG, next_open
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.portals.components.numbers import day
from budgetpool.portals.components.refusals import say
from budgetpool.refusals import Refusal
from budgetpool.register import search
from budgetpool.register.models import Edition, Training
from budgetpool.written import euros
from workers import requests, unmet
from workers.counter import hosts
from workers.models import Choice, TrainingRequest
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
            "next_url": next_open(asked, after=BY_SLUG["costs"]).address(asked),
        },
    )


@require_GET
@request_required
def trainings(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """The register, searched and filtered; the order favours no provider."""
    form = TrainingFilter(request.GET or None)
    wanted = form.wish() if form.is_valid() else search.Wish()
    barred = exclusions.barred_providers(asked.window)
    first = asked.window.first_start
    found = search.trainings(wanted, first=first).exclude(provider__in=barred)
    shown = Paginator(search.titles(found), PAGE).get_page(request.GET.get("page"))
    if wanted.text and not shown.paginator.count:
        known = request.session.get("unmet", [])
        counted = unmet.count_search(fund=asked.window.fund, text=wanted.text, known=known)
        if counted != known:
            request.session["unmet"] = counted
    context = {
        "form": form,
        "page": shown,
        "count": shown.paginator.count,
        "courses": search.courses(found, list(shown), first=first),
        "filters": sum(name not in {"text", "place"} for name in form.changed_data),
    }
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
    barred = exclusions.barred_providers(asked.window)
    known = Training.objects.filter(pk=training).exclude(provider__in=barred)
    shown = known.select_related("provider").first()
    if shown is None:
        raise Http404
    editions = list(search.editions(shown, first=asked.window.first_start))
    form = EditionForm(request.POST or None, editions=editions)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["edition"]
        edition = next((one for one in editions if one.pk == chosen), None)
        try:
            made = requests.choose(
                actor=person(request), request=asked, training=shown, edition=edition
            )
        except Refusal as refused:
            messages.error(request, say(refused))
            return redirect("apply:choices", asked.pk)
        messages.success(
            request, _("%(training)s is now one of your choices.") % {"training": shown.title}
        )
        return redirect("apply:choice", asked.pk, made.rank)
    context = {"training": shown, "editions": editions, "form": form}
    return page(request, asked, "application/training.html", context)


@require_http_methods(["GET", "POST"])
@request_required
def propose(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """A training that is not in the register."""
    form = ProposalForm(request.POST or None, first_start=asked.window.first_start)
    if request.method == "POST" and form.is_valid():
        made = requests.propose(actor=person(request), request=asked, **form.wish())
        return redirect("apply:choice", asked.pk, made.rank)
    return page(request, asked, "application/propose.html", {"form": form})


@require_http_methods(["GET", "POST"])
@request_required
def gap_year(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """A gap year as a trainee: some months of learning at work, with its own costs."""
    places = list(hosts.open_in(asked.worker.region).filter(has_gap_year=True))
    form = GapYearForm(request.POST or None, first_start=asked.window.first_start, places=places)
    if request.method == "POST" and form.is_valid():
        made = requests.propose_gap_year(actor=person(request), request=asked, **form.wish())
        return redirect("apply:choice", asked.pk, made.rank)
    return page(request, asked, "application/gap_year.html", {"form": form})


@require_http_methods(["GET", "POST"])
@request_required
def choice(request: HttpRequest, asked: TrainingRequest, rank: int) -> HttpResponse:
    """Which other costs one choice has, its place in the order, or away with it."""
    shown = _choice(asked, rank)
    if request.method == "POST" and "remove" in request.POST:
        requests.drop(actor=person(request), choice=shown)
        return redirect("apply:choices", asked.pk)
    if request.method == "POST" and "up" in request.POST:
        requests.move(actor=person(request), choice=shown, rank=rank - 1)
        return redirect("apply:choices", asked.pk)
    there = extras_of(shown)
    sent = request.POST if request.method == "POST" else None
    form = ExtraForm(sent, initial={"kinds": there})
    if form.is_valid():
        wanted = [kind for kind in KINDS if kind in form.cleaned_data["kinds"]]
        for kind in there:
            if kind not in wanted:
                requests.set_cost(actor=person(request), choice=shown, kind=kind, amount=None)
        requests.met(actor=person(request), request=asked, step="costs")
        return _next_cost(asked, rank, wanted)
    context = {
        "step": BY_SLUG["costs"],
        "choice": shown,
        "form": form,
        "lines": shown.cost_lines.all(),
        "room": CHOICES_MAX - len(asked.choices.all()),
    }
    return page(request, asked, "application/choice.html", context)


@require_http_methods(["GET", "POST"])
@request_required
def cost(request: HttpRequest, asked: TrainingRequest, rank: int, kind: str) -> HttpResponse:
    """One kind of cost of one choice; `then` in the address holds the kinds that come after."""
    shown = _choice(asked, rank)
    if kind not in KINDS:
        raise Http404
    line = next((one for one in shown.cost_lines.all() if one.kind == kind), None)
    form = CostForm(request.POST or None, kind=kind, amount=line.amount if line else None)
    if request.method == "POST" and form.is_valid():
        amount = form.cleaned_data["amount"]
        requests.set_cost(actor=person(request), choice=shown, kind=kind, amount=amount)
        then = [one for one in request.GET.get("then", "").split(",") if one in KINDS]
        return _next_cost(asked, rank, then)
    context = {
        "step": BY_SLUG["costs"],
        "choice": shown,
        "form": form,
        "norm": form.norm,
        "rate": euros(form.norm.rate),
        "kind_label": KINDS[kind],
    }
    return page(request, asked, "application/cost.html", context)


def _choice(asked: TrainingRequest, rank: int) -> Choice:
    shown = asked.choices.filter(rank=rank).first()
    if shown is None:
        raise Http404
    return shown


def _next_cost(asked: TrainingRequest, rank: int, kinds: list[str]) -> HttpResponse:
    """To the first of these kinds, or to the next open question when none is left."""
    if kinds:
        address = reverse("apply:cost", args=[asked.pk, rank, kinds[0]])
        return redirect(f"{address}?then={','.join(kinds[1:])}" if kinds[1:] else address)
    fresh = TrainingRequest.objects.with_choices().get(pk=asked.pk)
    return redirect(next_open(fresh, after=BY_SLUG["costs"]).address(fresh))


def _hint(edition: Edition) -> str:
    parts = [_("online") if edition.is_online else edition.place]
    if edition.is_evening:
        parts.append(_("in the evening"))
    parts.append(_("%(seats)s places") % {"seats": edition.seats})
    return " · ".join(part for part in parts if part)
