"""Who manages a partner's program in the portal: people of the partner, let in by the board."""

from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from api.models import Partner, PartnerAdministrator
from budgetpool.audit import trail
from budgetpool.fund import seats
from budgetpool.fund.models import Region, Seat
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.users import accounts
from budgetpool.users.models import User

GIVERS: Final = {Seat.Role.BOARD.value, Seat.Role.ADMINISTRATOR.value}


@transaction.atomic
def give(
    *, partner: Partner, email: str, name: str, region: Region, actor: User
) -> PartnerAdministrator:
    """Let somebody of a partner manage its secrets.

    Args:
        email: theirs; the account is made when it is new, and signs in with a code by e-mail.
        name: for a new account.

    Raises:
        NotAllowed: `no_seat`, without a place in the board or as administrator of a region of
            the partner; `same_person`, for oneself.
        NotReady: `name_missing`, for a new account; `account_closed`; `administers_already`.
        ValidationError: no e-mail address.
    """
    if not seats.holds(actor, region=region, roles=GIVERS):
        raise NotAllowed("no_seat", region=region.code, roles=sorted(GIVERS))
    if email.strip().lower() == actor.email.lower():
        raise NotAllowed("same_person", partner=partner.pk)
    made = keep(partner=partner, email=email, name=name)
    trail.record(
        actor=actor,
        action="partner_administrator.given",
        subject=made,
        region_code=region.code,
        partner=partner.pk,
        user=made.user_id,
    )
    return made


def keep(*, partner: Partner, email: str, name: str) -> PartnerAdministrator:
    """The row, with its account; in the caller's transaction.

    Raises:
        NotReady: `name_missing`, `account_closed`, `administers_already`.
        ValidationError: no e-mail address.
    """
    user = accounts.of(email, name=name)
    try:
        with transaction.atomic():
            return PartnerAdministrator.objects.create(partner=partner, user=user)
    except IntegrityError:
        raise NotReady("administers_already", partner=partner.pk) from None


@transaction.atomic
def end(*, administrator: PartnerAdministrator, region: Region, actor: User) -> None:
    """Take the place back at once.

    Raises:
        NotAllowed: `no_seat`, as `give`.
    """
    if not seats.holds(actor, region=region, roles=GIVERS):
        raise NotAllowed("no_seat", region=region.code, roles=sorted(GIVERS))
    administrator.ended_at = timezone.now()
    administrator.save(update_fields=["ended_at"])
    trail.record(
        actor=actor,
        action="partner_administrator.ended",
        subject=administrator,
        region_code=region.code,
        partner=administrator.partner_id,
        user=administrator.user_id,
    )


def live() -> QuerySet[PartnerAdministrator]:
    """Who manages a partner now."""
    return PartnerAdministrator.objects.filter(
        ended_at__isnull=True, user__is_active=True, partner__is_active=True
    ).select_related("partner", "user")


def partners_of(user: User) -> list[Partner]:
    """The partners whose programs a person manages, by name."""
    return [one.partner for one in live().filter(user=user).order_by("partner__name")]
