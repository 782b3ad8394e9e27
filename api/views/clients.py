"""A program sees what it proves itself with, rotates it in time, and withdraws what leaked."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from api import idempotency
from api.models import Client
from api.oauth import clients
from api.serializers import clients as serializers
from api.serializers.partner import TrailSerializer
from api.serializers.query import PageQuery
from api.views.requests import KEY, ForPartners
from budgetpool.audit.models import AuditEvent

TAGS = ["Client"]


class _OfClient(ForPartners):
    """About the client that the call comes from; a token of a sandbox has none."""

    @property
    def client(self) -> Client:
        client = self.caller.client
        if client is None:
            raise Http404
        return client


@extend_schema_view(
    get=extend_schema(
        operation_id="getClient", tags=TAGS, responses={200: serializers.ClientSerializer}
    )
)
class ClientDetail(_OfClient):
    """The client of your organisation, with its secrets and keys."""

    scopes = {"GET": "client"}
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The client of your organisation, with its secrets and keys and when each was used."""
        return Response(serializers.ClientSerializer(self.client).data)


@extend_schema_view(
    post=extend_schema(
        operation_id="rotateSecret",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.CredentialRotationSerializer,
        responses={201: serializers.NewCredentialSerializer},
    )
)
class CredentialList(_OfClient):
    """A new secret in the place of an old one."""

    scopes = {"POST": "client"}
    http_method_names = ["post", "options"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Get a new secret in the place of `replaces`, which works on for `overlapDays`."""
        self.secret: str | None = None
        answer = idempotency.once(request=request, partner=self.caller.partner, act=self.rotate)
        # Only the first answer holds the secret: it is stored nowhere, also not to be replayed.
        return Response(
            answer.data | {"secret": self.secret},
            status=answer.status_code,
            headers=dict(answer.headers),
        )

    def rotate(self) -> Response:
        body = serializers.CredentialRotationSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        replaced = self.client.credentials.filter(pk=values.pop("replaces")).first()
        if replaced is None:
            raise Http404
        made, self.secret = clients.rotate(
            credential=replaced, actor=self.caller.partner.account, **values
        )
        data = {"credential": serializers.CredentialSerializer(made).data, "secret": None}
        location = reverse("api:credential", kwargs={"credentialId": made.pk})
        return Response(data, status=201, headers={"Location": location})


@extend_schema_view(
    get=extend_schema(
        operation_id="getCredential",
        tags=TAGS,
        responses={200: serializers.CredentialSerializer},
    ),
    delete=extend_schema(operation_id="withdrawCredential", tags=TAGS, responses={204: None}),
)
class CredentialDetail(_OfClient):
    """One secret or key of your client."""

    scopes = {"GET": "client", "DELETE": "client"}
    http_method_names = ["get", "head", "delete", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One secret or key of your client."""
        return Response(serializers.CredentialSerializer(self.credential()).data)

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Withdraw a secret or key; it ends at once, and every access token of the client."""
        clients.withdraw(credential=self.credential(), actor=self.caller.partner.account)
        return Response(status=204)

    def credential(self) -> Any:
        found = self.client.credentials.filter(pk=self.kwargs["credentialId"]).first()
        if found is None:
            raise Http404
        return found


@extend_schema_view(get=extend_schema(operation_id="listTrail", tags=TAGS, parameters=[PageQuery]))
class TrailList(ForPartners, generics.ListAPIView[AuditEvent]):
    """The trail of your organisation's program."""

    scopes = {"GET": "client"}
    http_method_names = ["get", "head", "options"]
    serializer_class = TrailSerializer
    query_class = PageQuery
    queryset = AuditEvent.objects.none()

    def get_queryset(self) -> QuerySet[AuditEvent]:  # type: ignore[override]
        return AuditEvent.objects.filter(actor=self.caller.partner.account).order_by("-pk")
