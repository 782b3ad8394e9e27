"""Write down what the public draw gave: two people, apart, in the form that was announced."""

from django.db import transaction
from django.utils import timezone

from allocation.models import Round
from allocation.rounds import four_eyes, steps
from allocation.rounds.lock import locked
from allocation.rules import access, draws
from budgetpool.audit import trail
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

STEP = "record_draw"


def record_draw(*, round: Round, member: User, outcome: str) -> Round:
    """Enter what the named public draw gave; it is the seed of the lots once two people agree.

    Neither sees what the other wrote. Whoever made a mistake enters it again.

    Args:
        outcome: the numbers as published, such as "4 11 19 27 33 41".

    Raises:
        NotAllowed: no seat, an own interest, or `same_person`.
        WrongStep: the round is not closed.
        NotReady: `drawn_before`; `draw_to_come`; `no_outcome`, `other_form`: not what was
            announced; `draws_differ`: the entry is kept, and others stand beside it.
    """
    with transaction.atomic():
        fresh = locked(round)
        access.require_step(member, fresh, STEP)
        steps.take(fresh, STEP)
        if fresh.draw_outcome:
            raise NotReady("drawn_before", outcome=fresh.draw_outcome)
        draw = draws.of(fresh)
        if not draw.is_due:
            raise NotReady("draw_to_come", draw_on=draw.on.isoformat())
        written = draw.spelled(outcome)
        if four_eyes.give(fresh, STEP, member, said=written):
            _write(fresh, member, written)
            four_eyes.use(fresh, STEP, member)
    if not fresh.draw_outcome and len(four_eyes.standing(fresh, STEP)) > 1:
        raise NotReady("draws_differ", round=fresh.code)
    return fresh


def _write(round: Round, member: User, outcome: str) -> None:
    round.draw_outcome = outcome
    round.drawn_at = timezone.now()
    round.full_clean()
    round.save()
    trail.record(
        actor=member,
        action="round.drawn",
        subject=round,
        region_code=round.fund.region.code,
        outcome=outcome,
    )
