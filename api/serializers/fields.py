"""Fields that several answers share."""

from datetime import UTC
from typing import Any

from django.utils.translation import gettext_lazy as _
from djmoney.money import Money
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from budgetpool.money import to_cents


@extend_schema_field({"type": "integer", "minimum": 0, "description": "Whole euro cents."})
class CentsField(serializers.Field[Any, Any, Any, Any]):
    """An amount in whole euro cents, read from a money field."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Money) -> int:
        return to_cents(value)


class MomentField(serializers.DateTimeField):
    """A moment, in UTC whatever the server's own clock shows (design rule date-time/timezone)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, default_timezone=UTC, **options)


class DayField(serializers.DateField):
    """A day that a program sends; a wrong one is answered in words, without signs of a format."""

    default_error_messages = {
        "invalid": _("This is no day that exists, written as 2027-03-01."),
    }


class SentMomentField(serializers.DateTimeField):
    """A moment that a program sends."""

    default_error_messages = {
        "invalid": _("This is no moment that exists, written as 2027-03-01T09:30:00Z."),
    }
