"""Training requests that a partner files, and what became of them."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from api.models import Consent
from api.serializers.fields import MomentField
from api.serializers.query import LARGEST_KEY
from budgetpool.bsn import refuse_bsn
from budgetpool.fund.models import Region
from budgetpool.register.codes import Contract, EducationLevel, Sector
from workers.models import CostLine, TrainingRequest
from workers.models.requests import CHOICES_MAX

LANGUAGES = [("nl", "Dutch"), ("en", "English"), ("pl", "Polish")]
LARGEST_AMOUNT_CENTS = 99_999_999


class Body(serializers.Serializer):
    """A part of a body; a key that is not listed is an error, because nobody would miss it."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(set(map(str, data)) - set(self.fields))
            if unknown:
                try:
                    super().to_internal_value(data)
                    errors: dict[str, Any] = {}
                except serializers.ValidationError as error:
                    errors = error.detail if isinstance(error.detail, dict) else {}
                message = ErrorDetail("There is no such field here.", "unknown")
                raise serializers.ValidationError(errors | {key: [message] for key in unknown})
        return super().to_internal_value(data)


class WorkerSerializer(Body):
    """The facts about the worker that a division needs; there is no BSN."""

    name = serializers.CharField(max_length=200, validators=[refuse_bsn])
    birthDate = serializers.DateField(source="birth_date")
    email = serializers.EmailField(required=False)
    phone = serializers.CharField(required=False, max_length=20)
    address = serializers.CharField(required=False, max_length=200, validators=[refuse_bsn])
    municipality = serializers.CharField(max_length=100)
    language = serializers.ChoiceField(
        choices=LANGUAGES, default="nl", help_text="In which we write to them."
    )
    contract = serializers.ChoiceField(choices=Contract.choices)
    sector = serializers.ChoiceField(choices=Sector.choices, help_text="Section of SBI 2008.")
    education = serializers.ChoiceField(choices=EducationLevel.choices)
    trainingHoursTwoYears = serializers.IntegerField(
        source="training_hours_two_years", min_value=0, max_value=5000
    )
    hasStudyFinance = serializers.BooleanField(source="has_study_finance")

    def validate_birthDate(self, value: Any) -> Any:
        if value >= timezone.localdate():
            raise serializers.ValidationError("Give a date in the past.", "not_in_the_past")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not {"email", "phone", "address"} & set(attrs):
            raise serializers.ValidationError(
                {"email": "Give an e-mail address, a phone number or an address for letters."},
                "unreachable",
            )
        return attrs


class ConsentSerializer(Body):
    """When and how the worker agreed that the partner files this request with these facts."""

    agreedAt = serializers.DateTimeField(source="agreed_at")
    way = serializers.ChoiceField(choices=Consent.Way.choices)
    textVersion = serializers.CharField(
        source="text_version", max_length=60, help_text="The text that the worker agreed to."
    )

    def validate_agreedAt(self, value: Any) -> Any:
        if value > timezone.now():
            raise serializers.ValidationError("Give a moment in the past.", "not_in_the_past")
        return value


class CostSerializer(Body):
    """One cost line; without cost lines a choice costs what the register says."""

    kind = serializers.ChoiceField(choices=CostLine.Kind.choices)
    amountCents = serializers.IntegerField(
        source="amount_cents", min_value=0, max_value=LARGEST_AMOUNT_CENTS
    )


class ChoiceSerializer(Body):
    """One training of the register, perhaps one edition of it."""

    trainingId = serializers.IntegerField(source="training_id", min_value=1, max_value=LARGEST_KEY)
    editionId = serializers.IntegerField(
        source="edition_id", min_value=1, max_value=LARGEST_KEY, required=False, allow_null=True
    )
    costs = CostSerializer(many=True, required=False)


class FilingSerializer(Body):
    """A training request on behalf of a worker who agreed."""

    regionCode = serializers.SlugRelatedField(
        source="region",
        slug_field="code",
        queryset=Region.objects.all(),
        help_text="The region whose fund is asked.",
    )
    reference = serializers.CharField(
        max_length=60, validators=[refuse_bsn], help_text="Your own reference; unique in a window."
    )
    worker = WorkerSerializer()
    consent = ConsentSerializer()
    goal = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=1000, validators=[refuse_bsn]
    )
    choices = ChoiceSerializer(  # type: ignore[call-arg]
        many=True, allow_empty=False, max_length=CHOICES_MAX, help_text="In order of preference."
    )


class FiledSerializer(serializers.ModelSerializer):
    """A request as the partner that filed it sees it; no personal data comes back."""

    requestNumber = serializers.CharField(source="reference", help_text="As people name it.")
    regionCode = serializers.CharField(source="window.fund.region.code")
    window = serializers.CharField(source="window.code")
    reference = serializers.CharField(source="organisation_reference")
    reason = serializers.CharField(allow_blank=True, help_text="Why it is not possible: a code.")
    repairUntil = serializers.DateField(
        source="repair_until", allow_null=True, help_text="Last day to mend it."
    )
    submittedAt = MomentField(source="submitted_at", allow_null=True)
    hasDecision = serializers.SerializerMethodField()

    class Meta:
        model = TrainingRequest
        fields = [
            "id",
            "requestNumber",
            "regionCode",
            "window",
            "reference",
            "status",
            "reason",
            "repairUntil",
            "submittedAt",
            "hasDecision",
        ]

    def get_hasDecision(self, request: TrainingRequest) -> bool:
        return hasattr(request, "decision")


class DecisionSerializer(serializers.Serializer):
    """The published decision on a request, with its reason."""

    requestId = serializers.IntegerField()
    roundId = serializers.IntegerField()
    awarded = serializers.BooleanField()
    amountCents = serializers.IntegerField()
    choiceRank = serializers.IntegerField(allow_null=True, help_text="Which choice was awarded.")
    points = serializers.IntegerField()
    reason = serializers.CharField(help_text="A code; see the documentation.")
    reasonParams = serializers.DictField(help_text="The numbers that the reason speaks about.")
    sentences = serializers.ListField(
        child=serializers.CharField(), help_text="The reason in the worker's language."
    )
    objectionUntil = serializers.DateField(allow_null=True, help_text="Last day for an objection.")
