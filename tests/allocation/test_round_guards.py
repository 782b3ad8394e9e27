"""What a round's steps refuse although its state allows them: each guard with the case for it."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.utils import timezone

from allocation import rounds
from allocation.decisions import objections
from allocation.models import Adjustment, Award, Round, Scenario
from allocation.rounds import record, tasks
from allocation.rules import draws, policies
from budgetpool.jobs.models import Job
from tests.allocation.people import ask, euros
from tests.cast import adjust, draw, finish, lotto, make_window, make_worker, send_back
from tests.refusing import refuses

REASON = "The counter wrote down the wrong diploma for this person."


def published_long_ago(round):
    """As if its term to object is over."""
    Round.objects.filter(pk=round.pk).update(published_at=timezone.now() - timedelta(days=90))


def copied(scenario, **other):
    """Another scenario that differs only so; a scenario itself never changes."""
    fields = {f.attname: getattr(scenario, f.attname) for f in scenario._meta.concrete_fields}
    made = Scenario(**{name: value for name, value in fields.items() if name != "id"})
    for name, value in other.items():
        setattr(made, name, value)
    made.save()
    return made


def propose(round, scenario, member, motivation="It helps the most people."):
    return rounds.propose(
        round=round, scenario=scenario, motivation=motivation, no_interest=True, member=member
    )


class TestPublishing:
    def test_it_needs_two_signatures_that_stand(self, signed, chair):
        signed.signatures.filter(role="second").update(withdrawn_at=timezone.now())
        with refuses("not_two_signatures"):
            rounds.publish(round=signed, member=chair)

    def test_it_never_spends_more_than_the_ceiling(self, signed, chair):
        Round.objects.filter(pk=signed.pk).update(ceiling=euros(1_799))
        with refuses("above_ceiling") as refused:
            rounds.publish(round=signed, member=chair)
        assert refused.value.params == {"spent_cents": 180_000, "ceiling_cents": 179_900}
        assert not Award.objects.exists()

    def test_it_decides_on_every_request_that_was_frozen(self, signed, chair, monkeypatch):
        monkeypatch.setattr(
            record, "outcomes", lambda scenario, real=record.outcomes: real(scenario)[1:]
        )
        with refuses("requests_missing"):
            rounds.publish(round=signed, member=chair)


class TestProposing:
    def test_a_scenario_in_which_the_check_found_a_fault_is_not_proposed(
        self, drawn, scenario, chair
    ):
        faulty = copied(scenario, name="Faulty", verified=False, problems=["a fault"])
        with refuses("not_verified"):
            propose(drawn, faulty, chair)

    @pytest.mark.parametrize("motivation", ["", "   \n "])
    def test_the_board_says_why(self, drawn, scenario, chair, motivation):
        with refuses("motivation_missing"):
            propose(drawn, scenario, chair, motivation)

    def test_a_scenario_of_another_round_is_not_proposed(
        self, drawn, scenario, rich_fund, policy, chair
    ):
        window = make_window(rich_fund, "2027-2", opens=1, closes=9)
        other = rounds.draft(
            window=window,
            policy=policy,
            ceiling=euros(100),
            reserve=euros(0),
            draw=lotto(window),
            member=chair,
        )
        with refuses("other_round"):
            propose(drawn, copied(scenario, round=other), chair)

    def test_sending_back_asks_something(self, proposed, chair):
        with refuses("question_missing"):
            send_back(proposed, chair, question=" ")


class TestAdjusting:
    def test_a_request_is_decided_on_once(self, drawn, requests, chair, second_signer):
        adjust(drawn, requests[6], chair, second_signer)
        with refuses("adjusted_before"):
            adjust(drawn, requests[6], second_signer)

    def test_an_adjustment_is_taken_back_once(self, drawn, requests, chair, second_signer):
        made = adjust(drawn, requests[6], chair, second_signer)
        rounds.withdraw_adjustment(adjustment=made, member=chair)
        rounds.withdraw_adjustment(adjustment=made, member=second_signer)
        when = Adjustment.objects.get().withdrawn_at
        with refuses("withdrawn_before"):
            rounds.withdraw_adjustment(adjustment=made, member=chair)
        assert Adjustment.objects.get().withdrawn_at == when

    def test_a_reason_has_twenty_letters(self, drawn, requests, chair):
        with refuses("reason_too_short") as refused:
            adjust(drawn, requests[6], chair, reason="Because I say so. ")
        assert refused.value.params == {"least": 20, "given": 17}


class TestClosing:
    def test_a_request_that_costs_nothing_stops_the_closing(self, opened, requests, chair):
        requests[3].choices.get().cost_lines.all().delete()
        with refuses("without_amount") as refused:
            rounds.close(round=opened, member=chair)
        assert refused.value.params == {"requests": [requests[3].pk]}
        assert Round.objects.get().status == Round.Status.OPEN

    @pytest.mark.parametrize(
        "outcome",
        [
            "",
            "   ",
            "!!!",
            "x" * 201,
            "-4 11",
            "+4 11",
            "4.11",
            "4/11",
            "four",
            "1e3",
            "٤ ١١",
            "4 A",
        ],
    )
    def test_a_draw_has_an_outcome(self, closed, chair, outcome):
        with refuses("no_outcome"):
            rounds.record_draw(round=closed, member=chair, outcome=outcome)

    def test_a_draw_makes_one_seed_however_it_is_written(self, closed, chair, second_signer):
        """Once 1,440 spellings of one draw were accepted, each another order of the lots."""
        numbers = ["4", "11", "19", "27", "33", "41"]
        spellings = {
            before + between.join(zero + number for number in order) + after
            for order in permutations(numbers)
            for between in (" ", "  ", ", ", ",", ";", "\t")
            for zero in ("", "0", "00")
            for before, after in (("", ""), (" ", "\n"))
        }
        assert len(spellings) == 25_920
        announced = draws.of(closed)
        assert {announced.spelled(spelling) for spelling in spellings} == {"4 11 19 27 33 41"}
        rounds.record_draw(round=closed, member=chair, outcome="41;33, 04 11 27 19")
        drawn = draw(closed, second_signer)
        assert drawn.seed == "Lotto of 15 January 2027: 4 11 19 27 33 41"


class TestEnding:
    def test_a_round_with_an_open_objection_is_not_finished(self, published, requests, chair):
        refused = published.decisions.filter(awarded=False).first()
        objections.file(
            decision=refused,
            actor=refused.request.worker.user,
            cause="facts",
            grounds="I have VMBO, not HBO.",
        )
        published.awards.update(status=Award.Status.ACCEPTED)
        published_long_ago(published)
        with refuses("objections_open"):
            rounds.finish(round=published, member=chair)

    def test_a_round_with_an_award_that_nobody_answered_is_not_finished(
        self, published, chair, second_signer
    ):
        published_long_ago(published)
        with refuses("awards_unanswered"):
            rounds.finish(round=published, member=chair)
        published.awards.update(status=Award.Status.ACCEPTED)
        assert finish(published, chair, second_signer).status == Round.Status.FINISHED

    def test_who_cancels_says_why(self, opened, chair):
        with refuses("reason_missing"):
            rounds.cancel(round=opened, reason=" ", member=chair)


class TestScenarios:
    def test_a_name_is_used_once(self, drawn, scenario, chair):
        with refuses("name_taken"):
            rounds.compute(round=drawn, name="Ours", member=chair)

    def test_no_other_scenarios_are_asked_while_some_are_computed(self, drawn, chair):
        Job.objects.create(
            key=f"{tasks.prefix(drawn)}scenarios", requested_by=chair, arguments={"scenarios": []}
        )
        wanted = [{"name": "Two", "rule": "optimiser", "variation": {}}]
        with refuses("computing"):
            tasks.ask_scenarios(round=drawn, member=chair, wanted=wanted)

    def test_a_scenario_that_would_find_no_room_is_refused_before_it_waits(
        self, drawn, scenario, chair
    ):
        for number in range(2):
            copied(scenario, name=f"Standing {number}")
        wanted = [
            {"name": name, "rule": "optimiser", "variation": {}} for name in ("Fourth", "Fifth")
        ]
        with refuses("too_many_scenarios"):
            tasks.ask_scenarios(round=drawn, member=chair, wanted=wanted)
        assert not Job.objects.exists()

    def test_two_scenarios_of_one_name_are_refused_together(self, drawn, chair):
        wanted = [{"name": "Twin", "rule": rule, "variation": {}} for rule in ("lottery", "fcfs")]
        with refuses("name_taken"):
            tasks.ask_scenarios(round=drawn, member=chair, wanted=wanted)
        assert not Job.objects.exists()

    def test_a_rule_that_cannot_be_computed_is_refused_before_it_waits(self, drawn, chair):
        wanted = [{"name": "Odd", "rule": "optimiser", "variation": {"fairness": "seven"}}]
        with refuses("rules_invalid"):
            tasks.ask_scenarios(round=drawn, member=chair, wanted=wanted)
        assert not Job.objects.exists()

    def test_a_rule_without_groups_has_no_price_of_fairness(self, drawn, chair):
        with refuses("no_groups"):
            tasks.ask_curve(round=drawn, member=chair)


def test_a_fund_without_a_pool_drafts_no_round(twente, chair):
    rule = policies.new_version(fund=twente, name="Rule", rules=policies.STANDARD, member=chair)
    window = make_window(twente, opens=1, closes=9)
    with refuses("no_pool"):
        rounds.draft(
            window=window,
            policy=rule,
            ceiling=euros(100),
            reserve=euros(0),
            draw=lotto(window),
            member=chair,
        )


def test_an_interest_is_declared_in_a_request_of_the_round(
    drawn, rich_fund, edition, chair, second_signer
):
    window = make_window(rich_fund, "2027-2", opens=-5, closes=5)
    elsewhere = ask(make_worker("Else Where", rich_fund), window, edition)
    with refuses("other_round"):
        rounds.declare_interest(round=drawn, request=elsewhere, member=chair)
