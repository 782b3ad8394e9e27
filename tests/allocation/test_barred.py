"""Whom the table of a round's life bars from a step, it bars in every state, with the reason.

Every code of every step's `barred` is tried by everybody whom it means, in every state.
"""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from allocation import rounds
from allocation.lives import ROUND
from allocation.models import Consent, Interest, Round
from allocation.rounds import tasks
from allocation.rules.draws import Draw
from budgetpool.portals.board import steps as buttons
from tests.allocation.people import ask
from tests.cast import cancel, draw, lotto, make_worker
from tests.refusing import refuses

NUMBERS = "4 11 19 27 33 41"
STEPS = {
    "record_draw": lambda r, m, q: rounds.record_draw(round=r, member=m, outcome=NUMBERS),
    "compute": lambda r, m, q: rounds.compute(round=r, name="X", member=m),
    "price": lambda r, m, q: tasks.ask_curve(round=r, member=m),
    "adjust": lambda r, m, q: rounds.adjust(
        round=r, request=q, kind="give", reason="x" * 20, member=m
    ),
    "propose": lambda r, m, q: rounds.propose(
        round=r, scenario=r.scenarios.first(), motivation="x", no_interest=True, member=m
    ),
    "send_back": lambda r, m, q: rounds.send_back(round=r, question="Why?", member=m),
    "explain": lambda r, m, q: tasks.ask_explanation(round=r, member=m),
    "sign": lambda r, m, q: rounds.sign(round=r, sha256="x", no_interest=True, member=m),
    "publish": lambda r, m, q: rounds.publish(round=r, member=m),
    "finish": lambda r, m, q: rounds.finish(round=r, member=m),
    "cancel": lambda r, m, q: rounds.cancel(round=r, reason="I want to", member=m),
}
FORMS = {"record_draw": "draw", "send_back": "send-back"}
STATES = ["opened", "closed", "drawn", "proposed", "signed", "published"]
BEFORE_OUTCOME = STATES[:-1]


def declared(round, member, requests):
    """They said so."""
    Interest.objects.create(round=round, request=requests[0], member=member)


def asked_themselves(round, member, requests):
    """They are the worker of a request."""
    worker = requests[0].worker
    worker.user = member
    worker.save()


def filed_for_somebody(round, member, requests):
    """They filed a request for another."""
    requests[0].filed_by = member
    requests[0].save()


INTERESTS = [declared, asked_themselves, filed_for_somebody]


def asked_of(state, name=None, **_others):
    return [state, *([name] if name else [])]


def barring(code):
    return {name for name, step in ROUND.steps.items() if code in step.barred}


def test_every_bar_of_the_table_is_tried_here():
    assert barring("own_interest") == set(STEPS)
    assert barring("interest_not_stated") == {"propose", "sign"}
    assert barring("same_person") == {"record_draw", "sign", "cancel"}
    bars = {code for step in ROUND.steps.values() for code in step.barred}
    assert bars == {"own_interest", "interest_not_stated", "same_person"}


@pytest.mark.any_database
@pytest.mark.asks(names=asked_of)
@pytest.mark.parametrize("interest", INTERESTS, ids=lambda interest: interest.__name__)
@pytest.mark.parametrize("state", STATES)
def test_a_member_with_an_interest_is_barred_and_sees_no_button(
    request, state, interest, requests, second_signer
):
    round = request.getfixturevalue(state)
    interest(round, second_signer, requests)
    before = Round.objects.values().get()
    consents = Consent.objects.count()
    for take in STEPS.values():
        with refuses("own_interest"):
            take(round, second_signer, requests[6])
    assert Round.objects.values().get() == before
    assert Consent.objects.count() == consents
    shown = buttons.possible(round, second_signer)
    assert set(shown) & {FORMS.get(step, step) for step in STEPS} == set()


@pytest.mark.any_database
@pytest.mark.asks(names=asked_of)
@pytest.mark.parametrize("name", ["chair_of_drenthe", "treasurer", "adviser", "stranger"])
@pytest.mark.parametrize("state", STATES)
def test_who_has_no_seat_in_the_board_takes_no_step(request, state, name, requests):
    round = request.getfixturevalue(state)
    person = request.getfixturevalue(name)
    for take in STEPS.values():
        with refuses("no_seat"):
            take(round, person, requests[6])


@pytest.mark.asks(names=asked_of)
@pytest.mark.parametrize("state", BEFORE_OUTCOME)
def test_one_person_alone_never_cancels_a_round(request, state, chair, second_signer):
    round = request.getfixturevalue(state)
    before = round.status
    assert rounds.cancel(round=round, reason="I want to.", member=chair).status == before
    with refuses("same_person"):
        rounds.cancel(round=round, reason="I really want to.", member=chair)
    assert Round.objects.get().status == before
    assert cancel(round, second_signer).status == Round.Status.CANCELLED


def test_one_person_alone_never_fills_in_the_draw(closed, chair, second_signer):
    assert not draw(closed, chair).draw_outcome
    with refuses("same_person"):
        draw(closed, chair)
    assert draw(closed, second_signer).draw_outcome == NUMBERS


def test_one_person_alone_never_signs_twice(proposed, chair):
    with refuses("same_person"):
        rounds.sign(round=proposed, sha256=proposed.proposal.sha256, no_interest=True, member=chair)


@pytest.mark.parametrize("step", ["propose", "sign"])
def test_who_does_not_state_that_they_have_no_interest_is_barred(
    request, step, chair, second_signer
):
    if step == "propose":
        round, scenario = request.getfixturevalue("drawn"), request.getfixturevalue("scenario")
        with refuses("interest_not_stated"):
            rounds.propose(
                round=round, scenario=scenario, motivation="x", no_interest=False, member=chair
            )
    else:
        round = request.getfixturevalue("proposed")
        with refuses("interest_not_stated"):
            rounds.sign(
                round=round,
                sha256=round.proposal.sha256,
                no_interest=False,
                member=second_signer,
            )


class TestTwoPeople:
    def test_two_who_read_the_draw_differently_settle_it(self, closed, chair, second_signer):
        draw(closed, chair, outcome="4 11 19 27 33 42")
        with refuses("draws_differ"):
            draw(closed, second_signer)
        # Nothing is drawn, and both entries are kept.
        assert not Round.objects.get().draw_outcome
        assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 2
        assert draw(closed, chair).draw_outcome == NUMBERS

    def test_a_yes_of_somebody_who_has_an_interest_by_now_does_not_count(
        self, signed, requests, chair, second_signer, twente
    ):
        rounds.cancel(round=signed, reason="Stop.", member=chair)
        Interest.objects.create(round=signed, request=requests[0], member=chair)
        assert cancel(signed, second_signer).status == Round.Status.SIGNED

    def test_a_yes_of_somebody_who_left_the_board_does_not_count(
        self, closed, chair, second_signer
    ):
        draw(closed, chair)
        chair.seats.all().delete()
        assert not draw(closed, second_signer).draw_outcome

    def test_a_yes_counts_in_the_state_in_which_it_was_given(
        self, opened, requests, chair, second_signer
    ):
        rounds.cancel(round=opened, reason="Nobody asks.", member=chair)
        rounds.close(round=opened, member=chair)
        assert cancel(opened, second_signer).status == Round.Status.CLOSED

    def test_who_said_yes_takes_it_back(self, opened, chair, second_signer):
        with refuses("no_consent"):
            rounds.take_back(round=opened, member=chair)
        rounds.cancel(round=opened, reason="Stop.", member=chair)
        rounds.take_back(round=opened, member=chair)
        assert cancel(opened, second_signer).status == Round.Status.OPEN

    def test_the_steps_of_two_are_those_of_the_table(self):
        of_two = {name for name, step in ROUND.steps.items() if step.people == 2}
        assert of_two == {"sign", "publish", *Consent.Step.values}


class TestTheDatabase:
    """Whoever writes past the services needs two people too."""

    @pytest.mark.parametrize(
        ("state", "change"),
        [
            ("signed", "status = 'cancelled'"),
            ("closed", "draw_outcome = '1 2 3 4 5 6'"),
            ("drawn", "draw_outcome = '1 2 3 4 5 6'"),
            ("proposed", "status = 'signed'"),
            ("opened", "seed_source = 'Another draw'"),
            ("opened", "draw_count = 5"),
            ("closed", "draw_on = '2031-01-01'"),
        ],
    )
    def test_it_refuses_a_turn_without_them(self, request, state, change):
        request.getfixturevalue(state)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE allocation_round SET {change}")

    def test_it_refuses_one_person_twice(self, opened, chair):
        rounds.cancel(round=opened, reason="Stop.", member=chair)
        with pytest.raises(IntegrityError), transaction.atomic():
            Round.objects.update(status="cancelled")

    def test_it_keeps_what_was_said(self, closed, chair):
        draw(closed, chair)
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.update(said="1 2 3 4 5 6")


class TestTheFormOfTheDraw:
    @pytest.mark.parametrize(
        "form",
        [
            {"count": 0},
            {"count": 21},
            {"count": 46},
            {"lowest": 9, "highest": 4},
            {"count": 6, "highest": 6},
            {"lowest": -1},
            {"highest": 1_000_000_000},
        ],
    )
    def test_it_is_one_that_a_draw_can_have(self, draft, chair, form):
        with refuses("draw_form_wrong"):
            rounds.change(round=draft, member=chair, draw=lotto(draft.window, **form))

    def test_the_draw_comes_after_the_last_request(self, draft, chair):
        on = timezone.localdate(draft.window.closes_at)
        with refuses("draw_before_end"):
            rounds.change(round=draft, member=chair, draw=Draw("Lotto", on))

    def test_it_cannot_be_filled_in_before_its_day(self, draft, chair, edition):
        tomorrow = timezone.localdate() + timedelta(days=1)
        rounds.change(round=draft, member=chair, draw=Draw("Lotto", tomorrow))
        round = rounds.open(round=draft, member=chair, at=draft.window.opens_at)
        ask(make_worker("Ann", round.fund), round.window, edition)
        rounds.close(round=round, member=chair)
        with refuses("draw_to_come"):
            draw(round, chair)

    @pytest.mark.parametrize(
        "outcome",
        [
            "4 11 19 27 33",
            "4 11 19 27 33 41 42",
            "4 11 19 27 33 46",
            "0 1 2 3 4 5",
            "4 4 11 19 27 33",
        ],
    )
    def test_other_numbers_than_were_announced_are_refused(self, closed, chair, outcome):
        with refuses("other_form"):
            draw(closed, chair, outcome=outcome)

    def test_an_order_that_counts_is_kept(self):
        digits = Draw("Lottery", date(2027, 1, 15), 7, 0, 9, Round.DrawOrder.DRAWN)
        assert digits.spelled("0 7 7 0 3 1 9") == "0 7 7 0 3 1 9"
