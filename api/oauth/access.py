"""Short tokens: given for a proof of who a program is, kept as a hash, gone with what gave them."""

import hashlib
import secrets
from typing import Any, Final

from django.db.models import F
from django.utils import timezone
from oauth2_provider.models import AccessToken

from api import tokens
from api.callers import Caller
from api.models import Client

# A fixed beginning lets scanners of code and logs recognise a token that leaked.
PREFIX: Final = "budgetpool_at_"


def generate(request: Any, *args: Any, **kwargs: Any) -> str:
    """A new access token (the generator of django-oauth-toolkit)."""
    return PREFIX + secrets.token_urlsafe(32)


def caller_of(secret: str) -> Caller | None:
    """The program of an access token, as long as token, program and partner all work."""
    checksum = hashlib.sha256(secret.encode()).hexdigest()
    # One statement of each call: it reads no more than the call needs, in no order.
    client = (
        Client.objects.select_related("partner__account")
        .filter(
            application__accesstoken__token_checksum=checksum,
            application__accesstoken__expires__gt=timezone.now(),
            withdrawn_at__isnull=True,
            partner__is_active=True,
        )
        .annotate(token_scope=F("application__accesstoken__scope"))
        .order_by()
        .first()
    )
    if client is None:
        return None
    if client.partner.is_sandbox and not tokens.made_up():
        return None
    # A scope that was taken from the program is gone from tokens that it holds already.
    return Caller(
        client.partner,
        frozenset(client.token_scope.split()) & frozenset(client.scopes),
        client=client,
    )


def end_all(client: Client) -> None:
    """End every access token of a program; an honest one asks for another at once."""
    AccessToken.objects.filter(application=client.application_id).delete()
