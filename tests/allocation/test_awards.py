"""After publication: yes or no by a date, the next in line, and the states of an award."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from allocation.decisions import awards
from allocation.models import Award, Decision, Round
from budgetpool.fund import checks, ledger
from budgetpool.mail.models import Message
from tests.allocation.people import euros
from tests.refusing import refuses
from tests.sharing import shared

Status = Award.Status


@shared
def award(published):
    return Award.objects.filter(round=published).select_related("request__worker__user").first()


def books_are_right():
    return all(outcome.ok for outcome in checks.check_ledger())


def test_a_worker_accepts_their_award(award):
    accepted = awards.accept(award=award, actor=award.request.worker.user)
    assert accepted.status == Status.ACCEPTED
    assert accepted.answered_at is not None


def test_nobody_else_accepts_it(award, worker_of_drenthe, adviser):
    for person in (worker_of_drenthe.user, adviser):
        with refuses("not_yours"):
            awards.accept(award=award, actor=person)


def test_an_award_cannot_be_accepted_after_its_last_day(award):
    award.accept_by = timezone.localdate() - timedelta(days=1)
    award.save()
    with refuses("accept_by_passed") as raised:
        awards.accept(award=award, actor=award.request.worker.user)
    assert raised.value.params["deadline_on"] == award.accept_by.isoformat()


def test_a_declined_award_goes_to_the_next_lot_of_the_same_class(award, published, requests):
    # Five equal people, three awards: the fourth lot is next.
    following = awards.decline(award=award, actor=award.request.worker.user)
    assert following.origin == Award.Origin.NEXT_IN_LINE
    assert following.replaces_id == award.pk
    assert following.request in requests[:5]
    assert not Decision.objects.get(request=following.request).awarded
    assert ledger.balance_cents(award.account) == 0
    assert ledger.balance_cents(following.account) == 60_000
    assert ledger.balance_cents(published.account) == 20_000
    assert Message.objects.filter(kind="award_offered_next").count() == 1
    assert books_are_right()


def test_when_nobody_of_the_class_is_left_the_money_stays_with_the_round(published):
    offered = []
    for _ in range(3):
        award = Award.objects.filter(round=published, status=Status.GRANTED).first()
        offered.append(awards.decline(award=award, actor=award.request.worker.user))
    # Two of the five were left; the third refusal finds nobody.
    assert [one is None for one in offered] == [False, False, True]
    assert ledger.balance_cents(published.account) == 80_000
    assert books_are_right()


def test_an_unanswered_award_lapses_and_is_offered_once(award, published):
    Award.objects.filter(pk=award.pk).update(accept_by=timezone.localdate() - timedelta(days=1))
    assert len(awards.lapse()) == 1
    assert awards.lapse() == []
    award.refresh_from_db()
    assert award.status == Status.DECLINED
    assert award.end_reason == "not answered in time"


def test_after_the_round_is_finished_a_declined_award_goes_to_the_pool(
    award, published, chair, second_signer
):
    awards.accept(award=award, actor=award.request.worker.user)
    for member in (chair, second_signer):
        published.consents.create(step="finish", status="published", member=member)
    Round.objects.filter(pk=published.pk).update(status="finished", finished_at=timezone.now())
    pool = ledger.open_account(fund=published.fund, kind="pool", code="pool")
    assert awards.decline(award=award, actor=award.request.worker.user) is None
    assert ledger.balance_cents(pool) == 750_000 + 60_000


def test_an_award_walks_to_its_determination(award, treasurer):
    awards.accept(award=award, actor=award.request.worker.user)
    for step in ("advance", "complete"):
        awards.take(award=award, step=step, actor=treasurer)
    done = awards.take(award=award, step="determine", actor=treasurer, determined_amount=euros(550))
    assert done.status == Status.DETERMINED
    assert done.determined_amount == euros(550)


@pytest.mark.parametrize("step", ["advance", "complete", "determine", "no_show", "recover"])
def test_a_step_out_of_turn_is_refused_with_the_states_that_would_do(award, treasurer, step):
    with refuses("wrong_step") as raised:
        awards.take(award=award, step=step, actor=treasurer)
    assert raised.value.params["status"] == "granted"
    assert raised.value.params["allowed_from"]


def test_the_nightly_command_says_what_it_would_do_and_does_it(award, capsys):
    Award.objects.filter(pk=award.pk).update(accept_by=timezone.localdate() - timedelta(days=1))
    call_command("lapse_awards", "--dry-run", "--json")
    told = {"lapsed": 1, "offered": 0, "helped": 0, "dry_run": True}
    assert json.loads(capsys.readouterr().out) == told
    call_command("lapse_awards", "--json")
    told = {"lapsed": 1, "offered": 1, "helped": 0, "dry_run": False}
    assert json.loads(capsys.readouterr().out) == told
