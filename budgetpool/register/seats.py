"""Who sits at a provider (a school): several people of one school, each with their own account."""

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.fund import seats
from budgetpool.fund.models import Fund, Region, Seat
from budgetpool.mail import outbox
from budgetpool.mail.outbox import Address
from budgetpool.refusals import NotAllowed
from budgetpool.register.models import Provider, ProviderSeat
from budgetpool.users import accounts
from budgetpool.users.models import User

GIVERS: Final = {Seat.Role.ADVISER.value, Seat.Role.BOARD.value, Seat.Role.ADMINISTRATOR.value}


def give(*, provider: Provider, email: str, name: str, region: Region, actor: User) -> ProviderSeat:
    """The counter or the board of a region lets somebody work for a school, and writes to them.

    Args:
        email: theirs; the account is made when it is new, and signs in with a code by e-mail.
        name: for a new account.

    Raises:
        NotAllowed: `no_seat`: no adviser, board member or administrator of the region;
            `same_person`: a seat for oneself, who would then judge one's own papers.
        NotReady: `name_missing`, for a new account; `account_closed`.
        ValidationError: no e-mail address.
    """
    if not seats.holds(actor, region=region, roles=GIVERS):
        raise NotAllowed("no_seat", region=region.code, roles=sorted(GIVERS))
    if email.strip().lower() == actor.email.lower():
        raise NotAllowed("same_person", provider=provider.pk)
    with transaction.atomic():
        seat = keep(provider=provider, email=email, name=name)
        trail.record(
            actor=actor,
            action="provider_seat.given",
            subject=seat,
            region_code=region.code,
            provider=provider.pk,
            user=seat.user_id,
        )
        fund = Fund.objects.filter(region=region).first()
        outbox.queue(
            key=f"provider_seat:{seat.pk}:{seat.since:%Y%m%d}",
            kind="school_seat",
            to=Address(name=seat.user.name, email=seat.user.email, user=seat.user),
            params={
                "school": provider.name,
                "fund": fund.name if fund else "",
                "fund_phone": fund.contact_phone if fund else "",
            },
        )
    return seat


def end(*, seat: ProviderSeat, region: Region, actor: User) -> None:
    """Take a seat back, from today on.

    Raises:
        NotAllowed: `no_seat`, as `give`.
    """
    if not seats.holds(actor, region=region, roles=GIVERS):
        raise NotAllowed("no_seat", region=region.code, roles=sorted(GIVERS))
    with transaction.atomic():
        seat.until = timezone.localdate() - timedelta(days=1)
        seat.since = min(seat.since, seat.until)
        seat.full_clean()
        seat.save()
        trail.record(
            actor=actor,
            action="provider_seat.ended",
            subject=seat,
            region_code=region.code,
            provider=seat.provider_id,
            user=seat.user_id,
        )


def keep(*, provider: Provider, email: str, name: str) -> ProviderSeat:
    """The row of a seat, from today on, with its account; in the caller's transaction.

    Raises:
        NotReady: `name_missing`, `account_closed`.
        ValidationError: no e-mail address.
    """
    user = accounts.of(email, name=name)
    seat = ProviderSeat.objects.filter(provider=provider, user=user).first()
    if seat is None:
        seat = ProviderSeat(provider=provider, user=user)
    elif seat.until is not None and seat.until < timezone.localdate():
        seat.since = timezone.localdate()
    seat.until = None
    seat.full_clean()
    seat.save()
    return seat


def live(*, day: date | None = None) -> QuerySet[ProviderSeat]:
    """The seats of a day (today when not given); a school that has ended has none."""
    on = day or timezone.localdate()
    return (
        ProviderSeat.objects.filter(
            Q(until__isnull=True) | Q(until__gte=on), since__lte=on, user__is_active=True
        )
        .exclude(provider__status=Provider.Status.ENDED)
        .select_related("provider", "user")
        .order_by("provider__name", "provider", "pk")
    )


def held_by(user: User) -> list[ProviderSeat]:
    """The seats that a person holds today, by the provider's name."""
    return list(live().filter(user=user))


def holds(user: User, provider: Provider) -> bool:
    """Whether a person sits at this provider today."""
    return live().filter(user=user, provider=provider).exists()


def people_lately_of(provider: Provider, *, days: int = 90) -> list[User]:
    """Who can be written to at a provider, and who could until some days ago."""
    since = timezone.localdate() - timedelta(days=days)
    rows = provider.seats.filter(Q(until__isnull=True) | Q(until__gte=since), user__is_active=True)
    return [seat.user for seat in rows.select_related("user").order_by("pk")]


def people_of(provider: Provider) -> list[User]:
    """Who can be written to at a provider."""
    return [seat.user for seat in live().filter(provider=provider)]
