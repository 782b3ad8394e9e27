"""What a school's program does to be paid: send invoices, follow them, take one back."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from allocation.models import Invoice
from allocation.payouts import invoices
from api import invoicing, schools
from api.serializers import invoices as serializers
from api.serializers.query import NoQuery
from api.views.requests import KEY
from api.views.schools import ForSchools

TAGS = ["Schools"]
FILTERS = {"requestId": "award__request", "number": "number"}


class _OfSchool(ForSchools):
    """About the invoices of the caller's own school."""

    def own(self) -> QuerySet[Invoice]:
        return schools.sent(self.caller, schools.of(self.caller))

    def one(self) -> Invoice:
        found = self.own().filter(pk=self.kwargs["invoiceId"]).first()
        if found is None:
            raise Http404
        return found


@extend_schema_view(
    get=extend_schema(
        operation_id="listInvoices", tags=TAGS, parameters=[serializers.InvoiceQuery]
    ),
    post=extend_schema(
        operation_id="sendInvoice",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.SendingSerializer,
        responses={201: serializers.InvoiceSerializer},
    ),
)
class InvoiceList(_OfSchool, generics.ListAPIView[Invoice]):
    """The invoices of your school, the newest first; and send one more."""

    scopes = {"GET": "invoices:read", "POST": "invoices:write"}
    serializer_class = serializers.InvoiceSerializer
    queryset = Invoice.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.query_class = NoQuery if request.method == "POST" else serializers.InvoiceQuery
        super().initial(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Invoice]:  # type: ignore[override]
        wanted = {FILTERS[key]: value for key, value in self.query.items() if key in FILTERS}
        return self.own().filter(**wanted)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send an invoice for one award; the treasurer plans what is paid of it, and when."""
        return self.once(self.send)

    def send(self) -> Response:
        made = invoicing.send(caller=self.caller, body=self.request.data)
        shown = self.own().get(pk=made.pk)
        location = reverse("api:invoice", kwargs={"invoiceId": made.pk})
        data = serializers.InvoiceSerializer(shown).data
        return Response(data, status=201, headers={"Location": location})


@extend_schema_view(
    get=extend_schema(
        operation_id="getInvoice", tags=TAGS, responses={200: serializers.InvoiceSerializer}
    )
)
class InvoiceDetail(_OfSchool):
    """One invoice of your school."""

    scopes = {"GET": "invoices:read"}
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One invoice of your school, with what was paid of it."""
        return Response(serializers.InvoiceSerializer(self.one()).data)


@extend_schema_view(
    post=extend_schema(
        operation_id="withdrawInvoice",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.TakingBackSerializer,
        responses={200: serializers.InvoiceSerializer},
    )
)
class InvoiceWithdrawal(_OfSchool):
    """Take an invoice back."""

    scopes = {"POST": "invoices:write"}
    http_method_names = ["post", "options"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take back an invoice of which nothing is planned or paid; another one may be sent."""
        return self.once(self.withdraw)

    def withdraw(self) -> Response:
        body = serializers.TakingBackSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        invoices.take_back(
            invoice=self.one(),
            actor=self.caller.partner.account,
            school=schools.of(self.caller),
            **body.validated_data,
        )
        return Response(serializers.InvoiceSerializer(self.one()).data)
