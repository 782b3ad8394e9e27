"""Training requests that a partner files, and what became of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from api.models import Consent
from api.serializers.fields import DayField, MomentField, SentMomentField
from api.serializers.query import LARGEST_KEY
from budgetpool.bsn import refuse_bsn
from budgetpool.register.codes import Contract, EducationLevel, Sector
from budgetpool.users import phones
from workers import eligibility
from workers.models import CostLine, TrainingRequest
from workers.models.requests import CHOICES_MAX

LANGUAGES = [("nl", "Dutch"), ("en", "English"), ("pl", "Polish")]
LARGEST_AMOUNT_CENTS = 99_999_999
BATCH_MAX: Final = 500


@extend_schema_field({"$ref": "#/components/schemas/Problem"})
class ProblemField(serializers.JSONField):
    """A problem as it would have been the whole answer."""


OLDEST: Final = 100
YOUNGEST: Final = 15
# A word that somebody gave so long ago tells nothing about what they want now.
CONSENT_DAYS: Final = 366


class Body(serializers.Serializer[Any]):
    """A part of a body, with all its errors at once; a key that is not listed is one of them,
    because nobody would miss it."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            return super().to_internal_value(data)
        made, errors = None, {}
        try:
            made = super().to_internal_value(data)
        except serializers.ValidationError as error:
            errors = dict(error.detail) if isinstance(error.detail, dict) else {}
        for key in sorted(set(data) - set(self.fields)):
            errors[key] = [ErrorDetail(_("There is no such field here."), "unknown")]
        for key, told in (self.of_another_type(data) | self.across(data)).items():
            errors.setdefault(key, [told])
        if errors:
            raise serializers.ValidationError(errors)
        return made

    def of_another_type(self, data: dict[str, Any]) -> dict[str, ErrorDetail]:
        """Numbers sent as text and the like: what one reader guesses, another does not."""
        found = {}
        for key in set(data) & set(self.fields):
            value, field = data[key], self.fields[key]
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if isinstance(field, serializers.CharField) and is_number:
                found[key] = ErrorDetail(_("This has to be text."), "invalid")
            elif isinstance(field, serializers.IntegerField) and isinstance(value, str | bool):
                found[key] = ErrorDetail(_("A valid integer is required."), "invalid")
            elif isinstance(field, serializers.BooleanField) and (
                is_number or isinstance(value, str)
            ):
                found[key] = ErrorDetail(_("This has to be true or false."), "invalid")
        return found

    def across(self, data: dict[str, Any]) -> dict[str, ErrorDetail]:
        """What several values together make wrong, by the key that is told so; `data` as sent."""
        return {}


class WorkerSerializer(Body):
    """The facts about the worker that a division needs; there is no BSN."""

    name = serializers.CharField(max_length=200, validators=[refuse_bsn])
    birthDate = DayField(source="birth_date")
    email = serializers.EmailField(required=False)
    phone = serializers.CharField(
        required=False, max_length=20, help_text="As people write it, or as +31…"
    )
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

    def validate_birthDate(self, value: date) -> date:
        today = timezone.localdate()
        if value >= today:
            raise serializers.ValidationError(_("Give a date in the past."), "not_in_the_past")
        if not YOUNGEST <= cast(int, eligibility.age(value, on=today)) <= OLDEST:
            raise serializers.ValidationError(
                _("People of %(youngest)s to %(oldest)s years ask for training. Look at the year.")
                % {"youngest": YOUNGEST, "oldest": OLDEST},
                "no_living_age",
            )
        return value

    def validate_phone(self, value: str) -> str:
        try:
            phones.normal(value)
        except phones.NotAMobileNumber as refused:
            # A fixed line is called; a far country gets no text messages.
            if refused.code == "spelling":
                raise serializers.ValidationError(
                    _("Write the whole telephone number, such as 06 12345678 or +48 512 345 678."),
                    "not_a_phone_number",
                ) from None
        return value

    def across(self, data: dict[str, Any]) -> dict[str, ErrorDetail]:
        if any(data.get(name) for name in ("email", "phone", "address")):
            return {}
        message = _("Give an e-mail address, a phone number or an address for letters.")
        return {"email": ErrorDetail(message, "unreachable")}


class WorkerChangeSerializer(WorkerSerializer):
    """Facts of the worker that were wrong or changed; the others stay as they are."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for one in fields.values():
            one.required, one.default = False, serializers.empty
        return fields

    def across(self, data: dict[str, Any]) -> dict[str, ErrorDetail]:
        return {}


class ConsentSerializer(Body):
    """When and how the worker agreed that the partner files this request with these facts."""

    agreedAt = SentMomentField(source="agreed_at")
    way = serializers.ChoiceField(choices=Consent.Way.choices)
    textVersion = serializers.CharField(
        source="text_version", max_length=60, help_text="The text that the worker agreed to."
    )

    def validate_agreedAt(self, value: datetime) -> datetime:
        now = timezone.now()
        if value > now:
            raise serializers.ValidationError(_("Give a moment in the past."), "not_in_the_past")
        if value < now - timedelta(days=CONSENT_DAYS):
            raise serializers.ValidationError(
                _("This is more than a year ago. Ask the worker again."), "too_long_ago"
            )
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

    regionCode = serializers.CharField(
        source="region_code", max_length=10, help_text="The region whose fund is asked."
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


class ChangeSerializer(Body):
    """What is new in a request; what is not named stays. `choices` takes the place of all."""

    worker = WorkerChangeSerializer(required=False)
    goal = serializers.CharField(
        required=False, allow_blank=True, max_length=1000, validators=[refuse_bsn]
    )
    choices = ChoiceSerializer(  # type: ignore[call-arg]
        many=True, required=False, allow_empty=False, max_length=CHOICES_MAX
    )


class NothingSerializer(Body):
    """A body that says nothing."""


class BatchSerializer(Body):
    """Up to 500 requests; each is filed or refused by itself."""

    items = FilingSerializer(many=True, allow_empty=False, min_length=1, max_length=BATCH_MAX)  # type: ignore[call-arg]


class FiledSerializer(serializers.ModelSerializer[TrainingRequest]):
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
    changedAt = MomentField(source="changed_at")
    hasDecision = serializers.BooleanField(source="has_decision")

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
            "changedAt",
            "hasDecision",
        ]


def filed(
    key: int,
    region_code: str,
    window: str,
    reference: str,
    status: str,
    reason: str,
    repair_until: date | None,
    submitted_at: datetime | None,
    changed_at: datetime,
    has_decision: bool,
) -> dict[str, Any]:
    """What `FiledSerializer` says, of plain values: thousands a minute need no objects."""
    return {
        "id": key,
        "requestNumber": f"R-{key:04d}",
        "regionCode": region_code,
        "window": window,
        "reference": reference,
        "status": status,
        "reason": reason,
        "repairUntil": repair_until and repair_until.isoformat(),
        "submittedAt": submitted_at and _moment(submitted_at),
        "changedAt": _moment(changed_at),
        "hasDecision": has_decision,
    }


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def filed_of(request: Any) -> dict[str, Any]:
    """The same of a request of `reading.own`."""
    return filed(
        request.pk,
        request.window.fund.region.code,
        request.window.code,
        request.organisation_reference,
        request.status,
        request.reason,
        request.repair_until,
        request.submitted_at,
        request.changed_at,
        request.has_decision,
    )


class BatchResultSerializer(serializers.Serializer[Any]):
    """What became of one of many requests."""

    index = serializers.IntegerField(help_text="Its place in `items`, from 0.")
    reference = serializers.CharField(allow_null=True)
    status = serializers.IntegerField(help_text="As a request alone would have been answered.")
    isReplayed = serializers.BooleanField(help_text="It was filed before with the same key.")
    request = FiledSerializer(allow_null=True)
    problem = ProblemField(allow_null=True)


class BatchResultsSerializer(serializers.Serializer[Any]):
    """What became of each of many requests."""

    filed = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = BatchResultSerializer(many=True)


class DecisionSerializer(serializers.Serializer[Any]):
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
