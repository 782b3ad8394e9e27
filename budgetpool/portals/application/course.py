"""The course of a training that was awarded, in plain lines."""

from typing import Final

from django.utils.translation import gettext as _

from allocation.decisions import proofs, starting
from allocation.lives import AWARD
from allocation.models import Award, Payout, Proof
from allocation.payouts import course, paid
from budgetpool.portals.components.numbers import day, euros_exact
from budgetpool.portals.components.parts import Fact

COURSE: Final = (*AWARD.before("start"), Award.Status.COMPLETED, Award.Status.DETERMINED)


def running(award: Award | None) -> Award | None:
    """The award when its training goes on; None before the yes and after the end."""
    return award if award is not None and award.status in AWARD.before("start") else None


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
    is_over = award.completed_at is not None
    first = paid.part(award, Payout.Kind.ADVANCE)
    rest = paid.part(award, Payout.Kind.REST)
    is_settled = award.status == Award.Status.DETERMINED
    if is_settled:
        rest_later = ""
    elif is_over:
        rest_later = _("will be paid after the bill of the school")
    else:
        rest_later = _("will be paid after your proof is right")
    own_later = later if course.own_cents(award) and not is_settled else ""
    lines = [
        (_("You said yes"), day(award.answered_at) if award.answered_at else _("done")),
        (_("Your first lesson"), begun),
        (_("First part for the school"), _part_line(first, "" if is_over else later)),
        (_("Your proof"), _proof_line(proof) if proof else later),
        (_("You are ready"), day(award.completed_at) if award.completed_at else later),
        (_("The rest for the school"), _part_line(rest, rest_later)),
        (_("Your own costs"), _part_line(paid.part(award, Payout.Kind.OWN_COSTS), own_later)),
    ]
    return [Fact(name, words) for name, words in lines if words]


def _part_line(part: paid.Part, later: str) -> str:
    """What was paid and when; else what is on its way; else what it waits for."""
    if part.paid_on is not None:
        facts = {"day": day(part.paid_on), "amount": euros_exact(part.paid_cents)}
        return _("paid on %(day)s: %(amount)s") % facts
    if part.coming_cents:
        return _("is on its way: %(amount)s") % {"amount": euros_exact(part.coming_cents)}
    return later


def _proof_line(proof: Proof) -> str:
    words = {
        Proof.Status.SENT: _("sent on %(day)s; somebody looks at it"),
        Proof.Status.ACCEPTED: _("sent on %(day)s; it is right"),
        Proof.Status.REFUSED: _("sent on %(day)s; something is missing"),
    }[Proof.Status(proof.status)]
    return words % {"day": day(proof.sent_at)}
