"""What counts, the summary, sending, and the page of a request afterwards."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allocation.decisions import objections
from budgetpool.portals.access import person
from budgetpool.portals.application import course, standing
from budgetpool.portals.application.door import is_helped, page, request_required
from budgetpool.portals.application.priority import counted
from budgetpool.portals.application.questions import ELSEWHERE
from budgetpool.portals.application.steps import BY_SLUG, STEPS
from budgetpool.portals.components.numbers import day
from budgetpool.portals.components.parts import Fact
from workers import requests
from workers.models import TrainingRequest


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
        "may_withdraw_objection": objection is not None and objection.status in objections.OPEN,
        "object_until": standing.object_until(decision) if decision else None,
        "choices": asked.choices.all(),
        "may_change": asked.window.is_open()
        and asked.status in {TrainingRequest.Status.SUBMITTED, TrainingRequest.Status.WITHDRAWN},
        "may_mend": asked.status == TrainingRequest.Status.INELIGIBLE,
        "course": course.course_of(award),
        "may_decline": award is not None and award.status == "accepted" and not award.started_on,
        "may_prove": running is not None and running.started_on is not None,
        "may_stop": running is not None
        and (running.status == "advanced" or running.started_on is not None),
    }
    return page(request, asked, "application/request.html", context)


@require_GET
@request_required
def priority(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """Every fact that gives points, in one sentence each, before anything is sent."""
    rows, total = counted(asked)
    context = {"step": BY_SLUG["priority"], "rows": rows, "total": total}
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
        "facts": _facts(asked),
        "choices": asked.choices.all(),
        "documents": asked.documents.all(),
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
    return redirect("apply:summary", asked.pk)


def _gap_address(asked: TrainingRequest, gap: requests.Gap) -> str:
    if gap.step in {"choices", "costs"}:
        return reverse("apply:choices", args=[asked.pk])
    slug = next(
        (one.slug for one in STEPS if one.form and gap.field in one.form.base_fields), "name"
    )
    return f"{reverse('apply:step', args=[asked.pk, slug])}?back"


def _facts(asked: TrainingRequest) -> list[Fact]:
    """Every answer with its question's name and the way to change it."""
    worker = asked.worker
    place = _("Another municipality") if worker.municipality == ELSEWHERE else worker.municipality
    hours = worker.training_hours_two_years
    answers: list[tuple[str, str, Any]] = [
        ("name", _("Name"), worker.name),
        ("name", _("Date of birth"), day(worker.birth_date) if worker.birth_date else ""),
        ("reach", _("E-mail address"), worker.email),
        ("reach", _("Phone number"), worker.phone),
        ("place", _("Municipality"), place),
        ("contract", _("Contract"), worker.get_contract_display()),
        ("sector", _("Kind of company"), worker.get_sector_display()),
        ("education", _("Highest diploma"), worker.get_education_display()),
        ("trained", _("Hours of training in two years"), "" if hours is None else hours),
        (
            "study",
            _("Study finance"),
            {True: _("Yes"), False: _("No"), None: ""}[worker.has_study_finance],
        ),
        ("goal", _("Goal"), asked.goal),
    ]
    return [
        Fact(
            name,
            value if value != "" else _("Not filled in"),
            f"{reverse('apply:step', args=[asked.pk, slug])}?back",
        )
        for slug, name, value in answers
    ]
