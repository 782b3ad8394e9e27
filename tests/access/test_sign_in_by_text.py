"""Coming in with a code in a text message: no e-mail address and no password needed."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from budgetpool.users import phones
from budgetpool.users.models import PhoneNumber, User
from tests.cast import make_person

pytestmark = pytest.mark.django_db
NUMBER = "+31612345678"


@pytest.fixture(autouse=True)
def texts(settings, tmp_path):
    """The texts that were sent, the first first."""
    settings.SMS_BACKEND = "file"
    settings.VAR_DIR = tmp_path
    folder = tmp_path / "sms"

    def sent():
        files = sorted(folder.glob("*"), key=lambda file: file.stat().st_mtime_ns)
        return [file.read_text() for file in files]

    return sent


@pytest.fixture
def known():
    person = make_person("Nowak Zonder Mail", language="pl")
    User.objects.filter(pk=person.pk).update(email="")
    person.refresh_from_db()
    phones.keep(user=person, number=NUMBER, proven=True)
    return person


def code_in(text):
    return re.search(r"\b(\d{6})\b", text.splitlines()[1])[1]


def ask_code(client, number, **query):
    return client.post(reverse("sign-in", query=query), {"to": number})


@pytest.mark.parametrize("spelling", ["06 12345678", "0031-6-12345678", "+31 (0)6 1234 5678"])
def test_a_code_by_text_signs_a_known_person_in(client, known, texts, spelling):
    asked = ask_code(client, spelling)
    assert asked.url == reverse("account_confirm_login_code")
    page = client.get(asked.url).content.decode()
    assert NUMBER in page
    assert 'autocomplete="one-time-code"' in page
    entered = client.post(asked.url, {"code": code_in(texts()[0])})
    assert entered.url == reverse("home")
    assert client.get(reverse("profile")).status_code == 200


def test_the_text_is_in_the_readers_language_and_warns_against_giving_it_away(client, known, texts):
    ask_code(client, NUMBER)
    to, text = texts()[0].splitlines()
    assert to == NUMBER
    assert "kod" in text
    assert len(text) <= 160


def test_an_unknown_number_gets_the_same_answer_and_a_text_that_tells(client, known, texts):
    asked = ask_code(client, "0687654321")
    assert asked.url == ask_code(client, NUMBER).url == reverse("account_confirm_login_code")
    assert reverse("account_signup") in texts()[0]
    assert client.post(asked.url, {"code": "000000"}).status_code == 200


def test_three_wrong_codes_end_the_attempt(client, known, texts):
    asked = ask_code(client, NUMBER)
    answers = [client.post(asked.url, {"code": "WRONG"}).status_code for _ in range(3)]
    assert answers == [200, 200, 302]
    client.post(asked.url, {"code": code_in(texts()[0])})
    assert client.get(reverse("profile")).status_code == 302


def test_codes_for_one_number_are_limited(client, known, texts):
    for _ in range(3):
        assert ask_code(client, NUMBER).status_code == 302
        client.post(reverse("sign-out"))
    refused = ask_code(client, NUMBER)
    assert refused.status_code == 200
    assert len(texts()) == 3


def test_an_old_code_is_worth_nothing_once_a_new_one_was_asked_for(client, known, texts):
    asked = ask_code(client, NUMBER)
    client.post(asked.url, {"action": "resend"})
    old, new = map(code_in, texts())
    if old != new:
        assert client.post(asked.url, {"code": old}).status_code == 200
    assert client.post(asked.url, {"code": new}).url == reverse("home")


def test_a_new_person_makes_an_account_with_a_number_alone(client, texts):
    asked = client.post(
        reverse("account_signup", query={"next": reverse("profile")}),
        {"to": "06 1234 5678", "name": "Wim Nieuw"},
    )
    assert asked.url.startswith(reverse("account_verify_phone"))
    assert NUMBER in client.get(asked.url).content.decode()
    assert client.get(reverse("profile")).status_code == 302
    entered = client.post(asked.url, {"code": code_in(texts()[0])})
    assert entered.url == reverse("profile")
    person = User.objects.get(name="Wim Nieuw")
    assert (person.email, person.phone, person.language) == ("", NUMBER, "nl")
    assert PhoneNumber.objects.get(user=person).proven_at is not None
    assert client.get(reverse("profile")).status_code == 200
    assert mail.outbox == []


def test_two_people_without_an_address_can_have_an_account(texts):
    for number, name in (("0612345678", "Een"), ("0612345679", "Twee")):
        Client().post(reverse("account_signup"), {"to": number, "name": name})
    assert User.objects.filter(email="").count() == 2


def test_a_number_that_has_an_account_is_told_by_text_only(client, known, texts):
    asked = client.post(reverse("account_signup"), {"to": NUMBER, "name": "Ander"})
    assert asked.url == reverse("account_verify_phone")
    assert not User.objects.filter(name="Ander").exists()
    assert reverse("sign-in") in texts()[0]


def test_an_account_that_was_not_finished_can_be_entered_later(client, texts):
    client.post(reverse("account_signup"), {"to": NUMBER, "name": "Wim Nieuw"})
    client.cookies.clear()
    asked = ask_code(client, NUMBER)
    assert client.post(asked.url, {"code": code_in(texts()[-1])}).url == reverse("home")
    assert PhoneNumber.objects.get().proven_at is not None


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("053 123 45 67", "mobiel"),
        ("06 123", "06 12345678"),
        ("+1 202 555 0143", "land"),
        ("nergens", "naam@voorbeeld.nl"),
    ],
)
def test_what_gets_no_text_is_refused_with_the_way_out(client, texts, number, said):
    answer = ask_code(client, number)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert texts() == []


def test_a_password_works_with_the_number_in_any_spelling(client, known):
    known.set_password("een lang wachtwoord")
    known.save()
    entered = client.post(
        reverse("account_login"), {"login": "06-12345678", "password": "een lang wachtwoord"}
    )
    assert entered.url == reverse("home")


def test_somebody_with_an_address_adds_a_number_and_signs_in_with_it(client, stranger, texts):
    asked = client.post(reverse("sign-in"), {"to": stranger.email})
    code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mail.outbox[0].body, re.M)[1]
    client.post(asked.url, {"code": code})
    asked = client.post(reverse("account_change_phone"), {"phone": "0612345678"})
    assert asked.url == reverse("account_verify_phone")
    assert phones.owner(NUMBER) is None, "not before the code came back"
    client.post(asked.url, {"code": code_in(texts()[0])})
    assert phones.owner(NUMBER) == stranger
    client.post(reverse("sign-out"))
    asked = ask_code(client, NUMBER)
    assert client.post(asked.url, {"code": code_in(texts()[1])}).url == reverse("home")


def test_a_closed_account_is_not_entered(client, known, texts):
    User.objects.filter(pk=known.pk).update(is_active=False)
    asked = ask_code(client, NUMBER)
    client.post(asked.url, {"code": "000000"})
    assert client.get(reverse("profile")).status_code == 302


def test_a_gateway_that_fails_is_said_honestly(client, known, settings):
    settings.SMS_BACKEND = "gateway"
    settings.SMS_GATEWAY = {
        "url": "http://127.0.0.1:9/", "authorization": "", "sender": "B", "names": "",
    }  # fmt: skip
    answer = ask_code(client, NUMBER)
    assert answer.status_code == 503
    assert "sms" in answer.content.decode().lower()
