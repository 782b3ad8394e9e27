"""From a first draft to the closed window."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from djmoney.money import Money

from budgetpool.audit.models import AuditEvent
from budgetpool.mail.models import Message
from tests.cast import make_window
from tests.refusing import refuses
from tests.sharing import shared
from workers import people, requests
from workers.models import Choice, TrainingRequest, Window, Worker

EUR = "EUR"


@shared
def draft(worker, window):
    return requests.draft(actor=worker.user, worker=worker, window=window)


@shared
def complete(draft, worker, forklift, forklift_in_march):
    requests.choose(actor=worker.user, request=draft, training=forklift, edition=forklift_in_march)
    return draft


@shared
def sent(complete, worker):
    return requests.submit(actor=worker.user, request=complete, consent=True)


def close(window):
    now = timezone.now()
    Window.objects.filter(pk=window.pk).update(
        announced_at=now - timedelta(days=40),
        opens_at=now - timedelta(days=20),
        closes_at=now - timedelta(minutes=1),
    )


def test_starting_twice_gives_the_same_draft(worker, window, draft):
    assert requests.draft(actor=worker.user, worker=worker, window=window) == draft


def test_a_choice_brings_the_price_of_the_register_as_cost_lines(complete):
    choice = complete.choices.get()
    assert {line.kind: str(line.amount.amount) for line in choice.cost_lines.all()} == {
        "training": "405.00",
        "exam": "45.00",
    }
    assert choice.amount_cents == 45_000


def test_sending_stores_moment_and_consent_and_queues_one_confirmation(sent, worker):
    sent.refresh_from_db()
    assert sent.status == "submitted"
    assert sent.submitted_at == sent.consent_at
    message = Message.objects.get()
    assert (message.kind, message.to) == ("request_received", worker.email)


def test_everything_that_lacks_is_told_at_once(draft, worker):
    Worker.objects.filter(pk=worker.pk).update(education="", has_study_finance=None)
    with refuses("incomplete") as refused:
        requests.submit(actor=worker.user, request=draft, consent=True)
    assert refused.value.params["gaps"] == (
        "education (missing), has_study_finance (missing), choices (missing)"
    )
    assert not Message.objects.exists()


def test_without_consent_nothing_is_sent(complete, worker):
    with refuses("incomplete"):
        requests.submit(actor=worker.user, request=complete, consent=False)
    complete.refresh_from_db()
    assert complete.status == "draft"


def test_a_request_after_the_window_is_refused_with_its_own_message(complete, worker, window):
    close(window)
    complete.window.refresh_from_db()
    with refuses("window_closed") as refused:
        requests.submit(actor=worker.user, request=complete, consent=True)
    assert "Vraag in de volgende ronde." in str(refused.value)
    complete.refresh_from_db()
    assert complete.status == "draft"


def test_no_request_before_the_window(worker, twente):
    later = make_window(twente, "2027-2", opens=5, closes=20)
    with refuses("window_not_open"):
        requests.draft(actor=worker.user, worker=worker, window=later)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"has_study_finance": True}, "study_finance"),
        ({"contract": "permanent"}, "not_flex"),
        ({"contract": "self_employed"}, "self_employed"),
        ({"birth_date": date(2015, 1, 1)}, "too_young"),
        ({"birth_date": date(1950, 1, 1)}, "pension_age"),
    ],
)
def test_who_cannot_ask_gets_a_reason_and_a_week_to_mend_it(complete, worker, facts, reason):
    people.change(actor=worker.user, worker=worker, **facts)
    request = requests.submit(actor=worker.user, request=complete, consent=True)
    assert (request.status, request.reason) == ("ineligible", reason)
    assert request.repair_until == timezone.localdate() + timedelta(days=7)
    assert Message.objects.get().kind == "request_not_possible"


def test_a_municipality_outside_the_region_cannot_ask(complete, worker, twente):
    twente.region.municipalities = ["Enschede", "Hengelo"]
    twente.region.save()
    people.change(actor=worker.user, worker=worker, municipality="Utrecht")
    request = requests.submit(actor=worker.user, request=complete, consent=True)
    assert request.reason == "outside_region"


def test_a_repair_may_come_after_the_window_within_its_term(complete, worker, window):
    people.change(actor=worker.user, worker=worker, has_study_finance=True)
    request = requests.submit(actor=worker.user, request=complete, consent=True)
    close(window)
    assert list(requests.repairs_pending(window)) == [request]
    request = requests.reopen(actor=worker.user, request=request)
    people.change(actor=worker.user, worker=worker, has_study_finance=False)
    request.worker.refresh_from_db()
    request = requests.submit(actor=worker.user, request=request, consent=True)
    assert request.status == "submitted"
    assert not requests.repairs_pending(window)


def test_withdrawing_and_opening_again_until_the_window_closes(sent, worker, window):
    gone = requests.withdraw(actor=worker.user, request=sent)
    assert gone.status == "withdrawn"
    again = requests.reopen(actor=worker.user, request=gone)
    assert again.status == "draft"
    close(window)
    again.window.refresh_from_db()
    with refuses("window_closed"):
        requests.withdraw(actor=worker.user, request=again)


def test_a_sent_request_is_not_changed_without_opening_it(sent, worker, dutch):
    with refuses("wrong_state"):
        requests.choose(actor=worker.user, request=sent, training=dutch)


def test_a_request_opened_to_look_at_it_is_not_lost_when_the_window_closes(sent, worker, window):
    requests.reopen(actor=worker.user, request=sent)
    close(window)
    assert [request.pk for request in requests.finish_window(window=window)] == [sent.pk]
    assert window.requests.get(status="submitted") == sent
    assert requests.finish_window(window=window) == []


def test_a_draft_that_was_never_sent_stays_a_draft(complete, window):
    close(window)
    assert requests.finish_window(window=window) == []


def test_one_request_per_person_per_window(sent, worker, window):
    with refuses("one_request_per_window"):
        requests.draft(actor=worker.user, worker=worker, window=window)


def test_at_most_three_choices_and_none_twice(draft, worker, forklift, dutch):
    requests.choose(actor=worker.user, request=draft, training=forklift)
    with refuses("chosen_already"):
        requests.choose(actor=worker.user, request=draft, training=forklift)
    requests.choose(actor=worker.user, request=draft, training=dutch)
    offer = {"provider": "De Smidse", "start": None, "price": Money(300, EUR)}
    requests.propose(actor=worker.user, request=draft, title="Lassen", **offer)
    with refuses("too_many_choices"):
        requests.propose(actor=worker.user, request=draft, title="Frezen", **offer)


def test_choices_move_and_later_ones_move_up(draft, worker, forklift, dutch):
    requests.choose(actor=worker.user, request=draft, training=forklift)
    second = requests.choose(actor=worker.user, request=draft, training=dutch)
    requests.move(actor=worker.user, choice=second, rank=1)
    titles = [choice.title for choice in draft.choices.all()]
    assert titles == ["Nederlands op het werk", "Heftruck rijden"]
    assert [choice.amount_cents for choice in draft.choices.all()] == [89_000, 45_000]
    requests.drop(actor=worker.user, choice=draft.choices.get(rank=1))
    assert [(c.rank, c.title) for c in draft.choices.all()] == [(1, "Heftruck rijden")]


def test_nobody_asks_more_than_the_price_of_the_register(complete, worker):
    choice = complete.choices.get()
    with refuses("above_catalogue_price"):
        requests.set_cost(
            actor=worker.user, choice=choice, kind="training", amount=Money("405.01", EUR)
        )
    requests.set_cost(actor=worker.user, choice=choice, kind="travel", amount=Money(60, EUR))
    assert Choice.objects.get(pk=choice.pk).amount_cents == 51_000
    requests.set_cost(actor=worker.user, choice=choice, kind="travel", amount=None)
    assert Choice.objects.get(pk=choice.pk).amount_cents == 45_000


def test_a_training_of_a_suspended_provider_is_not_on_offer(draft, worker, forklift, provider):
    provider.status = provider.Status.SUSPENDED
    provider.save()
    forklift.provider.refresh_from_db()
    with refuses("not_on_offer"):
        requests.choose(actor=worker.user, request=draft, training=forklift)


def test_a_citizen_service_number_is_refused_in_free_text(draft, worker):
    with pytest.raises(ValidationError) as refused:
        requests.change(actor=worker.user, request=draft, goal="Mijn BSN is 111222333")
    assert refused.value.error_dict["goal"][0].code == "bsn"
    requests.change(actor=worker.user, request=draft, goal="Bel me op 0612345678")


def test_another_worker_may_do_nothing_with_it(draft, worker_of_drenthe):
    for verb in (requests.withdraw, requests.reopen, requests.seen):
        with refuses("not_yours"):
            verb(actor=worker_of_drenthe.user, request=draft)
    with refuses("not_yours"):
        requests.submit(actor=worker_of_drenthe.user, request=draft, consent=True)


def test_a_partner_acts_only_for_whom_it_introduced(stranger, twente, window, forklift, worker):
    person = people.enter_for(
        actor=stranger,
        region=twente.region,
        name="Piotr Partner",
        birth_date=date(1990, 1, 1),
        organisation="Uitzendbureau Kade",
        email="piotr@example.nl",
    )
    request = requests.draft(
        actor=stranger,
        worker=person,
        window=window,
        channel="partner",
        organisation="Uitzendbureau Kade",
        organisation_reference="K-1",
    )
    assert request.filed_for_organisation == "Uitzendbureau Kade"
    with refuses("not_yours"):
        requests.draft(
            actor=stranger, worker=worker, window=window, organisation="Uitzendbureau Kade"
        )
    with refuses("not_yours"):
        requests.seen(actor=stranger, request=request, organisation="Another agency")


def test_the_trail_names_the_step_and_holds_no_personal_data(sent, worker):
    events = AuditEvent.objects.filter(subject_type="workers.trainingrequest")
    assert {event.action for event in events} == {
        "request.started",
        "request.choice_added",
        "request.submitted",
    }
    assert not any(worker.name in str(event.details) for event in events)


def test_the_database_refuses_a_sent_request_without_a_moment(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingRequest.objects.filter(pk=draft.pk).update(status="submitted")


def test_the_database_refuses_a_fourth_rank(complete):
    with pytest.raises(IntegrityError), transaction.atomic():
        Choice.objects.filter(request=complete).update(rank=4)
