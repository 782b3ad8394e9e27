"""Long lists come in pages, with the addresses of the pages beside."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response


class Pages(PageNumberPagination):
    """`?page=2&pageSize=50`; the answer names the pages before and after."""

    page_size = 20
    page_query_param = "page"
    page_size_query_param = "pageSize"
    max_page_size = 100

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except NotFound:
            raise NotFound(_("There is no such page.")) from None

    def get_paginated_response(self, data: Any) -> Response:
        page = self.page
        assert page is not None
        return Response(
            {
                "items": data,
                "page": page.number,
                "pageSize": page.paginator.per_page,
                "total": page.paginator.count,
                "_links": {
                    "next": self.get_next_link(),
                    "previous": self.get_previous_link(),
                },
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        number = {"type": "integer", "minimum": 0}
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["items", "page", "pageSize", "total", "_links"],
            "properties": {
                "items": schema,
                "page": number,
                "pageSize": number,
                "total": number,
                "_links": {
                    "type": "object",
                    "required": ["next", "previous"],
                    "properties": {"next": link, "previous": link},
                },
            },
        }
