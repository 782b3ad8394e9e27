"""Who calls: a partner's program with an access token, a sandbox with its own token, or nobody."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from api import tokens
from api.callers import Caller
from api.oauth import access
from api.scopes import ALL
from budgetpool.users.models import User

NO_TOKEN: Final = _("This token is unknown, withdrawn or out of date. Get a new one.")


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`; `request.user` is then the partner's own account."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        scheme, _blank, secret = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        caller = None
        if scheme.lower() == "bearer":
            caller = _recent(request, secret.strip()) or caller_of(secret.strip())
        if caller is None:
            raise AuthenticationFailed(NO_TOKEN)
        return caller.partner.account, caller

    def authenticate_header(self, request: Request) -> str:
        sent = ', error="invalid_token"' if request.headers.get("Authorization") else ""
        return f'Bearer realm="Budgetpool"{sent}'


def _recent(request: Request, secret: str) -> Caller | None:
    """The program behind a question whose own statement looks whether the token still works."""
    view = (request.parser_context or {}).get("view")
    if request.method not in getattr(view, "may_remember_tokens", ()):
        return None
    return access.recent(secret)


def caller_of(secret: str) -> Caller | None:
    """The program that a token belongs to; none for a token that opens nothing."""
    if secret.startswith(access.PREFIX):
        return access.caller_of(secret)
    token = tokens.find(secret)
    if token is None:
        return None
    return Caller(token.partner, frozenset(ALL), token=token)
