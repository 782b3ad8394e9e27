"""One name for each web request, in the trail, in the logs and in the answer's header."""

import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("budgetpool.request")
_current: ContextVar[str] = ContextVar("request_id", default="")

HEX = "[0-9a-fA-F]"
WELL_FORMED: Final = re.compile(
    rf"{HEX}{{8}}-?{HEX}{{4}}-?{HEX}{{4}}-?{HEX}{{4}}-?{HEX}{{12}}|[0-7][0-9A-HJKMNP-TV-Z]{{25}}"
)


def current_id() -> str:
    """The name of the request that is being answered; empty outside one (a command, a job)."""
    return _current.get()


class RequestIdMiddleware:
    """Give every request a name; somebody who asks for help can read it out.

    A UUID or a ULID that the client sends is taken over, so that both logs can be laid beside one
    another. Anything else is not: it would let a stranger write words into our logs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get("X-Request-ID", "")
        shown = sent if WELL_FORMED.fullmatch(sent) else uuid.uuid4().hex
        name = shown.replace("-", "")
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
        response.headers["X-Request-ID"] = shown
        return response
