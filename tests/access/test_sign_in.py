"""Coming in: a code by e-mail, a password, and what happens to those who guess."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from budgetpool.users.models import User
from tests.cast import make_person

pytestmark = pytest.mark.django_db


def code_in_mail(number=0):
    return re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mail.outbox[number].body, re.M)[1]


def ask_code(client, email, **query):
    return client.post(reverse("sign-in", query=query), {"to": email})


def test_a_code_by_mail_signs_a_known_person_in(client, stranger):
    assert client.get(reverse("sign-in")).status_code == 200
    asked = ask_code(client, "Sam.Stranger@example.nl")
    assert asked.url == reverse("account_confirm_login_code")
    assert client.get(asked.url).status_code == 200
    entered = client.post(asked.url, {"code": code_in_mail()})
    assert entered.url == reverse("home")
    assert client.get(reverse("home")).status_code == 200
    assert EmailAddress.objects.get(user=stranger).verified


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client, stranger):
    sent = client.get(reverse("profile"))
    assert sent.url == f"{reverse('sign-in')}?next={reverse('profile')}"
    asked = ask_code(client, stranger.email, next=reverse("profile"))
    assert client.post(asked.url, {"code": code_in_mail()}).url == reverse("profile")


def test_an_address_outside_is_never_led_to(client, stranger):
    asked = ask_code(client, stranger.email, next="https://elsewhere.example/")
    assert client.post(asked.url, {"code": code_in_mail()}).url == reverse("home")


def test_an_unknown_address_gets_the_same_answer_and_a_mail_that_tells(client):
    asked = ask_code(client, "nobody@example.nl")
    assert asked.url == reverse("account_confirm_login_code")
    assert "Maak hier een account" in mail.outbox[0].body
    assert client.post(asked.url, {"code": "AAAAAA"}).status_code == 200


def test_three_wrong_codes_end_the_attempt(client, stranger):
    asked = ask_code(client, stranger.email)
    answers = [client.post(asked.url, {"code": "WRONG"}).status_code for _ in range(3)]
    assert answers == [200, 200, 302]
    assert client.post(asked.url, {"code": code_in_mail()}).status_code == 302
    assert client.get(reverse("profile")).status_code == 302


def test_codes_for_one_address_are_limited(client, stranger):
    for _ in range(3):
        assert ask_code(client, stranger.email).status_code == 302
        client.post(reverse("sign-out"))
    refused = ask_code(client, stranger.email)
    assert refused.status_code == 200
    assert len(mail.outbox) == 3


def test_a_new_code_can_be_asked_for_and_the_old_one_is_worth_nothing_then(client, stranger):
    asked = ask_code(client, stranger.email)
    assert client.post(asked.url, {"action": "resend"}).status_code == 302
    assert len(mail.outbox) == 2
    assert client.post(asked.url, {"code": code_in_mail(0)}).status_code == 200
    assert client.post(asked.url, {"code": code_in_mail(1)}).url == reverse("home")


def test_a_new_person_makes_an_account_without_a_password(client):
    asked = client.post(
        reverse("account_signup"), {"to": "Wim.New@example.nl", "name": "Wim Nieuw"}
    )
    assert asked.url == reverse("account_email_verification_sent")
    client.post(asked.url, {"code": code_in_mail()})
    person = User.objects.get(email="wim.new@example.nl")
    assert (person.name, person.language) == ("Wim Nieuw", "nl")
    assert not person.has_usable_password()
    assert client.get(reverse("profile")).status_code == 200


def test_a_name_with_no_text_is_refused(client):
    answer = client.post(reverse("account_signup"), {"to": "wim@example.nl", "name": "  "})
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_a_password_signs_in_who_has_one(client):
    make_person("Pim Password", password="een lang wachtwoord")
    entered = client.post(
        reverse("account_login"),
        {"login": "pim.password@example.nl", "password": "een lang wachtwoord"},
    )
    assert entered.url == reverse("home")


def test_five_wrong_passwords_stop_the_right_one_from_that_network_too(client):
    make_person("Pim Password", password="een lang wachtwoord")
    attempt = {"login": "pim.password@example.nl", "password": "verkeerd"}
    for _ in range(5):
        client.post(reverse("account_login"), attempt)
    stopped = client.post(reverse("account_login"), attempt | {"password": "een lang wachtwoord"})
    assert stopped.status_code == 200
    assert "te vaak" in stopped.content.decode()
    assert client.get(reverse("profile")).status_code == 302


def test_somebody_whose_account_is_closed_does_not_come_in(client):
    make_person("Ko Closed", is_active=False)
    asked = ask_code(client, "ko.closed@example.nl")
    if mail.outbox:
        client.post(asked.url, {"code": code_in_mail()} if "code" in mail.outbox[0].body else {})
    assert client.get(reverse("profile")).status_code == 302


def test_signing_out_needs_a_post(client, stranger):
    client.force_login(stranger)
    assert client.get(reverse("sign-out")).status_code == 200
    assert client.get(reverse("profile")).status_code == 200
    client.post(reverse("sign-out"))
    assert client.get(reverse("profile")).status_code == 302
