"""Long lists that change while a program reads them: each page begins where the last one ended."""

import base64
import json
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from api.pagination import Pages
from api.problems import InvalidQuery

FIRST: Final = "*"
# What a list may be sorted by, and where that stands.
SORTS: Final = {"id": "pk", "changedAt": "changed_at", "submittedAt": "submitted_at"}


class Cursors(Pages):
    """`?cursor=*`, then each `nextCursor`; with `page` as everywhere else."""

    cursor_param = "cursor"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        self.cursor = request.query_params.get(self.cursor_param)
        self.sort = request.query_params.get("sort", "-id")
        queryset = _sorted(queryset, self.sort)
        if self.cursor is None:
            return super().paginate_queryset(queryset, request, view)
        self.request = request
        if "page" in request.query_params:
            raise _no_cursor(_("Give a page or a cursor, not both."))
        size = self.get_page_size(request) or self.page_size
        if self.cursor != FIRST:
            queryset = queryset.filter(_after(self.sort, self.cursor))
        rows = list(queryset[: size + 1])
        self.size, self.has_more = size, len(rows) > size
        self.last = rows[size - 1] if self.has_more else None
        return rows[:size]

    @staticmethod
    def first_page(request: Request, items: list[Any], total: int, size: int) -> Response:
        """The first page of items that were read already, as the others come."""
        here = request.build_absolute_uri()
        following = replace_query_param(here, "page", 2) if total > size else None
        return Response(
            {
                "items": items,
                "page": 1,
                "pageSize": size,
                "total": total,
                "nextCursor": None,
                "_links": {"next": following, "previous": None},
            }
        )

    def get_paginated_response(self, data: Any) -> Response:
        if self.cursor is None:
            response = super().get_paginated_response(data)
            response.data["nextCursor"] = None
            return response
        assert self.request is not None
        cursor = _cursor(self.sort, self.last) if self.last is not None else None
        here = self.request.build_absolute_uri()
        following = replace_query_param(here, self.cursor_param, cursor) if cursor else None
        return Response(
            {
                "items": data,
                "page": None,
                "pageSize": self.size,
                "total": None,
                "nextCursor": cursor,
                "_links": {"next": following, "previous": None},
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        made = super().get_paginated_response_schema(schema)
        number = {"type": ["integer", "null"], "minimum": 0}
        made["properties"] |= {
            "page": number,
            "total": number,
            "nextCursor": {"type": ["string", "null"]},
        }
        made["required"] = [*made["required"], "nextCursor"]
        return made


def _sorted(queryset: QuerySet[Any], sort: str) -> QuerySet[Any]:
    minus = "-" if sort.startswith("-") else ""
    column = SORTS[sort.lstrip("-")]
    return queryset.order_by(*([f"{minus}{column}"] if column != "pk" else []), f"{minus}pk")


def _cursor(sort: str, row: Any) -> str:
    value = getattr(row, SORTS[sort.lstrip("-")])
    told = value.isoformat() if isinstance(value, datetime) else value
    text = json.dumps([sort, told, row.pk], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _after(sort: str, cursor: str) -> Q:
    """The condition for all rows behind the one that a cursor names."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        told, value, key = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        column = SORTS[sort.lstrip("-")]
        moment = value if column == "pk" else parse_datetime(value)
        if told != sort or type(key) is not int or moment is None or abs(key) >= 2**63:
            raise ValueError(cursor)
    except (ValueError, TypeError, RecursionError):
        raise _no_cursor(_("This cursor belongs to no list that we gave.")) from None
    way = "lt" if sort.startswith("-") else "gt"
    if column == "pk":
        return Q(**{f"pk__{way}": key})
    return Q(**{f"{column}__{way}": moment}) | Q(**{column: moment, f"pk__{way}": key})


def _no_cursor(message: str) -> InvalidQuery:
    return InvalidQuery({"cursor": [ErrorDetail(message, "invalid")]})
