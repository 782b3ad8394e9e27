"""Sheets of rows by program: the same reading, trying and sending as the page of files has."""

import base64
import binascii
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from api import idempotency
from api.problems import at, invalid
from api.serializers import sheets as serializers
from api.sheets import sending
from api.sheets.columns import KINDS
from api.sheets.sending import Row
from api.views.requests import KEY, ForPartners
from budgetpool.refusals import NotReady

TAGS = ["Sheets"]
PLACE = "content"


def described(kind: str, plural: str) -> Any:
    """What the description says of the sheets of one kind."""
    return extend_schema_view(
        get=extend_schema(
            operation_id=f"list{kind}SheetColumns",
            tags=TAGS,
            description=f"The columns that a sheet of {plural} may have.",
            responses={200: serializers.ColumnsSerializer},
        ),
        post=extend_schema(
            operation_id=f"send{kind}Sheet",
            tags=TAGS,
            parameters=[KEY],
            description=f"Send a sheet of {plural}, or see what would become of each row.",
            request=serializers.SheetSerializer,
            responses={200: serializers.SheetResultSerializer},
        ),
    )


class _Sheet(ForPartners):
    """A sheet of one kind."""

    kind: ClassVar[str]
    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The columns, their titles in the caller's language."""
        columns = [
            {"name": one.place.rpartition("/")[2], "title": one.label, "example": one.example}
            for one in KINDS[self.kind]
        ]
        return Response(serializers.ColumnsSerializer({"columns": columns}).data)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send every row as a call of its own would be sent, or undo all of it: a preview.

        The same file again, also under another key, files no request twice.
        """
        form = serializers.SheetSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        rows = self.rows(form.validated_data["content"])
        if form.validated_data["isPreview"]:
            idempotency.key_of(request)
            return self.tell(sending.try_out(self.caller, self.kind, rows), is_preview=True)
        return idempotency.once(
            request=request, partner=self.caller.partner, act=lambda: self.send(rows)
        )

    def rows(self, content: str) -> list[Row]:
        """The rows of the file in a body.

        Raises:
            Problem: 400 with the place, for what is no Base64 or no sheet of this kind.
        """
        try:
            raw = base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            raise invalid([at(PLACE, "not_base64", _("This is no Base64."))]) from None
        try:
            return sending.read(self.caller.partner, self.kind, raw)
        except NotReady as refused:
            raise invalid([at(PLACE, refused.code, str(refused))]) from None

    def send(self, rows: list[Row]) -> Response:
        by = self.caller.partner.account
        return self.tell(sending.send(self.caller, self.kind, rows, by=by), is_preview=False)

    def tell(self, results: list[sending.Result], *, is_preview: bool) -> Response:
        done = sum(result.is_done for result in results)
        rows = [
            {
                "number": one.number,
                "reference": one.reference,
                # A number that is undone again would name another request later.
                "request_number": ""
                if is_preview and self.kind == "requests"
                else one.request_number,
                "is_done": one.is_done,
                "errors": [{"column": column, "detail": why} for column, why in one.errors],
            }
            for one in results
        ]
        told = {"isPreview": is_preview, "done": done, "refused": len(rows) - done, "rows": rows}
        return Response(serializers.SheetResultSerializer(told).data)


@described("Request", "requests")
class RequestSheet(_Sheet):
    """Requests by the row."""

    kind = "requests"
    scopes = {"GET": "requests:write", "POST": "requests:write"}


@described("Start", "first lessons")
class StartSheet(_Sheet):
    """First lessons by the row, each found by the reference of its request."""

    kind = "starts"
    scopes = {"GET": "awards:write", "POST": "awards:write"}


@described("Completion", "proofs of completion")
class CompletionSheet(_Sheet):
    """Proofs of completion by the row, each found by the reference of its request."""

    kind = "completions"
    scopes = {"GET": "awards:write", "POST": "awards:write"}
