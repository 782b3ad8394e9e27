"""Unmet demand: searches without a training and trainings that people propose themselves.

The board reads it to ask schools for what lacks. It never counts for anybody's request.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import F, Sum
from django.utils import timezone

from budgetpool.fund.models import Fund
from budgetpool.register import words
from workers.models import Choice, UnmetSearch

# Fewer people than this are told together: a rare wish could point at somebody.
LEAST: Final = 5
# A wish is a few words; what is longer or holds figures may be about a person.
WORDS_MOST: Final = 4


@dataclass(frozen=True)
class Wish:
    """Words, and how many people searched for or proposed them."""

    words: str
    people: int


def key_of(text: str) -> str:
    """The words of a search in the form in which they are counted; empty when they are not.

    >>> key_of("Hygiëne cursus"), key_of("bel 0612345678"), key_of("jan@example.org")
    ('hygiene cursus', '', '')
    """
    if any(sign.isdigit() or sign == "@" for sign in text):
        return ""
    found = words.words_of(text)
    key = " ".join(found)
    return key if 0 < len(found) <= WORDS_MOST and 3 <= len(key) <= 60 else ""


def count_search(*, fund: Fund, text: str, known: list[str]) -> list[str]:
    """Count a search that found nothing, once for each person's visit.

    Args:
        known: what this visit was counted for already.

    Returns:
        The same list with these words, for the visit to keep.
    """
    key = key_of(text)
    if not key or key in known:
        return known
    month = timezone.localdate().replace(day=1)
    row, _ = UnmetSearch.objects.get_or_create(fund=fund, month=month, words=key)
    UnmetSearch.objects.filter(pk=row.pk).update(people=F("people") + 1)
    return [*known, key]


def searches(fund: Fund, *, since: date) -> tuple[list[Wish], int]:
    """What at least `LEAST` people looked for in vain, and how many searches were for the rest."""
    rows = (
        UnmetSearch.objects.filter(fund=fund, month__gte=since.replace(day=1))
        .values_list("words")
        .annotate(all=Sum("people"))
    )
    return _told(dict(rows))


def proposals(fund: Fund, *, since: date) -> tuple[list[Wish], int]:
    """Trainings that at least `LEAST` people proposed, and how many proposed another."""
    rows = (
        Choice.objects.filter(
            request__window__fund=fund, request__saved_at__date__gte=since, training=None
        )
        .exclude(proposed_title="")
        .values_list("proposed_title", "request__worker_id")
        .distinct()
    )
    people = {(key_of(title), worker) for title, worker in rows}
    return _told(Counter(key for key, _ in people))


def _told(counts: dict[str, int]) -> tuple[list[Wish], int]:
    told = [Wish(name, count) for name, count in counts.items() if name and count >= LEAST]
    rest = sum(counts.values()) - sum(wish.people for wish in told)
    return sorted(told, key=lambda wish: (-wish.people, wish.words)), rest
