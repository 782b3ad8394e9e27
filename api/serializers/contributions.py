"""What an employer sees of what it promised, was asked and paid."""

from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.query import PageQuery
from employers.models import Contribution, DepositMatch, Pledge
from employers.payment import PaymentDetails

STATES: Final = ("to_pay", "partly_paid", "late", "paid", "withdrawn")


class PledgeSerializer(serializers.ModelSerializer[Pledge]):
    """What your organisation promised a fund, in its newest version."""

    regionCode = serializers.CharField(source="fund.region.code")
    amountCents = serializers.IntegerField(
        source="amount_cents",
        allow_null=True,
        help_text="A year, or for each worker a year; null for a percentage.",
    )
    basisPoints = serializers.IntegerField(
        source="basis_points", allow_null=True, help_text="Hundredths of a percent of the payroll."
    )
    payrollCents = serializers.IntegerField(source="payroll_cents", allow_null=True)
    workersCount = serializers.IntegerField(source="workers_count", allow_null=True)
    yearCents = serializers.IntegerField(source="year_cents", help_text="What a year comes to.")
    startsOn = serializers.DateField(source="starts_on")
    endsOn = serializers.DateField(source="ends_on", allow_null=True)
    earmark = serializers.CharField(
        source="earmark.name", default=None, allow_null=True, help_text="What alone it pays for."
    )

    class Meta:
        model = Pledge
        fields = [
            "number",
            "version",
            "regionCode",
            "kind",
            "amountCents",
            "basisPoints",
            "payrollCents",
            "workersCount",
            "yearCents",
            "schedule",
            "startsOn",
            "endsOn",
            "earmark",
        ]


class ContributionSerializer(serializers.ModelSerializer[Contribution]):
    """A request of a fund to pay what was promised."""

    regionCode = serializers.CharField(source="fund.region.code")
    pledgeNumber = serializers.IntegerField(source="pledge.number")
    periodStart = serializers.DateField(source="period_start")
    periodEnd = serializers.DateField(source="period_end")
    amountCents = serializers.IntegerField(source="amount_cents")
    paidCents = serializers.IntegerField(
        source="paid_cents", help_text="What came in for it, and was recognised."
    )
    askedOn = serializers.DateField(source="asked_on")
    dueOn = serializers.DateField(source="due_on", help_text="To be paid before this day.")
    state = serializers.SerializerMethodField(
        help_text="`late`: not wholly paid, and its day is over."
    )

    class Meta:
        model = Contribution
        fields = [
            "id",
            "reference",
            "regionCode",
            "pledgeNumber",
            "periodStart",
            "periodEnd",
            "amountCents",
            "paidCents",
            "askedOn",
            "dueOn",
            "state",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, row: Any) -> str:
        return state_of(row)


def state_of(row: Any) -> str:
    """How far a contribution with `paid_cents` is: one of `STATES`."""
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.paid_cents >= row.amount_cents:
        return "paid"
    if row.due_on < timezone.localdate():
        return "late"
    return "partly_paid" if row.paid_cents else "to_pay"


class DepositSerializer(serializers.ModelSerializer[DepositMatch]):
    """Money that came in for it."""

    receivedOn = serializers.DateField(source="deposit.received_on")
    amountCents = serializers.IntegerField(source="amount_cents")

    class Meta:
        model = DepositMatch
        fields = ["receivedOn", "amountCents"]


class ToPaySerializer(serializers.Serializer[PaymentDetails]):
    """How to pay what is still open."""

    holderName = serializers.CharField(source="holder_name")
    iban = serializers.CharField()
    bic = serializers.CharField(allow_blank=True)
    amountCents = serializers.IntegerField(source="amount_cents")
    reference = serializers.CharField(help_text="ISO 11649; send it as the structured reference.")


class OneContributionSerializer(ContributionSerializer):
    """A request of a fund, with what came in for it and how to pay the rest."""

    deposits = DepositSerializer(many=True)
    toPay = ToPaySerializer(source="to_pay", allow_null=True)

    class Meta(ContributionSerializer.Meta):
        fields = [*ContributionSerializer.Meta.fields, "deposits", "toPay"]


class ContributionQuery(PageQuery):
    """Which of the requests to your organisation."""

    regionCode = serializers.CharField(
        required=False, max_length=10, help_text="Of the fund of this region."
    )
    reference = serializers.CharField(
        required=False, max_length=25, help_text="With this payment reference."
    )
    isOpen = serializers.BooleanField(
        required=False, help_text="Whether something is still to be paid."
    )
