"""How often a program may call: counted per token, or per address where there is none."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from api.models import PartnerToken


class CallThrottle(SimpleRateThrottle):
    """All calls of one token, or of one address of a visitor."""

    scope = "visitor"

    def get_cache_key(self, request: Request, view: object) -> str:
        if isinstance(request.auth, PartnerToken):
            return f"api-token-{request.auth.pk}"
        return f"api-visitor-{self.get_ident(request)}"

    def allow_request(self, request: Request, view: Any) -> bool:
        self.scope = "partner" if isinstance(request.auth, PartnerToken) else "visitor"
        self.rate = self.get_rate()
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return bool(super().allow_request(request, view))


class FilingThrottle(SimpleRateThrottle):
    """Requests that one token files."""

    scope = "filing"

    def get_cache_key(self, request: Request, view: object) -> str | None:
        if request.method != "POST" or not isinstance(request.auth, PartnerToken):
            return None
        return f"api-filing-{request.auth.pk}"
