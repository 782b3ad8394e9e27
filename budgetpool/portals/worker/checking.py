"""The check in five questions: nothing is stored, and whoever cannot ask hears it at once."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from budgetpool.fund.models import Fund, Region
from budgetpool.mail import reasons
from budgetpool.portals.components.forms import OptionLabel
from workers import eligibility, windows


@dataclass(frozen=True)
class Question:
    """One question with its answers: code, label."""

    name: str
    text: Any
    answers: tuple[tuple[str, Any], ...]


YES_NO: Final = (("yes", _("Yes")), ("no", _("No")))
QUESTIONS: Final = (
    Question(
        "age",
        _("How old are you?"),
        (
            ("17", _("Younger than 18")),
            ("30", _("From 18 to 66")),
            ("67", _("67 or older")),
        ),
    ),
    Question("region", _("Do you live in this region?"), YES_NO),
    Question(
        "work",
        _("How do you work?"),
        (
            ("agency", _("Through a temp agency")),
            ("on_call", _("On call, or without fixed hours")),
            ("temp_short", _("With a temporary contract")),
            ("permanent", _("With a permanent contract and fixed hours")),
            ("self_employed", OptionLabel(_("For myself"), hint=_("You send invoices."))),
        ),
    ),
    Question("study", _("Do you get study finance from DUO?"), YES_NO),
    Question("purpose", _("Is the training for your work, or for other work?"), YES_NO),
)


@require_GET
def check(request: HttpRequest, region: str) -> HttpResponse:
    """One question per page, over the address alone; a blocking answer ends it, with the way on."""
    here = get_object_or_404(Region, slug=region)
    fund = get_object_or_404(Fund, region=here)
    given = _given(request)
    asked = next((one for one in QUESTIONS if one.name not in given), None)
    found = eligibility.obstacles(
        age=int(given["age"]) if "age" in given else None,
        in_region={"yes": True, "no": False}.get(given.get("region", "")),
        contract=given.get("work", ""),
        has_study_finance={"yes": True, "no": False}.get(given.get("study", "")),
        for_work={"yes": True, "no": False}.get(given.get("purpose", "")),
    )
    context = {
        "region": here,
        "fund": fund,
        "window": windows.current(here),
        "given": given,
        "question": asked,
        "number": len(given) + 1,
        "total": len(QUESTIONS),
        "unanswered": asked is not None and request.GET.get("next") == asked.name,
        "sentences": reasons.why(found[0].code, found[0].params) if found else [],
        "obstacle": found[0].code if found else "",
    }
    return render(request, "worker/check.html", context)


def _given(request: HttpRequest) -> dict[str, str]:
    """The answers in the address, as far as they are known ones, in the order of the questions."""
    given: dict[str, str] = {}
    for question in QUESTIONS:
        said = request.GET.get(question.name, "")
        if said not in dict(question.answers):
            break
        given[question.name] = said
    return given
