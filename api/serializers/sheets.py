"""A sheet that a program sends whole, and what became of each of its rows."""

from typing import Any, Final

from rest_framework import serializers

from api.serializers.requests import Body

MOST_BYTES: Final = 2_000_000
MOST_ROWS: Final = 500
FILE_MAX: Final = 4 * -(-MOST_BYTES // 3)


class SheetSerializer(Body):
    """A file of rows, as a spreadsheet wrote it."""

    content = serializers.CharField(
        max_length=FILE_MAX,
        trim_whitespace=False,
        help_text=f"CSV or XLSX, at most 2 MB and {MOST_ROWS} rows, in Base64.",
    )
    isPreview = serializers.BooleanField(
        default=False, help_text="Only tell what would become of each row; nothing is kept."
    )


class ColumnSerializer(serializers.Serializer[Any]):
    """A column that such a sheet may have."""

    name = serializers.CharField(help_text="What programs write above it.")
    title = serializers.CharField(help_text="What people write above it, in your language.")
    example = serializers.CharField(allow_blank=True)


class ColumnsSerializer(serializers.Serializer[Any]):
    """The columns of a sheet, in the order of the template."""

    columns = ColumnSerializer(many=True)


class RowErrorSerializer(serializers.Serializer[Any]):
    """Why a row was not taken."""

    column = serializers.CharField(allow_blank=True, help_text="Empty where it is the whole row.")
    detail = serializers.CharField()


class RowSerializer(serializers.Serializer[Any]):
    """One row and what became of it."""

    number = serializers.IntegerField(help_text="Its line in the file; the head is line 1.")
    reference = serializers.CharField(allow_blank=True)
    requestNumber = serializers.CharField(
        source="request_number", allow_blank=True, help_text="Empty in a preview of requests."
    )
    isDone = serializers.BooleanField(source="is_done")
    errors = RowErrorSerializer(many=True)  # type: ignore[assignment]


class SheetResultSerializer(serializers.Serializer[Any]):
    """What became of a sheet."""

    isPreview = serializers.BooleanField()
    done = serializers.IntegerField()
    refused = serializers.IntegerField()
    rows = RowSerializer(many=True)
