"""The database or the store of files is away or full: say so and ask to come back.

In one place, for all pages.

It is nobody's fault who asks, and nothing in the program: so 503 with `Retry-After`, never a 500,
and one line a second in the log instead of a traceback for each request.
"""

import errno
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from budgetpool.files.bucket import StoreAway

log = structlog.get_logger("budgetpool.outage")

RETRY_AFTER_SECONDS: Final = 10
LINE_EVERY_SECONDS: Final = 1.0
# What SQLite calls a fault of a statement, such as a missing table: that one is ours.
SQLITE_ERROR: Final = 1
# Classes of SQLSTATE: connection, resources, operator, system; and a transaction that may only
# read, a conflict, a lock that was not free.
OUTSIDE: Final = ("08", "53", "57", "58", "25006", "40", "55P03")
FULL: Final = {errno.ENOSPC, errno.EROFS, errno.EDQUOT}


class OutageMiddleware:
    """Answers for every view; `page` does so for what happens outside of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer(error) if is_outage(error) else None


def page(request: HttpRequest) -> HttpResponse:
    """The page for an error that nobody handled (`handler500`)."""
    error = sys.exception()
    if isinstance(error, Exception) and is_outage(error):
        return answer(error)
    return server_error(request)


def answer(error: Exception) -> HttpResponse:
    """Ask to come back; nothing of the page may need the database."""
    _lines.write(error)
    response = HttpResponse(render_to_string("503.html"), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django's mark
    return response


def is_outage(error: BaseException) -> bool:
    """Whether the database, the disk or the object store failed, and no statement of ours.

    >>> is_outage(OSError(errno.ENOSPC, "No space left on device")), is_outage(ValueError())
    (True, False)
    """
    if isinstance(error, StoreAway):
        return True
    if isinstance(error, OSError):
        return error.errno in FULL
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, DatabaseError):
        return False
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return isinstance(error, OperationalError) and code & 0xFF != SQLITE_ERROR
    state = getattr(cause, "sqlstate", None)
    if state is None:  # no connection was made at all
        return isinstance(error, OperationalError)
    return str(state).startswith(OUTSIDE)


class _Lines:
    """One line a second, with the number of those that were left out before it."""

    def __init__(self) -> None:
        self.lock, self.written_at, self.left_out = threading.Lock(), float("-inf"), 0

    def write(self, error: Exception) -> None:
        now = time.monotonic()
        with self.lock:
            if now - self.written_at < LINE_EVERY_SECONDS:
                self.left_out += 1
                return
            left_out, self.left_out, self.written_at = self.left_out, 0, now
        reason = (str(error).strip().splitlines() or [""])[0]
        log.error("unavailable", error=type(error).__name__, reason=reason, left_out=left_out)


_lines = _Lines()
