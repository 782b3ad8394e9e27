"""Windows: announced before they open, and the same for everybody."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.fund.models import Fund, Region
from budgetpool.refusals import NotReady, TooLate
from budgetpool.users.models import User
from workers.models import Window


@transaction.atomic
def announce(
    *,
    actor: User | None,
    fund: Fund,
    code: str,
    opens_at: datetime,
    closes_at: datetime,
    decided_on: date | None = None,
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
        decided_on=decided_on,
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


@transaction.atomic
def move(
    *,
    actor: User,
    window: Window,
    opens_at: datetime,
    closes_at: datetime,
    decided_on: date | None = None,
) -> Window:
    """Let a window that nobody could use yet begin and end at other moments.

    Raises:
        ValidationError: moments in the wrong order.
        TooLate: `window_used`: somebody asked in it already.
    """
    fresh = Window.objects.select_for_update().get(pk=window.pk)
    if fresh.requests.exists():
        raise TooLate("window_used", window=fresh.code)
    fresh.opens_at, fresh.closes_at, fresh.decided_on = opens_at, closes_at, decided_on
    fresh.announced_at = min(timezone.now(), opens_at)
    fresh.full_clean()
    fresh.save()
    trail.record(
        actor=actor,
        action="window.moved",
        subject=fresh,
        region_code=fresh.fund.region.code,
        opens_at=opens_at.isoformat(),
        closes_at=closes_at.isoformat(),
    )
    return fresh


def rename(*, window: Window, code: str) -> None:
    """Give a window another name; the caller holds the lock of its round and tells the trail."""
    window.code = code
    window.save(update_fields=["code"])


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
        raise NotReady("window_not_open", window=window.code, opens_at=window.opens_at.isoformat())
    if moment >= window.closes_at:
        raise TooLate("window_closed", window=window.code, closed_at=window.closes_at.isoformat())
