"""Tell the browser that the server keeps what was typed, so that the copy there may go.

A form with `data-keep` remembers on the device what somebody types, and sends the name of that
copy along. Only a view knows whether the words were stored: a redirect alone says nothing, for a
refusal redirects too.
"""

import re
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

NAME: Final = "local-copy"
COPY: Final = re.compile(r"typed:/[A-Za-z0-9/_-]{0,150}")
SECONDS: Final = 7 * 24 * 3600


def kept[T: HttpResponseBase](request: HttpRequest, answer: T) -> T:
    """The answer, which says that what this request brought is stored."""
    copy = request.POST.get(NAME, "")
    if COPY.fullmatch(copy):
        answer.set_cookie(
            "kept",
            copy.replace(":", "%3A").replace("/", "%2F"),
            max_age=SECONDS,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return answer
