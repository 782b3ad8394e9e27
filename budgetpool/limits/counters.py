"""Count tries, and say whether one more is allowed.

    CODES = Limit("codes", most=3, seconds=60)
    ...
    answer = counters.hit(CODES.of(address, network))
    if not answer.allowed:
        ...  # try again in `answer.retry_after` seconds

Counting is one statement, whatever number of limits it touches: two tries at the same moment are
two, on every process and machine. A term begins at its first try and ends when it was said to
end, however often somebody tries meanwhile.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.dateparse import parse_datetime

from budgetpool import statements
from budgetpool.limits.models import Counter

# A try is counted in the row of its key; a row whose term is over begins anew. The order of the
# rows is that of their keys, so that two statements never wait for each other.
HIT: Final = """
    INSERT INTO limits_counter (key, started_at, count, ends_at) VALUES {rows}
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN limits_counter.ends_at <= excluded.started_at
            THEN excluded.count ELSE limits_counter.count + excluded.count END,
        started_at = CASE WHEN limits_counter.ends_at <= excluded.started_at
            THEN excluded.started_at ELSE limits_counter.started_at END,
        ends_at = CASE WHEN limits_counter.ends_at <= excluded.started_at
            THEN excluded.ends_at ELSE limits_counter.ends_at END
    RETURNING key, count, ends_at
"""


@dataclass(frozen=True)
class Limit:
    """At most so many tries within so many seconds."""

    name: str
    most: int
    seconds: int

    def of(self, *who: object) -> "Try":
        """A try of whoever these parts name together, such as a person and a network."""
        text = "\0".join(map(str, who))
        digest = salted_hmac("budgetpool.limits", text, algorithm="sha256").hexdigest()
        return Try(self, f"{self.name}:{digest}")


@dataclass(frozen=True)
class Try:
    """One limit and the key of whoever it counts."""

    limit: Limit
    key: str


@dataclass(frozen=True)
class Answer:
    """What a limit says of one try.

    Attributes:
        remaining: how many more are allowed until the term ends.
        retry_after: in how many seconds the term ends.
    """

    limit: Limit
    allowed: bool
    remaining: int
    retry_after: int


def hit(*tries: Try) -> Answer:
    """Count a try for each of its limits, and give what the strictest of them says.

    Refused tries count too; they make no term longer.
    """
    return strictest(hit_each(*tries))


def hit_each(*tries: Try) -> list[Answer]:
    """The same with what each limit says, in the order of the tries; in one statement."""
    now = timezone.now()
    found = take(dict.fromkeys(tries, 1), now)
    return [_answer(one.limit, *found[one], now) for one in tries]


def take(wanted: Mapping[Try, int], now: datetime) -> dict[Try, tuple[int, datetime]]:
    """Count so many tries of each at once; gives how many were counted, and when the term ends."""
    of_keys = {one.key: one for one in sorted(wanted, key=lambda one: one.key)}
    values: list[Any] = []
    for key, one in of_keys.items():
        values += [key, _stored(now), wanted[one], _stored(_end(one.limit, now))]
    rows = ", ".join(["(%s, %s, %s, %s)"] * len(of_keys))
    with statements.prepared() as cursor:
        cursor.execute(HIT.format(rows=rows), values)
        return {of_keys[key]: (count, _read(ends)) for key, count, ends in cursor.fetchall()}


def answer(limit: Limit, remaining: int, ends_at: datetime, now: datetime) -> Answer:
    """What a limit says of a try after which so many are left; below zero it is refused."""
    return Answer(
        limit=limit,
        allowed=remaining >= 0,
        remaining=max(remaining, 0),
        retry_after=max(math.ceil((ends_at - now).total_seconds()), 1),
    )


def strictest(answers: Sequence[Answer]) -> Answer:
    """The one that refuses, or leaves least."""
    return min(answers, key=lambda answer: (answer.allowed, answer.remaining, -answer.retry_after))


def made(one: Try) -> int:
    """How many tries were counted in the term that runs."""
    row = Counter.objects.filter(key=one.key, ends_at__gt=timezone.now()).first()
    return row.count if row else 0


def give_back(*tries: Try) -> None:
    """Count a try as not made, since it was a right one."""
    Counter.objects.filter(key__in=[one.key for one in tries], count__gt=0).update(
        count=F("count") - 1
    )


def forget(*tries: Try) -> None:
    """Begin anew for whoever these tries name."""
    Counter.objects.filter(key__in=[one.key for one in tries]).delete()


def _answer(limit: Limit, count: int, ends_at: datetime, now: datetime) -> Answer:
    return answer(limit, limit.most - count, ends_at, now)


def _end(limit: Limit, now: datetime) -> datetime:
    return now + timedelta(seconds=limit.seconds)


def _stored(moment: datetime) -> Any:
    """As the database keeps a moment: SQLite as a text in UTC."""
    return connection.ops.adapt_datetimefield_value(moment)


def _read(value: Any) -> datetime:
    moment = parse_datetime(value) if isinstance(value, str) else value
    if moment is None:
        raise ValueError(f"{value!r} is no moment")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
