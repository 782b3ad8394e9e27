"""A round takes a step of its life's table."""

from django.utils import timezone

from allocation.lives import ROUND
from allocation.models import Round


def check(round: Round, step: str) -> None:
    """Refuse a step that is not possible from the round's present state.

    Raises:
        WrongStep: with the states from which it would be possible.
    """
    ROUND.check(step, round.status)


def possible(round: Round) -> list[str]:
    """The steps that the round's state allows, in the table's order."""
    return ROUND.possible(round.status)


def take(round: Round, step: str) -> None:
    """Put the round, locked by the caller, into the state after `step`; the caller saves it.

    What members said yes to in the state before lapses with it, except to this very step.
    """
    before = round.status
    round.status = ROUND.after(step, before)
    if round.status != before:
        lapse(round, but=step)


def lapse(round: Round, *, but: str = "") -> None:
    """End each yes that waits for a second one, except to the step `but`."""
    waiting = round.consents.filter(withdrawn_at__isnull=True, used_at__isnull=True)
    waiting.exclude(step=but).update(withdrawn_at=timezone.now())
