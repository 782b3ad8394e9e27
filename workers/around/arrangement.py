"""Nobody loses by learning: a check list for one training, kept by the worker or their helper.

Each line is arranged, still to do, or does not matter here. It counts for nothing.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.users.models import User
from workers import access
from workers.models import Arrangement, Helper, Mandate, TrainingRequest


@dataclass(frozen=True)
class Line:
    """One line of the list: its code, what to look at, and whom to ask where it is not arranged."""

    code: str
    text: Any
    advice: Any


ANSWERS: Final = {
    "done": _("Arranged"),
    "todo": _("Not yet"),
    "none": _("Does not matter for me"),
}
LINES: Final = (
    Line(
        "pay",
        _("I know what I earn in the weeks with lessons."),
        _("Ask your boss or agency. The fund can pay lost wages."),
    ),
    Line(
        "hours",
        _("My boss or agency knows when I have lessons."),
        _("We have a letter for your boss. You can print it."),
    ),
    Line(
        "benefits",
        _("My benefit or allowance goes on, or I know what changes."),
        _("Call before you start. See whom to call on the page about benefits."),
    ),
    Line(
        "travel",
        _("I can get to the lessons, and I can pay for it."),
        _("The fund can pay travel. Ask for it with your request."),
    ),
    Line(
        "care",
        _("Somebody looks after my children or family during lessons."),
        _("The fund can pay extra childcare. Ask for it with your request."),
    ),
    Line(
        "debts",
        _("I can pay my bills while I learn."),
        _("Your municipality helps with debts. That costs nothing."),
    ),
    Line(
        "guide",
        _("I know whom I can call when it gets hard."),
        _("Ask the counter for a buddy or a coach."),
    ),
    Line(
        "rest",
        _("I have time and a place to learn at home."),
        _("The library has quiet places. The language house helps you too."),
    ),
)
BY_CODE: Final = {line.code: line for line in LINES}


@transaction.atomic
def answer(*, actor: User, request: TrainingRequest, answers: dict[str, str]) -> Arrangement:
    """Keep the answers of the list, each of which may be left out.

    Raises:
        NotYours: neither the worker, nor an adviser with a mandate, nor a helper who fills in.
        ValidationError: a line or an answer that does not exist.
    """
    access.require(
        actor=actor, worker=request.worker, act=Mandate.Scope.APPLY, helper=Helper.Scope.FILL
    )
    given = {code: said for code, said in answers.items() if said}
    if not set(given) <= set(BY_CODE) or not set(given.values()) <= set(ANSWERS):
        raise ValidationError(_("There is no such line or answer."))
    kept, _made = Arrangement.objects.update_or_create(request=request, defaults={"answers": given})
    trail.record(
        actor=actor,
        action="arrangement.changed",
        subject=request,
        region_code=request.worker.region.code,
        worker=request.worker_id,
    )
    return kept


def of(request: TrainingRequest) -> dict[str, str]:
    """The answers so far, by the code of the line."""
    kept = Arrangement.objects.filter(request=request).first()
    return kept.answers if kept else {}


def to_do(answers: dict[str, str]) -> list[Line]:
    """The lines that are not arranged yet, with their advice."""
    return [line for line in LINES if answers.get(line.code) == "todo"]
