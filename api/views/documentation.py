"""The description of the interface, for programs and for people."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from api import description
from api.views import door


@require_http_methods(["GET", "HEAD", "OPTIONS"])
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description, readable from any website (design rule publish-openapi)."""
    if request.method == "OPTIONS":
        return door.options(request)
    return JsonResponse(
        description.generate(),
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"},
        json_dumps_params={"ensure_ascii": False},
    )


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI from our own files."""
    return render(request, "api/docs.html")
