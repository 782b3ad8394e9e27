"""Signing in by an identity broker: authorisation code with PKCE, against one that really runs."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.urls import reverse

from budgetpool.users import addresses
from budgetpool.users.models import User
from tests.access import broker as brokers

pytestmark = pytest.mark.django_db
LOGIN = ("openid_connect_login", {"provider_id": "broker"})


@pytest.fixture
def broker(settings):
    with brokers.running() as made:
        made.claims = {
            "sub": "person-7",
            "email": "ewa.nowak@example.nl",
            "email_verified": True,
            "name": "Ewa Nowak",
            "bsn": "111222333",
        }
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "broker",
                        "name": "Testmakelaar",
                        "client_id": brokers.CLIENT_ID,
                        "secret": brokers.CLIENT_SECRET,
                        "settings": {"server_url": made.issuer},
                    }
                ],
            }
        }
        yield made


def ask(client):
    """Press the button; gives where the broker is asked."""
    return client.post(reverse(LOGIN[0], kwargs=LOGIN[1])).url


def prove(address):
    """The person proves who they are there; gives the way back."""
    back = requests.get(address, allow_redirects=False, timeout=5)
    assert back.status_code == 302, back.text
    parts = urlsplit(back.headers["Location"])
    return f"{parts.path}?{parts.query}"


def test_without_a_broker_there_is_no_button_and_no_door(client):
    assert "openid_connect" not in client.get(reverse("sign-in")).content.decode()
    assert client.post(reverse(LOGIN[0], kwargs=LOGIN[1])).status_code == 404


def test_a_new_person_comes_in_with_a_name_and_an_address_and_nothing_more(client, broker):
    assert "Testmakelaar" in client.get(reverse("sign-in")).content.decode()
    address = ask(client)
    query = parse_qs(urlsplit(address).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["response_type"] == ["code"]
    assert client.get(prove(address)).url == reverse("home")
    person = User.objects.get()
    assert (person.email, person.name) == ("ewa.nowak@example.nl", "Ewa Nowak")
    assert not person.has_usable_password()
    assert client.get(reverse("profile")).status_code == 200
    assert SocialAccount.objects.get().extra_data == {"sub": "person-7"}
    assert not SocialToken.objects.exists()


def test_a_known_person_comes_in_again_to_the_same_account(client, broker):
    client.get(prove(ask(client)))
    client.post(reverse("sign-out"))
    broker.claims["name"] = "Another Name"
    client.get(prove(ask(client)))
    assert User.objects.get().name == "Ewa Nowak"
    assert client.get(reverse("profile")).status_code == 200


def test_an_address_that_the_broker_proved_leads_to_the_account_that_has_it(
    client, broker, stranger
):
    broker.claims["email"] = stranger.email
    client.get(prove(ask(client)))
    assert SocialAccount.objects.get().user == stranger
    assert client.get(reverse("profile")).context["user"] == stranger


def test_an_address_that_nobody_proved_takes_over_no_account(client, broker, stranger):
    broker.claims |= {"email": stranger.email, "email_verified": False}
    client.get(prove(ask(client)))
    assert not SocialAccount.objects.filter(user=stranger).exists()
    assert client.get(reverse("profile")).status_code == 302


def test_a_second_factor_is_asked_after_the_broker_too(client, broker, superuser):
    addresses.prove(superuser)
    TOTP.activate(superuser, "JBSWY3DPEHPK3PXP")
    broker.claims["email"] = superuser.email
    led = client.get(prove(ask(client)))
    assert led.url.startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("profile")).status_code == 302


def test_the_way_back_works_once_and_only_in_the_browser_that_asked(client, broker):
    way_back = prove(ask(client))
    other = type(client)()
    assert "is niet gelukt" in other.get(way_back).content.decode()
    assert other.get(reverse("profile")).status_code == 302
    client.get(way_back)
    client.post(reverse("sign-out"))
    assert "is niet gelukt" in client.get(way_back).content.decode()
    assert client.get(reverse("profile")).status_code == 302


def test_a_stolen_code_is_worth_nothing_without_its_verifier(client, broker):
    """Somebody else's code, put into one's own way back, fails at the broker by PKCE."""
    stolen = parse_qs(urlsplit(prove(ask(type(client)()))).query)["code"][0]
    own = urlsplit(prove(ask(client)))
    state = parse_qs(own.query)["state"][0]
    answer = client.get(own.path, {"code": stolen, "state": state})
    assert "is niet gelukt" in answer.content.decode()
    assert broker.refused
    assert not User.objects.exists()


def test_a_link_alone_does_not_start_it(client, broker):
    shown = client.get(reverse(LOGIN[0], kwargs=LOGIN[1]))
    assert shown.status_code == 200
    assert broker.issuer not in shown.headers.get("Location", "")


@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_a_broker_is_joined_to_no_account_by_an_address_that_somebody_made_up(
    client, broker, stranger, process
):
    client.force_login(stranger)
    asked = client.post(reverse(LOGIN[0], kwargs=LOGIN[1]), {"process": process})
    answer = client.get(prove(asked.url), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("profile")
    assert not SocialAccount.objects.exists()


def test_a_sign_up_that_was_left_halfway_leads_somewhere_later(client, broker, stranger):
    """The broker gives no address; the person signs in otherwise and opens the old page."""
    del broker.claims["email"]
    halfway = client.get(prove(ask(client)))
    assert halfway.url == reverse("socialaccount_signup")
    client.force_login(stranger)
    answer = client.get(halfway.url, follow=True)
    addresses = [address for address, _status in answer.redirect_chain]
    assert addresses == [reverse("socialaccount_connections"), reverse("profile")]
    assert answer.status_code == 200
