"""What boards, workers and the public read, and what they may not."""

import pytest

from allocation import rounds
from allocation.decisions import explanation, public
from allocation.models import Decision, Scenario
from allocation.optimiser import files
from allocation.rounds import figures, folder, record, scenarios
from allocation.rules import access
from budgetpool.mail import reasons
from budgetpool.money import to_cents
from tests.cast import adjust
from tests.refusing import refuses


def test_the_snapshot_holds_pseudonyms_and_no_name(closed, requests):
    text = closed.snapshot.requests_csv
    for request in requests:
        assert request.worker.name not in text
        assert request.worker.email not in text
    assert closed.snapshot.requests == 7


def test_the_same_snapshot_is_read_back_with_the_same_fingerprint(scenario, drawn):
    problem = scenarios.problem_of(drawn, {}, [])
    assert files.snapshot_sha256(problem) == drawn.snapshot.sha256
    assert scenario.result["snapshot_sha256"] == drawn.snapshot.sha256


def test_the_policy_file_reads_back_as_the_same_policy(scenario, drawn, tmp_path):
    problem = scenarios.problem_of(drawn, {}, [])
    (tmp_path / "policy.toml").write_text(folder.toml(problem.policy))
    assert type(problem.policy).from_toml(tmp_path / "policy.toml") == problem.policy


def test_a_scenario_is_verified_and_never_changed(scenario):
    assert (scenario.outcome, scenario.verified, scenario.problems) == ("proven", True, [])
    with pytest.raises(Exception, match="never changed"):
        Scenario.objects.filter(pk=scenario.pk).update(verified=False)


def test_at_most_four_scenarios_stand_side_by_side(drawn, scenario, chair):
    for number in range(3):
        rounds.compute(round=drawn, name=f"Variation {number}", member=chair)
    with refuses("too_many_scenarios"):
        rounds.compute(round=drawn, name="One too many", member=chair)
    rounds.compute(round=drawn, name="Old", rule="lottery", member=chair)


def test_a_scenario_cannot_vary_the_ceiling(drawn, chair):
    with refuses("ceiling_not_varied"):
        rounds.compute(round=drawn, name="More", variation={"ceiling_cents": 10**9}, member=chair)


def test_the_comparison_puts_the_old_rules_beside_ours(drawn, scenario, chair):
    rounds.compute(round=drawn, name="Old", rule="fcfs", member=chair)
    ours, old = figures.comparison(drawn)
    assert (ours.is_baseline, old.is_baseline) == (False, True)
    assert ours.value_percent == 100.0
    assert ours.people == 3
    assert ours.spent_cents == 180_000


def test_the_comparison_measures_value_against_the_best_of_our_own(drawn, scenario, chair):
    rounds.compute(round=drawn, name="Old", rule="tiered", member=chair)
    ours, old = figures.comparison(drawn)
    assert (ours.scenario, ours.value) == (scenario, scenario.result["value"])
    assert old.value_percent == 100 * old.value / ours.value
    assert (ours.verified, ours.is_proposed) == (True, False)
    # "low" has all three awards of its five people; the two others have none.
    smallest = min(ours.coverage["education_level"], key=lambda group: group["share"])
    assert (ours.smallest_group, ours.smallest_share) == (smallest["group"], 0.0)
    assert ours.first_timers == scenario.measures["numbers"]["first_timers"]
    assert ours.gini == scenario.measures["numbers"]["gini"]


def test_only_old_rules_are_measured_against_the_best_of_them(drawn, chair):
    for rule in ("fcfs", "ranking"):
        rounds.compute(round=drawn, name=rule, rule=rule, member=chair)
    rows = figures.comparison(drawn)
    assert [row.scenario.name for row in rows] == ["fcfs", "ranking"]
    assert max(row.value_percent for row in rows) == 100.0


def test_a_round_nobody_computed_has_nothing_to_compare(drawn):
    assert figures.comparison(drawn) == []


def test_the_key_figures_follow_a_round(proposed, requests, second_signer, chair):
    figure = figures.key_figures(proposed)
    assert (figure.requests, figure.asked_cents) == (7, 7 * 60_000)
    assert (figure.awarded, figure.spent_cents) == (3, 180_000)
    assert (figure.left_cents, figure.reserve_cents) == (200_000, 50_000)
    assert figure.adjustments == 0
    rounds.sign(
        round=proposed, sha256=proposed.proposal.sha256, no_interest=True, member=second_signer
    )
    figure = figures.key_figures(rounds.publish(round=proposed, member=chair))
    assert (figure.awarded, figure.spent_cents) == (3, 180_000)
    assert (figure.left_cents, figure.reserve_cents) == (20_000, 50_000)


def test_the_key_figures_of_a_draft_have_no_money_and_no_awards(draft):
    figure = figures.key_figures(draft)
    assert (figure.left_cents, figure.reserve_cents) == (0, 0)
    assert (figure.awarded, figure.spent_cents) == (0, 0)


def test_the_key_figures_count_the_deviations_that_stand(drawn, requests, chair, second_signer):
    words = "Lost all work after an accident last month."
    given = [
        adjust(drawn, one, chair, second_signer, kind="give", reason=words) for one in requests[5:]
    ]
    assert figures.key_figures(drawn).adjustments == 2
    for member, stand in ((chair, 2), (second_signer, 1)):
        rounds.withdraw_adjustment(adjustment=given[0], member=member)
        assert figures.key_figures(drawn).adjustments == stand


def test_a_withheld_request_goes_to_others_and_both_are_shown(
    drawn, scenario, requests, chair, second_signer
):
    winner = next(one for one in record.outcomes(scenario) if one.awarded)
    request = next(one for one in requests if one.pk == winner.request)
    reason = "The employer pays for this course already."
    adjust(drawn, request, chair, second_signer, kind="withhold", reason=reason)
    after = rounds.compute(round=drawn, name="Adjusted", member=chair)
    before = {one.request for one in record.outcomes(scenario) if one.awarded}
    now = {one.request for one in record.outcomes(after) if one.awarded}
    assert before - now == {request.pk}
    assert len(now - before) == 1
    outcome = next(one for one in record.outcomes(after) if one.request == request.pk)
    assert outcome.reason == "withheld_by_board"
    letter = reasons.why(outcome.reason, outcome.params)
    assert "The employer pays for this course already." in letter


def test_a_given_request_is_awarded_whatever_its_points(drawn, requests, chair, second_signer):
    reason = "Lost all work after an accident last month."
    adjust(drawn, requests[6], chair, second_signer, kind="give", reason=reason)
    after = rounds.compute(round=drawn, name="Adjusted", member=chair)
    outcome = next(one for one in record.outcomes(after) if one.request == requests[6].pk)
    assert (outcome.awarded, outcome.reason) == (True, "given_by_board")
    assert after.spent_cents <= to_cents(drawn.ceiling)


def test_a_scenario_from_before_an_adjustment_is_not_proposed(
    drawn, scenario, requests, chair, second_signer
):
    reason = "Lost all work after an accident last month."
    adjust(drawn, requests[6], chair, second_signer, kind="give", reason=reason)
    with refuses("adjustments_changed"):
        rounds.propose(
            round=drawn, scenario=scenario, motivation="Old.", no_interest=True, member=chair
        )


def test_an_adjustment_needs_a_real_reason(drawn, requests, chair):
    with refuses("reason_too_short"):
        rounds.adjust(round=drawn, request=requests[0], kind="give", reason="Friend", member=chair)


def test_a_declared_interest_is_one_in_that_very_request(drawn, requests, chair):
    rounds.declare_interest(round=drawn, request=requests[0], member=chair)
    assert access.own_requests(chair, drawn) == {requests[0].pk}


def test_a_member_who_asked_for_training_has_no_vote_without_declaring_it(closed, requests, chair):
    worker = requests[0].worker
    worker.user = chair
    worker.save()
    with refuses("own_interest"):
        rounds.record_draw(round=closed, member=chair, outcome="1 2 3")


def test_a_worker_reads_the_answer_only_after_publication(signed, requests, chair):
    request = requests[0]
    worker = request.worker.user
    assert explanation.of_worker(request=request, actor=worker) is None
    rounds.publish(round=signed, member=chair)
    told = explanation.of_worker(request=request, actor=worker)
    assert told.points == 85
    assert dict(told.parts) == {"base": 10, "education": 30, "contract": 20, "untrained": 25}
    assert told.objection_until is not None


def test_another_worker_reads_nothing(published, requests):
    with refuses("not_yours"):
        explanation.of_worker(request=requests[0], actor=requests[1].worker.user)


def test_before_publication_the_public_sees_no_outcome(signed):
    with refuses("not_published"):
        public.results(signed)


def test_the_public_page_shows_no_group_under_ten_people(published):
    results = public.results(published)
    assert results.numbers["people"] == 3
    # Seven people asked: every group is smaller than ten.
    assert all(groups == [] for groups in results.coverage.values())
    assert results.fingerprints["snapshot_sha256"] == published.snapshot.sha256


def test_one_small_group_takes_another_with_it_so_that_no_total_betrays_it():
    groups = [
        {"group": "a", "applying": 50},
        {"group": "b", "applying": 12},
        {"group": "c", "applying": 3},
    ]
    shown, hidden = public.suppress(groups)
    assert ([row["group"] for row in shown], hidden) == (["a"], 2)


def test_a_refused_worker_reads_which_lot_they_had(published, requests):
    refused = Decision.objects.filter(
        round=published, awarded=False, request__in=requests[:5]
    ).first()
    assert refused.reason == "lot_lost"
    assert refused.params["choices"][0]["choice"] == 1
