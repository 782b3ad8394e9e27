"""Links that sign in: short-lived, for one use, and worth nothing after another way in.

The secret stands in the e-mail alone. The database holds its hash, so that a copy of it opens
nothing; a person has at most one live link.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from budgetpool.users.models import SignInLink, User

MINUTES: Final = 15
BYTES: Final = 32


@transaction.atomic
def make(*, user: User, email: str, onward: str = "") -> str:
    """Make a link for a person and give its secret; earlier ones are worth nothing now.

    Args:
        email: the address that the secret is sent to, and that using it proves.
        onward: the page that the person asked for, an address of our own.
    """
    void(user)
    secret = secrets.token_urlsafe(BYTES)
    link = SignInLink(user=user, email=email, secret_sha256=_hash(secret), onward=onward)
    link.full_clean()
    link.save()
    return secret


def find(secret: str) -> SignInLink | None:
    """The live link with this secret; looking uses nothing up."""
    return (
        SignInLink.objects.filter(
            secret_sha256=_hash(secret),
            ended_at__isnull=True,
            made_at__gt=timezone.now() - timedelta(minutes=MINUTES),
            user__is_active=True,
        )
        .select_related("user")
        .first()
    )


def take(link: SignInLink) -> bool:
    """Use a link up; of two who do so at once only one hears True."""
    live = SignInLink.objects.filter(pk=link.pk, ended_at__isnull=True)
    return live.update(ended_at=timezone.now()) == 1


def void(user: User) -> None:
    """Let every live link of a person be worth nothing."""
    user.sign_in_links.filter(ended_at__isnull=True).update(ended_at=timezone.now())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
