"""What a sandbox holds."""

from typing import Any

from rest_framework import serializers

from api.serializers.requests import NothingSerializer

__all__ = ["NothingSerializer"]


class SandboxRoundSerializer(serializers.Serializer[Any]):
    """A round of the sandbox."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    status = serializers.CharField()


class SandboxEditionSerializer(serializers.Serializer[Any]):
    """What can be asked for in the sandbox."""

    trainingId = serializers.IntegerField()
    editionId = serializers.IntegerField()


class ClockSerializer(serializers.Serializer[Any]):
    """How far the clock is."""

    state = serializers.CharField(
        help_text="`still`, `queued`, `running`, `done`, `failed` or `cancelled`."
    )
    published = serializers.IntegerField(allow_null=True, help_text="The round that came out.")
    opened = serializers.CharField(allow_null=True, help_text="The code of the next window.")
    code = serializers.CharField(allow_blank=True, help_text="Why it failed.")


class SandboxSerializer(serializers.Serializer[Any]):
    """What the sandbox holds, and how far its clock is."""

    regionCode = serializers.CharField()
    municipality = serializers.CharField(help_text="Of people who may ask; others may not.")
    window = serializers.CharField(help_text="The code of the window that is open.")
    rounds = SandboxRoundSerializer(many=True)
    editions = SandboxEditionSerializer(many=True)
    magicReferences = serializers.ListField(
        child=serializers.CharField(),
        help_text="A `reference` that begins so, perhaps with -1, provokes that answer.",
    )
    clock = ClockSerializer()
