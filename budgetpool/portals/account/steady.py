"""An answer that takes as long for a known address as for an unknown one.

Both get a message, but an account costs a few statements more: somebody with a clock would learn
who has one. So whatever sends a message answers after a fixed time, and not before. Refused tries
are answered at once, since they are refused before anything is looked up.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

NOT_BEFORE = "answer_not_before"


def begin(request: HttpRequest) -> None:
    """From here on the work depends on who has an account."""
    setattr(request, NOT_BEFORE, time.monotonic() + settings.MESSAGE_SECONDS)


def steady(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hold an answer back until the time that `begin` set."""

    @wraps(view)
    def held_back(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        left = getattr(request, NOT_BEFORE, 0.0) - time.monotonic()
        if left > 0:
            time.sleep(left)
        return answer

    return held_back
