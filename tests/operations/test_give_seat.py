"""Seats are given at the server's own command line, and every time leaves a line in the trail."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from budgetpool.fund import seats
from budgetpool.fund.models import Seat
from budgetpool.register import seats as provider_seats
from budgetpool.register.models import ProviderSeat
from budgetpool.users.models import User
from tests.trail import trail_of

pytestmark = pytest.mark.django_db


def test_a_new_person_gets_an_account_and_a_seat(twente):
    call_command("give_seat", "Bo@Example.nl", "board", "BIJ3-09", "--name", "Bo Board")
    person = User.objects.get(email="bo@example.nl")
    assert [seat.role for seat in seats.held_by(person)] == ["board"]
    [event] = trail_of(Seat.objects.get())
    assert (event.action, event.details["user"]) == ("seat.given", person.pk)
    assert not person.is_staff


def test_a_seat_ends_on_a_day(twente, chair):
    yesterday = timezone.localdate() - timedelta(days=1)
    Seat.objects.update(since=yesterday - timedelta(days=9))
    call_command("give_seat", chair.email, "board", "BIJ3-09", "--until", str(yesterday))
    assert seats.held_by(chair) == []
    call_command("give_seat", chair.email, "board", "BIJ3-09")
    assert len(seats.held_by(chair)) == 1
    assert Seat.objects.count() == 1


def test_an_administrator_may_enter_the_back_office(twente):
    call_command("give_seat", "al@example.nl", "administrator", "BIJ3-09", "--name", "Al")
    assert User.objects.get().is_staff


@pytest.mark.parametrize(
    ("email", "region", "remedy"),
    [
        ("new@example.nl", "BIJ3-09", "Add --name"),
        ("new@example.nl", "XX", "No region has the code XX"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_stored(twente, email, region, remedy):
    with pytest.raises(CommandError, match=remedy) as raised:
        call_command("give_seat", email, "board", region)
    assert raised.value.returncode == 2
    assert not Seat.objects.exists()


def test_somebody_gets_a_seat_at_a_school_by_its_kvk_number(provider):
    call_command("give_seat", "Doc@Example.nl", "school", "90000001", "--name", "Doc")
    [seat] = provider_seats.held_by(User.objects.get(email="doc@example.nl"))
    assert seat.provider == provider
    [event] = trail_of(seat)
    assert event.action == "provider_seat.given"
    yesterday = timezone.localdate() - timedelta(days=1)
    ProviderSeat.objects.update(since=yesterday)
    call_command("give_seat", "doc@example.nl", "school", "90000001", "--until", str(yesterday))
    assert provider_seats.held_by(seat.user) == []


@pytest.mark.parametrize(
    ("kvk", "remedy"), [("90000001", "Add --name"), ("1", "No school has the KvK number 1")]
)
def test_a_seat_at_no_school_or_for_nobody_is_refused(provider, kvk, remedy):
    with pytest.raises(CommandError, match=remedy):
        call_command("give_seat", "new@example.nl", "school", kvk)
    assert not ProviderSeat.objects.exists()
