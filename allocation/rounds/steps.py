"""A round takes a step of its life's table."""

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
    """Put the round, locked by the caller, into the state after `step`; the caller saves it."""
    round.status = ROUND.after(step, round.status)
