"""A step for which the table of a round's life asks more than one person.

Each says yes apart, in the same state of the round; the step is taken when enough of them say the
same. A yes of somebody who left the board, or has an interest by now, does not count.
"""

from django.db import transaction
from django.utils import timezone

from allocation.lives import ROUND
from allocation.models import Consent, Round
from allocation.rounds import steps
from allocation.rounds.lock import locked
from allocation.rules import access
from budgetpool.audit import trail
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.users.models import User


def give(round: Round, step: str, member: User, *, said: str = "", reason: str = "") -> bool:
    """Note a member's yes; whether enough people agree now. The caller holds the round's lock.

    Another yes of the same member takes the place of their first.

    Args:
        said: what all of them have to say alike.

    Raises:
        NotAllowed: `same_person`: this member said the same before.
    """
    own = round.consents.filter(step=step, member=member, withdrawn_at__isnull=True).first()
    if own is not None:
        if own.status == round.status and own.said == said:
            raise NotAllowed("same_person", round=round.code)
        _withdraw(own)
    given = Consent(
        round=round, step=step, status=round.status, said=said, reason=reason, member=member
    )
    given.full_clean()
    given.save()
    trail.record(
        actor=member,
        action="round.consented",
        subject=round,
        region_code=round.fund.region.code,
        step=step,
        said=said,
    )
    alike = [one for one in standing(round, step) if one.said == said]
    return len({one.member_id for one in alike}) >= ROUND.steps[step].people


def standing(round: Round, step: str | None = None) -> list[Consent]:
    """The yeses that count now, the oldest first."""
    given = round.consents.filter(status=round.status, withdrawn_at__isnull=True)
    if step is not None:
        given = given.filter(step=step)
    return [
        one
        for one in given.select_related("member")
        if access.may_take(one.member, round, one.step)
    ]


def take_back(*, round: Round, member: User) -> Round:
    """Take one's own yes back, to whatever it was.

    Raises:
        NotAllowed: no seat in the board.
        WrongStep: the round is published or over.
        NotReady: `no_consent`.
    """
    with transaction.atomic():
        fresh = locked(round)
        access.require_step(member, fresh, "take_back")
        steps.take(fresh, "take_back")
        given = list(fresh.consents.filter(member=member, withdrawn_at__isnull=True))
        if not given:
            raise NotReady("no_consent", round=fresh.code)
        for one in given:
            _withdraw(one)
        trail.record(
            actor=member,
            action="round.consent_withdrawn",
            subject=fresh,
            region_code=fresh.fund.region.code,
            steps=[one.step for one in given],
        )
    return fresh


def _withdraw(consent: Consent) -> None:
    consent.withdrawn_at = timezone.now()
    consent.save(update_fields=["withdrawn_at"])
