"""The board tries out a rule of its own fund; nobody else sees what came out."""

import json

import pytest

from allocation.laboratory import asking
from allocation.models import Policy
from allocation.rules import policies
from budgetpool.audit.models import AuditEvent
from budgetpool.jobs.models import Job
from tests.allocation.conftest import *  # noqa: F403
from tests.cast import signed_in
from tests.refusing import refuses

HOME = "/board/twente/laboratory"
TINY = {"seeds": 1, "requests": 50, "rounds": 1, "years": 1}


def test_a_run_is_done_shown_and_can_be_made_again(policy, rich_fund, chair, chair_of_drenthe):
    job = asking.ask(fund=rich_fund, policy=policy, member=chair, **TINY)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    event = AuditEvent.objects.get(action="laboratory.asked")
    assert (event.actor, event.region_code) == (chair, "BIJ3-09")
    assert (event.subject_id, event.details["seeds"]) == (str(policy.pk), 1)

    board, stranger = signed_in(chair), signed_in(chair_of_drenthe)
    page = board.get(f"{HOME}/1").content.decode()
    assert page.count("<svg ") >= 5
    assert page.count("<table ") == 6
    assert "wie het eerst komt" in page.lower()
    assert "zijn bedacht" in page
    assert str(policy) in board.get(HOME).content.decode()
    plan = board.get(f"{HOME}/1/plan.json")
    assert json.loads(plan.content) == json.loads(job.arguments["plan"])
    for address in (f"{HOME}/1", f"{HOME}/1/plan.json", "/board/drenthe/laboratory/1"):
        assert stranger.get(address).status_code == 404
    assert board.get(f"{HOME}/2").status_code == 404


def test_another_regions_rule_cannot_be_tried(policy, rich_fund, drenthe, chair, chair_of_drenthe):
    theirs = policies.new_version(
        fund=drenthe, name="Theirs", rules=policies.STANDARD, member=chair_of_drenthe
    )
    with refuses("other_fund"):
        asking.ask(fund=rich_fund, policy=theirs, member=chair, **TINY)
    with refuses("no_seat"):
        asking.ask(fund=rich_fund, policy=policy, member=chair_of_drenthe, **TINY)
    wanted = {"policy": theirs.pk, "requests": "300", "seeds": "5"}
    assert signed_in(chair).post(HOME, wanted).status_code == 200
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"seeds": "0"},
        {"seeds": "1000"},
        {"requests": "299"},
        {"requests": "x"},
        {"policy": "0"},
        {"policy": ""},
    ],
)
def test_sizes_that_the_page_does_not_offer_are_refused(policy, chair, changed):
    wanted = {"policy": policy.pk, "requests": "300", "seeds": "5", **changed}
    assert signed_in(chair).post(HOME, wanted).status_code == 200
    assert not Job.objects.exists()


def test_a_rule_that_the_laboratory_cannot_try_is_refused_in_words(policy, rich_fund, chair):
    Policy.objects.filter(pk=policy.pk).update(rules={**policy.rules, "coverage": "nationality"})
    policy.refresh_from_db()
    with refuses("rules_invalid"):
        asking.ask(fund=rich_fund, policy=policy, member=chair, **TINY)
    wanted = {"policy": policy.pk, "requests": "300", "seeds": "5"}
    page = signed_in(chair).post(HOME, wanted)
    assert "De regel heeft een fout" in page.content.decode()


def under_way(policy, chair):
    plan = asking.Plan.of(rules=policy.rules, seeds=[1], requests=50)
    return Job.objects.create(
        key="laboratory:BIJ3-09",
        state=Job.State.RUNNING,
        requested_by=chair,
        arguments={"plan": plan.to_json(), "policy": policy.pk, "policy_name": str(policy)},
        progress={"done": 12, "total": 48},
    )


def test_one_run_at_a_time_and_it_shows_how_far_it_is(policy, rich_fund, chair, second_signer):
    job = under_way(policy, chair)
    assert asking.ask(fund=rich_fund, policy=policy, member=second_signer, **TINY) == job
    assert not AuditEvent.objects.filter(action="laboratory.asked").exists()
    page = signed_in(chair).get(f"{HOME}/1").content.decode()
    assert "12 van 48 verdelingen" in page
    assert 'value="25"' in page


def test_the_board_stops_a_run_and_another_regions_cannot(policy, chair, chair_of_drenthe):
    job = under_way(policy, chair)
    assert signed_in(chair_of_drenthe).post(f"{HOME}/1/stop").status_code == 404
    job.refresh_from_db()
    assert job.cancel_asked_at is None
    assert signed_in(chair).post(f"{HOME}/1/stop").status_code == 302
    job.refresh_from_db()
    assert job.cancel_asked_at is not None
