"""Coming in by the link of an e-mail: once, soon, by a press, on any device."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budgetpool.audit.models import AuditEvent
from budgetpool.users import links
from budgetpool.users.models import SignInLink, User
from tests.access.test_sign_in import ask_code, code_in_mail

pytestmark = pytest.mark.django_db
PAGE = reverse("sign-in-link")


def link_in_mail(number=-1):
    return re.search(r"https?://\S+?(/sign-in/link/\S+)", mail.outbox[number].body)[1]


def inside(client):
    return client.get(reverse("profile")).status_code == 200


@pytest.fixture
def asked(client, stranger):
    """A person asked for a code on one device, and read the e-mail."""
    ask_code(client, stranger.email)
    return link_in_mail()


def test_the_link_and_one_press_sign_in_on_another_device(asked, stranger):
    phone = Client()
    opened = phone.get(asked)
    assert opened.url == PAGE
    page = phone.get(PAGE)
    assert stranger.email in page.content.decode()
    assert not inside(phone)
    assert phone.post(PAGE).url == reverse("home")
    assert inside(phone)
    event = AuditEvent.objects.get(action="account.signed_in")
    assert (event.actor, event.details["way"]) == (stranger, "code")


def test_a_scanner_that_opens_every_link_uses_nothing_up(asked):
    scanner = Client()
    for _ in range(3):
        scanner.get(asked, follow=True)
    phone = Client()
    phone.get(asked)
    assert phone.post(PAGE).url == reverse("home")


def test_the_device_that_asked_is_not_signed_in_by_a_press_elsewhere(client, asked):
    phone = Client()
    phone.get(asked)
    phone.post(PAGE)
    assert inside(phone)
    assert not inside(client)


def test_a_link_works_once(asked):
    for number in range(2):
        phone = Client()
        phone.get(asked)
        phone.post(PAGE)
        assert inside(phone) is (number == 0)


def test_of_two_who_press_at_once_one_comes_in(asked):
    """Both saw the page before either pressed."""
    first, second = Client(), Client()
    for phone in (first, second):
        phone.get(asked)
    assert first.post(PAGE).url == reverse("home")
    assert second.post(PAGE).url == reverse("sign-in")
    assert not inside(second)
    link = SignInLink.objects.get()
    assert links.take(link) is False


@pytest.mark.parametrize("way", ["code", "newer", "old", "closed"])
def test_a_link_is_worth_nothing_any_more(client, stranger, asked, way):
    if way == "code":
        client.post(reverse("account_confirm_login_code"), {"code": code_in_mail()})
    elif way == "newer":
        client.post(reverse("account_confirm_login_code"), {"action": "resend"})
        assert len(mail.outbox) == 2
    elif way == "old":
        SignInLink.objects.update(made_at=timezone.now() - timedelta(minutes=16))
    else:
        User.objects.filter(pk=stranger.pk).update(is_active=False)
    phone = Client()
    assert phone.get(asked).url == reverse("sign-in")
    assert phone.post(PAGE).url == reverse("sign-in")
    assert not inside(phone)
    assert "werkt niet meer" in phone.get(reverse("sign-in")).content.decode()


def test_the_secret_is_kept_nowhere_and_no_referrer_tells_it(asked):
    secret = asked.rpartition("/")[2]
    assert len(secret) >= 43
    assert secret not in str(SignInLink.objects.values_list().get())
    phone = Client()
    opened = phone.get(asked)
    page = phone.get(PAGE)
    assert secret not in page.content.decode()
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    # Without a referrer a browser sends no origin with the form, and the press would be refused.
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_the_link_leads_on_to_the_page_that_was_asked_for(client, stranger):
    ask_code(client, stranger.email, next=reverse("profile"))
    phone = Client()
    phone.get(link_in_mail())
    assert phone.post(PAGE).url == reverse("profile")


def test_an_address_outside_is_never_led_to(client, stranger):
    ask_code(client, stranger.email, next="https://elsewhere.example/")
    phone = Client()
    phone.get(link_in_mail())
    assert phone.post(PAGE).url == reverse("home")


def test_the_mail_is_in_the_readers_language_on_a_page_in_another(client, stranger):
    User.objects.filter(pk=stranger.pk).update(language="pl")
    ask_code(client, stranger.email)
    assert "link" in mail.outbox[0].body
    assert "kod" in mail.outbox[0].subject.lower()
    assert code_in_mail()


def test_an_unknown_address_gets_no_link(client):
    ask_code(client, "nobody@example.nl")
    assert "/sign-in/link/" not in mail.outbox[0].body
    assert not SignInLink.objects.exists()


def test_presses_are_limited(asked):
    phone = Client()
    answers = {phone.post(PAGE).status_code for _ in range(31)}
    assert answers == {302, 429}
