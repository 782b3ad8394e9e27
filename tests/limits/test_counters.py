"""A limit counts every try once, keeps its term, and forgets nothing because others come."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from budgetpool.limits import counters
from budgetpool.limits.counters import Limit
from budgetpool.limits.models import Counter
from budgetpool.limits.networks import network
from tests.fund.test_races import at_once

pytestmark = pytest.mark.django_db
CODES = Limit("codes", most=3, seconds=3600)


@pytest.fixture
def later(monkeypatch):
    """Let the clock of the limits stand so many seconds further."""
    begin = timezone.now()

    def move(seconds):
        monkeypatch.setattr(counters.timezone, "now", lambda: begin + timedelta(seconds=seconds))

    move(0)
    return move


def test_so_many_tries_are_allowed_and_the_next_says_when(later):
    answers = [counters.hit(CODES.of("ewa")) for _ in range(4)]
    assert [answer.allowed for answer in answers] == [True, True, True, False]
    assert [answer.remaining for answer in answers] == [2, 1, 0, 0]
    later(600)
    assert counters.hit(CODES.of("ewa")).retry_after == 3000


def test_a_term_ends_when_it_said_however_often_somebody_tries(later):
    for second in range(0, 3600, 60):
        later(second)
        counters.hit(CODES.of("ewa"))
    row = Counter.objects.get()
    assert (row.count, row.ends_at - row.started_at) == (60, timedelta(hours=1))
    later(3599)
    assert not counters.hit(CODES.of("ewa")).allowed
    later(3600)
    answer = counters.hit(CODES.of("ewa"))
    assert (answer.allowed, answer.remaining, answer.retry_after) == (True, 2, 3600)


def test_each_is_counted_apart_and_a_name_is_no_part_of_another():
    for _ in range(3):
        counters.hit(CODES.of("ewa", "192.0.2.1"))
    assert not counters.hit(CODES.of("ewa", "192.0.2.1")).allowed
    assert counters.hit(CODES.of("ewa", "192.0.2.2")).allowed
    assert counters.hit(CODES.of("ewa192.0.2.1")).allowed
    assert counters.hit(Limit("texts", most=1, seconds=60).of("ewa", "192.0.2.1")).allowed


def test_of_several_limits_the_strictest_answers():
    wide = Limit("wide", most=100, seconds=60)
    answers = [counters.hit(wide.of("net"), CODES.of("ewa")) for _ in range(4)]
    assert [answer.allowed for answer in answers] == [True, True, True, False]
    assert {answer.limit for answer in answers} == {CODES}
    assert Counter.objects.get(key__startswith="wide:").count == 4


def test_counting_is_one_statement_for_any_number_of_limits():
    wide = Limit("wide", most=100, seconds=60)
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            counters.hit(wide.of("net"), CODES.of("ewa"), CODES.of("other"))
        assert len(statements) == 1


def test_a_right_try_is_given_back_and_a_term_can_begin_anew(later):
    for _ in range(4):
        counters.hit(CODES.of("ewa"))
    counters.give_back(CODES.of("ewa"))
    assert counters.made(CODES.of("ewa")) == 3
    later(3600)
    assert counters.made(CODES.of("ewa")) == 0
    later(0)
    counters.forget(CODES.of("ewa"))
    assert counters.hit(CODES.of("ewa")).remaining == 2


def test_many_others_throw_nothing_away(later):
    for _ in range(11):
        counters.hit(CODES.of("ewa", "192.0.2.1"))
    for first in range(0, 10_050, 150):
        counters.hit(*(CODES.of("look", f"2001:db8:{n:x}::/64") for n in range(first, first + 150)))
    assert Counter.objects.count() == 10_051
    assert not counters.hit(CODES.of("ewa", "192.0.2.1")).allowed
    assert Counter.objects.order_by("-count").first().count == 12


def test_the_table_tells_nobodys_address():
    counters.hit(CODES.of("ewa@example.nl", "192.0.2.1"))
    row = Counter.objects.values_list().get()
    assert "ewa" not in str(row)
    assert "192.0.2" not in str(row)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_an_ipv6_subscriber_is_one_network(address, counted):
    assert network(address) == counted


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_hundred_at_once_are_two_hundred():
    wide = Limit("wide", most=1000, seconds=60)

    def twenty():
        return [counters.hit(CODES.of("ewa"), wide.of(n % 3)).allowed for n in range(20)]

    answers = [one for many in at_once(*[twenty] * 10) for one in many]
    assert len(answers) == 200
    assert Counter.objects.get(key__startswith="codes:").count == 200
    assert answers.count(True) == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_fifty_at_the_end_of_a_term_begin_one_new_term(later):
    counters.hit(CODES.of("ewa"))
    later(3600)
    answers = at_once(*[lambda: counters.hit(CODES.of("ewa")).allowed] * 50)
    assert answers.count(True) == 3
    assert Counter.objects.get().count == 50
