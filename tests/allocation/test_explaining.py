"""What would have changed a refusal: found for the proposal, kept once, told by the letters."""

import threading

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from allocation import rounds
from allocation.models import Decision, Explanation, Scenario
from allocation.rounds import explaining, record, tasks
from allocation.rules import points
from budgetpool.audit.models import AuditEvent
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.mail import reasons
from budgetpool.mail.models import Message
from tests.allocation.people import ask
from tests.cast import make_worker
from tests.refusing import refuses
from tests.sharing import shared

pytestmark = pytest.mark.django_db


@shared
def requests(requests, opened, edition):
    """The seven, and one more with few points who asks EUR 900."""
    dear = make_worker("Dear Dirk", opened.fund, education="wo", training_hours_two_years=120)
    return [*requests, ask(dear, opened.window, edition, cents=90_000)]


def test_proposing_finds_what_would_have_changed_each_refusal(proposed):
    found = Explanation.objects.get(scenario=proposed.proposal)
    refused = told_apart(proposed.proposal)
    told = sum(bool(o.params.keys() & set(record.EXPLAINED)) for o in refused)
    assert (found.refused, found.told) == (5, told)
    assert told >= 4
    changes = [o.params.get("would_change") for o in refused]
    # Two equal cases lost the lot: one point more, or for one of them a quarter more money.
    highest = max(o.points for o in record.outcomes(proposed.proposal))
    one_more = {"points": highest + 1}
    assert changes[:2] == [one_more | {"ceiling_cents": 250_000}, one_more]
    # The trained ones would take the place of an equal one; two places are too much to ask.
    assert changes[2:] == [one_more, one_more, None]
    assert AuditEvent.objects.filter(action="round.explained").count() == 1


def told_apart(scenario):
    refused = [o for o in record.outcomes(scenario) if not o.awarded]
    return sorted(refused, key=lambda o: (-o.points, -len(o.params.get("would_change", {}))))


def test_asking_again_gives_what_was_found_before(proposed):
    first = Explanation.objects.get()
    assert rounds.explain(scenario=proposed.proposal) == first
    assert Explanation.objects.count() == 1


def test_what_was_found_is_never_changed(proposed):
    with pytest.raises(DatabaseError), transaction.atomic():
        Explanation.objects.update(told=0)


def test_the_decision_and_the_letter_of_a_refusal_tell_it(published):
    decision = Decision.objects.get(params__would_change__ceiling_cents=250_000)
    sentence = reasons.what_would_change(decision.params)
    assert sentence == [
        f"Met {decision.params['would_change']['points']} punten had je de opleiding wel gekregen.",
        "Je had de opleiding wel gekregen als er €\N{NO-BREAK SPACE}2.500 te verdelen was.",
    ]
    letters = Message.objects.filter(params__reason_params__has_key="would_change")
    assert letters.count() == Decision.objects.filter(params__has_key="would_change").count() == 4


def test_an_award_is_told_no_other_outcome(published):
    awarded = Decision.objects.filter(awarded=True)
    assert not awarded.filter(params__has_key="would_change").exists()


def test_nothing_is_published_that_is_not_explained(drawn, scenario, chair, second_signer):
    Job.objects.create(key=f"round:{drawn.pk}:explain:{scenario.pk}", state=Job.State.RUNNING)
    rounds.propose(round=drawn, scenario=scenario, motivation="m", no_interest=True, member=chair)
    rounds.sign(round=drawn, sha256=scenario.sha256, no_interest=True, member=second_signer)
    with refuses("not_explained"):
        rounds.publish(round=drawn, member=chair)
    assert not Decision.objects.exists()


def test_stopping_the_explanation_keeps_nothing(scenario):
    stop = threading.Event()
    stop.set()
    with pytest.raises(work.Cancelled):
        rounds.explain(scenario=scenario, cancelled=stop)
    assert not Explanation.objects.exists()


def test_a_scenario_that_is_stopped_leaves_the_round_as_it_was(drawn, chair):
    stop = threading.Event()
    stop.set()
    with pytest.raises(work.Cancelled):
        rounds.compute(round=drawn, name="Stopped", member=chair, cancelled=stop)
    assert not Scenario.objects.exists()


def test_scenarios_are_computed_as_one_job_that_shows_how_far_it_is(drawn, chair, monkeypatch):
    shown = []
    progress = work.RunningJob.progress
    monkeypatch.setattr(
        work.RunningJob,
        "progress",
        lambda job, **facts: (shown.append(facts), progress(job, **facts)),
    )
    wanted = [
        {"name": "Ours", "rule": "optimiser", "variation": {}},
        {"name": "Old", "rule": "fcfs", "variation": {}},
    ]
    tasks.ask_scenarios(round=drawn, member=chair, wanted=wanted)
    job = work.latest(f"round:{drawn.pk}:scenarios")
    assert (job.state, job.result) == (Job.State.DONE, {"scenarios": ["Ours", "Old"]})
    assert {facts["name"] for facts in shown} == {"Ours", "Old"}
    stages = [facts for facts in shown if facts.get("stage") == "value"]
    assert stages[-1]["gap"] == 0
    assert (stages[-1]["done"], stages[-1]["total"]) == (0, 2)


def test_what_may_not_be_computed_is_refused_before_any_work_is_queued(drawn, chair):
    wanted = [{"name": "More", "rule": "optimiser", "variation": {"ceiling_cents": 10**9}}]
    with refuses("ceiling_not_varied"):
        tasks.ask_scenarios(round=drawn, member=chair, wanted=wanted)
    assert not Job.objects.exists()


def test_work_that_was_done_before_a_crash_is_not_done_again(drawn, scenario, chair):
    wanted = [{"name": "Ours", "rule": "optimiser", "variation": {}}]
    job = Job.objects.create(
        key=f"round:{drawn.pk}:scenarios",
        requested_by=chair,
        arguments={"round": drawn.pk, "scenarios": wanted},
    )
    tasks.compute.enqueue(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert Scenario.objects.get() == scenario


def test_points_that_nobody_can_have_are_never_told(drawn, scenario, chair, monkeypatch):
    """A letter once said "you needed 1,575 points" where 110 is the most that the rule gives."""
    real = explaining.changes.changes

    def beyond(*facts, **options):
        found = real(*facts, **options)
        found["points"] = [1_575, points.MOST + 1, *[points.MOST] * (len(found) - 2)]
        return found

    monkeypatch.setattr(explaining.changes, "changes", beyond)
    rounds.explain(scenario=scenario)
    told = [o.params for o in record.outcomes(scenario) if not o.awarded]
    changed = [params.get("would_change", {}).get("points") for params in told]
    assert max(found for found in changed if found) == points.MOST
    assert changed.count(None) == 2
    assert max(int(params.get("needed", 0)) for params in told) <= points.MOST


def test_a_refusal_never_says_that_only_points_decided():
    """The rule weighs points against costs: somebody with fewer points may have been awarded."""
    with translation.override("nl"):
        said = " ".join([*reasons.why("below_cutoff", {}), *reasons.why("edition_full", {})])
    assert "meer punten" not in said
