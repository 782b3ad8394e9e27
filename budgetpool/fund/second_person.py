"""The steps at the desk that need two people, and who may be the second: one table for all.

Services ask it, pages show it, and `docs/security.md` lists it. The two are never the same person;
the database says so too. A fund with one treasurer can do every step, for its board may be the
second everywhere. The steps of a round stand in `allocation/lives.py`.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgetpool.fund import seats
from budgetpool.fund.models import Fund, Seat
from budgetpool.refusals import NotAllowed
from budgetpool.users.models import User

TREASURER: Final = Seat.Role.TREASURER.value
BOARD: Final = Seat.Role.BOARD.value
ADMINISTRATOR: Final = Seat.Role.ADMINISTRATOR.value


@dataclass(frozen=True, slots=True)
class Step:
    """What two people do: in words, who asks, and who may be the second."""

    words: Promise
    first: tuple[str, ...] = (TREASURER,)
    second: tuple[str, ...] = (TREASURER, BOARD)


STEPS: Final[dict[str, Step]] = {
    "opening": Step(gettext_lazy("book an opening balance")),
    "unproven_file": Step(gettext_lazy("book a bank file that does not fit, or set it aside")),
    "charge": Step(gettext_lazy("book costs, interest or tax")),
    "refund": Step(gettext_lazy("send a deposit back")),
    "payee": Step(gettext_lazy("pay to a new bank account")),
    "batch": Step(gettext_lazy("send a file with payments to the bank")),
    "write_off": Step(gettext_lazy("give up a debt")),
    "close_month": Step(gettext_lazy("close a month")),
    "reopen_month": Step(gettext_lazy("open a closed month again")),
    "admission": Step(gettext_lazy("let a program at the bank statements")),
    "seat": Step(
        gettext_lazy("give somebody a seat, or take it away"),
        first=(BOARD, ADMINISTRATOR),
        second=(BOARD, ADMINISTRATOR),
    ),
}


def require_first(step: str, *, by: User, fund: Fund) -> None:
    """Refuse who may not ask for a step.

    Raises:
        NotAllowed: `not_treasurer`, or `not_giver` for a seat.
    """
    first = STEPS[step].first
    if _holds(by, fund, first):
        return
    if first == (TREASURER,):
        raise NotAllowed("not_treasurer", region=fund.region.name)
    raise NotAllowed("not_giver", region=fund.region.name)


def require_second(step: str, *, by: User, fund: Fund, first: int | None) -> None:
    """Refuse who may not be the second person of a step.

    Args:
        first: the key of the person who asked; None where only the seat counts, as for who takes
            back what another person asked.

    Raises:
        NotAllowed: `not_second`; `same_person`: whatever seats they hold, also as a superuser.
    """
    if not _holds(by, fund, STEPS[step].second):
        raise NotAllowed("not_second", who=who(step), region=fund.region.name)
    if first == by.pk:
        raise NotAllowed("same_person")


def who(step: str) -> str:
    """Who may be the second person of a step, in words."""
    labels = {
        TREASURER: _("another treasurer"),
        BOARD: _("somebody of the board"),
        ADMINISTRATOR: _("an administrator"),
    }
    return _(" or ").join(labels[role] for role in STEPS[step].second)


def _holds(by: User, fund: Fund, roles: tuple[str, ...]) -> bool:
    return by.is_active and seats.holds(by, region=fund.region, roles=set(roles))
