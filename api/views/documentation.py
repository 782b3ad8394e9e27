"""The description of the interface, for programs and for people."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from api import schema  # noqa: F401 (it tells the generator how our tokens look)


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """The OpenAPI description, readable from any website (design rule publish-openapi)."""
    with translation.override("en"):
        description = SchemaGenerator(urlconf="api.urls_v1").get_schema(request=None, public=True)
    return JsonResponse(
        description,
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"},
        json_dumps_params={"ensure_ascii": False},
    )


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI from our own files."""
    return render(request, "api/docs.html")
