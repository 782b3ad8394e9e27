"""Partners, and the tokens of a sandbox that work for months: shown once, kept as a hash.

Where real people are helped, a program gets short tokens for its secret: see `oauth`.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.text import slugify

from api.models import Partner, PartnerToken
from budgetpool.audit import trail
from budgetpool.fund.models import Region
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

# A fixed beginning lets scanners of code and logs recognise a token that leaked.
PREFIX: Final = "budgetpool_"
VALID_DAYS: Final = 365
OVERLAP_DAYS: Final = 7
# Before the end of a token its program is told in every answer.
WARNING_DAYS: Final = 30
MOST: Final = 10


@transaction.atomic
def enrol(
    *,
    name: str,
    kvk: str,
    contact_email: str,
    regions: list[Region],
    is_sandbox: bool = False,
) -> Partner:
    """Admit an organisation as a partner, with an account for the trail that cannot sign in.

    Raises:
        ValidationError: a name that is taken, a KvK number without 8 digits, a bad address.
    """
    if any(region.is_sandbox != is_sandbox for region in regions):
        raise ValidationError({"regions": "A sandbox has its own region, and nobody else has it."})
    account = User(email=f"{slugify(name)}@partners.invalid", name=name, is_active=False)
    account.set_unusable_password()
    account.full_clean()
    partner = Partner(name=name, kvk=kvk, contact_email=contact_email, is_sandbox=is_sandbox)
    partner.full_clean(exclude=["account"])
    account.save()
    partner.account = account
    partner.save()
    partner.regions.set(regions)
    trail.record(actor=None, action="partner.enrolled", subject=partner)
    return partner


@transaction.atomic
def make(
    *,
    partner: Partner,
    label: str,
    valid_days: int = VALID_DAYS,
    actor: User | None = None,
    is_made_up: bool = False,
) -> tuple[PartnerToken, str]:
    """A new token: its row, and the secret, which is shown now and never again.

    Args:
        is_made_up: for the demo, which is built before it is served as one.

    Raises:
        ValidationError: no label, or a validity outside 1 to 366 days.
        NotReady: `token_for_sandbox`, `too_many_tokens`.
    """
    if not 1 <= valid_days <= 366:
        raise ValidationError({"valid_days": "Choose from 1 to 366 days."})
    if not (is_made_up or made_up()):
        raise NotReady("token_for_sandbox")
    # Two programs at one moment do not pass the most together.
    Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
    if working(partner).count() >= MOST:
        raise NotReady("too_many_tokens", most=MOST)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = PartnerToken(
        partner=partner,
        label=label,
        digest=digest(secret),
        expires_at=timezone.now() + timedelta(days=valid_days),
    )
    token.full_clean()
    token.save()
    trail.record(actor=actor, action="token.made", subject=token, partner=partner.pk)
    return token, secret


@transaction.atomic
def rotate(
    *,
    token: PartnerToken,
    label: str,
    overlap_days: int = OVERLAP_DAYS,
    actor: User | None = None,
) -> tuple[PartnerToken, str]:
    """A new token in the place of one, which works on for the overlap and then ends by itself.

    Raises:
        ValidationError: see `make`; an overlap outside 0 to 30 days.
        NotReady: the partner has too many tokens.
    """
    if not 0 <= overlap_days <= 30:
        raise ValidationError({"overlap_days": "Choose from 0 to 30 days."})
    made, secret = make(partner=token.partner, label=label, actor=actor)
    until = timezone.now() + timedelta(days=overlap_days)
    if token.revoked_at is None and until < token.expires_at:
        token.expires_at = until
        token.save(update_fields=["expires_at"])
    trail.record(
        actor=actor,
        action="token.rotated",
        subject=token,
        partner=token.partner_id,
        by=made.pk,
        overlap_days=overlap_days,
    )
    return made, secret


def made_up() -> bool:
    """Whether nothing in this installation is real, so that tokens that work for months will do."""
    return bool(settings.DEMO or settings.SANDBOX)


def working(partner: Partner) -> QuerySet[PartnerToken]:
    """The tokens of a partner that open the door today."""
    return partner.tokens.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())


def ending(*, within_days: int = WARNING_DAYS) -> QuerySet[PartnerToken]:
    """Tokens of active partners that end soon, and that no newer one has taken the place of."""
    now = timezone.now()
    newer = PartnerToken.objects.filter(
        partner=OuterRef("partner"),
        revoked_at__isnull=True,
        expires_at__gt=now + timedelta(days=within_days),
    )
    return (
        PartnerToken.objects.filter(
            partner__is_active=True,
            revoked_at__isnull=True,
            expires_at__gt=now,
            expires_at__lte=now + timedelta(days=within_days),
        )
        .exclude(Exists(newer))
        .select_related("partner")
        .order_by("expires_at")
    )


@transaction.atomic
def revoke(*, token: PartnerToken, actor: User | None = None) -> None:
    """Make a token useless from now on; asking twice is harmless."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        trail.record(actor=actor, action="token.revoked", subject=token, partner=token.partner_id)


def find(secret: str) -> PartnerToken | None:
    """The valid token that belongs to a secret; none when unknown, withdrawn or out of date."""
    now = timezone.now()
    token = (
        PartnerToken.objects.select_related("partner__account")
        .filter(
            digest=digest(secret),
            revoked_at__isnull=True,
            expires_at__gt=now,
            partner__is_active=True,
        )
        .first()
    )
    if token is None or not made_up():
        return None
    if token.used_on != timezone.localdate(now):
        token.used_on = timezone.localdate(now)
        token.save(update_fields=["used_on"])
    return token


def digest(secret: str) -> str:
    """The SHA-256 of a token; its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
