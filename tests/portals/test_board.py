"""The board's screens: six steps through services, four eyes, and nothing that is not theirs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allocation import rounds
from allocation.models import (
    Adjustment,
    Award,
    Consent,
    Decision,
    Interest,
    Policy,
    Round,
    Scenario,
    Verdict,
)
from allocation.rounds import record, verdicts
from allocation.rules import policies
from budgetpool.audit.models import AuditEvent
from budgetpool.fund.models import Fund
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.mail import paper
from budgetpool.portals.board import inbox, listing
from budgetpool.portals.components import waits
from tests.cast import adjust, signed_in
from tests.sharing import shared
from workers.models import Window

pytestmark = pytest.mark.django_db
ROUND = "/board/twente/rounds/2027-1"
REASON = "This person has waited for two years already."


@shared
def board(chair):
    return signed_in(chair, second_factor=True)


@shared
def second(second_signer):
    return signed_in(second_signer, second_factor=True)


def step(browser, verb, **data):
    return browser.post(f"{ROUND}/steps/{verb}", data)


def give(request, browser):
    """One member's yes to money for this request."""
    at = f"{ROUND}/requests/{request.pk}/adjust"
    assert browser.post(at, {"kind": "give", "reason": REASON}).status_code == 302


def lotto_fields(on):
    return {
        "seed_source": "Lotto of 3 April 2027",
        "draw_on": f"{on:%d-%m-%Y}",
        "draw_count": "6",
        "draw_lowest": "1",
        "draw_highest": "45",
        "draw_order": "sorted",
    }


def html(answer):
    return answer.content.decode()


def test_a_round_goes_from_open_to_published_through_the_screens(board, second, opened, requests):
    assert step(board, "close").status_code == 302
    for member in (board, second):
        assert step(member, "draw", outcome="4 11 19 27 33 41").status_code == 302
    assert step(board, "baselines").status_code == 302
    assert step(board, "compute", rule="optimiser", name="Ours", fairness="").status_code == 302
    ours = Scenario.objects.get(name="Ours")
    sent = step(
        board, "propose", scenario=ours.pk, motivation="It helps the most.", no_interest="on"
    )
    assert sent.status_code == 302
    assert step(second, "sign", sha256=ours.sha256, no_interest="on").status_code == 302
    assert step(board, "publish").status_code == 302
    assert Round.objects.get().status == Round.Status.PUBLISHED
    assert Award.objects.count() == ours.people == 3
    told = Decision.objects.filter(params__has_key="would_change")
    most = max(Decision.objects.values_list("points", flat=True))
    assert all(decision.params["would_change"]["points"] == most + 1 for decision in told)
    assert [d.params["would_change"].get("ceiling_cents") for d in told].count(250_000) == 1
    assert {s.rule for s in Scenario.objects.all()} == {"optimiser", "fcfs", "lottery", "ranking"}


def test_while_people_can_ask_no_button_offers_to_close(board, opened):
    Window.objects.update(closes_at=timezone.now() + timedelta(days=1))
    shown = html(board.get(ROUND))
    assert "Daarna kun je de ronde sluiten" in shown
    assert f"{ROUND}/steps/close" not in shown
    Window.objects.update(closes_at=timezone.now())
    assert f"{ROUND}/steps/close" in html(board.get(ROUND))


def test_the_page_names_the_one_thing_to_do_now(board, second, opened, requests):
    assert "Sluit de ronde" in html(board.get(ROUND))
    step(board, "close")
    assert "Vul de trekking in" in html(board.get(ROUND))
    step(board, "draw", outcome="4 11 19 27 33 41")
    assert "Wacht op het tweede lid" in html(board.get(ROUND))
    step(second, "draw", outcome="4 11 19 27 33 41")
    assert "Bereken een scenario" in html(board.get(ROUND))


def test_who_proposed_cannot_sign_as_the_second(board, proposed):
    answer = step(board, "sign", sha256=proposed.proposal.sha256, no_interest="on")
    assert answer.status_code == 422
    assert "De eerste stap deed je zelf" in html(answer)
    assert Round.objects.get().status == Round.Status.PROPOSED


def test_nobody_signs_without_stating_to_have_no_interest(second, proposed):
    answer = step(second, "sign", sha256=proposed.proposal.sha256)
    assert answer.status_code == 422
    assert html(answer).count("Zet een vinkje als je geen eigen belang hebt.") == 2


def test_nobody_signs_another_outcome_than_the_one_on_the_screen(second, proposed):
    answer = step(second, "sign", sha256="0" * 64, no_interest="on")
    assert "Het voorstel veranderde terwijl je las" in html(answer)


def test_a_proposal_goes_back_with_a_question_of_two(board, second, proposed, second_signer):
    asked = {"text": "Why not the other one?", "sha256": proposed.proposal.sha256}
    assert step(board, "send-back", **asked).status_code == 302
    assert Round.objects.get().status == Round.Status.PROPOSED
    assert f"{ROUND}/steps/send-back" not in html(board.get(ROUND))
    seen = html(second.get(ROUND))
    assert "Wacht op een tweede lid: het voorstel terugsturen" in seen
    assert seen.count("Why not the other one?") == 2
    waiting = [item.what for item in waits.inbox(inbox.of(proposed.fund, second_signer)).own]
    assert "Ronde 2027-1: Carla Chair wil het voorstel terugsturen. Jij ook?" in waiting
    old = step(second, "send-back", **{**asked, "sha256": "0" * 64})
    assert "Het voorstel veranderde terwijl je las" in html(old)
    assert step(second, "send-back", **asked).status_code == 302
    assert Round.objects.get().status == Round.Status.CLOSED


def test_nothing_is_published_before_two_signatures(board, proposed):
    answer = step(board, "publish")
    assert answer.status_code == 422
    assert Award.objects.count() == 0


def test_a_step_that_does_not_exist_is_not_found(board, opened):
    assert step(board, "explode").status_code == 404


def test_the_error_summary_takes_the_focus_and_the_title_says_so(board, drawn):
    answer = html(step(board, "compute", rule="optimiser", name=""))
    assert "data-focus" in answer
    assert "<title>Fout: " in answer


def test_a_request_shows_no_name_and_the_look_is_written_down(board, scenario, requests, chair):
    asked = requests[0]
    answer = html(board.get(f"{ROUND}/requests/{asked.pk}"))
    assert asked.reference in answer
    assert asked.worker.name not in answer
    assert AuditEvent.objects.filter(
        actor=chair, action="request.seen", subject_id=str(asked.pk)
    ).exists()


def test_the_list_filters_by_outcome_and_by_number(board, scenario, requests):
    path = f"{ROUND}/requests"
    assert html(board.get(path)).count('<details class="bp-details"') == 7
    assert html(board.get(path, {"outcome": "awarded"})).count("bp-details") == 3
    one = html(board.get(path, {"words": requests[2].reference}))
    assert one.count("bp-details") == 1
    assert requests[2].reference in one


def test_an_interest_hides_the_request_and_takes_the_vote(board, scenario, requests, chair):
    asked = requests[3]
    assert board.post(f"{ROUND}/requests/{asked.pk}/interest").status_code == 302
    assert Interest.objects.filter(member=chair, request=asked).exists()
    assert board.get(f"{ROUND}/requests/{asked.pk}").status_code == 404
    assert asked.reference not in html(board.get(f"{ROUND}/requests"))
    answer = step(board, "propose", scenario=scenario.pk, motivation="It helps.", no_interest="on")
    assert answer.status_code == 422
    assert "Je hebt hier een eigen belang" in html(answer)


def test_a_request_is_given_with_a_reason_and_the_rest_divided_again(
    board, second, scenario, requests, chair, second_signer
):
    student = requests[6]
    path = f"{ROUND}/requests/{student.pk}/adjust"
    short = board.post(path, {"kind": "give", "reason": "Because"})
    assert short.status_code == 422
    assert "minstens 20 tekens" in html(short)
    asked = {"kind": "give", "reason": f"{REASON}\r\nAnd a second line."}
    assert board.post(path, asked).status_code == 302
    assert not Adjustment.objects.exists()
    assert 'name="agree"' not in html(board.get(f"{ROUND}/requests/{student.pk}"))
    waiting = [item.what for item in waits.inbox(inbox.of(Fund.objects.get(), second_signer)).own]
    assert "Ronde 2027-1: Carla Chair wil over een aanvraag anders beslissen. Jij ook?" in waiting
    first = Consent.objects.get(step="adjust")
    # Who reads an older reason does not agree with the new one.
    board.post(path, {**asked, "reason": REASON})
    second.post(path, {"agree": first.pk})
    second.post(path, {"agree": "x"})
    assert not Adjustment.objects.exists()
    page = html(second.get(f"{ROUND}/requests/{student.pk}"))
    newest = Consent.objects.filter(step="adjust").last()
    assert f'name="agree" value="{newest.pk}"' in page
    assert "Toekennen? Carla Chair vraagt dit" in page
    assert second.post(path, {"agree": newest.pk}).status_code == 302
    assert Adjustment.objects.get().reason == REASON
    step(board, "compute", rule="optimiser", name="Given", fairness="")
    given = Scenario.objects.get(name="Given")
    seen = html(board.get(f"{ROUND}/difference", {"before": scenario.pk, "after": given.pk}))
    assert student.reference in seen
    assert "Krijgen er een opleiding bij: 1." in seen
    assert "Krijgt er een opleiding bij" in seen
    assert board.post(path, {"withdraw": "1"}).status_code == 302
    assert Adjustment.objects.get().withdrawn_at is None
    page = html(second.get(f"{ROUND}/requests/{student.pk}"))
    assert "Carla Chair wil dit terugnemen" in page
    assert second.post(path, {"withdraw": "1"}).status_code == 302
    assert Adjustment.objects.get().withdrawn_at is not None


def test_a_draft_is_made_with_its_window_or_not_at_all(board, rich_fund, policy):
    first = timezone.localdate() + timedelta(days=20)
    data = {
        "code": "2027-2",
        "first_day": first.strftime("%d-%m-%Y"),
        "last_day": (first + timedelta(days=13)).strftime("%d/%m/%Y"),
        "ceiling": "€ 1.500,00",
        "reserve": "100",
        "policy": policy.pk,
        **lotto_fields(first + timedelta(days=14)),
    }
    wrong = board.post("/board/twente/rounds/new", {**data, "last_day": "01-01-2020"})
    assert "De laatste dag ligt voor de eerste" in html(wrong)
    answer = board.post("/board/twente/rounds/new", data)
    assert answer.headers["Location"] == "/board/twente/rounds/2027-2"
    made = Round.objects.get(code="2027-2")
    assert str(made.ceiling.amount) == "1500.00"
    # The last day ends at the hour that every page says.
    ends = timezone.localtime(made.window.closes_at)
    assert (ends.date(), ends.hour) == (first + timedelta(days=13), 17)
    again = board.post("/board/twente/rounds/new", data)
    assert again.status_code == 200
    assert Round.objects.filter(code="2027-2").count() == 1


@pytest.mark.parametrize("text", ["1.50", "veel", "12,345", "1.2345", "-100"])
def test_an_amount_that_can_be_read_in_two_ways_is_refused_or_read_as_written(
    text, board, rich_fund, policy
):
    answer = board.post("/board/twente/rounds/new", {"ceiling": text, "policy": policy.pk})
    refused = "Schrijf het bedrag zo" in html(answer)
    assert refused == (text != "1.50")


def test_a_draft_can_be_changed_and_an_open_round_cannot(board, draft, policy):
    first = timezone.localdate() + timedelta(days=20)
    data = {
        "first_day": f"{first:%d-%m-%Y}",
        "last_day": f"{first + timedelta(days=9):%d-%m-%Y}",
        "ceiling": "2.500",
        "reserve": "500",
        "policy": policy.pk,
        **lotto_fields(first + timedelta(days=10)),
    }
    assert board.post(f"{ROUND}/change", data).status_code == 302
    draft.refresh_from_db()
    assert draft.ceiling.amount == 2500
    assert timezone.localdate(draft.window.opens_at) == first
    before = draft.window.opens_at - timedelta(days=1)
    rounds.open(round=draft, member=draft.fund.region.seats.get(role="board").user, at=before)
    refused = board.post(f"{ROUND}/change", data)
    assert "Dit kan nu niet: de stand is" in html(refused)


def test_a_new_version_of_the_rule_leaves_the_old_one_as_it_was(board, policy):
    start = board.get("/board/twente/policies/new").context["form"].initial
    answer = board.post("/board/twente/policies/new", {**start, "target_percent": "40"})
    assert answer.status_code == 302
    old, new = Policy.objects.order_by("version")
    assert old.sha256 == policy.sha256
    assert new.version == 2
    assert new.rules["floor"][0]["share_of_ceiling"] == "2/5"


def test_the_board_of_another_region_sees_nothing(chair_of_drenthe, scenario, requests):
    stranger = signed_in(chair_of_drenthe)
    for path in ("", "/requests", f"/requests/{requests[0].pk}", "/difference"):
        assert stranger.get(ROUND + path).status_code == 404
    assert step(stranger, "publish").status_code == 404


@pytest.mark.parametrize("verb", ["propose", "sign", "publish"])
def test_a_risky_step_asks_for_the_second_factor_of_the_last_ten_minutes(chair, proposed, verb):
    for browser in (signed_in(chair), signed_in(chair, second_factor=True, minutes_ago=11)):
        answer = step(browser, verb, sha256=proposed.proposal.sha256, no_interest="on")
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/second-factor?next=")
    assert Round.objects.get().status == Round.Status.PROPOSED


def test_the_page_shows_the_door_to_the_second_factor_in_place_of_the_form(second_signer, proposed):
    page = html(signed_in(second_signer).get(ROUND))
    assert "Laat zien dat jij het bent" in page
    assert "/steps/sign" not in page
    assert "/steps/sign" in html(signed_in(second_signer, second_factor=True).get(ROUND))


def test_nothing_is_published_before_the_refusals_are_explained(board, second, drawn, scenario):
    # The explanation is under way already, so that proposing does not begin another.
    key = f"round:{drawn.pk}:explain:{scenario.pk}"
    job = Job.objects.create(key=key, state=Job.State.RUNNING)
    step(board, "propose", scenario=scenario.pk, motivation="It helps.", no_interest="on")
    step(second, "sign", sha256=scenario.sha256, no_interest="on")
    assert "Wacht op de uitleg" in html(board.get(ROUND))
    refused = step(board, "publish")
    assert refused.status_code == 422
    assert "is nog niet gevonden" in html(refused)
    job.state = Job.State.FAILED
    job.save()
    step(board, "explain")
    assert step(board, "publish").status_code == 302
    assert Round.objects.get().status == Round.Status.PUBLISHED


def test_work_under_way_is_shown_and_can_be_stopped(board, drawn):
    job = Job.objects.create(
        key=f"round:{drawn.pk}:scenarios",
        state=Job.State.RUNNING,
        progress={"name": "Eerlijk", "done": 1, "total": 4, "stage": "value", "gap": 0.0123},
    )
    page = html(board.get(f"{ROUND}/work"))
    assert "“Eerlijk”, 2 van 4" in page
    assert "1,23%" in page
    assert 'value="25"' in page
    assert "Kijk hoe ver het is" in html(board.get(ROUND))
    assert board.post(f"{ROUND}/work/{job.pk}/stop").status_code == 302
    job.refresh_from_db()
    assert job.cancel_asked_at is not None


def test_work_that_is_over_leads_back_to_the_round(board, drawn):
    assert board.get(f"{ROUND}/work").headers["Location"] == ROUND


def test_work_of_another_round_cannot_be_stopped_here(board, drawn):
    job = Job.objects.create(key="round:999999:scenarios", state=Job.State.RUNNING)
    assert board.post(f"{ROUND}/work/{job.pk}/stop").status_code == 404


def test_the_page_says_in_words_why_work_did_not_end(board, drawn):
    Job.objects.create(
        key=f"round:{drawn.pk}:scenarios",
        state=Job.State.FAILED,
        error="NotReady: name_taken (name=Ours)",
        result={"code": "name_taken", "params": {"name": "Ours"}},
    )
    assert "Er is al een scenario met deze naam" in html(board.get(ROUND))


def test_scenarios_are_not_asked_for_while_others_are_computed(board, drawn):
    Job.objects.create(
        key=f"round:{drawn.pk}:scenarios", state=Job.State.RUNNING, arguments={"scenarios": []}
    )
    answer = step(board, "compute", rule="optimiser", name="Ours", fairness="")
    assert answer.status_code == 422
    assert "Wacht tot ze klaar zijn" in html(answer)


def test_what_sharing_fairly_costs_is_computed_and_drawn(board, drawn, chair, rich_fund):
    groups = policies.new_version(
        fund=rich_fund,
        name="Groups",
        rules={**drawn.policy.rules, "coverage": "education_level"},
        member=chair,
    )
    Round.objects.filter(pk=drawn.pk).update(policy=groups)
    step(board, "compute", rule="optimiser", name="Ours", fairness="")
    assert step(board, "price").status_code == 302
    rows = work.latest(f"round:{drawn.pk}:curve").result["rows"]
    assert [row["fairness"] for row in rows] == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert all(row["verified"] for row in rows)
    assert "De kleinste groep telt voor 100%" in html(board.get(ROUND))


def test_two_members_cancel_a_round_and_the_page_says_who_waits(board, second, opened):
    assert step(board, "cancel", text="The school closed.").status_code == 302
    for browser in (board, second):
        page = html(browser.get(ROUND))
        assert "Wacht op een tweede lid: trekking" not in page
        assert "Wacht op een tweede lid: ronde afblazen" in page
        assert "The school closed." in page
    assert f"{ROUND}/steps/cancel" not in html(board.get(ROUND))
    assert step(board, "take-back").status_code == 302
    assert step(second, "cancel", text="The school closed.").status_code == 302
    assert Round.objects.get().status == Round.Status.OPEN
    done = step(board, "cancel", text="So it is.")
    assert board.get(done.headers["Location"]).status_code == 200
    assert Round.objects.get().status == Round.Status.CANCELLED


def test_numbers_that_differ_are_said_and_neither_is_shown_to_the_other(board, second, closed):
    step(board, "draw", outcome="4 11 19 27 33 42")
    refused = step(second, "draw", outcome="4 11 19 27 33 41")
    assert refused.status_code == 422
    assert "Maar een ander lid vulde iets anders in" in html(refused)
    assert "33 42" not in html(second.get(ROUND))
    step(board, "draw", outcome="41 33 27 19 11 4")
    assert Round.objects.get().draw_outcome == "4 11 19 27 33 41"


def test_a_scenario_from_before_a_decision_is_marked_and_cannot_be_chosen(
    board, drawn, scenario, requests, chair, second_signer
):
    adjust(drawn, requests[6], chair, second_signer, reason=REASON)
    page = html(board.get(ROUND))
    assert "oud: het bestuur besliste daarna over aanvragen" in page
    assert f"{ROUND}/steps/propose" not in page
    assert "Bereken wat jullie besluit verandert" in page
    assert f"{ROUND}#small-change" in page
    refused = step(board, "propose", scenario=scenario.pk, motivation="Best.", no_interest="on")
    assert refused.status_code == 422
    assert "van voor een besluit van het bestuur" in html(refused)
    rounds.compute(round=drawn, name="After", member=chair)
    for address in ("requests", "difference"):
        assert f"{scenario.name} (oud)" in html(board.get(f"{ROUND}/{address}"))


def test_the_difference_never_begins_with_a_scenario_against_itself(board, drawn, scenario, chair):
    alone = board.get(f"{ROUND}/difference")
    assert alone.context["before"] is None
    fcfs = rounds.compute(round=drawn, name="Old", rule="fcfs", member=chair)
    first = board.get(f"{ROUND}/difference")
    assert (first.context["before"], first.context["after"]) == (fcfs, scenario)


def test_who_moved_is_counted_as_the_lists_are(drawn, scenario, chair):
    others = [
        rounds.compute(round=drawn, name=rule, rule=rule, member=chair)
        for rule in ("fcfs", "lottery", "ranking")
    ]
    moves = 0
    for before in others:
        for after in (scenario, *others):
            found = listing.moved(before, after, chair)
            counts = listing.counts_of(found)
            assert counts == {way: listing.moving(found, way).count() for way in counts}
            was, now = ({v.request_id: v for v in verdicts.of(s)} for s in (before, after))
            other = {
                key
                for key, one in now.items()
                if (one.choice_id, one.amount_cents) != (was[key].choice_id, was[key].amount_cents)
            }
            assert {row.request_id for row in found} == other
            moves += sum(counts.values())
    assert moves > 0


def test_a_page_about_one_request_reads_what_was_stored(board, scenario, requests, monkeypatch):
    """Once the whole round was computed for one line."""
    assert Verdict.objects.filter(scenario=scenario).count() == len(requests)
    monkeypatch.setattr(record, "outcomes", None)
    with CaptureQueriesContext(connection) as asked:
        assert board.get(f"{ROUND}/requests/{requests[0].pk}").status_code == 200
    # Not one column is read that holds the whole round.
    read = [query["sql"].partition(" FROM ")[0] for query in asked.captured_queries]
    assert [sql for sql in read if "_csv" in sql or "measures" in sql] == []
    assert board.get(f"{ROUND}/requests").status_code == 200


def test_verdicts_are_those_of_the_division_and_tell_what_would_have_changed_it(proposed):
    scenario = proposed.proposal
    told = {one.request: one.params for one in record.outcomes(scenario) if not one.awarded}
    for row in verdicts.of(scenario).filter(choice=None):
        assert listing.params_of(row) == told[row.request_id]


def test_the_best_that_was_found_is_shown_with_its_gap_and_can_be_chosen(
    board, second, drawn, scenario
):
    fields = {f.attname: getattr(scenario, f.attname) for f in scenario._meta.concrete_fields}
    fields |= {
        "id": None,
        "name": "In time",
        "outcome": "proven_within",
        "result": {**scenario.result, "gap": 0.0123},
    }
    best = Scenario.objects.create(**fields)
    assert "niet bewezen: een andere kan hoogstens 1,23% meer waard zijn" in html(board.get(ROUND))
    sent = step(board, "propose", scenario=best.pk, motivation="Best.", no_interest="on")
    assert sent.status_code == 302
    assert Round.objects.get().proposal == best


class TestInbox:
    """What waits for one member, since when and until when."""

    def waiting(self, member):
        return [item.what for item in waits.inbox(inbox.of(Fund.objects.get(), member)).own]

    def test_the_second_member_sees_what_waits_for_their_signature(
        self, second, proposed, chair, second_signer
    ):
        assert self.waiting(second_signer) == ["Ronde 2027-1: Teken als tweede"]
        assert self.waiting(chair) == []
        assert "Ronde 2027-1: Teken als tweede" in html(second.get("/board/twente"))

    def test_the_second_member_sees_who_wants_to_cancel(self, opened, chair, second_signer):
        before = len(self.waiting(second_signer))
        rounds.cancel(round=opened, reason="Stop.", member=chair)
        asked = "Ronde 2027-1: Carla Chair wil hem afblazen. Jij ook?"
        assert asked in self.waiting(second_signer)
        assert len(self.waiting(second_signer)) == before + 1
        assert asked not in self.waiting(chair)

    def test_a_round_that_nothing_keeps_open_waits_to_be_finished(
        self, published, chair, second_signer
    ):
        assert self.waiting(chair) == []
        long_ago = published.published_at - timedelta(days=80)
        Round.objects.filter(pk=published.pk).update(published_at=long_ago)
        assert self.waiting(chair) == [], "somebody did not answer their award"
        published.awards.update(status=Award.Status.ACCEPTED)
        assert self.waiting(chair) == ["Ronde 2027-1: rond hem af"]
        rounds.finish(round=published, member=chair)
        assert self.waiting(chair) == []
        assert self.waiting(second_signer) == [
            "Ronde 2027-1: Carla Chair wil hem afronden. Jij ook?"
        ]

    @pytest.mark.parametrize("state", [Job.State.FAILED, Job.State.CANCELLED])
    def test_an_explanation_that_did_not_end_well_waits_to_be_asked_again(
        self, board, second, drawn, scenario, chair, state
    ):
        key = f"round:{drawn.pk}:explain:{scenario.pk}"
        job = Job.objects.create(key=key, state=Job.State.RUNNING)
        step(board, "propose", scenario=scenario.pk, motivation="It helps.", no_interest="on")
        assert self.waiting(chair) == []
        job.state, job.finished_at = state, timezone.now()
        job.save()
        assert self.waiting(chair) == ["Ronde 2027-1: zoek de uitleg opnieuw"]
        step(second, "sign", sha256=scenario.sha256, no_interest="on")
        assert self.waiting(chair) == ["Ronde 2027-1: Zoek de uitleg opnieuw"]
        assert "#explain" in html(signed_in(chair).get("/board/twente"))

    def test_a_member_with_an_interest_is_asked_nothing(self, proposed, requests, second_signer):
        rounds.declare_interest(round=proposed, request=requests[0], member=second_signer)
        assert self.waiting(second_signer) == []


def test_a_rule_without_sense_is_asked_twice(board, policy):
    start = board.get("/board/twente/policies/new").context["form"].initial
    odd = {**start, "target_percent": "100", "provider_percent": "0"}
    asked = html(board.post("/board/twente/policies/new", odd))
    assert "Bij 0% per opleider krijgt geen enkele opleider geld." in asked
    assert "Bij een belofte van 100% is aan niemand anders iets beloofd." in asked
    assert Policy.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Minstens 60 procent gaat naar mensen zonder training.", True),
        ("Geen opleider krijgt meer dan 20%.", True),
        ("Minstens 55 procent gaat naar mensen zonder training.", False),
        ("Een tweede keuze telt voor 90 procent.", False),
        ("Ronde 60 was de laatste.", False),
    ],
)
def test_an_explanation_that_names_another_percentage_is_asked_twice(board, policy, text, asked):
    start = board.get("/board/twente/policies/new").context["form"].initial
    sent = {**start, "target_percent": "55", "provider_percent": "15", "explanation": text}
    answer = board.post("/board/twente/policies/new", sent)
    assert ("Geen deel van de regel doet dat." in html(answer)) == asked
    assert Policy.objects.count() == (1 if asked else 2)


def test_the_file_holds_exactly_what_the_list_shows(board, scenario, requests):
    everything = board.get(f"{ROUND}/requests?format=csv").content.decode("utf-8-sig")
    assert len(everything.splitlines()) == 1 + len(requests)
    refused = board.get(f"{ROUND}/requests?outcome=refused&format=csv").content.decode("utf-8-sig")
    assert len(refused.splitlines()) == 1 + len(requests) - scenario.people
    assert ";Nee;" in refused
    assert ";600,00;" in refused
    assert AuditEvent.objects.filter(action="requests.exported").count() == 2


def test_a_publication_under_way_is_shown_and_cannot_be_stopped(board, signed):
    job = Job.objects.create(
        key=f"round:{signed.pk}:publish",
        state=Job.State.RUNNING,
        progress={"stage": "publish", "requests": 6000},
    )
    page = html(board.get(f"{ROUND}/work"))
    assert "6.000 aanvragen" in page
    assert "/stop" not in page
    assert board.post(f"{ROUND}/work/{job.pk}/stop").status_code == 404


def test_after_a_decision_the_smallest_change_stands_beside_the_best_division(
    board, second, scenario, requests
):
    """Who changes is listed, the cost is said, and both can be chosen; the old one cannot."""
    student = requests[6]
    assert "small-change" not in html(board.get(ROUND))
    give(student, board)
    assert "small-change" not in html(board.get(ROUND))
    give(student, second)
    assert "small-change" in html(board.get(ROUND))
    step(board, "small-change", instead_of=scenario.pk, name="After it", most="")
    best = Scenario.objects.get(name="After it")
    small = Scenario.objects.get(name="After it, minste verandering")
    assert (best.verified, small.verified, small.instead_of) == (True, True, scenario)
    people = small.result["unchanged"]
    assert people["reached"] >= people["required"] - best.people
    page = html(board.get(ROUND))
    assert "Mensen die een andere uitkomst krijgen: minstens" in page
    old = step(board, "propose", scenario=scenario.pk, motivation="It helps.", no_interest="on")
    assert old.status_code == 422
    seen = board.get(f"{ROUND}/difference", {"before": scenario.pk, "after": small.pk})
    counts = seen.context["counts"]
    assert counts["gained"] + counts["lost"] == (people["required"] - people["reached"])
    answer = step(board, "propose", scenario=small.pk, motivation="Fewest.", no_interest="on")
    assert answer.status_code == 302
    assert verdicts.of(small).filter(reason="kept_as_before").count() <= small.people


def test_a_small_change_is_compared_with_a_division_of_this_round_by_the_rule(
    board, second, scenario, requests
):
    step(board, "baselines")
    old = Scenario.objects.get(rule="fcfs")
    for member in (board, second):
        give(requests[6], member)
    for pk in (old.pk, 10**9):
        answer = step(board, "small-change", instead_of=pk, name="Odd", most="2")
        assert answer.status_code == 422
    answer = step(board, "small-change", instead_of=scenario.pk, name="Odd", most="many")
    assert answer.status_code == 422
    step(board, "small-change", instead_of=scenario.pk, name="Few", most="2")
    few = Scenario.objects.get(name="Few")
    assert few.result["unchanged"]["required"] == few.round.snapshot.requests - 2


class TestRecord:
    """The record of a decision on paper."""

    def test_it_says_who_decided_what_and_why_and_that_it_was_taken_is_kept(
        self, published, board, chair, second_signer, monkeypatch
    ):
        drawn = []
        monkeypatch.setattr(paper, "pdf", lambda html: drawn.append(html) or b"%PDF")
        answer = board.get(f"{ROUND}/record.pdf")
        assert answer["Content-Type"] == "application/pdf"
        [text] = drawn
        for said in (chair.name, second_signer.name, published.motivation, published.policy.sha256):
            assert said in text
        assert published.proposal.sha256 in text
        assert AuditEvent.objects.filter(action="round.record_taken").count() == 1

    def test_nobody_gets_it_before_publication_or_with_an_interest(
        self, signed, board, second, requests, third_member, chair
    ):
        assert board.get(f"{ROUND}/record.pdf").status_code == 404
        rounds.declare_interest(round=signed, request=requests[0], member=third_member)
        rounds.publish(round=signed, member=chair)
        interested = signed_in(third_member, second_factor=True)
        assert interested.get(f"{ROUND}/record.pdf").status_code == 404
        assert second.get(f"{ROUND}/record.pdf").status_code == 200
