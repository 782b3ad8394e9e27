"""What all addresses of the API share: OPTIONS, and bodies whose errors come together."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.callers import Caller

# What a program in a browser may send along with a question for open data.
ASKABLE = "Accept, Accept-Language, If-None-Match, X-Request-ID"
READABLE = "API-Version, Content-Language, ETag, RateLimit, Retry-After, X-Request-ID"


class Door(APIView):
    """An address; OPTIONS tells without a token which methods are possible."""

    is_open = False  # to programs in a browser, of any website
    # Methods for which it may be remembered for some seconds whose a token is: those that show
    # nothing of the caller's, or whose own statement looks whether the token still works.
    may_remember_tokens: tuple[str, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method != "OPTIONS":
            super().initial(request, *args, **kwargs)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        headers = {"Allow": ", ".join(self.allowed_methods)}
        if self.is_open:
            headers |= preflight(request)
        return Response(status=204, headers=headers)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().finalize_response(*args, **kwargs)
        if self.is_open:
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Expose-Headers"] = READABLE
        caller = getattr(self.request, "_auth", None)
        ends_at = caller.warn_of_end_at if isinstance(caller, Caller) else None
        if ends_at is not None:
            response.headers["Token-Expires"] = http_date(ends_at.timestamp())
        return response


def preflight(request: HttpRequest | Request) -> dict[str, str]:
    """The headers with which a browser lets any website read (Fetch, section 4.8)."""
    if "Access-Control-Request-Method" not in request.headers:
        return {}
    return {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Allow-Headers": ASKABLE,
        "Access-Control-Max-Age": "86400",
    }


def options(request: HttpRequest) -> HttpResponse:
    """The same for an address without a class."""
    headers = {"Allow": "GET, HEAD, OPTIONS"} | preflight(request)
    return HttpResponse(status=204, headers=headers)
