"""A seat is given and taken by two people, never by whom it is about, and others hear of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from budgetpool.audit.models import AuditEvent
from budgetpool.fund import seat_changes, seats
from budgetpool.fund.models import Seat, SeatChange
from budgetpool.mail.models import Message
from budgetpool.users.models import User
from tests.cast import make_person, signed_in
from tests.refusing import refuses

pytestmark = pytest.mark.django_db
PAGE = "/board/twente/seats"
NEW = {"email": "Nora@example.nl", "name": "Nora New", "role": "treasurer", "reason": "She knows."}


def ask(fund, by, **other):
    return seat_changes.ask_to_give(fund=fund, by=by, **{**NEW, "until": None, **other})


def roles(email="nora@example.nl"):
    return [seat.role for seat in seats.held_by(User.objects.get(email=email))]


def test_a_seat_counts_once_a_second_person_approved_it_and_the_others_were_told(
    twente, chair, second_signer, treasurer, administrator
):
    change = ask(twente, chair)
    assert roles() == []
    with refuses("same_person"):
        seat_changes.approve(change=change, fund=twente, by=chair)
    seat_changes.approve(change=change, fund=twente, by=administrator)
    assert roles() == ["treasurer"]
    told = Message.objects.filter(kind="money_step")
    assert {row.user for row in told} == {second_signer, treasurer}
    assert Message.objects.get(kind="seat").user.email == "nora@example.nl"
    event = AuditEvent.objects.get(action="seat.given")
    assert (event.actor, event.details["change"]) == (administrator, change.pk)
    with refuses("wrong_state"):
        seat_changes.approve(change=change, fund=twente, by=second_signer)


@pytest.mark.parametrize("who", ["treasurer", "adviser", "stranger", "chair_of_drenthe"])
def test_nobody_else_asks_or_approves(twente, chair, who, request):
    other = request.getfixturevalue(who)
    with refuses("not_giver"):
        ask(twente, other)
    change = ask(twente, chair)
    with refuses("not_second"):
        seat_changes.approve(change=change, fund=twente, by=other)
    with refuses("not_second"):
        seat_changes.withdraw(change=change, fund=twente, by=other)


def test_nobody_has_a_part_in_a_seat_of_their_own(twente, chair, second_signer, administrator):
    with refuses("own_seat"):
        ask(twente, chair, email=chair.email.upper())
    change = ask(twente, chair, email=second_signer.email)
    with refuses("own_seat"):
        seat_changes.approve(change=change, fund=twente, by=second_signer)


def test_where_nobody_else_would_hear_of_it_no_page_gives_a_seat(
    twente, chair, second_signer, settings
):
    """Two who are alone make no third person of their own, who would then be the witness."""
    settings.OVERSEER_EMAIL = ""
    change = ask(twente, chair)
    with refuses("nobody_to_tell"):
        seat_changes.approve(change=change, fund=twente, by=second_signer)
    assert roles() == []
    settings.OVERSEER_EMAIL = "accountant@example.nl"
    seat_changes.approve(change=change, fund=twente, by=second_signer)
    assert [row.to for row in Message.objects.filter(kind="money_step")] == [
        "accountant@example.nl"
    ]


def test_what_is_asked_is_asked_once_and_shortens_nothing(twente, chair, second_signer, treasurer):
    soon = timezone.localdate() + timedelta(days=30)
    with refuses("seat_held"):
        ask(twente, chair, email=treasurer.email)
    with refuses("seat_held"):
        ask(twente, chair, email=treasurer.email, until=soon)
    with refuses("name_missing"):
        ask(twente, chair, name=" ")
    with refuses("date_passed"):
        ask(twente, chair, until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(ValidationError):
        ask(twente, chair, reason="")
    with pytest.raises(ValidationError):
        ask(twente, chair, role="king")
    change = ask(twente, chair, until=soon)
    with refuses("seat_waits"):
        ask(twente, second_signer)
    seat_changes.withdraw(change=change, fund=twente, by=second_signer)
    with refuses("wrong_state"):
        seat_changes.approve(change=change, fund=twente, by=second_signer)
    ask(twente, second_signer)


def test_a_seat_is_taken_away_by_two_and_whose_it_is_hears_it(
    twente, chair, second_signer, third_member, treasurer
):
    seat = treasurer.seats.get()
    change = seat_changes.ask_to_end(fund=twente, seat=seat, reason="Left.", by=chair)
    assert seats.held_by(treasurer)
    seat_changes.approve(change=change, fund=twente, by=second_signer)
    assert not seats.held_by(treasurer)
    told = {row.user for row in Message.objects.filter(kind="money_step")}
    assert told == {third_member, treasurer}
    with refuses("wrong_state"):
        seat_changes.ask_to_end(fund=twente, seat=seat, reason="Left.", by=chair)


def test_an_administrator_without_a_seat_enters_no_back_office(
    twente, chair, second_signer, administrator
):
    change = seat_changes.ask_to_end(
        fund=twente, seat=administrator.seats.get(), reason="Left.", by=chair
    )
    seat_changes.approve(change=change, fund=twente, by=second_signer)
    administrator.refresh_from_db()
    assert not administrator.is_staff


def test_two_who_can_give_seats_always_stay(twente, chair, second_signer, third_member, treasurer):
    ends = [
        seat_changes.ask_to_end(fund=twente, seat=one.seats.get(), reason="Left.", by=chair)
        for one in (second_signer, third_member)
    ]
    seat_changes.approve(change=ends[0], fund=twente, by=third_member)
    with refuses("too_few_left"):
        seat_changes.ask_to_end(fund=twente, seat=chair.seats.get(), reason="Left.", by=chair)
    with refuses("own_seat"):
        seat_changes.approve(change=ends[1], fund=twente, by=third_member)


def test_the_database_takes_no_seat_for_oneself_and_no_second_signature_of_the_first(
    twente, chair, second_signer
):
    change = ask(twente, chair)
    for wrong in (
        {"approved_by": chair, "approved_at": timezone.now()},
        {"approved_by": change.user, "approved_at": timezone.now()},
        {"user": second_signer},
        {"role": "board"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SeatChange.objects.filter(pk=change.pk).update(**wrong)


@pytest.mark.parametrize("days", [-30, 30], ids=["past", "to come"])
def test_the_end_of_a_seat_that_was_asked_is_never_changed(twente, chair, administrator, days):
    """Neither while it waits nor once approved: by no day that has gone by, by no later one."""
    until = timezone.localdate() + timedelta(days=10)
    change = ask(twente, chair, until=until)
    other = timezone.localdate() + timedelta(days=days)
    with pytest.raises(DatabaseError), transaction.atomic():
        SeatChange.objects.filter(pk=change.pk).update(until=other)
    seat_changes.approve(change=change, fund=twente, by=administrator)
    for wrong in (other, None):
        with pytest.raises(DatabaseError), transaction.atomic():
            SeatChange.objects.filter(pk=change.pk).update(until=wrong)
    change.refresh_from_db()
    assert change.until == until


@pytest.mark.parametrize("when", ["asked", "approved"])
def test_an_account_that_is_closed_gets_no_seat(twente, chair, administrator, when):
    nora = make_person("Nora New", is_active=when == "approved")
    if when == "asked":
        with refuses("account_closed"):
            ask(twente, chair, email=nora.email)
        assert not SeatChange.objects.exists()
        return
    change = ask(twente, chair, email=nora.email)
    User.objects.filter(pk=nora.pk).update(is_active=False)
    with refuses("account_closed"), transaction.atomic():
        seat_changes.approve(change=change, fund=twente, by=administrator)
    assert not nora.seats.exists()
    assert not Message.objects.filter(kind__in=("seat", "money_step")).exists()


class TestPages:
    def test_one_asks_another_approves_and_the_inbox_says_so(
        self, twente, chair, second_signer, treasurer, administrator
    ):
        first, second = (signed_in(who, second_factor=True) for who in (chair, administrator))
        wrong = first.post(f"{PAGE}/new", {**NEW, "name": ""})
        assert wrong.status_code == 422
        assert "met dit adres" in wrong.content.decode()
        assert first.post(f"{PAGE}/new", NEW).status_code == 302
        change = SeatChange.objects.get()
        shown = first.get(PAGE).content.decode()
        assert "Je vroeg het zelf aan" in shown
        assert 'value="approve"' not in shown
        assert "Zetel van Nora New" in second.get("/board/twente/objections").content.decode()
        assert 'value="approve"' in second.get(PAGE).content.decode()
        second.post(f"{PAGE}/changes/{change.pk}", {"verb": "approve"})
        assert roles() == ["treasurer"]
        listed = second.get(f"{PAGE}?role=treasurer&words=nora").content.decode()
        assert "1 regel" in listed
        sheet = second.get(f"{PAGE}?format=csv").content.decode("utf-8-sig").splitlines()
        assert sheet[0].count(";") == 5
        assert len(sheet) == 1 + Seat.objects.filter(region=twente.region).count()

    def test_without_a_second_factor_of_just_now_nothing_is_asked(self, twente, chair):
        for browser in (signed_in(chair), signed_in(chair, second_factor=True, minutes_ago=11)):
            answer = browser.post(f"{PAGE}/new", NEW)
            assert answer.headers["Location"].startswith("/account/second-factor?next=")
            assert "Laat zien dat jij het bent" in browser.get(f"{PAGE}/new").content.decode()
        assert not SeatChange.objects.exists()

    def test_a_seat_of_another_region_is_not_there(self, twente, chair, chair_of_drenthe):
        browser = signed_in(chair, second_factor=True)
        key = chair_of_drenthe.seats.get().pk
        assert browser.get(f"{PAGE}/{key}/end").status_code == 404
        assert browser.post(f"{PAGE}/{key}/end", {"reason": "Why"}).status_code == 404
