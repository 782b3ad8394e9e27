"""The start of a training and the proof that it was completed, as a partner confirms them."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from allocation.models import Award, PaperSignature, Proof
from api.serializers.fields import DayField, MomentField
from api.serializers.requests import Body
from budgetpool.bsn import refuse_bsn


class SignatureSerializer(Body):
    """Who signed a practice declaration, and when."""

    role = serializers.ChoiceField(choices=PaperSignature.Role.choices)
    name = serializers.CharField(max_length=200, validators=[refuse_bsn])
    signedOn = DayField(source="signed_on")

    def validate_signedOn(self, value: Any) -> Any:
        if value > timezone.localdate():
            raise serializers.ValidationError(_("Give a date in the past."), "not_in_the_past")
        return value


class ProofSerializer(Body):
    """A diploma, a certificate, a practice declaration or 80% attendance."""

    kind = serializers.ChoiceField(choices=Proof.Kind.choices)
    attendancePercent = serializers.IntegerField(
        source="attendance_percent",
        min_value=0,
        max_value=100,
        required=False,
        help_text="For `attendance` only: at least 80.",
    )
    workProcesses = serializers.CharField(
        source="work_processes",
        max_length=2000,
        required=False,
        validators=[refuse_bsn],
        help_text="For `practice`: one work process per line.",
    )
    crebo = serializers.RegexField(
        r"^[0-9]{5}$", required=False, help_text="For `practice`: the CREBO code."
    )
    signatures = SignatureSerializer(  # type: ignore[call-arg]
        many=True, required=False, max_length=3, help_text="For `practice`: one of each role."
    )

    def across(self, data: dict[str, Any]) -> dict[str, ErrorDetail]:
        if data.get("kind") != Proof.Kind.PRACTICE:
            return {}
        missing = [name for name in ("workProcesses", "crebo") if not data.get(name)]
        return {
            name: ErrorDetail(_("A practice declaration needs this."), "required")
            for name in missing
        }


class StartSerializer(Body):
    """The day on which a training began."""

    startedOn = DayField(source="started_on", help_text="The day of the first lesson.")


class SentStartSerializer(serializers.ModelSerializer[Award]):
    """That a training began, and when."""

    requestId = serializers.IntegerField(source="request_id")
    startedOn = serializers.DateField(source="started_on")

    class Meta:
        model = Award
        fields = ["requestId", "startedOn"]


class SentProofSerializer(serializers.ModelSerializer[Proof]):
    """A proof that waits for somebody's look, or was looked at."""

    requestId = serializers.IntegerField(source="award.request_id")
    sentAt = MomentField(source="sent_at")
    answer = serializers.CharField(help_text="What is missing, where it was refused.")

    class Meta:
        model = Proof
        fields = ["id", "requestId", "kind", "status", "sentAt", "answer"]
