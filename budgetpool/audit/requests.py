"""One name for each web request, in the trail, in the logs and in the answer's header."""

import uuid
from collections.abc import Callable
from contextvars import ContextVar

import structlog
from django.http import HttpRequest, HttpResponse

_current: ContextVar[str] = ContextVar("request_id", default="")


def current_id() -> str:
    """The name of the request that is being answered; empty outside one (a command, a job)."""
    return _current.get()


class RequestIdMiddleware:
    """Give every request a fresh name; somebody who asks for help can read it out.

    A name that the client sends is not taken over: it would let a stranger write into our logs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = uuid.uuid4().hex
        token = _current.set(name)
        request.id = name  # type: ignore[attr-defined]
        try:
            with structlog.contextvars.bound_contextvars(request_id=name):
                response = self.get_response(request)
        finally:
            _current.reset(token)
        response.headers["X-Request-ID"] = name
        return response
