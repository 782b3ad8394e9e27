"""A step for which the table of a round's life asks more than one person.

Each says yes apart, in the same state of the round; the step is taken when enough of them say the
same. A yes of somebody who left the board, or has an interest by now, does not count; one that was
used counts no second time, and when the round goes to another state the others lapse.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from allocation.lives import ROUND
from allocation.models import Consent, Round
from allocation.rounds import steps
from allocation.rounds.lock import locked
from allocation.rules import access
from budgetpool.audit import trail
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.users.models import User
from workers.models import TrainingRequest

# For these steps the reason is told to the person, so that all have to give the same one.
_SAME_REASON = (Consent.Step.ADJUST,)


def give(
    round: Round,
    step: str,
    member: User,
    *,
    request: TrainingRequest | None = None,
    said: str = "",
    reason: str = "",
) -> bool:
    """Note a member's yes; whether enough people agree now. The caller holds the round's lock.

    Another yes of the same member takes the place of their first. When it is enough, the caller
    takes the step and calls `use`.

    Args:
        request: what the step is about, where that is one request.
        said: what all of them have to say alike.

    Raises:
        NotAllowed: `same_person`: this member said the same before.
    """
    given = Consent(
        round=round,
        step=step,
        request=request,
        status=round.status,
        said=said,
        reason=reason,
        member=member,
    )
    own = _waiting(round).filter(step=step, request=request, member=member).first()
    if own is not None:
        if own.status == round.status and _alike(own, given):
            raise NotAllowed("same_person", round=round.code)
        _withdraw(own)
    given.full_clean()
    given.save()
    trail.record(
        actor=member,
        action="round.consented",
        subject=round,
        region_code=round.fund.region.code,
        step=step,
        said=said,
        **({} if request is None else {"request": request.pk}),
    )
    alike = [one for one in standing(round, step) if _alike(one, given)]
    return len({one.member_id for one in alike}) >= ROUND.steps[step].people


def use(round: Round, step: str, member: User) -> None:
    """Note that the step was taken, by the yes that this member gave last and those alike.

    What others said about the same, but not alike, lapses.
    """
    waiting = _waiting(round).filter(step=step).order_by("pk")
    last = waiting.filter(member=member).last()
    assert last is not None, "the step was taken by a yes of this member"
    about = list(waiting.filter(request=last.request_id))
    used = [
        one.pk for one in about if _alike(one, last) and access.may_take(one.member, round, step)
    ]
    now = timezone.now()
    waiting.filter(pk__in=used).update(used_at=now)
    waiting.filter(pk__in=[one.pk for one in about]).update(withdrawn_at=now)


def find(round: Round, step: str, key: int | None) -> Consent:
    """A yes that waits for a second one, as somebody saw it on a page.

    Raises:
        NotReady: `wrong_state`: it was taken back, changed or used since.
    """
    for one in standing(round, step):
        if one.pk == key:
            return one
    raise NotReady("wrong_state", round=round.code)


def standing(round: Round, step: str | None = None) -> list[Consent]:
    """The yeses that count now, the oldest first."""
    given = _waiting(round).filter(status=round.status)
    if step is not None:
        given = given.filter(step=step)
    return [
        one
        for one in given.select_related("member", "request")
        if access.may_take(one.member, round, one.step)
    ]


def take_back(*, round: Round, member: User) -> Round:
    """Take one's own yes back, to whatever it was.

    Raises:
        NotAllowed: no seat in the board.
        WrongStep: the round is over.
        NotReady: `no_consent`.
    """
    with transaction.atomic():
        fresh = locked(round)
        access.require_step(member, fresh, "take_back")
        steps.take(fresh, "take_back")
        given = list(_waiting(fresh).filter(member=member))
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


def _waiting(round: Round) -> QuerySet[Consent]:
    return round.consents.filter(withdrawn_at__isnull=True, used_at__isnull=True)


def _alike(one: Consent, other: Consent) -> bool:
    same = (one.step, one.request_id, one.said) == (other.step, other.request_id, other.said)
    return same and (one.step not in _SAME_REASON or one.reason == other.reason)


def _withdraw(consent: Consent) -> None:
    consent.withdrawn_at = timezone.now()
    consent.save(update_fields=["withdrawn_at"])
