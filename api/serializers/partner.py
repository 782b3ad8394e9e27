"""What became of a partner's requests beyond the award, and what its own program did."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from allocation.models import Objection, Payout
from api.serializers.fields import MomentField
from api.serializers.requests import Body
from budgetpool.audit.models import AuditEvent
from budgetpool.bsn import refuse_bsn


class ObjectionSerializer(serializers.ModelSerializer[Objection]):
    """An objection against the decision on a request; its grounds stay with who handles it."""

    requestId = serializers.IntegerField(source="decision.request_id")
    filedAt = MomentField(source="filed_at")
    isLate = serializers.BooleanField(source="is_late")
    hearingAt = MomentField(source="hearing_at", allow_null=True)
    decideBy = serializers.DateField(source="decide_by")
    decidedAt = MomentField(source="decided_at", allow_null=True)

    class Meta:
        model = Objection
        fields = [
            "requestId",
            "status",
            "cause",
            "filedAt",
            "isLate",
            "hearingAt",
            "decideBy",
            "decidedAt",
        ]


class ObjectingSerializer(Body):
    """The worker objects to the decision, by you."""

    cause = serializers.ChoiceField(choices=Objection.Cause.choices)
    grounds = serializers.CharField(
        max_length=5000, validators=[refuse_bsn], help_text="In the worker's own words."
    )
    lateReason = serializers.CharField(
        source="late_reason",
        required=False,
        allow_blank=True,
        default="",
        max_length=2000,
        validators=[refuse_bsn],
        help_text="Why it comes after `objectionUntil`; needed then.",
    )
    isAuthorised = serializers.BooleanField(
        help_text="The worker asked you to object for them: true, or it is not possible."
    )

    def validate_isAuthorised(self, value: bool) -> bool:
        if not value:
            raise serializers.ValidationError(
                _("Only who was asked by the worker objects for them."), "not_authorised"
            )
        return value


class PaymentSerializer(serializers.ModelSerializer[Payout]):
    """One payment for an award; to whom it goes is not told."""

    amountCents = serializers.IntegerField(source="amount_cents")
    paidOn = serializers.DateField(source="paid_on", allow_null=True)

    class Meta:
        model = Payout
        fields = ["id", "kind", "amountCents", "status", "paidOn"]


class PaymentsSerializer(serializers.Serializer[Any]):
    """The payments for an award, in the order in which they were planned."""

    items = PaymentSerializer(many=True)


class TrailSerializer(serializers.ModelSerializer[AuditEvent]):
    """One thing that your program did or looked at."""

    at = MomentField()
    subject = serializers.CharField(
        source="subject_type", help_text="The kind of thing, such as workers.trainingrequest."
    )
    subjectId = serializers.CharField(source="subject_id")
    regionCode = serializers.CharField(source="region_code", allow_blank=True)
    requestId = serializers.CharField(
        source="request_id", allow_blank=True, help_text="As `X-Request-ID` said it."
    )

    class Meta:
        model = AuditEvent
        fields = ["id", "at", "action", "subject", "subjectId", "regionCode", "requestId"]


class StandingSerializer(serializers.Serializer[Any]):
    """Where a fund's money is, in whole euro cents."""

    paidInCents = serializers.IntegerField(
        source="paid_in", help_text="By employers, less what was paid back to them."
    )
    freeCents = serializers.IntegerField(source="free", help_text="Not set apart yet.")
    inRoundsCents = serializers.IntegerField(
        source="in_rounds", help_text="Set apart for rounds and objections, not awarded yet."
    )
    awardedCents = serializers.IntegerField(
        source="awarded", help_text="Reserved for people whose training is not fully paid yet."
    )
    paidOutCents = serializers.IntegerField(
        source="paid_out", help_text="To schools and people, less what came back."
    )
