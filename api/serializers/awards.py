"""The award of a request: what was given, and how far it is."""

from rest_framework import serializers

from allocation.models import Award
from api.serializers.fields import CentsField, MomentField
from api.serializers.requests import Body
from budgetpool.bsn import refuse_bsn


class AwardSerializer(serializers.ModelSerializer[Award]):
    """Money set apart for one request."""

    requestId = serializers.IntegerField(source="request_id")
    roundId = serializers.IntegerField(source="round_id")
    amountCents = CentsField(source="amount")
    choiceRank = serializers.IntegerField(source="choice.rank")
    trainingId = serializers.IntegerField(source="choice.training_id", allow_null=True)
    editionId = serializers.IntegerField(source="choice.edition_id", allow_null=True)
    acceptBy = serializers.DateField(source="accept_by", help_text="Last day to answer.")
    grantedAt = MomentField(source="granted_at")
    answeredAt = MomentField(source="answered_at", allow_null=True)
    startedOn = serializers.DateField(source="started_on", allow_null=True)
    completedAt = MomentField(source="completed_at", allow_null=True)
    determinedAt = MomentField(source="determined_at", allow_null=True)
    endedAt = MomentField(source="ended_at", allow_null=True, help_text="Ended otherwise.")

    class Meta:
        model = Award
        fields = [
            "requestId",
            "roundId",
            "status",
            "amountCents",
            "choiceRank",
            "trainingId",
            "editionId",
            "acceptBy",
            "grantedAt",
            "answeredAt",
            "startedOn",
            "completedAt",
            "determinedAt",
            "endedAt",
        ]


class AcceptanceSerializer(Body):
    """The worker says yes."""

    isShared = serializers.BooleanField(
        source="share",
        default=False,
        help_text="The worker agrees that the school gets their name, e-mail address and number.",
    )


class DeclineSerializer(Body):
    """The worker says no; the place goes to the next in line."""

    reason = serializers.CharField(
        default="", allow_blank=True, max_length=300, validators=[refuse_bsn]
    )
