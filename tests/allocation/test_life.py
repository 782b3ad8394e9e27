"""The whole life of a round, and every step that is refused."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from allocation import rounds
from allocation.lives import ROUND
from allocation.models import Award, Decision, Round
from allocation.rules import policies, terms
from budgetpool.audit.models import AuditEvent
from budgetpool.fund import checks, ledger
from budgetpool.mail.models import Message
from budgetpool.money import to_cents
from tests.allocation.people import ask, euros
from tests.cast import cancel, draw, finish, lotto, make_window, make_worker, send_back
from tests.refusing import refuses
from workers.models import TrainingRequest


def code_of(raised):
    return raised.value.code


def books_are_right():
    return [str(f) for outcome in checks.check_ledger() for f in outcome.findings] == []


def test_opening_moves_ceiling_and_reserve_out_of_the_pool(opened, pool):
    # EUR 10,000 in the pool: 2,000 to the round, 500 to the reserve, 7,500 stay.
    assert ledger.balance_cents(opened.account) == 200_000
    assert ledger.balance_cents(opened.reserve_account) == 50_000
    assert ledger.balance_cents(pool) == 750_000
    assert books_are_right()


def test_opening_freezes_the_policy_for_ever(opened):
    policy = opened.policy
    policy.refresh_from_db()
    assert policy.frozen_at is not None
    with pytest.raises(Exception, match="frozen policy is never changed"):
        type(policy).objects.filter(pk=policy.pk).update(name="Another rule")


def test_a_round_cannot_open_after_its_window_did(draft, chair):
    with refuses("window_opened_before"):
        rounds.open(round=draft, member=chair)


def test_a_fund_without_a_legal_rule_cannot_open_a_round(draft, chair):
    draft.fund.rule_name = ""
    draft.fund.save()
    with refuses("no_legal_rule"):
        rounds.open(round=draft, member=chair, at=draft.window.opens_at)


def test_a_ceiling_above_the_pool_is_refused_and_nothing_moves(draft, chair, pool):
    rounds.change(round=draft, member=chair, ceiling=euros(9_900))
    with refuses("not_enough_money"):
        rounds.open(round=draft, member=chair, at=draft.window.opens_at)
    draft.refresh_from_db()
    assert draft.status == Round.Status.DRAFT
    assert ledger.balance_cents(pool) == 1_000_000


def test_an_open_round_keeps_its_ceiling(opened, chair):
    with refuses("wrong_step"):
        rounds.change(round=opened, member=chair, ceiling=euros(3_000))


def test_a_round_is_not_closed_while_people_can_still_ask(rich_fund, policy, chair):
    window = make_window(rich_fund, "2027-2")
    draft = rounds.draft(
        window=window,
        policy=policy,
        ceiling=euros(100),
        reserve=euros(0),
        draw=lotto(window),
        member=chair,
    )
    opened = rounds.open(round=draft, member=chair, at=window.opens_at)
    with refuses("window_still_open"):
        rounds.close(round=opened, member=chair)


def test_a_round_is_not_closed_while_somebody_may_mend_their_request(opened, requests, chair):
    request = requests[0]
    request.status, request.reason = "ineligible", "outside_region"
    request.repair_until = timezone.localdate()
    request.save()
    with refuses("repair_term_runs"):
        rounds.close(round=opened, member=chair)
    # Whoever is mending it right now is waited for too.
    request.status, request.reason = TrainingRequest.Status.DRAFT, ""
    request.submitted_at = request.consent_at = None
    request.save()
    with refuses("repair_term_runs") as raised:
        rounds.close(round=opened, member=chair)
    assert raised.value.params == {"until_on": timezone.localdate().isoformat()}


def test_a_rule_of_the_website_gives_one_award_per_worker(rich_fund, chair):
    with refuses("rules_invalid") as raised:
        policies.new_version(
            fund=rich_fund,
            name="Two",
            rules={**policies.STANDARD, "awards_per_worker": 2},
            member=chair,
        )
    assert "awards_per_worker must be 1" in raised.value.params["faults"][0]


def test_a_round_without_requests_is_not_closed(opened, chair):
    with refuses("no_requests"):
        rounds.close(round=opened, member=chair)


def test_the_draw_is_written_down_once_and_after_the_window(closed, chair, second_signer):
    drawn = draw(closed, chair, second_signer, outcome=" 4  11 19 27 33 41 ")
    assert drawn.seed == "Lotto of 15 January 2027: 4 11 19 27 33 41"
    with refuses("drawn_before"):
        rounds.record_draw(round=closed, member=chair, outcome="1 2 3 4 5 6")


def test_nothing_is_divided_before_the_draw(closed, chair):
    with refuses("not_drawn"):
        rounds.compute(round=closed, name="Too early", member=chair)


def test_the_published_round_gives_each_request_one_decision_with_a_reason(published, requests):
    decisions = Decision.objects.filter(round=published)
    assert {decision.request_id for decision in decisions} == {one.pk for one in requests}
    assert all(decision.reason for decision in decisions)
    # EUR 2,000 pays three of the five equal requests of EUR 600; EUR 200 stay.
    assert decisions.filter(awarded=True).count() == 3
    assert {decision.request_id for decision in decisions.filter(awarded=True)} <= {
        one.pk for one in requests[:5]
    }


def test_publication_books_one_transfer_per_award(published, pool):
    awards = Award.objects.filter(round=published)
    assert [ledger.balance_cents(award.account) for award in awards] == [60_000] * 3
    assert ledger.balance_cents(published.account) == 20_000
    assert ledger.balance_cents(pool) == 750_000
    assert books_are_right()


def test_publication_queues_a_letter_for_everybody(published, requests):
    kinds = list(Message.objects.values_list("kind", flat=True))
    assert kinds.count("decision_awarded") == 3
    assert kinds.count("decision_refused") == 4


def test_publishing_twice_books_once(published, chair):
    again = rounds.publish(round=published, member=chair)
    assert again.status == Round.Status.PUBLISHED
    assert ledger.balance_cents(published.account) == 20_000
    assert Award.objects.filter(round=published).count() == 3
    assert AuditEvent.objects.filter(action="round.published").count() == 1


def test_decisions_are_never_changed(published):
    with pytest.raises(Exception, match="never changed"):
        Decision.objects.filter(round=published).update(awarded=True)


def test_before_publication_nobody_has_a_decision(signed):
    assert not Decision.objects.exists()
    assert not Award.objects.exists()
    assert not Message.objects.exists()


def test_one_person_cannot_sign_twice(proposed, chair):
    with refuses("same_person"):
        rounds.sign(round=proposed, sha256=proposed.proposal.sha256, no_interest=True, member=chair)


def test_nobody_signs_another_outcome_than_the_one_they_read(proposed, second_signer):
    with refuses("other_outcome"):
        rounds.sign(round=proposed, sha256="0" * 64, no_interest=True, member=second_signer)


def test_a_signature_needs_the_statement_of_no_interest(proposed, second_signer):
    with refuses("interest_not_stated"):
        rounds.sign(
            round=proposed,
            sha256=proposed.proposal.sha256,
            no_interest=False,
            member=second_signer,
        )


def test_an_interest_takes_the_vote(proposed, requests, second_signer):
    rounds.declare_interest(round=proposed, request=requests[0], member=second_signer)
    with refuses("own_interest"):
        rounds.sign(
            round=proposed,
            sha256=proposed.proposal.sha256,
            no_interest=True,
            member=second_signer,
        )


def test_an_interest_declared_late_takes_the_signature_back(signed, requests, second_signer):
    rounds.declare_interest(round=signed, request=requests[0], member=second_signer)
    signed.refresh_from_db()
    assert signed.status == Round.Status.CLOSED
    assert signed.proposal is None
    assert not signed.signatures.filter(withdrawn_at__isnull=True).exists()


def test_a_proposal_can_be_sent_back_with_a_question(proposed, second_signer, chair, scenario):
    back = send_back(proposed, chair, second_signer, question="Why not B?")
    assert back.status == Round.Status.CLOSED
    again = rounds.propose(
        round=back, scenario=scenario, motivation="Because.", no_interest=True, member=chair
    )
    assert again.status == Round.Status.PROPOSED


def test_an_old_rule_is_never_proposed(drawn, chair):
    fcfs = rounds.compute(round=drawn, name="Old", rule="fcfs", member=chair)
    assert fcfs.verified
    with refuses("baseline"):
        rounds.propose(
            round=drawn, scenario=fcfs, motivation="Tradition.", no_interest=True, member=chair
        )


def test_a_cancelled_round_gives_everything_back(signed, chair, second_signer, pool):
    cancelled = cancel(signed, chair, second_signer)
    assert cancelled.status == Round.Status.CANCELLED
    assert ledger.balance_cents(pool) == 1_000_000
    assert books_are_right()


def test_a_published_round_cannot_be_cancelled(published, chair):
    with refuses("wrong_step") as raised:
        rounds.cancel(round=published, reason="Too late.", member=chair)
    assert raised.value.params["status"] == "published"


def test_a_round_is_not_finished_while_objections_are_possible(published, chair):
    with refuses("objections_possible"):
        rounds.finish(round=published, member=chair)


def test_a_finished_round_gives_back_what_is_left(published, chair, second_signer, pool):
    long_ago = published.published_at - timedelta(days=80)
    Round.objects.filter(pk=published.pk).update(published_at=long_ago)
    Award.objects.filter(round=published).update(status=Award.Status.ACCEPTED)
    finished = finish(published, chair, second_signer)
    # EUR 200 of the ceiling and EUR 500 of the reserve go back: 7,500 + 700.
    assert ledger.balance_cents(pool) == 820_000
    assert to_cents(finished.reserve_returned) == 50_000
    assert books_are_right()


def test_a_refused_worker_keeps_waiting_credit_for_the_next_round(
    published, requests, rich_fund, policy, chair, edition
):
    refused = Decision.objects.filter(round=published, awarded=False).first()
    winner = Decision.objects.filter(round=published, awarded=True).first()
    window = make_window(rich_fund, "2027-2", opens=-5, closes=-1)
    draft = rounds.draft(
        window=window,
        policy=policy,
        ceiling=euros(600),
        reserve=euros(0),
        draw=lotto(window),
        member=chair,
    )
    second = rounds.open(round=draft, member=chair, at=window.opens_at)
    for decision in (refused, winner):
        ask(decision.request.worker, window, edition)
    closed = rounds.close(round=second, member=chair)
    lines = closed.snapshot.requests_csv.splitlines()
    points = sorted(int(line.split(",")[4]) for line in lines[1:])
    first = {decision.request_id: decision.points for decision in (refused, winner)}
    # Five points more for the one who was refused; none for the one who was awarded.
    assert points == sorted([first[refused.request_id] + 5, first[winner.request_id]])


@pytest.mark.parametrize("name", ["chair_of_drenthe", "treasurer", "adviser", "stranger"])
def test_only_the_board_of_the_region_takes_steps(request, draft, name):
    person = request.getfixturevalue(name)
    with refuses("no_seat"):
        rounds.open(round=draft, member=person, at=draft.window.opens_at)


def test_the_table_says_which_steps_each_state_allows():
    order = ["open", "close", "propose", "sign", "publish", "finish"]
    state = Round.Status.DRAFT
    for step in order:
        assert ROUND.before(step) == (state,)
        state = ROUND.after(step, state)
    assert state == Round.Status.FINISHED


def test_a_term_that_ends_on_a_holiday_runs_on():
    assert terms.object_by(timezone.datetime(2027, 2, 12).date()).isoformat() == "2027-03-30"


def test_the_solver_never_runs_inside_a_transaction_of_ours(drawn, chair, monkeypatch):
    depth = len(connection.savepoint_ids)
    seen = []
    real = rounds.scenarios.optimiser.allocate

    def watched(problem, **limits):
        seen.append(len(connection.savepoint_ids))
        return real(problem, **limits)

    monkeypatch.setattr(rounds.scenarios.optimiser, "allocate", watched)
    rounds.compute(round=drawn, name="Watched", member=chair)
    assert seen == [depth]


def test_a_stranger_to_the_round_can_do_nothing_by_its_worker(opened, requests):
    worker = make_worker("Nobody", opened.fund)
    with refuses("no_seat"):
        rounds.close(round=opened, member=worker.user)
