"""What a partner's program does: file a request, see its state, read the decision."""

from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from allocation.decisions import explanation
from api import filing, idempotency
from api.authentication import IsPartner
from api.models import PartnerToken
from api.serializers import requests as serializers
from api.serializers.query import NoQuery, PageQuery, Query
from api.throttling import CallThrottle, FilingThrottle
from budgetpool.mail import reasons
from workers import requests as services
from workers.models import TrainingRequest

TAGS = ["Training requests"]
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,255}$"},
    OpenApiParameter.HEADER,
    required=True,
    description="A new random key for each request; sending the same again is harmless.",
)


class ForPartners(APIView):
    """Shows and touches only what the caller's own organisation filed."""

    http_method_names = ["get", "head", "post"]
    permission_classes = (IsPartner,)
    throttle_classes = (CallThrottle, FilingThrottle)
    query_class: type[Query] = NoQuery
    request: Request
    kwargs: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.query_class.of(request)

    @property
    def token(self) -> PartnerToken:
        return cast(PartnerToken, self.request.auth)

    def get_queryset(self) -> QuerySet[TrainingRequest]:
        return (
            TrainingRequest.objects.filter(filed_for_organisation=self.token.partner.name)
            .select_related("window__fund__region", "worker__region", "decision")
            .order_by("-pk")
        )

    def seen(self, request: TrainingRequest) -> TrainingRequest:
        partner = self.token.partner
        return services.seen(actor=partner.account, request=request, organisation=partner.name)


@extend_schema_view(
    get=extend_schema(operation_id="listTrainingRequests", tags=TAGS, parameters=[PageQuery]),
    post=extend_schema(
        operation_id="fileTrainingRequest",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.FilingSerializer,
        responses={201: serializers.FiledSerializer},
    ),
)
class RequestList(ForPartners, generics.ListAPIView):
    """Requests that your organisation filed, the newest first; and file one more."""

    serializer_class = serializers.FiledSerializer
    queryset = TrainingRequest.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.query_class = PageQuery if request.method == "GET" else NoQuery
        super().initial(request, *args, **kwargs)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """File a request on behalf of a worker who agreed."""
        return idempotency.once(request=request, partner=self.token.partner, act=self.file)

    def file(self) -> Response:
        body = serializers.FilingSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        filed = filing.file(token=self.token, region=values.pop("region"), filing=values)
        location = reverse("api:request", kwargs={"requestId": filed.pk})
        data = serializers.FiledSerializer(filed).data
        return Response(data, status=201, headers={"Location": location})


@extend_schema_view(get=extend_schema(operation_id="getTrainingRequest", tags=TAGS))
class RequestDetail(ForPartners, generics.RetrieveAPIView):
    """The state of a request that your organisation filed."""

    serializer_class = serializers.FiledSerializer
    queryset = TrainingRequest.objects.none()
    lookup_url_kwarg = "requestId"

    def get_object(self) -> TrainingRequest:
        return self.seen(super().get_object())


@extend_schema_view(get=extend_schema(operation_id="getDecision", tags=TAGS))
class RequestDecision(ForPartners, generics.RetrieveAPIView):
    """The published decision on a request that your organisation filed."""

    serializer_class = serializers.DecisionSerializer
    queryset = TrainingRequest.objects.none()
    lookup_url_kwarg = "requestId"

    def get_object(self) -> dict[str, Any]:
        request = super().get_object()
        partner = self.token.partner
        answer = explanation.of_worker(
            request=request, actor=partner.account, organisation=partner.name
        )
        if answer is None:
            raise NotFound("There is no decision yet. It comes when the round is published.")
        return _decision(answer)


def _decision(answer: explanation.Explanation) -> dict[str, Any]:
    language = answer.request.worker.language
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(known):
        sentences = reasons.why(answer.reason, answer.params)
    chosen = [row.choice.rank for row in answer.choices if row.awarded]
    params = {key: value for key, value in answer.params.items() if key != "choices"}
    return {
        "requestId": answer.request.pk,
        "roundId": answer.round.pk,
        "awarded": answer.awarded,
        "amountCents": answer.amount_cents,
        "choiceRank": chosen[0] if chosen else None,
        "points": answer.points,
        "reason": answer.reason,
        "reasonParams": params,
        "sentences": sentences,
        "objectionUntil": answer.objection_until,
    }
