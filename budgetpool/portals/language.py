"""The language of a page: Dutch, unless the reader chose another.

The browser's own preference is not asked: a phone that is set to English would
give Dutch pages English numbers, and an adviser and a worker who look at one
page together would see two.

Some languages exist for a worker's road only: from a region's page to what comes after the
decision. A machine translated them, and each page says so. Any other page is Dutch for who chose
one of them, never half of each.
"""

import re
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

WORKERS_ROAD: Final = re.compile(
    r"/($|(?:regions|r|c|apply)/[^/]+(?:$|/(?:begin|check|help|benefits)$)|my\b|requests/|helping\b"
    r"|account\b|sign-(?:in|up|out)\b|password/|privacy$|accessibility$|language$)"
)


def offered(path: str) -> list[tuple[str, str]]:
    """The languages of the page at this address: code and own name."""
    everywhere = [one for one in settings.LANGUAGES if one[0] not in settings.MACHINE_LANGUAGES]
    return settings.LANGUAGES if WORKERS_ROAD.match(path) else everywhere


def chosen_language(request: HttpRequest) -> str:
    """The language in the reader's cookie when the page has it, else the default."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(offered(request.path)) else settings.LANGUAGE_CODE


class ChosenLanguageMiddleware:
    """Serve each request in the language that its reader chose.

    Below /v1 a program has said its language already.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if hasattr(request, "LANGUAGE_CODE"):
            return self.get_response(request)
        language = chosen_language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response
