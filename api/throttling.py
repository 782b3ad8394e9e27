"""How often a program may call: counted per token, or per network where there is none.

Each process takes a few calls at once from the counter that all share: see `limits.shares`.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.callers import Caller
from budgetpool.limits import counters, shares
from budgetpool.limits.counters import Answer, Limit
from budgetpool.limits.networks import network

MINUTE: Final = 60
LIMITS: Final = {
    "visitor": Limit("visitor", most=120, seconds=MINUTE),
    "partner": Limit("partner", most=600, seconds=MINUTE),
    "filing": Limit("filing", most=60, seconds=MINUTE),
    "token": Limit("token", most=60, seconds=MINUTE),
}


class CallThrottle(BaseThrottle):
    """All calls of one token, or of one network of a visitor."""

    answer: Answer
    policies: tuple[str, ...] = ("partner",)

    def allow_request(self, request: Request, view: Any) -> bool:
        if isinstance(request.auth, Caller):
            return self.count(request, self.policies, request.auth.counted_as)
        return self.count(request, ("visitor",), network(self.get_ident(request) or ""))

    def count(self, request: Request, policies: Sequence[str], who: object) -> bool:
        """Count this call for each policy, and keep what the answer is to say of it."""
        answers = shares.hit_each([LIMITS[policy].of(who) for policy in policies])
        self.answer = counters.strictest(answers)
        request._request.limits_told = answers  # type: ignore[attr-defined]
        return self.answer.allowed

    def wait(self) -> float:
        return self.answer.retry_after


class FilingThrottle(CallThrottle):
    """All calls of one token, and beside them what it sends."""

    def allow_request(self, request: Request, view: Any) -> bool:
        self.policies = ("partner", "filing") if request.method == "POST" else ("partner",)
        return super().allow_request(request, view)


class TokenThrottle(CallThrottle):
    """Tries of one network to get an access token."""

    def allow_request(self, request: Request, view: Any) -> bool:
        return self.count(request, ("token",), network(self.get_ident(request) or ""))


def tell(answers: list[Answer], response: HttpResponse) -> None:
    """Say in every answer what may be asked and how much is left.

    The fields are those of draft-ietf-httpapi-ratelimit-headers-11: `q` calls in `w` seconds;
    `r` are left, and in `t` seconds all are there again.
    """
    if not answers:
        return
    response.headers["RateLimit-Policy"] = ", ".join(
        f'"{one.limit.name}";q={one.limit.most};w={one.limit.seconds}' for one in answers
    )
    response.headers["RateLimit"] = ", ".join(
        f'"{one.limit.name}";r={one.remaining};t={one.retry_after}' for one in answers
    )
