"""What a school sees of its people, and its invoices with what was paid of them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from allocation.models import AttendanceWeek, Award, Invoice
from allocation.payouts import invoices, ubl
from api.serializers.fields import DayField, MomentField
from api.serializers.partner import PaymentSerializer
from api.serializers.query import LARGEST_KEY, PageQuery
from api.serializers.requests import Body
from budgetpool.bsn import refuse_bsn

# Base64 takes four signs for three bytes.
FILE_MAX = 4 * (ubl.BYTES_MAX // 3 + 1)
CENTS_MAX = 99_999_999
OF_FILE = ("number", "datedOn", "amountCents", "vatCents")


class SchoolAwardSerializer(serializers.ModelSerializer[Award]):
    """Somebody with a place at your school, who let you know who they are."""

    requestId = serializers.IntegerField(source="request_id")
    requestNumber = serializers.CharField(
        source="request.reference", help_text="As people name it, such as R-0412."
    )
    regionCode = serializers.CharField(source="round.fund.region.code")
    name = serializers.CharField(source="request.worker.name")
    trainingId = serializers.IntegerField(source="training_now", allow_null=True)
    editionId = serializers.IntegerField(source="edition_now", allow_null=True)
    startsOn = serializers.DateField(source="starts_now", allow_null=True)
    startedOn = serializers.DateField(source="started_on", allow_null=True)
    completedAt = MomentField(source="completed_at", allow_null=True)

    class Meta:
        model = Award
        fields = [
            "requestId",
            "requestNumber",
            "regionCode",
            "status",
            "name",
            "trainingId",
            "editionId",
            "startsOn",
            "startedOn",
            "completedAt",
        ]


class AttendanceSerializer(Body):
    """The lessons of one week; sent again, they take the place of what was said before."""

    weekOf = DayField(source="week_of", help_text="Any day of the week.")
    lessons = serializers.IntegerField(min_value=1, max_value=100)
    attended = serializers.IntegerField(source="there", min_value=0, max_value=100)


class WeekSerializer(serializers.ModelSerializer[AttendanceWeek]):
    """At how many lessons of a week somebody was."""

    weekOf = serializers.DateField(source="week_on", help_text="Its Monday.")
    lessons = serializers.IntegerField(source="lessons_count")
    attended = serializers.IntegerField(source="there_count")

    class Meta:
        model = AttendanceWeek
        fields = ["weekOf", "lessons", "attended"]


class ProgressSerializer(serializers.Serializer[Any]):
    """At how many lessons somebody was, by week."""

    percent = serializers.IntegerField(
        allow_null=True, help_text="Of all lessons so far, rounded down; null before the first."
    )
    items = WeekSerializer(many=True)


class SendingSerializer(Body):
    """An invoice: its facts, or an e-invoice that holds them."""

    requestId = serializers.IntegerField(
        source="request",
        min_value=1,
        max_value=LARGEST_KEY,
        required=False,
        help_text="For whom; may be absent where the e-invoice names one request (R-0412).",
    )
    number = serializers.CharField(required=False, max_length=35, validators=[refuse_bsn])
    datedOn = DayField(source="dated_on", required=False)
    amountCents = serializers.IntegerField(
        source="amount_cents",
        min_value=1,
        max_value=CENTS_MAX,
        required=False,
        help_text="To be paid, VAT included.",
    )
    vatCents = serializers.IntegerField(
        source="vat_cents",
        min_value=0,
        max_value=CENTS_MAX,
        required=False,
        help_text="Of which VAT; 0 for an exempt school.",
    )
    eInvoice = serializers.CharField(
        source="file",
        max_length=FILE_MAX,
        required=False,
        help_text="In the place of number, datedOn, amountCents and vatCents: a UBL 2.1 invoice "
        "(Peppol BIS 3.0, NLCIUS) of at most 2 MB, in Base64.",
    )

    def across(self, data: dict[str, Any]) -> dict[str, ErrorDetail]:
        if "eInvoice" in data:
            message = _("The e-invoice tells this already. Send one of the two.")
            return {name: ErrorDetail(message, "repeated") for name in OF_FILE if name in data}
        message = _("Send this, or an e-invoice.")
        wanted = ("requestId", *OF_FILE)
        return {name: ErrorDetail(message, "required") for name in wanted if name not in data}


class TakingBackSerializer(Body):
    """Why an invoice is taken back."""

    reason = serializers.CharField(max_length=200, validators=[refuse_bsn])


class InvoiceSerializer(serializers.ModelSerializer[Invoice]):
    """An invoice of your school, with what was paid of it."""

    requestId = serializers.IntegerField(source="award.request_id")
    datedOn = serializers.DateField(source="dated_on")
    amountCents = serializers.IntegerField(source="amount_cents")
    vatCents = serializers.IntegerField(source="vat_cents")
    sentAt = MomentField(source="entered_at")
    withdrawnAt = MomentField(source="withdrawn_at", allow_null=True)
    state = serializers.SerializerMethodField(
        help_text="`received`, `planned` (on its way to your bank), `partly_paid`, `paid` or "
        "`withdrawn`."
    )
    paidCents = serializers.SerializerMethodField(help_text="What the bank has paid.")
    payments = PaymentSerializer(source="payouts", many=True)

    class Meta:
        model = Invoice
        fields = [
            "id",
            "requestId",
            "number",
            "datedOn",
            "amountCents",
            "vatCents",
            "sentAt",
            "withdrawnAt",
            "state",
            "paidCents",
            "payments",
        ]

    def get_state(self, invoice: Invoice) -> str:
        return invoices.standing(invoice).state

    def get_paidCents(self, invoice: Invoice) -> int:
        return invoices.standing(invoice).paid_cents


class InvoiceQuery(PageQuery):
    """Which of your invoices."""

    requestId = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_KEY, help_text="For this request."
    )
    number = serializers.CharField(required=False, max_length=35, help_text="With this number.")
