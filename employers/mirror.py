"""The employer's mirror: five statements about learning at work, and what to do after a no.

Source: J. Sanders' weten, willen, durven, kunnen, mogen, turned to the employer's side. The
answers are the employer's own: nobody else sees them and nothing is reckoned from them.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.users.models import User
from employers import access
from employers.models import Employer, MirrorAnswers
from employers.models.employer import Role
from employers.models.outreach import Answer


@dataclass(frozen=True, slots=True)
class Item:
    """One statement, and what to do when it is not (quite) true."""

    code: str
    title: str | Promise
    statement: str | Promise
    advice: str | Promise


ITEMS = [
    Item(
        "weten",
        _("Knowing"),
        _("We tell flex workers what is going to change."),
        _("Fill in below which work is changing. Flex workers then see it on their own page."),
    ),
    Item(
        "willen",
        _("Wanting"),
        _("We ask flex workers what they want."),
        _("Plan a talk of ten minutes: what do you like to do, and what do you want to learn?"),
    ),
    Item(
        "durven",
        _("Daring"),
        _("We dare to take on somebody without a diploma."),
        _("Try one vacancy that asks for skills. A practice declaration shows what someone can."),
    ),
    Item(
        "kunnen",
        _("Being able"),
        _("We give time and guidance."),
        _("Name one buddy per team, and put the hours of a training in the roster."),
    ),
    Item(
        "mogen",
        _("Being allowed"),
        _("Flex workers may learn here in working time."),
        _("Hang up the invitation with the code. It says: you may learn here."),
    ),
]
CODES = [item.code for item in ITEMS]


@transaction.atomic
def answer(*, employer: Employer, by: User, **answers: str) -> MirrorAnswers:
    """Keep an employer's answers; each may be left out. Earlier answers stay, to compare.

    Raises:
        NotAllowed: nobody of this employer.
        ValidationError: an answer that does not exist.
    """
    access.require(actor=by, employer=employer, role=Role.VIEWER)
    if set(answers) - set(CODES):
        raise ValidationError(_("There is no such statement."), code="statement")
    mirror = MirrorAnswers(employer=employer, answered_by=by, **answers)
    mirror.full_clean()
    mirror.save()
    trail.record(actor=by, action="mirror.answered", subject=mirror)
    return mirror


def latest(employer: Employer) -> MirrorAnswers | None:
    """The newest answers."""
    return employer.mirrors.first()


def advice_for(mirror: MirrorAnswers) -> list[dict[str, Any]]:
    """The items with their answers, and advice where the answer is not yes."""
    rows = []
    for item in ITEMS:
        given = getattr(mirror, item.code)
        rows.append(
            {
                "item": item,
                "answer": Answer(given).label if given else "",
                "advice": item.advice
                if given in (Answer.NO, Answer.PARTLY, Answer.UNKNOWN)
                else "",
            }
        )
    return rows
