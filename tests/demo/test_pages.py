"""The demo's own pages: letters to read for a newcomer, and nothing where data is real."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import resolve, reverse
from django.utils import timezone

from budgetpool.demo import partner
from budgetpool.demo.pages import STOPS
from budgetpool.mail import delivery
from budgetpool.register.models import Edition
from tests.cast import make_person, make_window
from workers import requests

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(worker, draft_of_worker):
    worker.training_hours_two_years, worker.has_study_finance = 8, False
    worker.email = "ewa@demo.example"
    worker.save()
    return requests.submit(actor=worker.user, request=draft_of_worker, consent=True)


def test_a_newcomer_finds_the_letters_and_reads_one(client, settings, sent):
    settings.DEMO = True
    page = client.get(reverse("demo-mailbox"), {"to": "ewa@"})
    message, subject = page.context["rows"][0]
    assert sent.reference in subject
    text = client.get(reverse("demo-letter", args=[message.pk])).content.decode()
    assert "Willemijn" in text
    assert "demo/mailbox" in client.get("/").content.decode()


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.path)
def test_each_stop_of_the_ten_minutes_exists(stop):
    resolve(stop.path)


def test_the_page_says_as_whom_to_look(client, settings):
    settings.DEMO = True
    text = client.get(reverse("demo-look")).content.decode()
    assert all(stop.person is None or stop.person.email in text for stop in STOPS)


def test_a_letter_of_a_real_installation_is_nobody_elses(client, superuser, sent):
    client.force_login(superuser)
    for name, args in (("demo-look", []), ("demo-mailbox", []), ("demo-letter", [1])):
        assert client.get(reverse(name, args=args)).status_code == 404


def test_what_goes_to_made_up_people_is_kept_here_and_never_meets_a_server(
    settings, sent, tmp_path
):
    broken = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {
        "default": {"BACKEND": broken, "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 1}},
        "kept": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": tmp_path},
        },
    }
    assert delivery.send_due() == (1, 0)
    kept = "".join(path.read_text() for path in tmp_path.iterdir())
    assert "To: ewa@demo.example" in kept
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("address", "made_up"),
    [
        ("ewa@demo.example", True),
        ("erased-4@erased.invalid", True),
        ("ewa@example.nl", False),
        ("ewa@example.com", False),
        ("example@fonds.nl", False),
    ],
)
def test_only_addresses_that_nobody_can_have_are_made_up(address, made_up):
    assert delivery.is_made_up(address) is made_up


def test_a_real_person_is_written_to_by_the_server(sent, worker):
    assert make_person("Echt Mens").email.endswith(".nl")
    worker.email = "ewa@example.nl"
    worker.save()
    sent.worker.refresh_from_db()
    assert not delivery.is_made_up(sent.worker.email)


def test_the_request_that_is_ready_to_be_filed_is_taken(
    client, settings, tmp_path, twente, forklift, forklift_in_march
):
    """Also where another edition begins before anybody has to answer."""
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    today = timezone.localdate()
    window = make_window(twente)
    Edition.objects.create(training=forklift, starts_on=today, place="Hengelo", seats=12)
    late = window.first_start + timedelta(days=1)
    Edition.objects.filter(pk=forklift_in_march.pk).update(starts_on=late)
    made = partner.program(twente, site="http://demo")
    answer = client.post(
        "/v1/training-requests",
        (tmp_path / partner.FILE).read_text(),
        content_type="application/json",
        headers={"authorization": f"Bearer {made.token}", "idempotency-key": "demo-0001"},
    )
    assert answer.status_code == 201, answer.content
