"""What a partner's program says at the start of a training: on which day it began."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from allocation.decisions import starting
from allocation.models import Award
from api import idempotency
from api.problems import Problem
from api.serializers import proofs as serializers
from api.views.requests import KEY, TAGS, ForPartners
from workers.models import TrainingRequest


@extend_schema_view(
    get=extend_schema(operation_id="getStart", tags=TAGS),
    post=extend_schema(
        operation_id="sendStart",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.StartSerializer,
        responses={201: serializers.SentStartSerializer},
    ),
)
class StartDetail(ForPartners, generics.RetrieveAPIView[Any]):
    """The day on which a training began; it frees the first part where no day was fixed."""

    scopes = {"GET": "requests:read", "POST": "awards:write"}
    serializer_class = serializers.SentStartSerializer
    queryset = TrainingRequest.objects.none()
    lookup_url_kwarg = "requestId"

    def get_object(self) -> Award:
        award = Award.objects.filter(request=self.seen(super().get_object())).first()
        if award is None or award.started_on is None:
            raise NotFound(_("Nobody said yet that this training began."))
        return award

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say on which day the training began."""
        return idempotency.once(request=request, partner=self.caller.partner, act=self.send)

    def send(self) -> Response:
        asked = self.seen(super().get_object())
        award = Award.objects.filter(request=asked).first()
        if award is None:
            raise Problem(409, "no_award", _("There is no award for this request."))
        body = serializers.StartSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        partner = self.caller.partner
        begun = starting.start(
            award=award,
            actor=partner.account,
            organisation=partner.name,
            started_on=body.validated_data["started_on"],
        )
        data = serializers.SentStartSerializer(begun).data
        return Response(data, status=201, headers={"Location": self.request.path})
