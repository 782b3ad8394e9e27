"""What pages need and programs do not: a session, who signed in, messages.

Below /v1 a program says who it is with each call and has no session; these step aside there, so
that no cookie can ever count, and a call costs less. The token of a form is left to Django: views
below /v1 are exempt from it, and a check of a deployment looks for its middleware by name.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponse
from django_htmx import middleware as htmx

from api.version import PREFIX
from budgetpool.portals.account import staying
from budgetpool.portals.components.keeping import say_kept


def is_of_programs(request: HttpRequest) -> bool:
    """Whether a program asks, and not somebody before a page."""
    return request.path.startswith(f"{PREFIX}/")


class SessionMiddleware(sessions.SessionMiddleware):
    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if is_of_programs(request) else super().__call__(request)


class AuthenticationMiddleware(auth.AuthenticationMiddleware):
    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if is_of_programs(request) else super().__call__(request)


class StayingMiddleware(staying.StayingMiddleware):
    """A browser that is signed in may look at the documentation; that is no use of its session."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request) if is_of_programs(request) else super().__call__(request)


class MessageMiddleware(messages.MessageMiddleware):
    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if is_of_programs(request) else super().__call__(request)


class KeptMiddleware:
    """Each form that leads on says that what was typed is stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        return answer if is_of_programs(request) else say_kept(request, answer)


class HtmxMiddleware(htmx.HtmxMiddleware):
    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if is_of_programs(request) else super().__call__(request)
