"""How a program proves who it is: a secret of its own, or an assertion signed with its key.

Everything else of the client credentials grant (RFC 6749, section 4.4) is django-oauth-toolkit's.
"""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from django.utils import timezone
from oauth2_provider.oauth2_validators import OAuth2Validator

from api import tokens
from api.models import Credential
from api.oauth import assertions


class ClientValidator(OAuth2Validator):  # type: ignore[misc]
    """Asks our own credentials, and never the secret of the application."""

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        credential = proven(request)
        if credential is None:
            return False
        Credential.objects.filter(pk=credential.pk).update(used_at=timezone.now())
        request.client = credential.client.application
        request.client_id = credential.client.client_id
        return True

    def authenticate_client_id(
        self, client_id: str, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """No program is let in by its name alone."""
        return False

    def client_authentication_required(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        return True


def proven(request: Any) -> Credential | None:
    """The credential that a call proved; only one way at a time (RFC 6749, section 2.3)."""
    basic = _basic(request.headers.get("Authorization", ""))
    secret, assertion = _sent(request, "client_secret"), _sent(request, "client_assertion")
    if sum(way is not None for way in (basic, secret, assertion)) != 1:
        return None
    named = _sent(request, "client_id")
    if assertion is not None:
        if _sent(request, "client_assertion_type") != assertions.TYPE:
            return None
        return assertions.signer_of(assertion, client_id=named)
    if basic is not None:
        own, given = basic
        return by_secret(own, given) if named in (None, own) else None
    return by_secret(named or "", secret or "")


def by_secret(client_id: str, secret: str) -> Credential | None:
    """The working credential of a client with this secret."""
    if not secret:
        return None
    return (
        # A withdrawal waits until the token is stored, and then ends it, too.
        Credential.objects.select_related("client__application", "client__partner")
        .select_for_update(of=("self", "client"), no_key=True)
        .filter(
            client__application__client_id=client_id,
            client__withdrawn_at__isnull=True,
            client__partner__is_active=True,
            kind=Credential.Kind.SECRET,
            digest=tokens.digest(secret),
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
        )
        .first()
    )


def _sent(request: Any, name: str) -> str | None:
    value = dict(request.decoded_body or []).get(name)
    return value if isinstance(value, str) else None


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _blank, encoded = header.partition(" ")
    if not header or scheme.lower() != "basic":
        return ("", "") if header else None
    try:
        own, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return ("", "")
    return (unquote_plus(own), unquote_plus(secret)) if colon else ("", "")
