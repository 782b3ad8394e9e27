"""How often something may be done: files by one person, calls for help from one network."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from budgetpool.limits import counters
from budgetpool.limits.counters import Answer, Limit
from budgetpool.limits.networks import network

MINUTE: Final = 60
HOUR: Final = 3600


def limited(
    name: str, *, most: int, seconds: int = HOUR
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Answer 429 to whoever posts more than `most` times within `seconds`.

    Signed-in people are counted by account, visitors by their network, of which only a hash is
    kept, and for no longer than that.

    >>> @limited("upload", most=60)
    ... def files(request): ...
    """
    limit = Limit(name, most=most, seconds=seconds)

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                answer = counters.hit(limit.of(_caller(request)))
                if not answer.allowed:
                    return too_many(request, answer)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def too_many(request: HttpRequest, answer: Answer) -> HttpResponse:
    """The page that says to wait, and how long."""
    response = render(request, "429.html", {"minutes": minutes(answer)}, status=429)
    response.headers["Retry-After"] = str(answer.retry_after)
    return response


def minutes(answer: Answer) -> int:
    """How long to wait, in whole minutes, as people count them."""
    return -(-answer.retry_after // MINUTE)


def network_of(request: HttpRequest) -> str:
    """From which network a request comes: as a trusted proxy tells, else the caller's own."""
    return network(get_adapter(request).get_client_ip(request))


def _caller(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"person:{request.user.pk}"
    return f"network:{network_of(request)}"
