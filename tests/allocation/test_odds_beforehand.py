"""Odds are counted between the close and the draw, kept once, and never shown as today's when old.

Five equal people ask EUR 600, and two with fewer points; EUR 2,000 serves three of the five.
"""

import threading

import pandas as pd
import pytest
from django.db import DatabaseError, transaction

from allocation import rounds
from allocation.models import Interest, Odds, OddsClass, Round
from allocation.optimiser import __main__ as program
from allocation.rounds import blind, folder, odds, scenarios, tasks
from budgetpool.audit.models import AuditEvent
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from tests.allocation.people import ask, euros
from tests.cast import adjust, draw, make_worker, signed_in
from tests.refusing import refuses
from tests.sharing import shared

pytestmark = pytest.mark.django_db
PAGE = "/board/twente/rounds/2027-1/odds"
ROUND = "/board/twente/rounds/2027-1"


@shared
def counted(closed, chair):
    return odds.compute(round=closed, member=chair)


@shared
def board(chair):
    return signed_in(chair, second_factor=True)


def html(answer):
    return answer.content.decode()


def nothing_was_asked():
    return not Job.objects.exists() and not Odds.objects.exists()


def test_before_the_window_closed_there_are_no_odds(opened, requests, chair):
    with refuses("wrong_step"):
        tasks.ask_odds(round=opened, member=chair)
    assert nothing_was_asked()


def test_after_the_draw_there_is_no_chance_any_more(drawn, chair):
    with refuses("drawn_before"):
        tasks.ask_odds(round=drawn, member=chair)
    assert nothing_was_asked()


def test_a_draw_that_is_filled_in_while_they_are_counted_leaves_nothing(
    closed, chair, second_signer
):
    def draws_now(event):
        if not Round.objects.get(pk=closed.pk).draw_outcome:
            draw(closed, chair, second_signer)

    with refuses("drawn_before"):
        odds.compute(round=closed, member=chair, progress=draws_now)
    assert not Odds.objects.exists()


def test_who_has_an_interest_or_no_seat_here_neither_asks_nor_looks(
    counted, requests, third_member, chair_of_drenthe, treasurer
):
    round = counted.round
    Interest.objects.create(round=round, request=requests[0], member=third_member)
    for person, code in (
        (third_member, "own_interest"),
        (chair_of_drenthe, "no_seat"),
        (treasurer, "no_seat"),
    ):
        with refuses(code):
            odds.compute(round=round, member=person)
        answer = signed_in(person, second_factor=True).get(PAGE)
        assert answer.status_code in (403, 404)
        assert "Lassen" not in html(answer)
    assert Odds.objects.count() == 1


def test_a_ceiling_or_rule_that_is_not_as_it_was_makes_them_old(counted, board, chair):
    assert odds.current(counted.round) == counted
    assert "zijn oud" not in html(board.get(PAGE))
    Round.objects.update(ceiling=euros(2_600))
    round = Round.objects.get()
    assert odds.current(round) is None
    assert "zijn oud" in html(board.get(PAGE))
    again = odds.compute(round=round, member=chair)
    assert again != counted
    assert "zijn oud" not in html(board.get(PAGE))


def test_a_decision_of_the_board_makes_them_old(counted, requests, chair, second_signer):
    adjust(counted.round, requests[6], chair, second_signer)
    assert odds.current(counted.round) is None
    again = odds.compute(round=counted.round, member=chair)
    assert again.adjusted != counted.adjusted
    assert again.csv != counted.csv


def test_the_draw_itself_does_not_make_them_old(counted, chair, second_signer):
    drawn = draw(counted.round, chair, second_signer)
    assert odds.current(drawn) == counted


def test_what_was_counted_is_never_changed(counted):
    for model in (Odds, OddsClass):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        OddsClass.objects.update(chance_millionths=1_000_000)


def test_two_who_count_at_once_leave_one_table(closed, chair, second_signer):
    others = []

    def another_counts(event):
        if not others:
            others.append(odds.compute(round=closed, member=second_signer))

    assert odds.compute(round=closed, member=chair, progress=another_counts) == others[0]
    assert Odds.objects.count() == 1


def test_stopping_keeps_nothing(closed, chair):
    stop = threading.Event()
    stop.set()
    with pytest.raises(work.Cancelled):
        odds.compute(round=closed, member=chair, cancelled=stop)
    assert not Odds.objects.exists()


def test_three_of_five_equal_people_are_served_whatever_the_lots(counted):
    five = counted.rows.get(members=5)
    assert (five.basis, five.chance_millionths, five.served) == ("exact", 600_000, 3)
    assert five.asked[0]["title"] == "Lassen"
    assert sum(row.members for row in counted.rows.all()) == 7


def test_the_numbers_are_those_of_the_command_on_the_same_files(counted, tmp_path):
    files, out = tmp_path / "in", tmp_path / "odds.csv"
    files.mkdir()
    folder.write_input(scenarios.problem_of(counted.round, {}, []), files)
    assert program.main(["odds", str(files), "--out", str(out)]) == 0
    assert out.read_text() == counted.csv
    kept = counted.rows.order_by("number").values_list("members", "chance_millionths", "basis")
    told = pd.read_csv(out)[["members", "chance_millionths", "basis"]]
    assert list(kept) == [tuple(row) for row in told.itertuples(index=False)]


def test_asking_is_a_job_that_leaves_one_table_and_one_event(closed, board, chair):
    assert f"{ROUND}/steps/odds" in html(board.get(ROUND))
    assert board.post(f"{ROUND}/steps/odds", {}).status_code == 302
    job = work.latest(f"round:{closed.pk}:odds")
    assert job.state == Job.State.DONE
    found = Odds.objects.get()
    assert job.result == {"classes": found.classes, "exact": found.exact}
    event = AuditEvent.objects.get(action="round.odds_computed")
    assert (event.actor, event.details["odds"]) == (chair, found.pk)
    # Asked again it is what was counted, and no button offers it.
    tasks.ask_odds(round=closed, member=chair)
    assert Odds.objects.get() == found
    shown = html(board.get(ROUND))
    assert f"{ROUND}/steps/odds" not in shown
    assert PAGE in shown


def test_the_page_says_the_chance_in_words_and_finds_and_sorts(counted, board):
    shown = html(board.get(PAGE))
    assert "3 van de 5" in shown
    assert "60,0%" in shown
    assert "Lassen" in shown
    assert "Niets gevonden" in html(board.get(PAGE, {"words": "Bloemen"}))
    up, down = (html(board.get(PAGE, {"sort": way})) for way in ("5", "-5"))
    assert up.index("0 van de 2") < up.index("3 van de 5")
    assert down.index("3 van de 5") < down.index("0 van de 2")


def test_the_file_says_the_same_and_the_trail_says_who_took_it(counted, board, chair):
    answer = board.get(PAGE, {"format": "csv"})
    assert "3 van de 5" in answer.content.decode("utf-8-sig")
    assert AuditEvent.objects.get(action="odds.exported").actor == chair


def test_who_took_the_chances_along_judges_no_case_unseen(counted, board, chair, second_signer):
    """Where nobody of a class is served, or everybody, the file tells the outcome of a case."""
    board.get(PAGE, {"format": "csv"})
    drawn = draw(counted.round, chair, second_signer)
    for member, knew in ((chair, True), (second_signer, False)):
        case = blind.sample(drawn)[0]
        given = blind.judge(round=drawn, request=case, member=member, answer="yes")
        assert given.knew is knew


def test_a_chance_that_the_lots_decide_between_classes_says_over_how_many_draws(
    opened, edition, board, chair
):
    """Two ask EUR 1,200 and two EUR 800 with as many points; EUR 2,000: one each, or both small."""
    for number, cents in enumerate((120_000, 120_000, 80_000, 80_000)):
        ask(make_worker(f"Equal {number}", opened.fund), opened.window, edition, cents=cents)
    odds.compute(round=rounds.close(round=opened, member=chair), member=chair)
    shown = html(board.get(PAGE))
    assert "geteld over 1.000 lotingen" in shown
    assert "ongeveer" in shown
