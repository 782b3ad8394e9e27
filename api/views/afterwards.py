"""What became of a request after its decision: an objection against it, what was paid for it."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from allocation.models import Objection, Payout
from api.serializers import partner as serializers
from api.views.requests import ForPartners

TAGS = ["Awards"]


@extend_schema_view(
    get=extend_schema(
        operation_id="getObjection", tags=TAGS, responses={200: serializers.ObjectionSerializer}
    )
)
class ObjectionDetail(ForPartners):
    """The objection against a decision."""

    scopes = {"GET": "requests:read"}
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How far the objection against the decision is; 404 where there is none."""
        asked = self.seen(self.asked())
        objection = (
            Objection.objects.select_related("decision").filter(decision__request=asked).first()
        )
        if objection is None:
            raise Http404
        return Response(serializers.ObjectionSerializer(objection).data)


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
