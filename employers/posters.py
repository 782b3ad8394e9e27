"""Short codes on posters and in messages: how one is drawn, counted and listed.

An employer's codes (`outreach.py`) and the counter's (`workers/counter/outreach.py`) work alike;
who may make one, and for what, is the business of each.
"""

import secrets
from typing import Final

from django.db.models import F
from django.db.models.query import QuerySet

from employers.models.poster import PosterCode

# Letters and digits that nobody confuses on a poster.
ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def draw(length: int) -> str:
    """A code that nobody can guess from another one."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def visit[C: PosterCode](codes: QuerySet[C], text: str) -> C | None:
    """Count a visit by one of these codes, however it was typed; None where it leads nowhere.

    Nothing about the visitor is kept.
    """
    code = codes.filter(code=text.strip().upper(), ended_at__isnull=True).first()
    if code is not None:
        codes.filter(pk=code.pk).update(visits_count=F("visits_count") + 1)
    return code


def in_use_first[C: PosterCode](codes: QuerySet[C]) -> QuerySet[C]:
    """Those in use, the newest first; then those that ended."""
    return codes.order_by(F("ended_at").desc(nulls_first=True), "-made_at")
