"""A window in memory with a shared ceiling."""

from collections import Counter as Tally

import pytest

from budgetpool.limits import counters, shares
from budgetpool.limits.counters import Limit
from budgetpool.limits.models import Counter

pytestmark = pytest.mark.django_db

CALLS = Limit("calls", most=600, seconds=60)


class Process:
    """What another process remembers of its shares."""

    def __init__(self):
        self.kept = {}

    def call(self, limit=CALLS):
        shares._shares.clear()
        shares._shares.update(self.kept)
        [answer] = shares.hit_each([limit.of("a")])
        self.kept = dict(shares._shares)
        return answer


def test_four_processes_together_never_pass_the_limit_and_lose_less_than_a_twentieth():
    four = [Process() for _ in range(4)]
    allowed = Tally(process.call().allowed for _ in range(250) for process in four)
    assert 570 <= allowed[True] <= 600
    assert allowed[True] + allowed[False] == 1_000


def test_one_process_may_make_every_call_in_few_statements(django_assert_max_num_queries):
    alone = Process()
    with django_assert_max_num_queries(150):
        answers = [alone.call() for _ in range(601)]
    assert [one.allowed for one in answers] == [True] * 600 + [False]
    assert [one.remaining for one in answers[:3]] == [599, 598, 597]
    assert answers[599].remaining == 0


def test_a_small_limit_is_counted_one_by_one():
    small = Limit("small", most=3, seconds=60)
    first, second = Process(), Process()
    assert [p.call(small).allowed for p in (first, second, first, second, first)] == [
        *[True] * 3,
        *[False] * 2,
    ]
    assert counters.made(small.of("a")) == 5


def test_a_share_ends_with_its_term():
    alone = Process()
    alone.call()
    Counter.objects.update(ends_at="2026-01-01T00:00:00Z")
    for share in alone.kept.values():
        share.ends_at = Counter.objects.get().ends_at
    assert alone.call().remaining == 599
    assert Counter.objects.get().count == 10


def test_callers_that_are_many_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(shares, "MOST_SHARES", 5)
    for number in range(20):
        shares.hit_each([CALLS.of(number)])
    assert len(shares._shares) <= 5
