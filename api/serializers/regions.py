"""Regions and rounds as open data."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from allocation.models import Round
from api.serializers.fields import CentsField, MomentField
from budgetpool.fund.models import Region


class RegionSerializer(serializers.ModelSerializer[Region]):
    """A labour-market region, and whether it has a fund here."""

    validFrom = serializers.IntegerField(source="valid_from", help_text="First year.")
    validUntil = serializers.IntegerField(
        source="valid_until", allow_null=True, help_text="Last year; null while it lasts."
    )
    fundName = serializers.CharField(
        source="fund.name", default=None, allow_null=True, help_text="Null without a fund."
    )

    class Meta:
        model = Region
        fields = ["code", "name", "municipalities", "validFrom", "validUntil", "fundName"]
        extra_kwargs = {
            "municipalities": {
                "help_text": "Municipalities of the region.",
            }
        }


class RoundSerializer(serializers.ModelSerializer[Round]):
    """An allocation round: the window in which anyone can ask, and the money to divide."""

    regionCode = serializers.CharField(source="fund.region.code")
    opensAt = MomentField(source="window.opens_at")
    closesAt = MomentField(source="window.closes_at")
    ceilingCents = CentsField(source="ceiling", help_text="What is divided at most.")
    reserveCents = CentsField(source="reserve", help_text="Set apart for objections.")
    policyName = serializers.CharField(source="policy.name")
    policyVersion = serializers.IntegerField(source="policy.version")
    policySha256 = serializers.CharField(source="policy.sha256")
    publishedAt = MomentField(source="published_at", allow_null=True)
    checkFiles = serializers.SerializerMethodField(
        help_text="Files, certificate and verifier with which anybody checks it; once published."
    )

    class Meta:
        model = Round
        fields = [
            "id",
            "code",
            "regionCode",
            "status",
            "opensAt",
            "closesAt",
            "ceilingCents",
            "reserveCents",
            "policyName",
            "policyVersion",
            "policySha256",
            "publishedAt",
            "checkFiles",
        ]

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_checkFiles(self, round: Round) -> str | None:
        if round.published_at is None:
            return None
        path = reverse("check", args=[round.fund.region.slug, round.code])
        return f"{settings.SITE_URL}{path}"


class GroupSerializer(serializers.Serializer[Any]):
    """One group of people: how many asked, how many got an award."""

    group = serializers.CharField()
    applying = serializers.IntegerField()
    awarded = serializers.IntegerField()
    share = serializers.FloatField(help_text="Awarded ÷ applying, from 0 to 1.")


class CoverageSerializer(serializers.Serializer[Any]):
    """The groups of one column; groups of fewer than ten people are not shown."""

    column = serializers.CharField()
    groups = GroupSerializer(many=True)
    suppressed = serializers.IntegerField(help_text="How many groups are not shown.")


class RuleOutcomeSerializer(serializers.Serializer[Any]):
    """What a rule makes of the same requests."""

    rule = serializers.CharField()
    people = serializers.IntegerField()
    spentCents = serializers.IntegerField()


class FingerprintsSerializer(serializers.Serializer[Any]):
    """What anyone needs to know that they recompute the same round."""

    codeSha256 = serializers.CharField(allow_blank=True)
    policySha256 = serializers.CharField(allow_blank=True)
    snapshotSha256 = serializers.CharField()
    outcomeSha256 = serializers.CharField()
    seed = serializers.CharField()


class ResultsSerializer(serializers.Serializer[Any]):
    """The public results of a round."""

    roundId = serializers.IntegerField()
    requests = serializers.IntegerField(help_text="People who asked and could be served.")
    people = serializers.IntegerField(help_text="People who got an award.")
    spentCents = serializers.IntegerField()
    ceilingCents = serializers.IntegerField()
    adjustments = serializers.IntegerField(help_text="Deviations by the board, each with a reason.")
    objections = serializers.IntegerField()
    objectionsUpheld = serializers.IntegerField()
    coverage = CoverageSerializer(many=True)
    otherRules = RuleOutcomeSerializer(many=True, help_text="What the old rules would have done.")
    fingerprints = FingerprintsSerializer()
