"""Tell the browser that the server keeps what was typed, so that the copy there may go.

A page remembers on the device what somebody types into a form, under a name that begins with who
typed it: on a shared device nobody finds the words of another. It sends that name along. The
answer says that the words are stored where it leads on and refuses nothing. A refusal leads on as
well, but never without a word of warning; and whoever has to show first who they are is led to a
door of the account.
"""

import re
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase

NAME: Final = "local-copy"
COPY: Final = re.compile(r"typed:[0-9]+/[A-Za-z0-9/_.-]{0,150}")
SECONDS: Final = 7 * 24 * 3600
SIGN_IN: Final = ("/sign-in", "/sign-up")


def say_kept[T: HttpResponseBase](request: HttpRequest, answer: T) -> T:
    """The answer, which says that what this request brought is stored, if it is."""
    if request.method != "POST" or not leads_on(request, answer):
        return answer
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


def leads_on(request: HttpRequest, answer: HttpResponseBase) -> bool:
    """Whether the answer leads to another page because the work is done."""
    if answer.status_code not in (302, 303):
        return False
    to = urlsplit(answer["Location"]).path
    if to.startswith(SIGN_IN):
        return False
    if to.startswith("/account/") and not request.path.startswith("/account"):
        return False
    said: Any = getattr(messages.get_messages(request), "_queued_messages", [])
    return not any(message.level >= messages.WARNING for message in said)
