"""A training begins: who says so, on which day, what it frees and what is over by then."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from allocation.decisions import awards, proofs, starting
from allocation.models import Award
from allocation.payouts import ending
from budgetpool.audit.models import AuditEvent
from budgetpool.register.models import Edition
from tests.refusing import refuses
from tests.sharing import shared
from workers.counter import mandates

TODAY = timezone.localdate


@shared
def award(published):
    first = Award.objects.filter(round=published).order_by("pk").first()
    return awards.accept(award=first, actor=first.request.worker.user)


@shared
def worker_account(award):
    return award.request.worker.user


def planned_days_ago(award, days):
    Edition.objects.filter(pk=award.choice.edition_id).update(
        starts_on=TODAY() - timedelta(days=days)
    )
    return Award.objects.select_related("choice__edition").get(pk=award.pk)


def test_the_worker_says_on_which_day_it_began(award, worker_account):
    begun = starting.start(award=award, actor=worker_account, started_on=TODAY())
    assert (begun.status, begun.started_on) == ("accepted", TODAY())
    event = AuditEvent.objects.get(action="award.started")
    assert (event.actor, event.details["word"]) == (worker_account, "person")


def test_an_adviser_says_it_under_a_mandate_and_on_the_schools_word_without(
    award, worker_account, adviser
):
    with refuses("not_yours"):
        starting.start(award=award, actor=adviser, started_on=TODAY())
    mandates.give(
        actor=worker_account,
        worker=award.request.worker,
        adviser=adviser,
        scope="follow",
        given="web",
    )
    starting.start(award=award, actor=adviser, started_on=TODAY())
    other = Award.objects.exclude(pk=award.pk).first()
    awards.accept(award=other, actor=other.request.worker.user)
    assert starting.confirm(award=other, actor=adviser, started_on=TODAY()).started_on == TODAY()
    assert AuditEvent.objects.filter(action="award.started").latest("pk").details["word"] == (
        "school"
    )


def test_nobody_elsewhere_says_it(award, stranger, adviser_of_drenthe):
    with refuses("not_yours"):
        starting.start(award=award, actor=stranger, started_on=TODAY())
    with refuses("no_seat"):
        starting.confirm(award=award, actor=adviser_of_drenthe, started_on=TODAY())


@pytest.mark.parametrize(("days", "code"), [(1, "day_to_come"), (-1, "before_award")])
def test_a_day_to_come_or_before_the_award_is_refused(award, worker_account, days, code):
    with refuses(code):
        starting.start(award=award, actor=worker_account, started_on=TODAY() + timedelta(days=days))


def test_it_begins_once_and_only_after_a_yes(award, worker_account):
    starting.start(award=award, actor=worker_account, started_on=TODAY())
    with refuses("started_before"):
        starting.start(award=award, actor=worker_account, started_on=TODAY())
    granted = Award.objects.filter(status="granted").first()
    with refuses("wrong_step"):
        starting.start(award=granted, actor=granted.request.worker.user, started_on=TODAY())


def test_after_the_start_nobody_says_no_or_calls_it_a_no_show_and_stopping_stays(
    award, worker_account, treasurer
):
    begun = starting.start(award=award, actor=worker_account, started_on=TODAY())
    with refuses("has_started"):
        awards.decline(award=begun, actor=worker_account)
    with refuses("has_started"):
        ending.report(award=begun, step="no_show", reason="Did not come", actor=treasurer)
    with (
        pytest.raises(IntegrityError, match="award_started_after_yes"),
        transaction.atomic(),
    ):
        Award.objects.filter(pk=begun.pk).update(status="no_show")
    assert proofs.stop(award=begun, actor=worker_account, reason="ill").status == "cancelled"


def test_the_counter_sees_what_should_have_begun_a_week_ago_and_nothing_else(award, twente):
    region = twente.region
    assert not starting.silent(region).exists()
    planned_days_ago(award, 6)
    assert not starting.silent(region).exists()
    silent = planned_days_ago(award, 7)
    assert [one.pk for one in starting.silent(region)] == [silent.pk]
    assert starting.planned_on(silent) == TODAY() - timedelta(days=7)
    Award.objects.filter(pk=award.pk).update(started_on=TODAY())
    assert not starting.silent(region).exists()
