"""Mandates, and what an adviser may and may not do."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from budgetpool.audit.models import AuditEvent
from budgetpool.mail.models import Message
from tests.refusing import refuses
from tests.sharing import shared
from workers import people, requests
from workers.counter import desk, mandates
from workers.models import HelpRequest, Referral


@shared
def mandate(worker, adviser):
    return mandates.give(
        actor=worker.user, worker=worker, adviser=adviser, scope="apply", given="web"
    )


def test_an_adviser_without_a_mandate_may_do_nothing(worker, adviser, window):
    with refuses("not_yours"):
        requests.draft(actor=adviser, worker=worker, window=window, channel="desk")
    with refuses("not_yours"):
        people.change(actor=adviser, worker=worker, education="mbo3")


def test_with_a_mandate_both_accounts_and_the_channel_are_on_record(
    worker, adviser, window, mandate, forklift
):
    request = requests.draft(actor=adviser, worker=worker, window=window, channel="phone")
    requests.choose(actor=adviser, request=request, training=forklift)
    sent = requests.submit(actor=adviser, request=request, consent=True)
    assert (sent.filed_by, sent.mandate, sent.channel) == (adviser, mandate, "phone")
    event = AuditEvent.objects.get(action="request.submitted")
    assert event.actor == adviser
    assert event.details["worker"] == worker.pk
    assert event.details["by_helper"] is True


def test_a_helped_request_is_in_the_same_queue_as_any_other(
    worker, adviser, window, mandate, forklift
):
    request = requests.draft(actor=adviser, worker=worker, window=window, channel="paper")
    requests.choose(actor=adviser, request=request, training=forklift)
    requests.submit(actor=adviser, request=request, consent=True)
    assert window.requests.get(status="submitted") == request


def test_a_mandate_to_read_along_is_none_to_apply(worker, adviser, window):
    mandates.give(actor=worker.user, worker=worker, adviser=adviser, scope="read", given="web")
    with refuses("not_yours"):
        requests.draft(actor=adviser, worker=worker, window=window)


def test_a_mandate_that_was_taken_back_is_worth_nothing(worker, adviser, window, mandate):
    mandates.revoke(actor=worker.user, mandate=mandate)
    with refuses("not_yours"):
        requests.draft(actor=adviser, worker=worker, window=window)
    with refuses("wrong_state"):
        mandates.revoke(actor=worker.user, mandate=mandate)


def test_a_mandate_ends_with_its_term(worker, adviser, window, mandate):
    mandate.from_date = timezone.localdate() - timedelta(days=9)
    mandate.until_date = timezone.localdate() - timedelta(days=1)
    mandate.save()
    with refuses("not_yours"):
        requests.draft(actor=adviser, worker=worker, window=window)
    assert not mandates.live(worker)


def test_a_mandate_ends_with_the_advisers_seat(worker, adviser, window, mandate):
    adviser.seats.update(until=timezone.localdate() - timedelta(days=1))
    with refuses("not_yours"):
        requests.draft(actor=adviser, worker=worker, window=window)


def test_a_mandate_lasts_a_year_at_most(worker, adviser):
    with pytest.raises(ValidationError):
        mandates.give(
            actor=worker.user,
            worker=worker,
            adviser=adviser,
            scope="apply",
            given="web",
            until=timezone.localdate() + timedelta(days=366),
        )


def test_an_adviser_of_another_region_gets_none(worker, adviser_of_drenthe):
    with refuses("not_yours"):
        mandates.give(
            actor=worker.user,
            worker=worker,
            adviser=adviser_of_drenthe,
            scope="apply",
            given="web",
        )


def test_the_worker_hears_of_a_mandate_that_the_adviser_wrote_down(worker, adviser):
    mandates.give(actor=adviser, worker=worker, adviser=adviser, scope="apply", given="phone")
    message = Message.objects.get(kind="mandate_given")
    assert message.to == worker.email
    assert message.params["adviser"] == adviser.name


def test_an_adviser_cannot_say_that_the_worker_clicked(worker, adviser):
    with refuses("not_yours"):
        mandates.give(actor=adviser, worker=worker, adviser=adviser, scope="apply", given="web")


def test_an_adviser_does_not_ask_for_the_training_of_a_provider_they_are_tied_to(
    worker, adviser, window, mandate, forklift, provider, twente
):
    desk.declare_interest(adviser=adviser, region=twente.region, provider=provider)
    request = requests.draft(actor=adviser, worker=worker, window=window)
    with refuses("own_interest"):
        requests.choose(actor=adviser, request=request, training=forklift)
    requests.choose(actor=worker.user, request=request, training=forklift)


def test_the_same_person_is_not_entered_twice(worker, adviser, twente):
    with refuses("known_already") as known:
        people.enter_for(
            actor=adviser,
            region=twente.region,
            name="  WILLEMIJN  worker ",
            birth_date=date(1994, 5, 2),
        )
    assert known.value.params["worker"] == worker.pk


def test_a_warm_referral_stores_only_that_it_happened(worker, adviser, mandate):
    desk.refer(adviser=adviser, worker=worker)
    assert {field.name for field in Referral._meta.fields} == {
        "id", "worker", "adviser", "made_on",
    }  # fmt: skip


def test_a_call_for_help_is_taken_by_one_adviser(twente, adviser, adviser_of_drenthe):
    asked = desk.ask_help(
        region=twente.region, kind="call", name="Ewa", phone="0612345678", language="pl"
    )
    assert list(desk.help_waiting(twente.region)) == [asked]
    with refuses("not_yours"):
        desk.take_help(adviser=adviser_of_drenthe, asked=asked, done=False)
    desk.take_help(adviser=adviser, asked=asked, done=True)
    assert not desk.help_waiting(twente.region)
    with refuses("wrong_state"):
        desk.take_help(adviser=adviser, asked=HelpRequest.objects.get(), done=True)


def test_the_caseload_holds_only_people_with_a_live_mandate(worker, adviser, twente, mandate):
    assert list(desk.caseload(adviser, twente.region)) == [worker]
    mandates.revoke(actor=adviser, mandate=mandate)
    assert not desk.caseload(adviser, twente.region)


def test_a_buddy_of_another_region_goes_along_with_nobody_here(
    worker, adviser, mandate, adviser_of_drenthe, drenthe, twente
):
    far = desk.add_companion(
        adviser=adviser_of_drenthe, region=drenthe.region, kind="buddy", name="Bo"
    )
    near = desk.add_companion(
        adviser=adviser, region=twente.region, kind="buddy", name="Bas", is_trained=True
    )
    with refuses("not_yours"):
        desk.pair(adviser=adviser, worker=worker, companion=far)
    desk.pair(adviser=adviser, worker=worker, companion=near)
    assert list(worker.companions.all()) == [near]
