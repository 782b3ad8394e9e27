"""Exclusion terms: two years at most, binding when a round closes, lifted with a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allocation import rounds
from allocation.models import Exclusion, Snapshot
from allocation.rules import exclusions
from budgetpool.audit.models import AuditEvent
from budgetpool.mail.models import Message
from budgetpool.register.models import Edition, Provider, Training
from tests.allocation.people import ask
from tests.cast import make_worker
from tests.refusing import refuses
from tests.sharing import shared

pytestmark = pytest.mark.django_db


@shared
def facts(opened, chair):
    return {"fund": opened.fund, "reason": "False invoices", "actor": chair}


@pytest.fixture
def other_edition():
    provider = Provider.objects.create(name="Vakschool", kvk="90000011", vat_status="exempt_law")
    training = Training.objects.create(
        provider=provider, title="Lassen 2", sector="C", outcome="diploma", price="600.00"
    )
    return Edition.objects.create(
        training=training, starts_on=timezone.localdate() + timedelta(days=10), seats=9
    )


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def let_begin(exclusion, days_ago):
    Exclusion.objects.filter(pk=exclusion.pk).update(from_date=in_days(-days_ago))


def test_an_exclusion_lasts_two_years_at_most(facts, school):
    with refuses("term_too_long"):
        exclusions.exclude(provider=school.provider, until=in_days(732), **facts)
    exclusions.exclude(provider=school.provider, until=in_days(365), **facts)

    def out(day):
        return exclusions.is_excluded(fund=facts["fund"], day=day, provider=school.provider)

    assert out(in_days(0))
    assert out(in_days(365))
    assert not out(in_days(366))
    with refuses("excluded_before"):
        exclusions.exclude(provider=school.provider, until=in_days(30), **facts)


def test_nobody_without_a_seat_in_the_region_excludes(facts, school, treasurer_of_drenthe):
    with refuses("no_seat"):
        exclusions.exclude(
            provider=school.provider, until=in_days(9), **(facts | {"actor": treasurer_of_drenthe})
        )


def test_an_exclusion_is_lifted_once_and_the_reason_is_kept(facts, school, chair):
    term = exclusions.exclude(provider=school.provider, until=in_days(365), **facts)
    exclusions.lift(exclusion=term, reason="It was another school", actor=chair)
    assert not exclusions.is_excluded(
        fund=facts["fund"], day=timezone.localdate(), provider=school.provider
    )
    event = AuditEvent.objects.get(action="exclusion.lifted")
    assert event.details["reason"] == "It was another school"
    with refuses("wrong_state"):
        exclusions.lift(exclusion=term, reason="Again", actor=chair)


def test_an_excluded_worker_is_left_out_when_the_round_closes_and_is_told(
    facts, opened, edition, chair
):
    out, stays = (make_worker(name, opened.fund) for name in ("Out", "Stays"))
    left_out, kept = (ask(worker, opened.window, edition) for worker in (out, stays))
    exclusions.exclude(worker=out, until=in_days(100), **facts)
    rounds.close(round=opened, member=chair)
    left_out.refresh_from_db()
    kept.refresh_from_db()
    assert (left_out.status, left_out.reason) == ("ineligible", "excluded")
    assert left_out.repair_until is None
    assert kept.status == "submitted"
    assert Snapshot.objects.get().rows == 1
    letter = Message.objects.get(kind="request_not_possible")
    assert letter.params["reason"] == "excluded"


def test_a_provider_excluded_before_the_window_gets_no_award_and_other_choices_stay(
    facts, opened, edition, other_edition, chair
):
    only, both = (make_worker(name, opened.fund) for name in ("Only", "Both"))
    alone = ask(only, opened.window, edition)
    ask(both, opened.window, edition, other_edition)
    term = exclusions.exclude(provider=edition.training.provider, until=in_days(100), **facts)
    let_begin(term, days_ago=30)
    rounds.close(round=opened, member=chair)
    alone.refresh_from_db()
    assert (alone.status, alone.reason) == ("ineligible", "provider_excluded")
    frozen = Snapshot.objects.get().requests_csv
    assert f"p{other_edition.training.provider_id}" in frozen
    assert f"p{edition.training.provider_id}," not in frozen


def test_who_asked_in_the_window_of_the_exclusion_keeps_their_choice(facts, opened, edition, chair):
    asked = ask(make_worker("Earlier", opened.fund), opened.window, edition)
    exclusions.exclude(provider=edition.training.provider, until=in_days(100), **facts)
    rounds.close(round=opened, member=chair)
    asked.refresh_from_db()
    assert asked.status == "submitted"
