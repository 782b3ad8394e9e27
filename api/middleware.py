"""What every answer below /v1 has, also one that no view gave."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from api import problems, throttling
from api.version import API_VERSION, PREFIX

# Signs in an address with its query. The web server refuses twice as many before we see them.
LONGEST_ADDRESS: Final = 2_000
# What a page's headers say of its own bytes.
OF_THE_BODY: Final = ("Content-Type", "Content-Length", "Content-Encoding")


class ApiMiddleware:
    """The caller's language, version and caching headers, and a problem in the place of a page
    about an error.

    It stands outside all others but one, since those answer with pages, too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != PREFIX and not request.path.startswith(f"{PREFIX}/"):
            return self.get_response(request)
        language = asked_language(request.headers.get("Accept-Language", ""))
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
            if _is_page_about_an_error(response):
                response = _problem_for(response)
        throttling.tell(getattr(request, "limits_told", []), response)
        response.headers["API-Version"] = API_VERSION
        response.headers["Content-Language"] = language
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ("Accept-Language",))
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        too_long = len(request.get_full_path()) > LONGEST_ADDRESS
        return problems.answer(414) if too_long and request.path.startswith(PREFIX) else None


def asked_language(header: str) -> str:
    """The language of ours that a caller likes best; Dutch where none is asked for."""
    known = {code for code, _name in settings.LANGUAGES} - {*settings.MACHINE_LANGUAGES}
    for language, weight in parse_accept_lang_header(header.lower()):
        if language == "*" or not weight:
            break
        if (plain := language.partition("-")[0]) in known:
            return plain
    return settings.LANGUAGE_CODE


def _is_page_about_an_error(response: HttpResponse) -> bool:
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return response.status_code >= 400 and is_page


def _problem_for(page: HttpResponse) -> HttpResponse:
    response = problems.answer(page.status_code)
    for name, value in page.headers.items():
        if name not in OF_THE_BODY:
            response.headers.setdefault(name, value)
    response._has_been_logged = getattr(page, "_has_been_logged", False)  # type: ignore[attr-defined]
    return response
