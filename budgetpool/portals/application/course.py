"""The course of a training that was awarded, in plain lines."""

from typing import Final

from django.utils.translation import gettext as _

from allocation.decisions import proofs, starting
from allocation.models import Award, Proof
from budgetpool.portals.components.numbers import day
from budgetpool.portals.components.parts import Fact

COURSE: Final = (*starting.RUNNING, Award.Status.COMPLETED, Award.Status.DETERMINED)


def running(award: Award | None) -> Award | None:
    """The award when its training goes on; None before the yes and after the end."""
    return award if award is not None and award.status in starting.RUNNING else None


def course_of(award: Award | None) -> list[Fact]:
    """The course of a training in plain lines, each with its day or what is still to come."""
    if award is None or award.status not in COURSE:
        return []
    proof, planned = proofs.latest(award), starting.planned_on(award)
    later = _("still to come")
    if award.started_on:
        begun = day(award.started_on)
    else:
        begun = _("planned for %(day)s") % {"day": day(planned)} if planned else later
    paid = award.advanced_at
    return [
        Fact(_("You said yes"), day(award.answered_at) if award.answered_at else _("done")),
        Fact(_("Your first lesson"), begun),
        Fact(_("The school got the first part"), day(paid) if paid else later),
        Fact(_("Your proof"), _proof_line(proof) if proof else later),
        Fact(_("You are ready"), day(award.completed_at) if award.completed_at else later),
    ]


def _proof_line(proof: Proof) -> str:
    words = {
        Proof.Status.SENT: _("sent on %(day)s; somebody looks at it"),
        Proof.Status.ACCEPTED: _("sent on %(day)s; it is right"),
        Proof.Status.REFUSED: _("sent on %(day)s; something is missing"),
    }[Proof.Status(proof.status)]
    return words % {"day": day(proof.sent_at)}
