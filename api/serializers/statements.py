"""A bank statement that a program brings in, and what became of it; no line, and nobody's name."""

from typing import Any, Final

from rest_framework import serializers

from api.serializers.fields import MomentField
from api.serializers.query import PageQuery
from api.serializers.requests import Body
from budgetpool.bank.models import BankStatement
from budgetpool.bank.reasons import HELD, LEFT_OUT

# A body has at most 5 MB, and Base64 takes four signs for three bytes.
BYTES_MAX: Final = 3_600_000
FILE_MAX: Final = 4 * (BYTES_MAX // 3)
STATES: Final = ("booked", "known", "held", "not_booked")


class BringingSerializer(Body):
    """A file of the bank, as the bank made it."""

    name = serializers.CharField(max_length=255, help_text="Its name, for people to find it by.")
    content = serializers.CharField(
        max_length=FILE_MAX,
        trim_whitespace=False,
        help_text="CAMT.053 or MT940, at most 3.6 MB, in Base64. Send a larger month by days.",
    )


class WhySerializer(serializers.Serializer[Any]):
    """Why a statement was not booked."""

    code = serializers.ChoiceField(choices=sorted({*HELD, *LEFT_OUT}))
    detail = serializers.CharField()


class StatementOutcomeSerializer(serializers.Serializer[Any]):
    """One statement of the file and what became of it."""

    id = serializers.IntegerField(
        source="stored.row.pk", allow_null=True, default=None, help_text="Where it was booked."
    )
    statementId = serializers.CharField(source="stored.source.id", allow_null=True)
    account = serializers.CharField(
        source="stored.source.account", allow_null=True, help_text="As the file names it."
    )
    date = serializers.DateField(source="stored.source.date", allow_null=True)
    openingCents = serializers.IntegerField(source="stored.source.opening_cents", allow_null=True)
    closingCents = serializers.IntegerField(source="stored.source.closing_cents", allow_null=True)
    state = serializers.ChoiceField(
        choices=STATES,
        help_text="`booked`; `known`, all of it came before; `held`, its file is kept and not "
        "booked until it fits or two people decide; `not_booked`.",
    )
    reason = WhySerializer(allow_null=True)
    page = serializers.URLField(
        allow_null=True,
        help_text="Where people see a held file beside the books, and decide about it.",
    )
    newCount = serializers.SerializerMethodField(help_text="Lines that are booked now.")
    knownCount = serializers.IntegerField(
        source="stored.known_count", help_text="Lines that were booked before."
    )
    otherCurrencyCount = serializers.SerializerMethodField(
        help_text="Lines in another currency than euros, which are never booked."
    )

    def get_newCount(self, told: Any) -> int:
        return len(told.stored.fresh)

    def get_otherCurrencyCount(self, told: Any) -> int:
        return len(told.stored.left_out_entries)


class ArrivedSerializer(serializers.Serializer[Any]):
    """What became of a file: what was booked, what waits, what was known, what did not fit."""

    fileSha256 = serializers.CharField(min_length=64, max_length=64)
    statements = StatementOutcomeSerializer(
        many=True,
        help_text="Those of the file, and behind them those of files that were held and fit now.",
    )
    recognisedCents = serializers.IntegerField(help_text="Of known employers; it is in the pool.")
    waitingCount = serializers.IntegerField(help_text="Deposits that the treasurer has to explain.")
    waitingCents = serializers.IntegerField()
    leftCount = serializers.IntegerField(help_text="Lines by which money left the bank.")
    leftCents = serializers.IntegerField()
    paidCount = serializers.IntegerField(help_text="Payments of the fund that the bank made.")
    returnedCount = serializers.IntegerField(help_text="Payments of the fund that came back.")
    unclearCount = serializers.IntegerField(
        help_text="Payments of the fund that the treasurer has to look at."
    )


class StatementSerializer(serializers.ModelSerializer[BankStatement]):
    """A statement that is booked."""

    statementId = serializers.CharField(source="statement_id", allow_blank=True)
    iban = serializers.CharField(source="fund_iban.iban", help_text="Of the fund's own account.")
    date = serializers.DateField(allow_null=True)
    openingCents = serializers.IntegerField(source="opening_cents", allow_null=True)
    closingCents = serializers.IntegerField(source="closing_cents", allow_null=True)
    isProven = serializers.BooleanField(
        source="balance_proven",
        allow_null=True,
        help_text="Whether opening and lines make the closing; null where a balance is missing.",
    )
    fileName = serializers.CharField(source="file_name")
    fileSha256 = serializers.CharField(source="file_sha256")
    importedAt = MomentField(source="imported_at")
    lineCount = serializers.IntegerField(
        source="line_count", help_text="Lines that this statement was the first to show."
    )
    waitingCount = serializers.IntegerField(
        source="waiting_count", help_text="Of these, how many the treasurer has to explain."
    )

    class Meta:
        model = BankStatement
        fields = [
            "id",
            "statementId",
            "iban",
            "date",
            "openingCents",
            "closingCents",
            "isProven",
            "fileName",
            "fileSha256",
            "importedAt",
            "lineCount",
            "waitingCount",
        ]


class StatementQuery(PageQuery):
    """Which statements of the fund."""

    iban = serializers.CharField(required=False, max_length=34, help_text="Of this account.")
    fileSha256 = serializers.RegexField(
        r"^[0-9a-f]{64}$", required=False, help_text="That came in this file."
    )
