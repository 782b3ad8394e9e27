"""The long tokens of a sandbox: see them, get another in time, withdraw what leaked."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from api import idempotency, tokens
from api.models import PartnerToken
from api.serializers import tokens as serializers
from api.serializers.query import NoQuery, PageQuery
from api.views.requests import KEY, ForPartners

TAGS = ["Tokens"]


class _OfSandbox(ForPartners):
    """Long tokens are a sandbox's; whoever came with an access token has none."""

    @property
    def token(self) -> PartnerToken:
        token = self.caller.token
        if token is None:
            raise Http404
        return token


@extend_schema_view(
    get=extend_schema(operation_id="listTokens", tags=TAGS, parameters=[PageQuery]),
    post=extend_schema(
        operation_id="rotateToken",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.RotationSerializer,
        responses={201: serializers.NewTokenSerializer},
    ),
)
class TokenList(_OfSandbox, generics.ListAPIView[PartnerToken]):
    """The long tokens of a sandbox, the newest first."""

    scopes = {"GET": "client", "POST": "client"}
    serializer_class = serializers.TokenSerializer
    queryset = PartnerToken.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.query_class = NoQuery if request.method == "POST" else PageQuery
        super().initial(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[PartnerToken]:  # type: ignore[override]
        return self.token.partner.tokens.order_by("-made_at", "-pk")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "token": self.caller.token}

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Get a new token; the one that this call comes with works on for `overlapDays`."""
        self.secret: str | None = None
        answer = idempotency.once(request=request, partner=self.caller.partner, act=self.rotate)
        # Only the first answer holds the secret: it is stored nowhere, also not to be replayed.
        return Response(
            answer.data | {"secret": self.secret},
            status=answer.status_code,
            headers=dict(answer.headers),
        )

    def rotate(self) -> Response:
        body = serializers.RotationSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        made, self.secret = tokens.rotate(
            token=self.token, actor=self.caller.partner.account, **body.validated_data
        )
        data = {"token": serializers.TokenSerializer(made).data, "secret": None}
        location = reverse("api:token", kwargs={"tokenId": made.pk})
        return Response(data, status=201, headers={"Location": location})


@extend_schema_view(
    delete=extend_schema(operation_id="withdrawToken", tags=TAGS, responses={204: None})
)
class TokenDetail(_OfSandbox):
    """One long token of a sandbox."""

    scopes = {"DELETE": "client"}
    http_method_names = ["delete", "options"]

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Withdraw a token; it ends at once, also the one that this call comes with."""
        token = self.token.partner.tokens.filter(pk=self.kwargs["tokenId"]).first()
        if token is None:
            raise Http404
        tokens.revoke(token=token, actor=self.caller.partner.account)
        return Response(status=204)
