"""Objections: the six weeks, another handler, a replay, and money from the reserve."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from allocation.decisions import objections, replay
from allocation.models import Award, Decision, Objection
from allocation.rules import terms
from budgetpool.audit.models import AuditEvent
from budgetpool.fund import checks, ledger
from budgetpool.fund.models import Seat
from budgetpool.mail.models import Message
from tests.cast import seat
from tests.refusing import refuses
from tests.sharing import shared

ANSWER = "The register shows that you finished VMBO and had no training for two years."
# What the frozen file should have said: EUR 0 of training, and VMBO instead of HBO.
RIGHT_FACTS = {"education": "vmbo", "hours_trained": 0}


@shared
def handler(twente):
    return seat("Hanna Handler", twente, Seat.Role.ADMINISTRATOR)


@shared
def decision(published, requests):
    """Tara was refused: the file says HBO and 80 hours of training."""
    return Decision.objects.select_related("request__worker__user", "round").get(
        request=requests[5]
    )


@shared
def objection(decision):
    return objections.file(
        decision=decision,
        actor=decision.request.worker.user,
        cause="facts",
        grounds="I have VMBO, not HBO.",
    )


@shared
def assigned(objection, handler):
    return objections.assign(objection=objection, handler=handler, actor=handler)


def books_are_right():
    return [str(f) for outcome in checks.check_ledger() for f in outcome.findings] == []


def test_an_objection_gets_a_receipt_with_the_day_of_its_answer(objection, decision):
    last_day = terms.object_by(timezone.localdate(decision.decided_at))
    assert objections.deadline(decision) == last_day
    assert objection.decide_by == terms.decide_by(last_day)
    assert Message.objects.get(kind="objection_received").params["decide_by"] == (
        objection.decide_by.isoformat()
    )


def test_one_decision_takes_one_objection(objection, decision):
    with refuses("objected_before"):
        objections.file(
            decision=decision, actor=decision.request.worker.user, cause="rule", grounds="Again."
        )


def test_nobody_objects_for_a_stranger(decision, worker_of_drenthe):
    with refuses("not_yours"):
        objections.file(
            decision=decision, actor=worker_of_drenthe.user, cause="rule", grounds="Unfair."
        )


def test_a_late_objection_needs_a_reason_and_is_kept(decision, monkeypatch):
    late = timezone.now() + timedelta(days=60)
    monkeypatch.setattr(timezone, "now", lambda: late)
    worker = decision.request.worker.user
    with refuses("late_reason_missing"):
        objections.file(decision=decision, actor=worker, cause="rule", grounds="Unfair.")
    filed = objections.file(
        decision=decision,
        actor=worker,
        cause="rule",
        grounds="Unfair.",
        late_reason="I was in hospital.",
    )
    assert filed.is_late


def test_grounds_with_a_bsn_are_refused(decision):
    with pytest.raises(ValidationError):
        objections.file(
            decision=decision,
            actor=decision.request.worker.user,
            cause="facts",
            grounds="My number is 111222333.",
        )


@pytest.mark.parametrize("name", ["chair", "second_signer"])
def test_who_signed_the_round_does_not_handle_it(request, objection, handler, name):
    signer = request.getfixturevalue(name)
    with refuses("took_part"):
        objections.assign(objection=objection, handler=signer, actor=handler)


def test_the_board_of_another_region_does_not_handle_it(objection, chair_of_drenthe):
    with refuses("no_seat"):
        objections.assign(objection=objection, handler=chair_of_drenthe, actor=chair_of_drenthe)


def test_only_the_handler_answers(assigned, chair):
    with refuses("not_the_handler"):
        objections.decide(objection=assigned, outcome="dismissed", answer=ANSWER, actor=chair)


def test_nobody_answers_before_somebody_handles_it(objection, handler):
    with refuses("wrong_step"):
        objections.decide(objection=objection, outcome="dismissed", answer=ANSWER, actor=handler)


def test_a_replay_with_the_right_facts_awards_and_the_reserve_pays(assigned, handler, decision):
    replayed = objections.correct(objection=assigned, facts=RIGHT_FACTS, actor=handler)
    # HBO with 80 hours on call: 10 + 0 + 20 = 30 points; VMBO untrained: 10 + 40 + 20 + 25 = 95.
    assert (replayed.replay["points_before"], replayed.replay["points"]) == (30, 95)
    assert replayed.replay["awarded"]
    others = set(Award.objects.values_list("request_id", flat=True))
    decided = objections.decide(objection=replayed, outcome="upheld", answer=ANSWER, actor=handler)
    award = decided.award
    assert award.origin == Award.Origin.OBJECTION
    # The reserve holds EUR 500, the course costs EUR 600: the pool adds EUR 100.
    assert ledger.balance_cents(award.account) == 60_000
    assert ledger.balance_cents(decision.round.reserve_account) == 0
    # Nobody loses what they had.
    assert others < set(Award.objects.values_list("request_id", flat=True))
    assert Message.objects.filter(kind="objection_decided").count() == 1
    assert books_are_right()


def test_a_replay_without_another_fact_gives_the_same_answer(assigned, handler):
    replayed = objections.correct(objection=assigned, facts={}, actor=handler)
    assert not replayed.replay["awarded"]
    assert replayed.replay["points"] == replayed.replay["points_before"]


def test_an_unknown_fact_is_refused(assigned, handler):
    with refuses("unknown_fact"):
        objections.correct(objection=assigned, facts={"shoe_size": 44}, actor=handler)


def test_special_circumstances_can_be_awarded_without_a_replay(assigned, handler, decision):
    choice = decision.request.choices.get()
    decided = objections.decide(
        objection=assigned, outcome="upheld", answer=ANSWER, actor=handler, choice=choice
    )
    assert ledger.balance_cents(decided.award.account) == 60_000
    assert books_are_right()


def test_a_dismissed_objection_moves_no_money(assigned, handler, decision):
    objections.decide(objection=assigned, outcome="dismissed", answer=ANSWER, actor=handler)
    assert ledger.balance_cents(decision.round.reserve_account) == 50_000
    assert not Award.objects.filter(request=decision.request).exists()


def test_an_answer_needs_reasons(assigned, handler):
    with refuses("answer_missing"):
        objections.decide(objection=assigned, outcome="dismissed", answer=" ", actor=handler)


def test_a_late_objection_is_judged_on_its_lateness_first(assigned, handler):
    Objection.objects.filter(pk=assigned.pk).update(is_late=True, late_reason="Ill.")
    with refuses("lateness_not_judged"):
        objections.decide(objection=assigned, outcome="upheld", answer=ANSWER, actor=handler)
    with refuses("late_not_excused"):
        objections.decide(
            objection=assigned,
            outcome="upheld",
            answer=ANSWER,
            actor=handler,
            late_excused=False,
        )


def test_an_objection_can_be_withdrawn_until_it_is_answered(assigned, handler, decision):
    worker = decision.request.worker.user
    withdrawn = objections.withdraw(objection=assigned, actor=worker)
    assert withdrawn.status == Objection.Status.WITHDRAWN
    with refuses("wrong_step"):
        objections.decide(objection=assigned, outcome="dismissed", answer=ANSWER, actor=handler)


def test_a_hearing_is_planned_and_reported(assigned, handler):
    at = timezone.now() + timedelta(days=7)
    planned = objections.plan_hearing(objection=assigned, at=at, place="Enschede", actor=handler)
    assert planned.status == Objection.Status.HEARING
    reported = objections.report_hearing(
        objection=planned, report="Tara told about her school.", actor=handler
    )
    assert reported.hearing_report


def test_every_step_of_an_objection_is_written_down(assigned, handler):
    objections.correct(objection=assigned, facts=RIGHT_FACTS, actor=handler)
    objections.decide(objection=assigned, outcome="upheld", answer=ANSWER, actor=handler)
    actions = AuditEvent.objects.filter(action__startswith="objection.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "objection.filed",
        "objection.assigned",
        "objection.replayed",
        "objection.decided",
    ]


def test_an_objection_says_why(decision):
    with refuses("grounds_missing"):
        objections.file(
            decision=decision, actor=decision.request.worker.user, cause="facts", grounds="  "
        )


def test_who_filed_it_or_asked_for_the_training_does_not_handle_it(objection, handler, twente):
    Objection.objects.filter(pk=objection.pk).update(filed_by=handler)
    with refuses("filed_it"):
        objections.assign(
            objection=Objection.objects.get(pk=objection.pk), handler=handler, actor=handler
        )


def test_a_hearing_is_still_to_come(assigned, handler):
    with refuses("hearing_in_the_past"):
        objections.plan_hearing(
            objection=assigned, at=timezone.now(), place="The counter", actor=handler
        )


def decide(objection, handler, **facts):
    told = {"outcome": "upheld", "answer": ANSWER}
    return objections.decide(objection=objection, actor=handler, **(told | facts))


def test_an_answer_is_one_of_three(assigned, handler):
    with refuses("unknown_outcome"):
        decide(assigned, handler, outcome="withdrawn")


def test_only_a_training_of_the_request_itself_is_given(assigned, handler, requests):
    with refuses("other_request"):
        decide(assigned, handler, choice=requests[0].choices.get())
    assert Objection.objects.get().status == "assigned"


def test_a_replay_that_comes_to_no_end_changes_nothing(assigned, handler, monkeypatch):
    stopped = SimpleNamespace(outcome="stopped_early", reason="time")
    monkeypatch.setattr(replay.scenarios, "divide", lambda problem, rule: stopped)
    with refuses("replay_failed"):
        objections.correct(objection=assigned, facts=RIGHT_FACTS, actor=handler)
    assert Objection.objects.get().replay == {}
