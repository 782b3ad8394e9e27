"""A window in memory with a shared ceiling: many calls are counted for one statement.

A process takes a few calls of a limit at once from the counter that all share, and gives them out
itself until the term ends. No limit is ever passed, whatever the number of processes: what was
taken is counted. What a process took and did not give out is lost to the others until the term
ends; so it takes the less, the less is left, and at last one by one.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from budgetpool.limits import counters
from budgetpool.limits.counters import Answer, Try

# A process takes at most this part of a limit, and this part of what is left.
OF_ALL: Final = 60
OF_THE_REST: Final = 30
# Shares of terms that are over are thrown away when there are so many.
MOST_SHARES: Final = 10_000


@dataclass
class _Share:
    """What this process may give out of one key until its term ends."""

    own: int
    remaining: int  # of all, beside the own
    ends_at: datetime


_shares: dict[str, _Share] = {}
_lock: Final = threading.Lock()


def hit_each(tries: Sequence[Try]) -> list[Answer]:
    """Count a try for each of its limits; at most one statement for all of them."""
    now = timezone.now()
    given = {one.key: _give(one, now) for one in tries}
    wanted = {one: _portion(one, now) for one in tries if given[one.key] is None}
    if wanted:
        for one, (count, ends_at) in counters.take(wanted, now).items():
            given[one.key] = _took(one, wanted[one], count, ends_at, now)
    return [answer for one in tries if (answer := given[one.key]) is not None]


def forget() -> None:
    """Let every share go, as the end of the process does."""
    with _lock:
        _shares.clear()


def _give(one: Try, now: datetime) -> Answer | None:
    """A try of the own share; none where there is no share, or it is used up."""
    with _lock:
        share = _shares.get(one.key)
        if share is None or share.own < 1 or share.ends_at <= now:
            return None
        share.own -= 1
        return counters.answer(one.limit, share.remaining + share.own, share.ends_at, now)


def _portion(one: Try, now: datetime) -> int:
    with _lock:
        share = _shares.get(one.key)
    rest = share.remaining if share is not None and share.ends_at > now else one.limit.most
    return max(min(one.limit.most // OF_ALL, rest // OF_THE_REST), 1)


def _took(one: Try, portion: int, count: int, ends_at: datetime, now: datetime) -> Answer:
    """Keep what was taken beyond this try; refuse it where all was given out before."""
    before = count - portion
    granted = min(portion, one.limit.most - before)
    remaining = max(one.limit.most - count, 0)
    if granted < 1:
        return counters.answer(one.limit, -1, ends_at, now)
    with _lock:
        if len(_shares) >= MOST_SHARES:
            _throw_away(now)
        known = _shares.get(one.key)
        kept = known.own if known is not None and known.ends_at == ends_at else 0
        _shares[one.key] = share = _Share(kept + granted - 1, remaining, ends_at)
        return counters.answer(one.limit, remaining + share.own, ends_at, now)


def _throw_away(now: datetime) -> None:
    for key in [key for key, share in _shares.items() if share.ends_at <= now]:
        del _shares[key]
    if len(_shares) >= MOST_SHARES:
        _shares.clear()
