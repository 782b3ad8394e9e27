"""The register: providers, their trainings and the editions of these."""

from rest_framework import serializers

from api.serializers.fields import CentsField
from budgetpool.register.models import Edition, Provider, Training


class ProviderSerializer(serializers.ModelSerializer[Provider]):
    """A training provider."""

    vatStatus = serializers.ChoiceField(
        source="vat_status", choices=Provider.VatStatus.choices, read_only=True
    )
    rioId = serializers.CharField(source="rio_id", allow_blank=True)

    class Meta:
        model = Provider
        fields = ["id", "name", "kvk", "municipality", "vatStatus", "rioId", "status"]


class TrainingSerializer(serializers.ModelSerializer[Training]):
    """A training with its price; VAT, exam and books are in it."""

    providerId = serializers.IntegerField(source="provider_id")
    providerName = serializers.CharField(source="provider.name")
    sectorVersion = serializers.CharField(source="sector_version")
    rioId = serializers.CharField(source="rio_id", allow_blank=True)
    priceCents = CentsField(source="price")
    examPriceCents = CentsField(source="exam_price")
    booksPriceCents = CentsField(source="books_price")

    class Meta:
        model = Training
        fields = [
            "id",
            "title",
            "description",
            "providerId",
            "providerName",
            "sector",
            "sectorVersion",
            "level",
            "outcome",
            "crebo",
            "rioId",
            "hours",
            "language",
            "wheelchair",
            "priceCents",
            "examPriceCents",
            "booksPriceCents",
        ]


class EditionSerializer(serializers.ModelSerializer[Edition]):
    """One run of a training."""

    trainingId = serializers.IntegerField(source="training_id")
    startsOn = serializers.DateField(source="starts_on")
    endsOn = serializers.DateField(source="ends_on", allow_null=True)
    isEvening = serializers.BooleanField(source="is_evening")
    isOnline = serializers.BooleanField(source="is_online")

    class Meta:
        model = Edition
        fields = [
            "id",
            "trainingId",
            "startsOn",
            "endsOn",
            "place",
            "isEvening",
            "isOnline",
            "seats",
        ]
