"""What a treasurer's system does: bring in the bank's statements, and see what is booked."""

from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from allocation.payouts.arriving import Arrived
from allocation.payouts.lines import finding
from api import idempotency, statements
from api.serializers import statements as serializers
from api.serializers.query import NoQuery
from api.statements import FileRefused, Told
from api.views.requests import KEY, ForPartners
from budgetpool.bank.models import BankStatement
from budgetpool.fund.models import Fund

TAGS = ["Bank statements"]
FILTERS = {"iban": "fund_iban__iban", "fileSha256": "file_sha256"}
OUTCOMES = {
    201: serializers.ArrivedSerializer,
    202: serializers.ArrivedSerializer,
    200: serializers.ArrivedSerializer,
}


class _OfFund(ForPartners):
    """About the bank of one fund that let the program in."""

    def fund(self) -> Fund:
        funds = Fund.objects.select_related("region")
        return get_object_or_404(funds, region__code=self.kwargs["regionCode"])

    def booked(self) -> QuerySet[BankStatement]:
        """The fund's statements, once it is sure that the program may see them."""
        fund = self.fund()
        with transaction.atomic():
            scope = self.scopes["GET"]
            statements.admitted(caller=self.caller, fund=fund, scope=scope)
        waiting = finding.waiting(fund).order_by().values("pk")
        return (
            BankStatement.objects.filter(fund=fund)
            .select_related("fund_iban")
            .annotate(
                line_count=Count("entries"),
                waiting_count=Count("entries", filter=Q(entries__in=waiting)),
            )
            .order_by("-pk")
        )


@extend_schema_view(
    get=extend_schema(
        operation_id="listStatements", tags=TAGS, parameters=[serializers.StatementQuery]
    ),
    post=extend_schema(
        operation_id="sendStatement",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.BringingSerializer,
        responses=OUTCOMES,
    ),
)
class StatementList(_OfFund, generics.ListAPIView[BankStatement]):
    """The statements of a fund that are booked, the newest first; and bring in more."""

    scopes = {"GET": "statements:read", "POST": "statements:write"}
    serializer_class = serializers.StatementSerializer
    queryset = BankStatement.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.query_class = NoQuery if request.method == "POST" else serializers.StatementQuery
        super().initial(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[BankStatement]:  # type: ignore[override]
        wanted = {FILTERS[key]: value for key, value in self.query.items() if key in FILTERS}
        return self.booked().filter(**wanted)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bring in a file of the bank: booked whole (201), known already (200), or held (202)."""
        fund = self.fund()
        try:
            with transaction.atomic():
                # Before a stored answer is given again: a withdrawal ends these, too.
                scope = self.scopes["POST"]
                statements.admitted(caller=self.caller, fund=fund, scope=scope)
                return idempotency.once(
                    request=request, partner=self.caller.partner, act=lambda: self.send(fund)
                )
        except FileRefused as refused:
            statements.record_refused(caller=self.caller, fund=fund, refused=refused)
            raise

    def send(self, fund: Fund) -> Response:
        arrived = statements.send(caller=self.caller, fund=fund, body=self.request.data)
        data = serializers.ArrivedSerializer(_outcome(arrived)).data
        states = {one["state"] for one in data["statements"]}
        if "booked" not in states:
            return Response(data, status=202 if "held" in states else 200)
        path = reverse("api:statements", kwargs={"regionCode": fund.region.code})
        location = f"{path}?fileSha256={data['fileSha256']}"
        return Response(data, status=201, headers={"Location": location})


@extend_schema_view(
    get=extend_schema(
        operation_id="getStatement", tags=TAGS, responses={200: serializers.StatementSerializer}
    )
)
class StatementDetail(_OfFund):
    """One statement that is booked."""

    scopes = {"GET": "statements:read"}
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One statement that is booked, with how many of its lines wait."""
        found = get_object_or_404(self.booked(), pk=self.kwargs["statementId"])
        return Response(serializers.StatementSerializer(found).data)


def _outcome(arrived: Arrived) -> dict[str, Any]:
    booked = arrived.report.booked
    return {
        "fileSha256": arrived.report.source.sha256,
        "statements": [Told(stored) for stored in arrived.report.stored],
        "recognisedCents": sum(one.matched_cents for one in booked),
        "waitingCount": sum(one.suspense_count for one in booked),
        "waitingCents": sum(one.suspense_cents for one in booked),
        "leftCount": sum(one.payments_count for one in booked),
        "leftCents": sum(one.payments_cents for one in booked),
        "paidCount": arrived.paid_count,
        "returnedCount": arrived.returned_count,
        "unclearCount": arrived.unclear_count,
    }
