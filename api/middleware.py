"""What every answer below /v1 has, also one that no view gave."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from api import problems
from api.version import API_VERSION, PREFIX


class ApiMiddleware:
    """Version and caching headers, and problem+json in the place of a page about an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path != PREFIX and not request.path.startswith(f"{PREFIX}/"):
            return response
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code >= 400 and is_page:
            page, response = response, problems.answer(response.status_code)
            for name, value in page.headers.items():
                if name not in ("Content-Type", "Content-Length"):
                    response.headers.setdefault(name, value)
        response.headers["API-Version"] = API_VERSION
        response.headers.setdefault("Cache-Control", "no-store")
        return response
