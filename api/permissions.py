"""What a partner's program may do: each operation asks for one scope."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from api.callers import Caller
from api.problems import Problem


class IsPartner(BasePermission):
    """Only for a partner's program whose token holds the scope of the operation."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, Caller):
            return False
        if request.method not in view.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        scope = scope_of(view, request)
        if scope not in request.auth.scopes:
            raise InsufficientScope(scope)
        return True


def scope_of(view: APIView, request: Request | HttpRequest) -> str:
    """The scope that an operation asks for."""
    scopes: dict[str, str] = getattr(view, "scopes", {})
    method = "GET" if request.method == "HEAD" else str(request.method)
    return scopes[method]


class InsufficientScope(Problem):
    """403 with the scope that is missing (RFC 6750, section 3.1)."""

    def __init__(self, scope: str) -> None:
        detail = _("The token lacks the scope %(scope)s.") % {"scope": scope}
        super().__init__(403, "insufficient_scope", detail)
        self.auth_header = f'Bearer realm="Budgetpool", error="insufficient_scope", scope="{scope}"'
