"""What was sent: to read, and to download as a PDF."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from budgetpool.mail import paper
from budgetpool.portals.application.door import page, request_required
from budgetpool.portals.application.questions import ELSEWHERE
from budgetpool.portals.application.steps import STEP_OF
from budgetpool.portals.components.numbers import day, euros
from budgetpool.portals.components.parts import Fact
from budgetpool.register.codes import Contract, EducationLevel, Sector
from workers.learning.skills import skills
from workers.models import CostLine, TrainingRequest
from workers.requests import copies


@require_GET
@request_required
def read(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """Every answer as it was sent."""
    return page(request, asked, "application/sent.html", _context(asked))


@require_GET
@request_required
def as_pdf(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """The same on paper."""
    context = {"asked": asked, "fund": asked.window.fund, **_context(asked)}
    answer = HttpResponse(
        paper.pdf(render_to_string("application/sent_pdf.html", context)),
        content_type="application/pdf",
    )
    answer["Content-Disposition"] = f'attachment; filename="{asked.reference}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def facts_of(asked: TrainingRequest, copy: dict[str, Any], *, change: bool = False) -> list[Fact]:
    """Every answer of a copy with its question's name, and perhaps the way to change it."""
    known = copy["facts"]
    born = known["birth_date"]
    hours = known["training_hours_two_years"]
    place = known["municipality"]
    yes_no = {True: _("Yes"), False: _("No"), None: ""}
    answers: list[tuple[str, str, Any]] = [
        ("name", _("Name"), known["name"]),
        ("birth_date", _("Date of birth"), day(date.fromisoformat(born)) if born else ""),
        (
            "municipality",
            _("Municipality"),
            _("Another municipality") if place == ELSEWHERE else place,
        ),
        ("email", _("E-mail address"), known["email"]),
        ("phone", _("Phone number"), known["phone"]),
        ("address", _("Address for letters"), known["address"]),
        ("contract", _("Contract"), dict(Contract.choices).get(known["contract"], "")),
        ("sector", _("Kind of company"), dict(Sector.choices).get(known["sector"], "")),
        (
            "education",
            _("Highest diploma"),
            dict(EducationLevel.choices).get(known["education"], ""),
        ),
        (
            "training_hours_two_years",
            _("Hours of training in two years"),
            "" if hours is None else hours,
        ),
        ("has_study_finance", _("Study finance"), yes_no[known["has_study_finance"]]),
        ("goal", _("Goal"), copy["goal"]),
    ]
    more = strengths_facts(copy.get("strengths"))
    return [
        Fact(
            name,
            value if value != "" else _("Not filled in"),
            f"{reverse('apply:step', args=[asked.pk, STEP_OF[field]])}?back" if change else "",
        )
        for field, name, value in answers
    ] + more


def strengths_facts(sent: dict[str, Any] | None) -> list[Fact]:
    """What somebody is good at, in their own words, where they sent it along."""
    if not sent:
        return []
    names = {
        "good_at": _("Is good at"),
        "proud_of": _("Is proud of"),
        "asked_for": _("Others ask for"),
    }
    known, language = skills(), get_language() or "nl"
    words = [known[uri].said(language) for uri in sent["skills"] if uri in known]
    told = [Fact(name, sent[field]) for field, name in names.items() if sent[field]]
    return [*told, *([Fact(_("This is what I can do"), ", ".join(words))] if words else [])]


def _context(asked: TrainingRequest) -> dict[str, Any]:
    copy = asked.sent_copy
    if not copy or asked.submitted_at is None:
        raise Http404
    facts = facts_of(asked, copy)
    if copy["files"]:
        facts.append(Fact(_("Files"), ", ".join(copy["files"])))
    return {"facts": facts, "choices": [_choice(row) for row in copy["choices"]]}


def _choice(row: dict[str, Any]) -> tuple[int, str, list[Fact]]:
    lines = [Fact(_("School"), row["provider"])]
    if row["starts_on"]:
        lines.append(Fact(_("Start"), day(date.fromisoformat(row["starts_on"]))))
    kinds = dict(CostLine.Kind.choices)
    lines += [
        Fact(capfirst(str(kinds[line["kind"]])), euros(line["cents"])) for line in row["lines"]
    ]
    lines.append(Fact(_("Together"), euros(copies.amount_of(row))))
    return row["rank"], row["title"], lines
