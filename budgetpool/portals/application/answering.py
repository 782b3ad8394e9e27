"""The questions: shown, saved with a button, and saved field by field while somebody types."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from budgetpool.portals.access import person
from budgetpool.portals.application.door import page, request_required
from budgetpool.portals.application.questions import Question
from budgetpool.portals.application.steps import BY_SLUG, Step, before, next_open
from budgetpool.portals.components.numbers import moment
from workers import people, requests
from workers.models import TrainingRequest
from workers.people import FIELDS


@require_GET
@request_required
def go_on(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """To the next question that is open; to the request itself when it is not a draft."""
    if asked.status != TrainingRequest.Status.DRAFT:
        return redirect("apply:request", asked.pk)
    return redirect(next_open(asked).address(asked))


@require_http_methods(["GET", "POST"])
@request_required
def step(request: HttpRequest, asked: TrainingRequest, slug: str) -> HttpResponse:
    """One question. "Save and go on later" keeps what is right and leads home."""
    here = BY_SLUG.get(slug)
    if here is None:
        raise Http404
    if here.form is None:
        return redirect(here.address(asked))
    if asked.status != TrainingRequest.Status.DRAFT:
        return redirect("apply:request", asked.pk)
    form = _form(here, asked, request.POST or None)
    if request.method == "POST":
        later = "later" in request.POST
        if form.is_valid() or later:
            good = {
                name: value
                for name, value in form.cleaned_data.items()
                if not (later and value in ("", None))
            }
            _save(request, asked, good)
            if form.is_valid():
                requests.met(actor=person(request), request=asked, step=slug)
            if later:
                messages.success(request, _("Your answers are saved. You can go on later."))
                return redirect("apply:request", asked.pk)
            if "back" in request.GET:
                return redirect("apply:summary", asked.pk)
            fresh = TrainingRequest.objects.with_choices().get(pk=asked.pk)
            return redirect(next_open(fresh, after=here).address(fresh))
    earlier = before(here)
    context = {"step": here, "form": form, "back_url": earlier.address(asked) if earlier else ""}
    return page(request, asked, "application/question.html", context)


@require_POST
@request_required
def save(request: HttpRequest, asked: TrainingRequest, slug: str) -> HttpResponse:
    """Save the fields that came, each for itself, and say honestly when and which were not.

    The answer holds `saved` (the moment in words), `kept` (the fields that are stored now) and
    `errors` per field; nothing of a field with an error is stored, and the browser holds on to
    whatever is not in `kept`.
    """
    here = BY_SLUG.get(slug)
    if here is None or here.form is None:
        raise Http404
    form = _form(here, asked, request.POST)
    form.is_valid()
    sent = [name for name in form.fields if name in request.POST]
    errors = {name: form.errors[name][0] for name in sent if name in form.errors}
    good = {name: form.cleaned_data[name] for name in sent if name in form.cleaned_data}
    if good:
        try:
            _save(request, asked, good)
        except ValidationError as error:
            return JsonResponse({"saved": "", "kept": [], "errors": {sent[0]: error.messages[0]}})
    saved = _("Saved on %(moment)s.") % {"moment": moment(timezone.now())} if good else ""
    return JsonResponse({"saved": saved, "kept": sorted(good), "errors": errors})


def _form(here: Step, asked: TrainingRequest, data: Any) -> Question:
    assert here.form is not None
    initial = {
        name: getattr(asked if name == "goal" else asked.worker, name)
        for name in here.form.base_fields
    }
    return here.form(data, initial=initial, worker=asked.worker)


def _save(request: HttpRequest, asked: TrainingRequest, values: dict[str, Any]) -> None:
    facts = {name: value for name, value in values.items() if name in FIELDS}
    others = {name: value for name, value in values.items() if name not in FIELDS}
    if facts:
        people.change(actor=person(request), worker=asked.worker, **facts)
    requests.change(actor=person(request), request=asked, **others)
