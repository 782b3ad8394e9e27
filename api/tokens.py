"""Partners and their tokens: made by an operator, shown once, kept as a hash."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from api.models import Partner, PartnerToken
from budgetpool.audit import trail
from budgetpool.fund.models import Region
from budgetpool.users.models import User

# A fixed beginning lets scanners of code and logs recognise a token that leaked.
PREFIX: Final = "budgetpool_"
VALID_DAYS: Final = 365


@transaction.atomic
def enrol(*, name: str, kvk: str, contact_email: str, regions: list[Region]) -> Partner:
    """Admit an organisation as a partner, with an account for the trail that cannot sign in.

    Raises:
        ValidationError: a name that is taken, a KvK number without 8 digits, a bad address.
    """
    account = User(email=f"{slugify(name)}@partners.invalid", name=name, is_active=False)
    account.set_unusable_password()
    account.full_clean()
    partner = Partner(name=name, kvk=kvk, contact_email=contact_email)
    partner.full_clean(exclude=["account"])
    account.save()
    partner.account = account
    partner.save()
    partner.regions.set(regions)
    trail.record(actor=None, action="partner.enrolled", subject=partner)
    return partner


@transaction.atomic
def make(*, partner: Partner, label: str, valid_days: int = VALID_DAYS) -> tuple[PartnerToken, str]:
    """A new token: its row, and the secret, which is shown now and never again.

    Raises:
        ValidationError: no label, or a validity outside 1 to 366 days.
    """
    if not 1 <= valid_days <= 366:
        raise ValidationError({"valid_days": "Choose from 1 to 366 days."})
    secret = PREFIX + secrets.token_urlsafe(32)
    token = PartnerToken(
        partner=partner,
        label=label,
        digest=digest(secret),
        expires_at=timezone.now() + timedelta(days=valid_days),
    )
    token.full_clean()
    token.save()
    trail.record(actor=None, action="token.made", subject=token, partner=partner.pk)
    return token, secret


@transaction.atomic
def revoke(*, token: PartnerToken) -> None:
    """Make a token useless from now on; asking twice is harmless."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        trail.record(actor=None, action="token.revoked", subject=token, partner=token.partner_id)


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
    if token is not None and token.used_on != timezone.localdate(now):
        token.used_on = timezone.localdate(now)
        token.save(update_fields=["used_on"])
    return token


def digest(secret: str) -> str:
    """The SHA-256 of a token; its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
