"""Which step a round may take from which state: one table, read by every service and screen."""

from dataclasses import dataclass
from typing import Final

from allocation.errors import WrongStep
from allocation.models import Round

Status = Round.Status


@dataclass(frozen=True)
class Step:
    """One verb: from which states it is possible, and the state in which it leaves the round.

    `to` is None where the state stays what it was.
    """

    allowed_from: tuple[Status, ...]
    to: Status | None = None


STEPS: Final[dict[str, Step]] = {
    "change": Step((Status.DRAFT,)),
    "open": Step((Status.DRAFT,), Status.OPEN),
    "close": Step((Status.OPEN,), Status.CLOSED),
    "declare_interest": Step(
        (Status.DRAFT, Status.OPEN, Status.CLOSED, Status.PROPOSED, Status.SIGNED)
    ),
    "record_draw": Step((Status.CLOSED,)),
    "compute": Step((Status.CLOSED,)),
    "price": Step((Status.CLOSED, Status.PROPOSED, Status.SIGNED)),
    "adjust": Step((Status.CLOSED,)),
    "propose": Step((Status.CLOSED,), Status.PROPOSED),
    "send_back": Step((Status.PROPOSED, Status.SIGNED), Status.CLOSED),
    "explain": Step((Status.PROPOSED, Status.SIGNED)),
    "sign": Step((Status.PROPOSED,), Status.SIGNED),
    "publish": Step((Status.SIGNED,), Status.PUBLISHED),
    "finish": Step((Status.PUBLISHED,), Status.FINISHED),
    "cancel": Step(
        (Status.DRAFT, Status.OPEN, Status.CLOSED, Status.PROPOSED, Status.SIGNED),
        Status.CANCELLED,
    ),
}


def check(round: Round, step: str) -> None:
    """Refuse a step that is not possible from the round's present state.

    Raises:
        WrongStep: with the states from which it would be possible.
    """
    allowed = STEPS[step].allowed_from
    if round.status not in allowed:
        raise WrongStep(
            step=step, status=round.status, allowed_from=[status.value for status in allowed]
        )


def possible(round: Round) -> list[str]:
    """The steps that the round's state allows, in the table's order."""
    return [name for name, step in STEPS.items() if round.status in step.allowed_from]


def take(round: Round, step: str) -> None:
    """Put the round, locked by the caller, into the state after `step`; the caller saves it."""
    check(round, step)
    to = STEPS[step].to
    if to is not None:
        round.status = to
