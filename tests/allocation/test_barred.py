"""Whom the table of a round's life bars from a step, it bars in every state, with the reason.

What is tried follows from the table: every verb, by everybody whom it bars, in every state, and by
a member whom it does not bar in every state that it does not name. A verb without a line in `TAKE`
fails.
"""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from allocation import rounds
from allocation.lives import ROUND
from allocation.models import Adjustment, Award, Consent, Interest, Round
from allocation.rounds import tasks
from allocation.rules.draws import Draw
from budgetpool.audit.models import AuditEvent
from budgetpool.fund.models import Transfer
from budgetpool.jobs.models import Job
from budgetpool.mail.models import Message
from budgetpool.portals.board import steps as buttons
from budgetpool.refusals import Refusal
from budgetpool.users.models import User
from tests.allocation.people import ask
from tests.allocation.test_round_guards import published_long_ago
from tests.cast import adjust, cancel, draw, finish, lotto, make_worker
from tests.refusing import refuses
from workers.models import TrainingRequest

NUMBERS = "4 11 19 27 33 41"
REASON = "Lost all work after an accident."


def seen(round):
    return round.proposal.sha256 if round.proposal else "0" * 64


def undo(round, member):
    made = Adjustment.objects.first() or Adjustment(round=round)
    return rounds.withdraw_adjustment(adjustment=made, member=member)


# How each verb is taken: the round, who takes it, a request of the round.
TAKE = {
    "change": lambda r, m, q: rounds.change(round=r, member=m),
    "open": lambda r, m, q: rounds.open(round=r, member=m),
    "close": lambda r, m, q: rounds.close(round=r, member=m),
    "declare_interest": lambda r, m, q: rounds.declare_interest(round=r, request=q, member=m),
    "record_draw": lambda r, m, q: rounds.record_draw(round=r, member=m, outcome=NUMBERS),
    "odds": lambda r, m, q: tasks.ask_odds(round=r, member=m),
    "compute": lambda r, m, q: rounds.compute(round=r, name="X", member=m),
    "price": lambda r, m, q: tasks.ask_curve(round=r, member=m),
    "adjust": lambda r, m, q: rounds.adjust(
        round=r, request=q, kind="give", reason=REASON, member=m
    ),
    "undo_adjust": lambda r, m, q: undo(r, m),
    "propose": lambda r, m, q: rounds.propose(
        round=r, scenario=r.scenarios.first(), motivation="x", no_interest=True, member=m
    ),
    "send_back": lambda r, m, q: rounds.send_back(
        round=r, sha256=seen(r), question="Why?", member=m
    ),
    "explain": lambda r, m, q: tasks.ask_explanation(round=r, member=m),
    "sign": lambda r, m, q: rounds.sign(round=r, sha256=seen(r), no_interest=True, member=m),
    "publish": lambda r, m, q: rounds.publish(round=r, member=m),
    "finish": lambda r, m, q: rounds.finish(round=r, member=m),
    "cancel": lambda r, m, q: rounds.cancel(round=r, reason="I want to", member=m),
    "take_back": lambda r, m, q: rounds.take_back(round=r, member=m),
}
FORMS = {"record_draw": "draw", "send_back": "send-back"}
STATES = {
    "draft": "draft",
    "opened": "open",
    "closed": "closed",
    "drawn": "closed",
    "proposed": "proposed",
    "signed": "signed",
    "over": "published",
    "finished": "finished",
    "cancelled": "cancelled",
}
BEFORE_OUTCOME = ["opened", "closed", "drawn", "proposed", "signed"]
# Asking once more for what was done already changes nothing, and is no fault.
HARMLESS = {("publish", "published")}


@pytest.fixture
def over(published):
    """A published round whose terms are over and whose awards are answered."""
    published_long_ago(published)
    published.awards.update(status=Award.Status.ACCEPTED)
    return published


@pytest.fixture
def finished(over, chair, second_signer):
    return finish(over, chair, second_signer)


@pytest.fixture
def cancelled(closed, chair, second_signer):
    return cancel(closed, chair, second_signer)


def declared(round, member, asked):
    """They said so."""
    Interest.objects.create(round=round, request=asked, member=member)


def asked_themselves(round, member, asked):
    """They are the worker of a request."""
    asked.worker.user = member
    asked.worker.save()


def filed_for_somebody(round, member, asked):
    """They filed a request for another."""
    asked.filed_by = member
    asked.save()


def left_the_board(round, member, asked):
    member.seats.all().delete()


def is_switched_off(round, member, asked):
    member.is_active = False
    member.save()


def nothing(round, member, asked):
    """The fixture alone bars them."""


INTERESTS = [declared, asked_themselves, filed_for_somebody]
# Who, what is done to them first, and the reason with which every verb refuses them.
BARRED = [
    *[("third_member", interest, "own_interest") for interest in INTERESTS],
    *[("third_member", gone, "no_seat") for gone in (left_the_board, is_switched_off)],
    *[(name, nothing, "no_seat") for name in ("chair_of_drenthe", "treasurer", "adviser")],
    *[(name, nothing, "no_seat") for name in ("administrator", "stranger")],
]
WATCHED = [*apps.get_app_config("allocation").get_models(), AuditEvent, Job, Message, Transfer]
# One statement for all tables: this is asked some two hundred times.
COUNTS = " UNION ALL ".join(
    f"SELECT '{table}', COUNT(*) FROM {table}"
    for table in (model._meta.db_table for model in WATCHED)
)


def all_rows():
    """The round itself, and how many rows stand in every table that a step writes to."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        return [*Round.objects.order_by("pk").values()], cursor.fetchall()


def refused_with(verb, round, member, asked):
    """The code with which a verb is refused; nothing where it was not."""
    try:
        TAKE[verb](round, member, asked)
    except Refusal as refusal:
        return refusal.code
    return ""


def barring(code):
    if code == "no_seat":
        return [verb for verb, step in ROUND.steps.items() if "board" in step.who]
    return [verb for verb, step in ROUND.steps.items() if code in step.barred]


def asked_of(state, **_others):
    return [state, "edition"]


@pytest.fixture
def standing(request, state, edition):
    """The round in a state, and a request in its window."""
    round = request.getfixturevalue(state)
    assert round.status == STATES[state]
    asked = round.window.requests.order_by("pk").last()
    return round, asked or ask(make_worker("Ann", round.fund), round.window, edition)


def test_every_verb_bar_and_state_of_the_table_is_tried_here():
    assert set(TAKE) == set(ROUND.steps)
    assert set(STATES.values()) == set(ROUND.states.values)
    bars = {code for step in ROUND.steps.values() for code in step.barred}
    assert bars == {"own_interest", "interest_not_stated", "same_person"}
    assert barring("interest_not_stated") == ["propose", "sign"]
    # An interest keeps nobody from what is done before anybody asks, or with what is one's own.
    free = {"change", "open", "close", "declare_interest", "take_back"}
    assert set(barring("own_interest")) == set(ROUND.steps) - free
    # Whatever takes two people, no person takes twice; a publication rests on two signatures.
    of_two = [verb for verb, step in ROUND.steps.items() if step.people > 1]
    assert [verb for verb in of_two if verb != "publish"] == barring("same_person")


@pytest.mark.any_database
@pytest.mark.asks(names=asked_of)
@pytest.mark.parametrize("state", STATES)
def test_whom_the_table_bars_is_refused_in_every_state_and_nothing_changes(
    request, state, standing
):
    round, asked = standing
    people = {name: request.getfixturevalue(name).pk for name, _set_up, _code in BARRED}
    wrong = []
    for name, set_up, code in BARRED:
        undone = transaction.atomic()
        undone.__enter__()
        member = User.objects.get(pk=people[name])
        set_up(round, member, TrainingRequest.objects.get(pk=asked.pk))
        before = all_rows()
        tried = {verb: refused_with(verb, round, member, asked) for verb in barring(code)}
        wrong += [(name, set_up.__name__, *each) for each in tried.items() if each[1] != code]
        if all_rows() != before:
            wrong.append((name, set_up.__name__, "something changed"))
        shown = set(buttons.possible(round, member)) if code == "own_interest" else set()
        wrong += [(name, verb, "button") for verb in tried if FORMS.get(verb, verb) in shown]
        transaction.set_rollback(True)
        undone.__exit__(None, None, None)
    assert wrong == []


@pytest.mark.any_database
@pytest.mark.asks(names=asked_of)
@pytest.mark.parametrize("state", STATES)
def test_a_member_takes_no_step_from_a_state_that_the_table_does_not_name(
    state, standing, third_member
):
    round, asked = standing
    before = all_rows()
    tried = {
        verb: refused_with(verb, round, third_member, asked)
        for verb, step in ROUND.steps.items()
        if round.status not in step.allowed_from and (verb, round.status) not in HARMLESS
    }
    assert {verb: code for verb, code in tried.items() if code != "wrong_step"} == {}
    assert all_rows() == before


@pytest.mark.any_database
@pytest.mark.asks(names=asked_of)
@pytest.mark.parametrize("state", STATES)
def test_nobody_takes_both_halves_of_a_step_in_any_state(
    state, standing, chair, second_signer, third_member
):
    round, asked = standing
    wrong = []
    for verb in barring("same_person"):
        if round.status not in ROUND.steps[verb].allowed_from:
            continue
        if verb == "record_draw" and round.draw_outcome:
            continue
        undone = transaction.atomic()
        undone.__enter__()
        if verb == "undo_adjust":
            adjust(round, asked, chair, second_signer)
        # Who proposed a division gave the first of its signatures.
        member = chair if verb == "sign" else third_member
        first = "" if verb == "sign" else refused_with(verb, round, member, asked)
        before = all_rows()
        second = refused_with(verb, round, member, asked)
        if (first, second) != ("", "same_person") or all_rows() != before:
            wrong.append((verb, first, second))
        transaction.set_rollback(True)
        undone.__exit__(None, None, None)
    assert wrong == []


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
