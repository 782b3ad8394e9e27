"""What became of a request after its decision: an objection against it, what was paid for it."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from allocation.decisions import objections
from allocation.models import Decision, Objection, Payout
from api import idempotency
from api.problems import Problem
from api.serializers import partner as serializers
from api.serializers.requests import NothingSerializer
from api.views.requests import KEY, ForPartners

TAGS = ["Awards"]


@extend_schema_view(
    get=extend_schema(
        operation_id="getObjection", tags=TAGS, responses={200: serializers.ObjectionSerializer}
    ),
    post=extend_schema(
        operation_id="fileObjection",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.ObjectingSerializer,
        responses={201: serializers.ObjectionSerializer},
    ),
)
class ObjectionDetail(ForPartners):
    """The objection against a decision."""

    scopes = {"GET": "requests:read", "POST": "objections:write"}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How far the objection against the decision is; 404 where there is none."""
        asked = self.seen(self.asked())
        objection = (
            Objection.objects.select_related("decision").filter(decision__request=asked).first()
        )
        if objection is None:
            raise Http404
        return Response(serializers.ObjectionSerializer(objection).data)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Object to the published decision for a worker who asked you to, within six weeks."""
        return idempotency.once(request=request, partner=self.caller.partner, act=self.file)

    def file(self) -> Response:
        asked = self.seen(self.asked())
        decision = Decision.objects.filter(request=asked).first()
        if decision is None:
            raise Problem(409, "no_decision", _("There is no decision to object to yet."))
        body = serializers.ObjectingSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        values.pop("isAuthorised")
        partner = self.caller.partner
        made = objections.file(
            decision=decision, actor=partner.account, organisation=partner.name, **values
        )
        shown = serializers.ObjectionSerializer(made).data
        return Response(shown, status=201, headers={"Location": self.request.path})


@extend_schema_view(
    post=extend_schema(
        operation_id="withdrawObjection",
        tags=TAGS,
        parameters=[KEY],
        request=NothingSerializer,
        responses={200: serializers.ObjectionSerializer},
    )
)
class ObjectionWithdrawal(ForPartners):
    """Take an objection back."""

    scopes = {"POST": "objections:write"}
    http_method_names = ["post", "options"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take an objection back, as long as it was not answered."""
        return idempotency.once(request=request, partner=self.caller.partner, act=self.withdraw)

    def withdraw(self) -> Response:
        body = NothingSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        objection = Objection.objects.filter(decision__request=self.seen(self.asked())).first()
        if objection is None:
            raise Http404
        partner = self.caller.partner
        back = objections.withdraw(
            objection=objection, actor=partner.account, organisation=partner.name
        )
        return Response(serializers.ObjectionSerializer(back).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="listPayments", tags=TAGS, responses={200: serializers.PaymentsSerializer}
    )
)
class PaymentList(ForPartners):
    """What was paid for an award."""

    scopes = {"GET": "requests:read"}
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The payments for the award of a request; empty before the first is planned."""
        payments = Payout.objects.filter(award__request=self.seen(self.asked())).order_by("pk")
        return Response(serializers.PaymentsSerializer({"items": payments}).data)
