"""Who calls: a partner's program, with what it may do, however it proved who it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.models import Client, Partner, PartnerToken


@dataclass(frozen=True)
class Caller:
    """The program behind one call."""

    partner: Partner
    scopes: frozenset[str]
    client: Client | None = None
    token: PartnerToken | None = None
    # Of its access token.
    checksum: str = ""

    @property
    def counted_as(self) -> str:
        """Under what its calls are counted: a new access token is no new allowance."""
        return f"client-{self.client.pk}" if self.client else f"token-{self.partner.pk}"

    @property
    def in_trail(self) -> dict[str, Any]:
        """With what it came, as the trail keeps it."""
        return (
            {"client": self.client.pk} if self.client else {"token": self.token and self.token.pk}
        )

    @property
    def warn_of_end_at(self) -> datetime | None:
        """When its token ends, where that is soon enough to be told in every answer."""
        return self.token.expires_at if self.token and self.token.ends_soon else None
