"""How often something may be done: files by one person, calls for help from one address."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

HOUR: Final = 3600


def limited(
    name: str, *, most: int, seconds: int = HOUR
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Answer 429 to whoever posts more than `most` times within `seconds`.

    Signed-in people are counted by account, visitors by their address on the network, which is
    kept for no longer than that.

    >>> @limited("upload", most=60)
    ... def files(request): ...
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST" and _count(request, name, seconds) > most:
                return render(request, "429.html", status=429)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _count(request: HttpRequest, name: str, seconds: int) -> int:
    who = (
        f"person:{request.user.pk}"
        if request.user.is_authenticated
        else f"address:{get_adapter(request).get_client_ip(request)}"
    )
    key = f"limit:{name}:{who}"
    if cache.add(key, 1, seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it ended between the two
        cache.set(key, 1, seconds)
        return 1
