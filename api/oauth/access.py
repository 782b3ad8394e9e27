"""Short tokens: given for a proof of who a program is, kept as a hash, gone with what gave them."""

import hashlib
import secrets
import time
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, F
from django.utils import timezone
from oauth2_provider.models import AccessToken

from api import tokens
from api.callers import Caller
from api.models import Client

# A fixed beginning lets scanners of code and logs recognise a token that leaked.
PREFIX: Final = "budgetpool_at_"
# For so long a process remembers whose a token is; whether it still works is always asked.
RECENT_SECONDS: Final = 5
MOST_RECENT: Final = 5_000
_callers: dict[str, tuple[Caller, float]] = {}


def generate(request: Any, *args: Any, **kwargs: Any) -> str:
    """A new access token (the generator of django-oauth-toolkit)."""
    return PREFIX + secrets.token_urlsafe(32)


def caller_of(secret: str) -> Caller | None:
    """The program of an access token, as long as token, program and partner all work."""
    return caller_for(checksum_of(secret))


def caller_for(checksum: str) -> Caller | None:
    """The same, by what is kept of the token."""
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
    if client is None or (client.partner.is_sandbox and not tokens.made_up()):
        _callers.pop(checksum, None)
        return None
    # A scope that was taken from the program is gone from tokens that it holds already.
    scopes = frozenset(client.token_scope.split()) & frozenset(client.scopes)
    caller = Caller(client.partner, scopes, client=client, checksum=checksum)
    _remember(checksum, caller)
    return caller


def recent(secret: str) -> Caller | None:
    """The program of a token that worked a moment ago; nothing is asked of the database.

    Only for who then reads with `still_works` in the same statement, so that a token that was
    withdrawn meanwhile, in whatever process, shows nothing.
    """
    known = _callers.get(checksum_of(secret))
    if known is None or time.monotonic() - known[1] > RECENT_SECONDS:
        return None
    return known[0] if not known[0].partner.is_sandbox or tokens.made_up() else None


def still_works(*, checksum: str, name: str, scopes: list[str], now: datetime) -> Exists:
    """A condition for a statement of the caller's: the token, its program with these scopes, and
    the partner of this name all work."""
    return Exists(
        AccessToken.objects.filter(
            token_checksum=checksum,
            expires__gt=now,
            application__client__withdrawn_at__isnull=True,
            application__client__scopes=scopes,
            application__client__partner__is_active=True,
            application__client__partner__name=name,
        )
    )


def checksum_of(secret: str) -> str:
    """Under what a token is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def forget() -> None:
    """Remember no program, as a new process does."""
    _callers.clear()


def _remember(checksum: str, caller: Caller) -> None:
    if len(_callers) >= MOST_RECENT:
        _callers.clear()
    _callers[checksum] = caller, time.monotonic()


def end_all(client: Client) -> None:
    """End every access token of a program; an honest one asks for another at once."""
    AccessToken.objects.filter(application=client.application_id).delete()
