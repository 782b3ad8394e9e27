"""Around the course: kept as the person wants it, gone when they say so, and never points."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from budgetpool.mail.models import Message
from tests.cast import signed_in
from tests.refusing import refuses
from workers import reminders, requests
from workers.around import arrangement, benefits, stories, strengths
from workers.counter import desk
from workers.learning.skills import skills
from workers.models import Arrangement, Story, Strengths, TrainingRequest

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def told(worker):
    return stories.tell(
        actor=worker.user, worker=worker, text="Ik rijd nu heftruck.", shown_name="W.", consent=True
    )


def write(worker, *, in_request):
    return strengths.write(
        actor=worker.user,
        worker=worker,
        tagged=[next(iter(skills()))],
        in_request=in_request,
        good_at="Ik blijf rustig.",
    )


@pytest.mark.parametrize("in_request", [True, False])
def test_strengths_go_along_only_if_the_person_wants_it(worker, draft_of_worker, in_request):
    write(worker, in_request=in_request)
    worker.training_hours_two_years, worker.has_study_finance = 8, False
    worker.save()
    sent = requests.submit(actor=worker.user, request=draft_of_worker, consent=True)
    assert ("Ik blijf rustig." in str(sent.sent_copy)) is in_request
    page = signed_in(worker.user).get(reverse("apply:sent", args=[sent.pk])).content.decode()
    assert ("Ik blijf rustig." in page) is in_request


def test_nothing_that_divides_money_reads_what_stands_around_the_course():
    words = ("strengths", "arrangement", "Story", "around")
    files = [
        path
        for room in ("rules", "rounds", "optimiser")
        for path in (ROOT / "allocation" / room).rglob("*.py")
    ]
    assert len(files) > 50
    found = {
        f"{path.name}: {word}"
        for path in files
        for line in path.read_text().splitlines()
        if "workers" in line
        for word in words
        if word in line
    }
    assert found == set()


def test_only_the_worker_writes_what_they_are_good_at(worker, adviser, sister):
    for somebody in (adviser, sister):
        with refuses("not_yours"):
            strengths.write(actor=somebody, worker=worker, tagged=[], in_request=True, good_at="x")
    with pytest.raises(ValidationError):
        strengths.write(actor=worker.user, worker=worker, tagged=[], in_request=True)
    with pytest.raises(ValidationError):
        strengths.write(actor=worker.user, worker=worker, tagged=["http://x"], in_request=False)
    write(worker, in_request=True)
    strengths.remove(actor=worker.user, worker=worker)
    assert not Strengths.objects.exists()


def test_a_story_is_shown_only_after_the_counter_read_these_very_words(client, told, adviser):
    page = reverse("region", args=["twente"])
    assert "heftruck" not in client.get(page).content.decode()
    desk_ = signed_in(adviser)
    assert "heftruck" in desk_.get(reverse("adviser:stories", args=["twente"])).content.decode()
    read = reverse("adviser:read-story", args=["twente", told.pk])
    desk_.post(read, {"show": "1", "told": "2026-01-01T00:00:00+00:00"})
    assert "heftruck" not in client.get(page).content.decode()
    desk_.post(read, {"show": "1", "told": told.consent_at.isoformat()})
    assert "Ik rijd nu heftruck." in client.get(page).content.decode()
    worker = told.worker
    stories.tell(actor=worker.user, worker=worker, text="Anders.", shown_name="", consent=True)
    shown = client.get(page).content.decode()
    assert "heftruck" not in shown
    assert "Anders." not in shown


def test_words_that_changed_while_somebody_read_are_not_shown(told, adviser):
    seen = Story.objects.get()
    stories.tell(
        actor=told.worker.user, worker=told.worker, text="Anders.", shown_name="", consent=True
    )
    stories.read(adviser=adviser, story=seen, show=True)
    assert Story.objects.get().read_at is None


def test_a_story_taken_back_is_gone_everywhere(client, told, adviser):
    stories.read(adviser=adviser, story=told, show=True)
    signed_in(told.worker.user).post(reverse("worker:take-story-back"))
    assert not Story.objects.exists()
    page = client.get(reverse("region", args=["twente"])).content.decode()
    assert "heftruck" not in page


def test_a_story_needs_consent_and_its_own_teller(worker, adviser, adviser_of_drenthe, told):
    with pytest.raises(ValidationError):
        stories.tell(actor=worker.user, worker=worker, text="x", shown_name="", consent=False)
    with refuses("not_yours"):
        stories.tell(actor=adviser, worker=worker, text="x", shown_name="", consent=True)
    for somebody in (adviser_of_drenthe, worker.user):
        with refuses("not_yours"):
            stories.read(adviser=somebody, story=told, show=True)
    stories.read(adviser=adviser, story=told, show=False)
    assert not Story.objects.exists()


def test_the_list_of_a_training_keeps_answers_and_says_whom_to_ask(worker, draft_of_worker):
    browser = signed_in(worker.user)
    address = reverse("apply:arrangement", args=[draft_of_worker.pk])
    browser.post(address, {"travel": "todo", "pay": "done", "care": ""})
    assert Arrangement.objects.get().answers == {"travel": "todo", "pay": "done"}
    assert [line.code for line in browser.get(address).context["to_do"]] == ["travel"]
    for wrong in ({"nothing": "done"}, {"pay": "perhaps"}):
        with pytest.raises(ValidationError):
            arrangement.answer(actor=worker.user, request=draft_of_worker, answers=wrong)


def test_whom_to_call_is_said_and_nothing_is_stored(client, twente):
    address = reverse("worker:benefits", args=["twente"])
    page = client.get(address, {"look": "1", "have": ["ww", "duo", "no such"]}).content.decode()
    assert benefits.UWV not in page, "an unknown word in the address is no answer"
    page = client.get(address, {"look": "1", "have": ["ww", "duo"]}).content.decode()
    assert benefits.UWV in page
    assert "050" in page
    assert client.get(address, {"look": "1"}).content.decode().count("tel:") <= 1


def left(request, days):
    day = timezone.now() - timedelta(days=days, hours=1)
    TrainingRequest.objects.filter(pk=request.pk).update(saved_at=day)


def offered():
    return Message.objects.filter(kind="help_offered").count()


def test_a_draft_left_for_two_days_is_offered_help_once(draft_of_worker):
    assert reminders.offer_help() == 0
    left(draft_of_worker, 2)
    assert reminders.offer_help() == 1
    reminders.offer_help()
    assert offered() == 1


def test_three_refused_answers_offer_help_on_the_page_and_at_night(worker, draft_of_worker):
    browser = signed_in(worker.user)
    address = reverse("apply:step", args=[draft_of_worker.pk, "learning"])
    for _try in range(2):
        page = browser.post(address, {"training_hours_two_years": "weet niet"})
    assert "Zullen we je helpen?" not in page.content.decode()
    page = browser.post(address, {"training_hours_two_years": "weet niet"})
    assert "Zullen we je helpen?" in page.content.decode()
    assert reminders.offer_help() == 1
    right = {
        "education": "mbo2",
        "training_hours_two_years": "16 uur",
        "has_study_finance": "no",
    }
    browser.post(address, right)
    draft_of_worker.refresh_from_db()
    assert draft_of_worker.tries_failed == 0


def test_a_helpers_tries_are_not_the_workers(sister, draft_of_worker):
    address = reverse("apply:step", args=[draft_of_worker.pk, "learning"])
    for _try in range(3):
        signed_in(sister).post(address, {"training_hours_two_years": "weet niet"})
    assert reminders.offer_help() == 0


def test_whom_somebody_helps_already_is_not_offered_help(
    worker, draft_of_worker, mandate_of_adviser
):
    left(draft_of_worker, 3)
    assert reminders.offer_help() == 0
    mandate_of_adviser.revoked_at = timezone.now()
    mandate_of_adviser.save()
    asked = desk.ask_help(
        region=worker.region, kind="call", name="W", phone="0612345678", worker=worker
    )
    assert reminders.offer_help() == 0
    asked.done_at = timezone.now()
    asked.save()
    assert reminders.offer_help() == 1
