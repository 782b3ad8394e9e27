"""Where a program gets its short access token (RFC 6749, section 4.4)."""

import json
from functools import cache
from typing import Any, Final

from django.db import transaction
from drf_spectacular.utils import extend_schema, extend_schema_view
from oauth2_provider.oauth2_backends import OAuthLibCore
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import oauth as serializers
from api.throttling import TokenThrottle
from api.views.door import Door

FORM: Final = "application/x-www-form-urlencoded"

# Where the library gives a code alone; in English, as the codes are (RFC 6749, section 5.2).
WORDS: Final = {
    "invalid_client": "The client, its secret or its assertion is not right, or has ended.",
    "invalid_scope": "The client may not have this scope.",
    "unsupported_grant_type": "Only client_credentials is possible.",
}


@cache
def core() -> OAuthLibCore:
    """The authorization server, which knows the client credentials grant and nothing else."""
    return OAuthLibCore()


@extend_schema_view(
    post=extend_schema(
        operation_id="getAccessToken",
        tags=["OAuth 2"],
        request={FORM: serializers.AskedTokenSerializer},
        responses={
            200: serializers.AccessTokenSerializer,
            400: serializers.RefusedTokenSerializer,
            401: serializers.RefusedTokenSerializer,
        },
        auth=[],
    )
)
class TokenEndpoint(Door):
    """Access tokens for programs."""

    http_method_names = ["post", "options"]
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (TokenThrottle,)

    # The lock on the credential holds until the token is stored: no withdrawal falls between.
    @transaction.atomic
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give an access token for a client's secret or signed assertion.

        Errors have the form of RFC 6749, section 5.2, as every OAuth library expects.
        """
        http = request._request
        if http.content_type != FORM:
            raise UnsupportedMediaType(http.content_type or "")
        _url, headers, body, status = core().create_token_response(http)
        told = {
            name: value
            for name, value in headers.items()
            if name.lower() in {"www-authenticate", "pragma"}
        }
        if status == 401:
            told["WWW-Authenticate"] = 'Basic realm="Budgetpool"'
        answer = json.loads(body)
        if "error" in answer:
            answer.setdefault("error_description", WORDS.get(answer["error"], answer["error"]))
        return Response(answer, status=status, headers=told)
