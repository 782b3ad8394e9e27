"""What counts, the summary, sending, and the page of a request afterwards."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allocation.decisions import peers, places
from allocation.lives import OBJECTION
from allocation.rounds import line_keys
from budgetpool.portals.access import person
from budgetpool.portals.application import course
from budgetpool.portals.application.door import is_helped, page, request_required
from budgetpool.portals.application.priority import chance, counted
from budgetpool.portals.application.sent import facts_of
from budgetpool.portals.application.steps import BY_SLUG, STEP_OF, parts
from budgetpool.portals.components import standing
from workers import requests
from workers.models import TrainingRequest
from workers.requests import copies


@require_GET
@request_required
def request(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """A request and its decision: status in a few words, the reason, what can be done now."""
    where = standing.standing(asked)
    decision = standing.decision_of(asked)
    objection = standing.objection_of(decision)
    award = standing.award_of(asked)
    running = course.running(award)
    context = {
        "standing": where,
        "stations": standing.journey(asked, where),
        "decision": decision,
        "award": award,
        "objection": objection,
        "can_object": standing.can_object(decision, objection),
        "may_withdraw_objection": objection is not None
        and objection.status in OBJECTION.before("withdraw"),
        "object_until": standing.object_until(decision) if decision else None,
        "line_key": line_keys.keys_of(decision.round, [asked.worker_id]).get(asked.worker_id, "")
        if decision
        else "",
        "choices": asked.choices.all(),
        "may_change": asked.window.is_open()
        and asked.status in {TrainingRequest.Status.SUBMITTED, TrainingRequest.Status.WITHDRAWN},
        "may_mend": asked.status == TrainingRequest.Status.INELIGIBLE,
        "course": course.course_of(award),
        "can_meet": award is not None and peers.is_open(award),
        "sharing": places.is_shared(running)
        if running is not None and running.choice.training_id
        else None,
        "may_decline": award is not None and award.status == "accepted" and not award.started_on,
        "may_prove": running is not None and running.started_on is not None,
        "may_stop": running is not None
        and (running.status == "advanced" or running.started_on is not None),
    }
    if asked.status == TrainingRequest.Status.DRAFT and (
        asked.window.is_open() or asked.repair_until
    ):
        context["parts"] = parts(asked)
    return page(request, asked, "application/request.html", context)


@require_GET
@request_required
def priority(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """Every fact that gives points, in one sentence each, before anything is sent."""
    context = {"step": BY_SLUG["priority"], **_counts(asked)}
    return page(request, asked, "application/priority.html", context)


class ConsentForm(forms.Form):
    """Agreement with the use of the facts."""

    consent = forms.BooleanField(
        error_messages={"required": ""},
    )

    def __init__(self, *args: Any, helped: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["consent"]
        field.label = (
            _("This person agrees that the fund uses these facts.")
            if helped
            else _("I agree that the fund uses these facts for my request.")
        )
        field.error_messages["required"] = _("Tick this box. Without it we may not use your facts.")


@require_http_methods(["GET", "POST"])
@request_required
def summary(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """All answers with "change"; what is missing stands on top; the button says "Send"."""
    if asked.status != TrainingRequest.Status.DRAFT:
        return redirect("apply:request", asked.pk)
    missing = requests.gaps(asked)
    form = ConsentForm(request.POST or None, helped=is_helped(request, asked))
    if request.method == "POST" and form.is_valid() and not missing:
        sent = requests.submit(actor=person(request), request=asked, consent=True)
        if sent.status == TrainingRequest.Status.INELIGIBLE:
            return redirect("apply:request", asked.pk)
        return redirect("apply:receipt", asked.pk)
    context = {
        "step": BY_SLUG["summary"],
        "form": form,
        "gaps": [(gap, _gap_address(asked, gap)) for gap in missing],
        "facts": facts_of(asked, copies.copy_of(asked), change=True),
        "choices": asked.choices.all(),
        "documents": asked.documents.all(),
        **_counts(asked),
    }
    return page(request, asked, "application/summary.html", context)


@require_GET
@request_required
def receipt(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """The moment of arrival and what happens next."""
    if asked.status != TrainingRequest.Status.SUBMITTED:
        return redirect("apply:request", asked.pk)
    return page(request, asked, "application/receipt.html")


@require_http_methods(["GET", "POST"])
@request_required
def withdraw(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """Take a request back, after one question."""
    if request.method == "POST":
        requests.withdraw(actor=person(request), request=asked)
        messages.success(request, _("You took your request back."))
        return redirect("apply:request", asked.pk)
    return page(request, asked, "application/withdraw.html")


@require_POST
@request_required
def reopen(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """Open a request again to change it; it must be sent anew."""
    requests.reopen(actor=person(request), request=asked)
    messages.warning(request, _("You can change your request now. Do not forget to send it again."))
    return redirect("apply:request", asked.pk)


def _counts(asked: TrainingRequest) -> dict[str, Any]:
    """What counts: the facts with their points, and the chance of the last round."""
    rows, total = counted(asked)
    return {"rows": rows, "total": total, "chance": chance(asked, total)}


def _gap_address(asked: TrainingRequest, gap: requests.Gap) -> str:
    if gap.step in {"choices", "costs"}:
        return reverse("apply:choices", args=[asked.pk])
    slug = STEP_OF.get(gap.field, "name")
    return f"{reverse('apply:step', args=[asked.pk, slug])}?back"
