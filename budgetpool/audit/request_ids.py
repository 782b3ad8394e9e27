"""One name for each web request, in the trail, in the logs and in the answer's header."""

import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("budgetpool.request")
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
        begun = time.perf_counter()
        try:
            with structlog.contextvars.bound_contextvars(request_id=name):
                response = self.get_response(request)
                # The page's name and not its address: an address can hold a code or a name.
                match = request.resolver_match
                log.info(
                    "request",
                    method=request.method,
                    page=match.view_name if match else "",
                    status=response.status_code,
                    milliseconds=round((time.perf_counter() - begun) * 1000),
                )
        finally:
            _current.reset(token)
        response.headers["X-Request-ID"] = name
        return response
