"""Windows: announced before they open, and the same for everybody."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.fund.models import Fund, Region
from budgetpool.users.models import User
from workers.errors import WindowClosed, WindowNotOpen
from workers.models import Window


@transaction.atomic
def announce(
    *, actor: User | None, fund: Fund, code: str, opens_at: datetime, closes_at: datetime
) -> Window:
    """Announce a window; the round that divides its money is made above this layer.

    Raises:
        ValidationError: a code that exists, or moments in the wrong order.
    """
    window = Window(
        fund=fund,
        code=code,
        opens_at=opens_at,
        closes_at=closes_at,
        announced_at=min(timezone.now(), opens_at),
    )
    window.full_clean()
    window.save()
    trail.record(
        actor=actor,
        action="window.announced",
        subject=window,
        region_code=fund.region.code,
        code=code,
    )
    return window


def current(region: Region, *, at: datetime | None = None) -> Window | None:
    """The window that is open now in a region, else the next that will open, else none."""
    moment = at or timezone.now()
    return (
        Window.objects.filter(fund__region=region, closes_at__gt=moment)
        .select_related("fund__region")
        .order_by("opens_at", "pk")
        .first()
    )


def require_open(window: Window, *, at: datetime | None = None) -> None:
    """Refuse what may happen inside the window only.

    Raises:
        WindowNotOpen, WindowClosed: each with its own sentence.
    """
    moment = at or timezone.now()
    if moment < window.opens_at:
        raise WindowNotOpen(window=window.code, opens_at=window.opens_at.isoformat())
    if moment >= window.closes_at:
        raise WindowClosed(window=window.code, closed_at=window.closes_at.isoformat())
