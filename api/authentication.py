"""Who calls: a partner's program with its token, or nobody."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api import tokens
from api.models import PartnerToken
from budgetpool.users.models import User


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer budgetpool_…`; `request.user` is then the partner's own account."""

    def authenticate(self, request: Request) -> tuple[User, PartnerToken] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        token = tokens.find(secret.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise AuthenticationFailed(
                "This token is unknown, withdrawn or out of date. Ask the fund for a new one."
            )
        return token.partner.account, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Budgetpool"'


class IsPartner(BasePermission):
    """Only for a partner's program."""

    def has_permission(self, request: Request, view: object) -> bool:
        return isinstance(request.auth, PartnerToken)
