"""The description of the interface, for programs and for people."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from api import description
from api.views import door


@cache
def _described() -> bytes:
    """Made once by each process: it takes a tenth of a second, and says the same until the next
    release."""
    return json.dumps(description.generate(), ensure_ascii=False).encode()


@require_http_methods(["GET", "HEAD", "OPTIONS"])
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description, readable from any website (design rule publish-openapi)."""
    if request.method == "OPTIONS":
        return door.options(request)
    return HttpResponse(
        _described(),
        content_type="application/json",
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"},
    )


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI from our own files."""
    return render(request, "api/docs.html")
