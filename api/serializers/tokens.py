"""Tokens of a partner's own programs."""

from typing import Any

from rest_framework import serializers

from api import tokens
from api.models import PartnerToken
from api.serializers.fields import MomentField
from api.serializers.requests import Body


class TokenSerializer(serializers.ModelSerializer[PartnerToken]):
    """A token without its secret, which nobody has any more."""

    madeAt = MomentField(source="made_at")
    expiresAt = MomentField(source="expires_at")
    withdrawnAt = MomentField(source="revoked_at", allow_null=True)
    usedOn = serializers.DateField(source="used_on", allow_null=True)
    works = serializers.BooleanField()
    isCurrent = serializers.SerializerMethodField(help_text="The one that this call came with.")

    class Meta:
        model = PartnerToken
        fields = [
            "id",
            "label",
            "madeAt",
            "expiresAt",
            "withdrawnAt",
            "usedOn",
            "works",
            "isCurrent",
        ]

    def get_isCurrent(self, token: PartnerToken) -> bool:
        current: PartnerToken | None = self.context.get("token")
        return current is not None and current.pk == token.pk


class RotationSerializer(Body):
    """A new token in the place of the one that this call comes with."""

    label = serializers.CharField(  # type: ignore[assignment]
        max_length=100, help_text="What it is for."
    )
    overlapDays = serializers.IntegerField(
        source="overlap_days",
        min_value=0,
        max_value=30,
        default=tokens.OVERLAP_DAYS,
        help_text="So long the present one works on.",
    )


class NewTokenSerializer(serializers.Serializer[Any]):
    """A new token with its secret."""

    token = TokenSerializer()
    secret = serializers.CharField(
        allow_null=True, help_text="Shown once; null when the answer is given again."
    )
