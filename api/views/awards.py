"""What a partner's program does after the decision: read the award, say yes or no to it."""

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from allocation.decisions import awards
from allocation.models import Award
from api import idempotency
from api.problems import Problem
from api.serializers import awards as serializers
from api.views.requests import KEY, ForPartners

TAGS = ["Awards"]


class _OfAward(ForPartners):
    """An address about the award of a request that the caller's own organisation filed."""

    def award(self) -> Award | None:
        asked = self.seen(self.asked())
        return Award.objects.select_related("choice").filter(request=asked).first()

    def once(self, act: Callable[[Award], object]) -> Response:
        """Act on the award, once for a key, and show it."""

        def on_award() -> Response:
            award = self.award()
            if award is None:
                raise Problem(409, "no_award", _("There is no award for this request."))
            act(award)
            location = reverse("api:award", kwargs={"requestId": award.request_id})
            shown = serializers.AwardSerializer(self.award()).data
            return Response(shown, status=201, headers={"Location": location})

        return idempotency.once(request=self.request, partner=self.caller.partner, act=on_award)


@extend_schema_view(
    get=extend_schema(
        operation_id="getAward", tags=TAGS, responses={200: serializers.AwardSerializer}
    )
)
class AwardDetail(_OfAward):
    """The award of a request, from publication on."""

    scopes = {"GET": "requests:read"}
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The award of a request, from publication on; 404 where there is none."""
        award = self.award()
        if award is None:
            raise Http404
        return Response(serializers.AwardSerializer(award).data)


@extend_schema_view(
    post=extend_schema(
        operation_id="acceptAward",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.AcceptanceSerializer,
        responses={201: serializers.AwardSerializer},
    )
)
class AwardAcceptance(_OfAward):
    """The worker's yes."""

    scopes = {"POST": "awards:write"}
    http_method_names = ["post", "options"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tell that the worker says yes to the training, until `acceptBy`."""
        return self.once(self.accept)

    def accept(self, award: Award) -> None:
        body = serializers.AcceptanceSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        partner = self.caller.partner
        awards.accept(
            award=award,
            actor=partner.account,
            organisation=partner.name,
            share=body.validated_data["share"],
        )


@extend_schema_view(
    post=extend_schema(
        operation_id="declineAward",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.DeclineSerializer,
        responses={201: serializers.AwardSerializer},
    )
)
class AwardDecline(_OfAward):
    """The worker's no."""

    scopes = {"POST": "awards:write"}
    http_method_names = ["post", "options"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tell that the worker says no; it costs nothing, and the next in line gets the place."""
        return self.once(self.decline)

    def decline(self, award: Award) -> None:
        body = serializers.DeclineSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        partner = self.caller.partner
        awards.decline(
            award=award,
            actor=partner.account,
            organisation=partner.name,
            reason=body.validated_data["reason"],
        )
