"""Attacks on what takes two: an older yes, the same person again, past the services, at once."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from allocation import rounds
from allocation.decisions import objections
from allocation.lives import ROUND
from allocation.models import Adjustment, Award, Consent, Interest, Round
from budgetpool.audit.models import AuditEvent
from tests.allocation.test_races import at_once
from tests.allocation.test_round_guards import published_long_ago
from tests.cast import adjust, cancel, finish, send_back
from tests.refusing import refuses

REASON = "Lost all work after an accident."


def propose(round, scenario, member):
    return rounds.propose(
        round=round, scenario=scenario, motivation="Best.", no_interest=True, member=member
    )


@pytest.fixture
def over(published):
    """A published round whose terms are over and whose awards are answered."""
    published_long_ago(published)
    published.awards.update(status=Award.Status.ACCEPTED)
    return published


class TestSendingBack:
    def test_one_person_alone_never_undoes_what_two_signed(self, signed, chair, second_signer):
        assert send_back(signed, chair).status == Round.Status.SIGNED
        with refuses("same_person"):
            send_back(signed, chair, question="Once more?")
        assert Round.objects.get().signatures.filter(withdrawn_at__isnull=True).count() == 2
        back = send_back(signed, second_signer)
        assert (back.status, back.proposal, back.signed_at) == (Round.Status.CLOSED, None, None)
        assert not back.signatures.filter(withdrawn_at__isnull=True).exists()
        assert AuditEvent.objects.filter(action="round.sent_back").count() == 1

    def test_a_yes_to_an_older_proposal_does_not_count(
        self, proposed, scenario, requests, chair, second_signer, third_member
    ):
        send_back(proposed, second_signer)
        rounds.declare_interest(round=proposed, request=requests[0], member=chair)
        # The same scenario is proposed again: the same fingerprint, the same state.
        again = propose(Round.objects.get(), scenario, third_member)
        assert send_back(again, third_member).status == Round.Status.PROPOSED
        assert send_back(again, second_signer).status == Round.Status.CLOSED

    def test_an_outcome_that_changed_on_the_way_is_not_sent_back(self, proposed, chair):
        with refuses("other_outcome"):
            rounds.send_back(round=proposed, sha256="0" * 64, question="Why?", member=chair)
        assert not Consent.objects.filter(step="send_back").exists()

    def test_somebody_else_with_an_interest_does_not_undo_a_signature(
        self, signed, requests, third_member
    ):
        rounds.declare_interest(round=signed, request=requests[0], member=third_member)
        assert Round.objects.get().status == Round.Status.SIGNED


class TestCancelling:
    def test_a_yes_lapses_with_its_state_also_when_the_round_comes_back_to_it(
        self, drawn, scenario, chair, second_signer
    ):
        cancel(drawn, chair)
        send_back(propose(drawn, scenario, chair), chair, second_signer)
        back = Round.objects.get()
        assert cancel(back, second_signer).status == Round.Status.CLOSED
        assert cancel(back, chair).status == Round.Status.CANCELLED


class TestFinishing:
    def test_one_person_alone_never_finishes(self, over, chair, second_signer):
        assert finish(over, chair).status == Round.Status.PUBLISHED
        with refuses("same_person"):
            finish(over, chair)
        assert finish(over, second_signer).status == Round.Status.FINISHED

    def test_an_objection_that_came_in_between_stops_it(self, over, chair, second_signer):
        finish(over, chair)
        refused = over.decisions.filter(awarded=False).first()
        objections.file(
            decision=refused,
            actor=refused.request.worker.user,
            cause="facts",
            grounds="I have VMBO, not HBO.",
        )
        with refuses("objections_open"):
            finish(over, second_signer)
        assert Round.objects.get().status == Round.Status.PUBLISHED

    def test_who_asked_takes_it_back(self, over, chair, second_signer):
        finish(over, chair)
        rounds.take_back(round=over, member=chair)
        assert finish(over, second_signer).status == Round.Status.PUBLISHED


class TestAdjusting:
    def test_one_person_alone_never_gives(self, drawn, requests, chair, second_signer):
        assert adjust(drawn, requests[6], chair) is None
        with refuses("same_person"):
            adjust(drawn, requests[6], chair)
        assert not Adjustment.objects.exists()
        assert adjust(drawn, requests[6], second_signer) == Adjustment.objects.get()
        both = Consent.objects.filter(step="adjust", used_at__isnull=False)
        assert {one.member for one in both} == {chair, second_signer}
        # Neither of them judges an objection about this round.
        assert {chair.pk, second_signer.pk} <= objections.takers_part(drawn)

    @pytest.mark.parametrize(
        "other",
        [{"kind": "withhold"}, {"reason": "Is a good friend of the whole board."}, {"request": 5}],
        ids=str,
    )
    def test_a_yes_to_something_else_does_not_count(
        self, drawn, requests, chair, second_signer, other
    ):
        adjust(drawn, requests[6], chair)
        asked = requests[other.pop("request", 6)]
        assert adjust(drawn, asked, second_signer, **other) is None
        assert not Adjustment.objects.exists()

    def test_a_reason_that_the_first_changed_is_not_the_one_that_the_second_read(
        self, drawn, requests, chair, second_signer
    ):
        adjust(drawn, requests[6], chair)
        adjust(drawn, requests[6], chair, reason="Is a good friend of the whole board.")
        assert adjust(drawn, requests[6], second_signer) is None
        assert not Adjustment.objects.exists()

    def test_several_requests_can_wait_at_once(self, drawn, requests, chair, second_signer):
        for request in requests[5:]:
            adjust(drawn, request, chair)
        for request in requests[5:]:
            adjust(drawn, request, second_signer)
        assert Adjustment.objects.count() == 2

    def test_a_yes_that_was_used_is_not_used_again(
        self, drawn, requests, chair, second_signer, third_member
    ):
        made = adjust(drawn, requests[6], chair, second_signer)
        for member in (chair, second_signer):
            rounds.withdraw_adjustment(adjustment=made, member=member)
        assert adjust(drawn, requests[6], third_member) is None
        assert adjust(drawn, requests[6], chair) is not None

    def test_one_person_alone_never_takes_it_back(self, drawn, requests, chair, second_signer):
        made = adjust(drawn, requests[6], chair, second_signer)
        assert rounds.withdraw_adjustment(adjustment=made, member=chair).withdrawn_at is None
        with refuses("same_person"):
            rounds.withdraw_adjustment(adjustment=made, member=chair)
        assert rounds.withdraw_adjustment(adjustment=made, member=second_signer).withdrawn_at

    def test_a_yes_lapses_when_the_round_was_proposed_in_between(
        self, drawn, scenario, requests, chair, second_signer
    ):
        adjust(drawn, requests[6], chair)
        send_back(propose(drawn, scenario, chair), chair, second_signer)
        assert adjust(Round.objects.get(), requests[6], second_signer) is None

    @pytest.mark.parametrize("leaves", ["interest", "seat"])
    def test_a_yes_of_who_may_not_any_more_does_not_count(
        self, drawn, requests, chair, second_signer, leaves
    ):
        adjust(drawn, requests[6], chair)
        if leaves == "interest":
            rounds.declare_interest(round=drawn, request=requests[0], member=chair)
        else:
            chair.seats.all().delete()
        assert adjust(drawn, requests[6], second_signer) is None


def test_every_step_of_two_leaves_no_yes_that_waits(
    over, signed, requests, chair, second_signer, twente
):
    finish(over, chair, second_signer)
    waiting = Consent.objects.filter(withdrawn_at__isnull=True, used_at__isnull=True)
    assert not waiting.exists()
    assert set(Consent.Step.values) == {
        name
        for name, step in ROUND.steps.items()
        if step.people == 2 and name not in {"sign", "publish"}
    }


def consent(round, member, step, **more):
    return Consent.objects.create(
        round=round, step=step, status=round.status, member=member, **more
    )


class TestTheDatabase:
    """Whoever writes past the services needs two people too."""

    @pytest.mark.parametrize(
        ("state", "change"),
        [
            ("proposed", "status = 'closed', proposal_id = NULL"),
            ("signed", "status = 'closed', proposal_id = NULL"),
            ("over", "status = 'finished'"),
        ],
    )
    def test_it_refuses_a_turn_without_them(self, request, state, change, third_member):
        round = request.getfixturevalue(state)
        # One yes is not enough, and neither are two to something else.
        said = {"closed": "send_back", "finished": "finish"}[change.split("'")[1]]
        consent(round, third_member, said, said=round.proposal.sha256 * (said == "send_back"))
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE allocation_round SET {change}")

    def test_it_counts_a_yes_to_this_proposal_only(self, proposed, chair, second_signer):
        for member in (chair, second_signer):
            consent(proposed, member, "send_back", said="0" * 64)
        with pytest.raises(IntegrityError), transaction.atomic():
            Round.objects.update(status="closed", proposal=None)

    def test_it_refuses_a_gift_of_one(self, drawn, requests, chair, second_signer, third_member):
        row = {"round": drawn, "request": requests[6], "kind": "give", "member": chair}
        said = {"request": requests[6], "said": "give", "reason": REASON}
        consent(drawn, chair, "adjust", **said)
        consent(drawn, second_signer, "adjust", **{**said, "reason": "Another one altogether."})
        consent(drawn, third_member, "adjust", **said, used_at=timezone.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            Adjustment.objects.create(**row, reason=REASON)
        consent(drawn, third_member, "adjust", **said)
        assert Adjustment.objects.create(**row, reason=REASON)

    def test_it_refuses_that_one_takes_a_gift_back(self, drawn, requests, chair, second_signer):
        made = adjust(drawn, requests[6], chair, second_signer)
        consent(drawn, chair, "undo_adjust", request=requests[6], said=str(made.pk))
        for change in ({"withdrawn_at": timezone.now()}, {"reason": "x"}, {"kind": "withhold"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Adjustment.objects.update(**change)

    @pytest.mark.parametrize("about", [True, False])
    def test_a_yes_is_about_a_request_or_about_the_round(self, drawn, requests, chair, about):
        step = "finish" if about else "adjust"
        with pytest.raises(IntegrityError), transaction.atomic():
            consent(drawn, chair, step, request=requests[0] if about else None)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_three_who_agree_at_once_give_once(
        self, drawn, requests, chair, second_signer, third_member
    ):
        people = (chair, second_signer, third_member)
        answers = at_once(*[lambda m=member: adjust(drawn, requests[6], m) for member in people])
        assert Adjustment.objects.count() == 1
        assert [getattr(answer, "code", "") for answer in answers].count("adjusted_before") == 1

    def test_one_person_in_two_tabs_is_one(self, signed, chair):
        answers = at_once(*[lambda: send_back(signed, chair)] * 2)
        assert [getattr(answer, "code", "") for answer in answers].count("same_person") == 1
        assert Round.objects.get().status == Round.Status.SIGNED

    def test_publishing_and_sending_back_at_once_do_one_of_the_two(
        self, signed, chair, second_signer
    ):
        send_back(signed, chair)
        at_once(
            lambda: rounds.publish(round=signed, member=chair),
            lambda: send_back(signed, second_signer),
        )
        status = Round.objects.get().status
        assert (status, Award.objects.count()) in {("published", 3), ("closed", 0)}


def test_an_interest_of_a_signer_is_the_only_way_back_of_one(signed, requests, chair):
    Interest.objects.create(round=signed, request=requests[0], member=chair)
    Round.objects.update(status="closed", proposal=None)
    assert Round.objects.get().status == Round.Status.CLOSED
