"""Sessions end after some hours without use; the page warns before, and one press extends it.

WCAG 2.2.1: warned at least 20 seconds before, extended by one simple action, again and again.
What was typed into a request is saved anyway.
"""

import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

KEY: Final = "used_at"
# Using a page extends the session, but is written down at most so often: a write costs more.
WRITTEN_EVERY_SECONDS: Final = 10 * 60


class StayingMiddleware:
    """Extends the session of who uses it, and tells the page how long it still lasts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Calls of the API have no session, also where a browser sends its cookie along.
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES and hasattr(
            request, "session"
        )
        if has_session and not _only_asks(request):
            used_at = request.session.get(KEY)
            if request.user.is_authenticated and (
                used_at is None or time.time() - used_at > WRITTEN_EVERY_SECONDS
            ):
                extend(request)
        return self.get_response(request)


def extend(request: HttpRequest) -> None:
    """Let the session last its whole time again."""
    request.session[KEY] = int(time.time())


def seconds_left(request: HttpRequest) -> int:
    """How long the session still lasts; 0 for nobody."""
    if not request.user.is_authenticated:
        return 0
    used_at = request.session.get(KEY, int(time.time()))
    return max(int(used_at + settings.SESSION_COOKIE_AGE - time.time()), 0)


def told(request: HttpRequest) -> dict[str, int]:
    """For every page of somebody who is signed in: when to warn."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"session_seconds": seconds_left(request)}


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """How long it still lasts (GET, which extends nothing), or stay signed in (POST)."""
    if request.method == "POST":
        extend(request)
    return JsonResponse({"seconds": seconds_left(request)})


def _only_asks(request: HttpRequest) -> bool:
    return request.method == "GET" and request.path == "/account/session"
