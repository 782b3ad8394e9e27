"""Members judge cases unseen: which ones nobody chooses, once each, and only unseen ones count."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from allocation import rounds
from allocation.models import BlindJudgement, Verdict
from allocation.rounds import blind
from budgetpool.audit.models import AuditEvent
from tests.cast import signed_in
from tests.refusing import refuses
from tests.sharing import shared

pytestmark = pytest.mark.django_db


@shared
def judged(drawn, chair):
    """The chair said yes to every case."""
    for key in blind.sample(drawn):
        blind.judge(round=drawn, request=key, member=chair, answer="yes")
    return drawn


def test_the_draw_chooses_the_cases_for_all_alike(drawn, chair, second_signer):
    first = blind.to_judge(drawn, chair)
    assert first == blind.sample(drawn) == blind.to_judge(drawn, second_signer)
    assert 0 < len(first) <= blind.SIZE
    drawn.draw_outcome = "1 2 3 4 5 6"
    assert blind.sample(drawn) != first


def test_nobody_judges_before_the_draw_or_after_the_second_signature(closed, chair):
    with refuses("blind_not_now"):
        blind.to_judge(closed, chair)


def test_nobody_judges_after_the_second_signature(signed, chair):
    with refuses("blind_not_now"):
        blind.judge(round=signed, request=blind.sample(signed)[0], member=chair, answer="yes")


def test_a_word_stands_as_it_was_given(judged, chair, second_signer, treasurer):
    key = blind.sample(judged)[0]
    with refuses("not_to_judge"):
        blind.judge(round=judged, request=key, member=chair, answer="no")
    with refuses("not_to_judge"):
        blind.judge(round=judged, request=key + 10_000, member=second_signer, answer="no")
    with refuses("no_seat"):
        blind.judge(round=judged, request=key, member=treasurer, answer="no")
    with pytest.raises(DatabaseError), transaction.atomic():
        BlindJudgement.objects.update(answer="no")
    assert set(BlindJudgement.objects.values_list("answer", flat=True)) == {"yes"}


def test_an_own_interest_is_no_case(drawn, chair):
    [own, *others] = blind.sample(drawn)
    rounds.declare_interest(round=drawn, request=drawn.window.requests.get(pk=own), member=chair)
    assert blind.to_judge(drawn, chair) == others


def test_who_had_looked_at_the_outcome_does_not_count(scenario, drawn, chair, second_signer):
    key, other = blind.sample(drawn)[:2]
    browser = signed_in(chair, second_factor=True)
    browser.get(reverse("board-request", args=["twente", drawn.code, key]))
    browser.get(reverse("board-look", args=["twente", drawn.code]))
    assert blind.judge(round=drawn, request=key, member=chair, answer="yes").knew
    assert not blind.judge(round=drawn, request=other, member=chair, answer="yes").knew
    assert blind.agreement(drawn) is None
    rounds.propose(
        round=drawn, scenario=scenario, member=chair, motivation="By the rule.", no_interest=True
    )
    drawn.refresh_from_db()
    found = blind.agreement(drawn)
    verdict = Verdict.objects.get(scenario=scenario, request=other)
    assert (found.members, found.judged) == (1, 1)
    assert found.agreed == (verdict.choice_id is not None)


def test_who_took_all_outcomes_along_does_not_count(scenario, drawn, chair):
    browser = signed_in(chair, second_factor=True)
    browser.get(reverse("board-requests", args=["twente", drawn.code]) + "?format=csv")
    assert blind.judge(round=drawn, request=blind.sample(drawn)[0], member=chair, answer="yes").knew


def test_a_member_judges_one_case_after_another_and_sees_no_outcome(
    scenario, drawn, chair, second_signer
):
    browser, address = (
        signed_in(chair, second_factor=True),
        reverse("board-look", args=["twente", drawn.code]),
    )
    sample = blind.sample(drawn)
    for number, key in enumerate(sample, start=1):
        page = browser.get(address).content.decode()
        assert f"Stap {number} van {len(sample)}" in page
        assert f'name="case" value="{key}"' in page
        reference = drawn.window.requests.get(pk=key).reference
        for tells in (reference, "Toegekend", "Afgewezen", "Punten"):
            assert tells not in page
        browser.post(address, {"case": key, "answer": "perhaps"})
        browser.post(address, {"case": key, "answer": "yes"})
    assert "Je hebt alle gevallen beoordeeld" in browser.get(address).content.decode()
    looks = AuditEvent.objects.filter(actor=chair, action="request.seen")
    assert looks.count() == len(sample)
    assert BlindJudgement.objects.filter(member=chair, knew=False).count() == len(sample)


def test_the_public_reads_how_often_the_rule_said_the_same(judged, scenario, chair, second_signer):
    rounds.propose(
        round=judged, scenario=scenario, member=chair, motivation="By the rule.", no_interest=True
    )
    judged.refresh_from_db()
    found = blind.agreement(judged)
    awarded = Verdict.objects.filter(
        scenario=scenario, request__in=blind.sample(judged), choice__isnull=False
    )
    assert found == blind.Agreement(1, len(blind.sample(judged)), awarded.count())
    page = signed_in(chair, second_factor=True).get(
        reverse("board-look", args=["twente", judged.code])
    )
    assert f"In {found.agreed} van de {found.judged} oordelen" in page.content.decode()
