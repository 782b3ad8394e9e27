"""The client of a partner and what it proves itself with."""

from typing import Any

from rest_framework import serializers

from api import tokens
from api.models import Client, Credential
from api.serializers.fields import MomentField
from api.serializers.query import LARGEST_KEY
from api.serializers.requests import Body


class CredentialSerializer(serializers.ModelSerializer[Credential]):
    """A secret without its text, which nobody has any more, or the public half of a key."""

    keyId = serializers.CharField(
        source="key.kid", default=None, allow_null=True, help_text="The `kid` of a key."
    )
    madeAt = MomentField(source="made_at")
    expiresAt = MomentField(source="expires_at")
    withdrawnAt = MomentField(source="revoked_at", allow_null=True)
    usedAt = MomentField(source="used_at", allow_null=True)
    works = serializers.BooleanField()

    class Meta:
        model = Credential
        fields = [
            "id",
            "kind",
            "label",
            "keyId",
            "madeAt",
            "expiresAt",
            "withdrawnAt",
            "usedAt",
            "works",
        ]


class ClientSerializer(serializers.ModelSerializer[Client]):
    """The program of your organisation."""

    clientId = serializers.CharField(source="client_id")
    scopes = serializers.ListField(child=serializers.CharField())
    madeAt = MomentField(source="made_at")
    credentials = CredentialSerializer(many=True)

    class Meta:
        model = Client
        fields = ["clientId", "scopes", "madeAt", "credentials"]


class CredentialRotationSerializer(Body):
    """A new secret in the place of another credential of yours."""

    replaces = serializers.IntegerField(
        min_value=1, max_value=LARGEST_KEY, help_text="The id of the credential that it replaces."
    )
    label = serializers.CharField(  # type: ignore[assignment]
        max_length=100, help_text="What it is for."
    )
    overlapDays = serializers.IntegerField(
        source="overlap_days",
        min_value=0,
        max_value=30,
        default=tokens.OVERLAP_DAYS,
        help_text="So long the old one works on.",
    )


class NewCredentialSerializer(serializers.Serializer[Any]):
    """A new secret."""

    credential = CredentialSerializer()
    secret = serializers.CharField(
        allow_null=True, help_text="Shown once; null when the answer is given again."
    )
