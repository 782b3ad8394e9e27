"""Where a partner's program wants to be told, and how the deliveries went."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from api import idempotency
from api.models import Delivery, Endpoint
from api.serializers import webhooks as serializers
from api.serializers.query import NoQuery, PageQuery
from api.views.requests import KEY, ForPartners
from api.webhooks import endpoints

TAGS = ["Webhooks"]


class _OfEndpoint(ForPartners):
    """About an address of the caller's own organisation."""

    @property
    def endpoint(self) -> Endpoint:
        found = self.caller.partner.endpoints.filter(pk=self.kwargs["webhookId"]).first()
        if found is None:
            raise Http404
        return found

    def with_secret(self, act: Any) -> Response:
        """Act once for a key; only the first answer holds the secret, which is stored nowhere."""
        self.secret: str | None = None
        answer = idempotency.once(request=self.request, partner=self.caller.partner, act=act)
        return Response(
            answer.data | {"secret": self.secret},
            status=answer.status_code,
            headers=dict(answer.headers),
        )


@extend_schema_view(
    get=extend_schema(operation_id="listWebhooks", tags=TAGS, parameters=[PageQuery]),
    post=extend_schema(
        operation_id="addWebhook",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.NewWebhookSerializer,
        responses={201: serializers.WebhookWithSecretSerializer},
    ),
)
class WebhookList(_OfEndpoint, generics.ListAPIView[Endpoint]):
    """The addresses of your organisation that get events."""

    scopes = {"GET": "webhooks", "POST": "webhooks"}
    serializer_class = serializers.WebhookSerializer
    queryset = Endpoint.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.query_class = NoQuery if request.method == "POST" else PageQuery
        super().initial(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Endpoint]:  # type: ignore[override]
        return self.caller.partner.endpoints.order_by("pk")

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Register an address; the secret that signs is shown once."""
        return self.with_secret(self.add)

    def add(self) -> Response:
        body = serializers.NewWebhookSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        partner = self.caller.partner
        made, self.secret = endpoints.add(
            partner=partner, actor=partner.account, **body.validated_data
        )
        data = {"webhook": serializers.WebhookSerializer(made).data, "secret": None}
        location = reverse("api:webhook", kwargs={"webhookId": made.pk})
        return Response(data, status=201, headers={"Location": location})


@extend_schema_view(
    get=extend_schema(
        operation_id="getWebhook", tags=TAGS, responses={200: serializers.WebhookSerializer}
    ),
    delete=extend_schema(operation_id="endWebhook", tags=TAGS, responses={204: None}),
)
class WebhookDetail(_OfEndpoint):
    """One address that gets events."""

    scopes = {"GET": "webhooks", "DELETE": "webhooks"}
    http_method_names = ["get", "head", "delete", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One address that gets events."""
        return Response(serializers.WebhookSerializer(self.endpoint).data)

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send nothing to this address any more."""
        endpoints.end(endpoint=self.endpoint, actor=self.caller.partner.account)
        return Response(status=204)


@extend_schema_view(
    post=extend_schema(
        operation_id="rotateWebhookSecret",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.SecretRotationSerializer,
        responses={201: serializers.WebhookWithSecretSerializer},
    )
)
class WebhookSecret(_OfEndpoint):
    """Another secret for an address."""

    scopes = {"POST": "webhooks"}
    http_method_names = ["post", "options"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Get another secret; for `overlapHours` each event is signed with both."""
        return self.with_secret(self.rotate)

    def rotate(self) -> Response:
        body = serializers.SecretRotationSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        endpoint = self.endpoint
        self.secret = endpoints.rotate(
            endpoint=endpoint, actor=self.caller.partner.account, **body.validated_data
        )
        data = {"webhook": serializers.WebhookSerializer(endpoint).data, "secret": None}
        location = reverse("api:webhook", kwargs={"webhookId": endpoint.pk})
        return Response(data, status=201, headers={"Location": location})


@extend_schema_view(
    post=extend_schema(
        operation_id="testWebhook",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.NothingSerializer,
        responses={202: serializers.EventSerializer},
    )
)
class WebhookTest(_OfEndpoint):
    """An event to try an address with."""

    scopes = {"POST": "webhooks"}
    http_method_names = ["post", "options"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send an event of the kind `webhook.test` to this address alone."""
        return idempotency.once(request=request, partner=self.caller.partner, act=self.test)

    def test(self) -> Response:
        body = serializers.NothingSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        event = endpoints.test(endpoint=self.endpoint)
        return Response(serializers.EventSerializer(event).data, status=202)


@extend_schema_view(
    get=extend_schema(operation_id="listDeliveries", tags=TAGS, parameters=[PageQuery])
)
class DeliveryList(_OfEndpoint, generics.ListAPIView[Delivery]):
    """Each event that went or goes to an address, with every try; the newest first."""

    scopes = {"GET": "webhooks"}
    http_method_names = ["get", "head", "options"]
    serializer_class = serializers.DeliverySerializer
    query_class = PageQuery
    queryset = Delivery.objects.none()

    def get_queryset(self) -> QuerySet[Delivery]:  # type: ignore[override]
        return (
            self.endpoint.deliveries.select_related("event")
            .prefetch_related("attempts")
            .order_by("-pk")
        )


@extend_schema_view(
    post=extend_schema(
        operation_id="sendAnew",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.AnewSerializer,
        responses={202: serializers.SentAnewSerializer},
    )
)
class DeliveryReplay(_OfEndpoint):
    """Events once more."""

    scopes = {"POST": "webhooks"}
    http_method_names = ["post", "options"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send one delivery, or all events since a moment, once more, each under its old name."""
        return idempotency.once(request=request, partner=self.caller.partner, act=self.anew)

    def anew(self) -> Response:
        body = serializers.AnewSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        count = endpoints.send_anew(endpoint=self.endpoint, **body.validated_data)
        return Response({"deliveries": count}, status=202)
