"""What a partner's program does: file a request, see its state, read the decision."""

from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from allocation.decisions import explanation
from api import batches, filing, idempotency, reading, versions
from api.callers import Caller
from api.cursors import Cursors
from api.permissions import IsPartner
from api.problems import Problem
from api.serializers import requests as serializers
from api.serializers.query import NoQuery, Query, RequestQuery
from api.throttling import FilingThrottle
from api.views.door import Door
from budgetpool.mail import languages, reasons
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
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` that you read; without it 428, and 412 when it was changed since.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` that you hold; 304 when it is still the same.",
)


class ForPartners(Door):
    """Shows and touches only what the caller's own organisation filed."""

    http_method_names = ["get", "head", "post", "options"]
    permission_classes = (IsPartner,)
    throttle_classes = (FilingThrottle,)
    # The scope that each method asks for.
    scopes: ClassVar[dict[str, str]] = {}
    query_class: type[Query] = NoQuery
    query: dict[str, Any]
    request: Request
    kwargs: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS":
            self.query = self.query_class.of(request)

    @property
    def caller(self) -> Caller:
        return cast(Caller, self.request.auth)

    def get_queryset(self) -> QuerySet[TrainingRequest]:
        return reading.own(self.caller.partner.name)

    def asked(self, *, lock: bool = False) -> TrainingRequest:
        """The request of the address, if the caller's own organisation filed it."""
        key = self.kwargs["requestId"]
        if lock:
            own = TrainingRequest.objects.filter(filed_for_organisation=self.caller.partner.name)
            own.select_for_update(no_key=True).filter(pk=key).first()
        found = ForPartners.get_queryset(self).filter(pk=key).first()
        if found is None:
            raise Http404
        return found

    def seen(self, request: TrainingRequest) -> TrainingRequest:
        partner = self.caller.partner
        return services.seen(actor=partner.account, request=request, organisation=partner.name)


@extend_schema_view(
    get=extend_schema(operation_id="listTrainingRequests", tags=TAGS, parameters=[RequestQuery]),
    post=extend_schema(
        operation_id="fileTrainingRequest",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.FilingSerializer,
        responses={201: serializers.FiledSerializer},
    ),
)
class RequestList(ForPartners, generics.ListAPIView[TrainingRequest]):
    """Requests that your organisation filed, the newest first; and file one more."""

    scopes = {"GET": "requests:read", "POST": "requests:write"}
    may_remember_tokens = ("GET", "HEAD")
    serializer_class = serializers.FiledSerializer
    pagination_class = Cursors
    queryset = TrainingRequest.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.query_class = NoQuery if request.method == "POST" else RequestQuery
        super().initial(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[TrainingRequest]:
        places = reading.FILTERS | {"hasDecision": "has_decision"}
        return (
            super()
            .get_queryset()
            .filter(**{places[key]: value for key, value in self.wanted.items() if key in places})
        )

    @property
    def wanted(self) -> dict[str, Any]:
        return {key: value for key, value in self.query.items() if value is not None}

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Requests that your organisation filed, the newest first."""
        wanted = self.wanted
        if wanted.get("page", 1) == 1 and "cursor" not in wanted:
            size = wanted.get("pageSize", Cursors.page_size)
            found = reading.first_page(self.caller, wanted, size)
            if found is not None:
                return Cursors.first_page(request, *found, size)
        return super().list(request, *args, **kwargs)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """File a request on behalf of a worker who agreed."""
        return idempotency.once(request=request, partner=self.caller.partner, act=self.file)

    def file(self) -> Response:
        [entry] = filing.read([self.request.data])
        [filed] = filing.file(caller=self.caller, entries=[entry])
        if isinstance(filed, Problem):
            raise filed
        return shown(filed, 201, {"Location": location(filed)})


def shown(request: TrainingRequest, status: int, headers: dict[str, str] | None = None) -> Response:
    """A request as its partner sees it, with its version."""
    return told(serializers.filed_of(request), status, headers)


def told(data: dict[str, Any], status: int, headers: dict[str, str] | None = None) -> Response:
    """What was said of a request, with its version."""
    return Response(data, status=status, headers={"ETag": versions.etag(data)} | (headers or {}))


def location(request: TrainingRequest) -> str:
    """Where a request stands."""
    return reverse("api:request", kwargs={"requestId": request.pk})


@extend_schema_view(
    post=extend_schema(
        operation_id="fileTrainingRequests",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.BatchSerializer,
        responses={200: serializers.BatchResultsSerializer},
    )
)
class RequestBatch(ForPartners):
    """Up to 500 requests at once; each is filed or refused by itself."""

    scopes = {"POST": "requests:write"}
    http_method_names = ["post", "options"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """File up to 500 requests; each is answered as if it came alone.

        Sent again with the same key, what was filed gets its first answer, and what was refused
        is tried again, whatever became of the rest.
        """
        results = batches.file(request=request, caller=self.caller)
        filed = sum(1 for result in results if result["request"] is not None)
        return Response({"filed": filed, "refused": len(results) - filed, "results": results})


@extend_schema_view(
    get=extend_schema(
        operation_id="getTrainingRequest",
        tags=TAGS,
        parameters=[IF_NONE_MATCH],
        responses={200: serializers.FiledSerializer, 304: None},
    ),
    patch=extend_schema(
        operation_id="changeTrainingRequest",
        tags=TAGS,
        parameters=[IF_MATCH],
        request=serializers.ChangeSerializer,
        responses={200: serializers.FiledSerializer},
    ),
)
class RequestDetail(ForPartners):
    """The state of a request that your organisation filed."""

    scopes = {"GET": "requests:read", "PATCH": "requests:write"}
    may_remember_tokens = ("GET", "HEAD")
    http_method_names = ["get", "head", "patch", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The state of a request that your organisation filed."""
        found = reading.one(self.caller, kwargs["requestId"])
        if found is None:
            raise Http404
        self.seen(found.request)
        answer = told(found.told, 200)
        if versions.is_known(request, answer.headers["ETag"]):
            return Response(status=304, headers={"ETag": answer.headers["ETag"]})
        return answer

    @transaction.atomic
    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Mend a request, while its window is open or until `repairUntil`, and send it anew."""
        asked = self.asked(lock=True)
        versions.require(request, shown(asked, 200).headers["ETag"])
        filing.change(caller=self.caller, request=asked, body=request.data)
        return shown(self.asked(), 200)


@extend_schema_view(
    post=extend_schema(
        operation_id="withdrawTrainingRequest",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.NothingSerializer,
        responses={200: serializers.FiledSerializer},
    )
)
class RequestWithdrawal(ForPartners):
    """Take a request back."""

    scopes = {"POST": "requests:write"}
    http_method_names = ["post", "options"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take a request back, while its window is open; another one may then be filed."""
        return idempotency.once(request=request, partner=self.caller.partner, act=self.withdraw)

    def withdraw(self) -> Response:
        body = serializers.NothingSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        partner = self.caller.partner
        services.withdraw(
            actor=partner.account, request=self.asked(lock=True), organisation=partner.name
        )
        return shown(self.asked(), 200)


@extend_schema_view(get=extend_schema(operation_id="getDecision", tags=TAGS))
class RequestDecision(ForPartners, generics.RetrieveAPIView[Any]):
    """The published decision on a request that your organisation filed."""

    scopes = {"GET": "requests:read"}
    serializer_class = serializers.DecisionSerializer
    queryset = TrainingRequest.objects.none()
    lookup_url_kwarg = "requestId"

    def get_object(self) -> dict[str, Any]:
        request = super().get_object()
        partner = self.caller.partner
        answer = explanation.of_worker(
            request=request, actor=partner.account, organisation=partner.name
        )
        if answer is None:
            raise Problem(
                404,
                "not_published",
                _("There is no decision yet. It comes when the round is published."),
            )
        return _decision(answer)


def _decision(answer: explanation.Explanation) -> dict[str, Any]:
    with translation.override(languages.readable(answer.request.worker.language)):
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
