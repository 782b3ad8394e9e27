"""Addresses that get events, events, and how their deliveries went."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from api.models import Attempt, Delivery, Endpoint, Event
from api.serializers.fields import MomentField, SentMomentField
from api.serializers.query import LARGEST_KEY
from api.serializers.requests import Body, NothingSerializer
from api.webhooks import endpoints, sending
from api.webhooks.kinds import KINDS, TEST

__all__ = ["NothingSerializer"]
LISTENABLE = [(kind, words) for kind, words in KINDS.items() if kind != TEST]


class WebhookSerializer(serializers.ModelSerializer[Endpoint]):
    """An address that gets events."""

    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    events = serializers.ListField(child=serializers.CharField(), source="kinds")
    madeAt = MomentField(source="made_at")
    endedAt = MomentField(source="ended_at", allow_null=True)
    endedBy = serializers.CharField(
        source="ended_by",
        allow_blank=True,
        help_text="`partner`, or `gone`: the address answered 410.",
    )

    class Meta:
        model = Endpoint
        fields = ["id", "url", "label", "events", "madeAt", "endedAt", "endedBy"]


class NewWebhookSerializer(Body):
    """An address that is to get events."""

    url = serializers.CharField(max_length=500, help_text="HTTPS, on the public internet.")
    label = serializers.CharField(  # type: ignore[assignment]
        required=False, allow_blank=True, max_length=100
    )
    events = serializers.ListField(
        source="listens_to",
        child=serializers.ChoiceField(choices=LISTENABLE),
        allow_empty=False,
        max_length=len(LISTENABLE),
    )


class WebhookWithSecretSerializer(serializers.Serializer[Any]):
    """An address with the secret that signs."""

    webhook = WebhookSerializer()
    secret = serializers.CharField(
        allow_null=True, help_text="Shown once; null when the answer is given again."
    )


class SecretRotationSerializer(Body):
    """Another secret."""

    overlapHours = serializers.IntegerField(
        source="overlap_hours",
        min_value=0,
        max_value=168,
        default=endpoints.OVERLAP_HOURS,
        help_text="So long each event is signed with the old secret, too.",
    )


class EventSerializer(serializers.ModelSerializer[Event]):
    """Something that happened."""

    id = serializers.SerializerMethodField(help_text="As `webhook-id` says it.")
    type = serializers.CharField(source="kind")
    at = MomentField()
    sequence = serializers.IntegerField(
        allow_null=True, help_text="1, 2, 3 … for each object; null for a moment."
    )

    class Meta:
        model = Event
        fields = ["id", "type", "change", "reference", "at", "sequence"]

    def get_id(self, event: Event) -> str:
        return sending.identifier(event)


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """One try."""

    at = MomentField()
    status = serializers.IntegerField(allow_null=True, help_text="Of the answer.")
    problem = serializers.CharField(allow_blank=True, help_text="Why there was no answer: a code.")

    class Meta:
        model = Attempt
        fields = ["at", "status", "problem", "milliseconds"]


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One event on its way to one address."""

    event = EventSerializer()
    nextAt = serializers.SerializerMethodField(help_text="The next try, while it waits.")
    deliveredAt = MomentField(source="delivered_at", allow_null=True)
    attempts = AttemptSerializer(many=True)

    class Meta:
        model = Delivery
        fields = ["id", "event", "state", "tries", "nextAt", "deliveredAt", "attempts"]

    def get_nextAt(self, delivery: Delivery) -> str | None:
        if delivery.state != Delivery.State.WAITING:
            return None
        return str(MomentField().to_representation(delivery.next_at))


class AnewSerializer(Body):
    """Which deliveries to send once more: one, or all since a moment."""

    deliveryId = serializers.IntegerField(
        source="delivery", min_value=1, max_value=LARGEST_KEY, required=False
    )
    since = SentMomentField(required=False)

    def across(self, data: dict[str, Any]) -> dict[str, ErrorDetail]:
        if ("deliveryId" in data) != ("since" in data):
            return {}
        return {"since": ErrorDetail(_("Give deliveryId or since, one of the two."), "required")}


class SentAnewSerializer(serializers.Serializer[Any]):
    """How many are sent once more."""

    deliveries = serializers.IntegerField()
