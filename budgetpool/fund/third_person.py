"""A third person hears of every step by which two people send money to an account.

Two people who work together can answer every question that the desk asks. What they cannot do is
act unseen: in the transaction of the step a message is queued for everybody else who has a seat of
treasurer, board or administrator in the region. A step of one person is told to at least two
others, for one of them may be in the plot. Where there are too few, the overseer of the
installation hears it too, and where there is no overseer the step is refused.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from budgetpool.fund.models import Fund, Seat
from budgetpool.mail import outbox
from budgetpool.mail.outbox import Address
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

ROLES: Final = (
    Seat.Role.TREASURER.value,
    Seat.Role.BOARD.value,
    Seat.Role.ADMINISTRATOR.value,
)
KIND: Final = "money_step"
# Any two may work together, so of every step three people know.
KNOW: Final = 3


def others(fund: Fund, *, but: Iterable[int]) -> list[User]:
    """Who has a seat in the fund's region today and is none of these people."""
    today = timezone.localdate()
    seated = Seat.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today),
        region=fund.region_id,
        role__in=ROLES,
        since__lte=today,
    )
    people = User.objects.filter(pk__in=seated.values("user"), is_active=True).exclude(email="")
    return list(people.exclude(pk__in=but).order_by("pk"))


def tell(*, fund: Fund, what: str, key: str, by: Iterable[int | None], **params: Any) -> int:
    """Tell everybody else of the fund what two people did; in the caller's transaction.

    Args:
        what: a code that the message `money_step` has words for.
        key: names the event, such as `payee:17:verified`; asking twice is harmless.
        by: the keys of the people who did it: two, one, or nobody where a program found it.
        params: small JSON values; never a full IBAN, nor a worker's name.

    Returns:
        How many were told.

    Raises:
        NotReady: `nobody_to_tell`.
    """
    did = {person for person in by if person is not None}
    addresses = [
        Address(name=user.name, email=user.email, language=user.language, user=user)
        for user in others(fund, but=did)
    ]
    if len(did) + len(addresses) < KNOW:
        if not settings.OVERSEER_EMAIL:
            raise NotReady("nobody_to_tell", region=fund.region.name)
        addresses.append(Address(email=settings.OVERSEER_EMAIL))
    for address in addresses:
        outbox.queue(
            key=f"{key}:{address.user.pk if address.user else 'overseer'}",
            kind=KIND,
            to=address,
            params={
                "what": what,
                "fund": fund.name,
                "fund_phone": fund.contact_phone,
                "region": fund.region.name,
                **params,
            },
        )
    return len(addresses)


def last_signs(iban: str) -> str:
    """The only part of an IBAN that a message holds: its last four signs.

    >>> last_signs("NL20INGB0001234567")
    '4567'
    """
    return iban[-4:]
